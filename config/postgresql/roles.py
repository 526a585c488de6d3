"""The two roles of the database: one that owns the tables, and the one that the service uses.

The owner changes the schema (``as_owner``: `migrate` and `flush`). Everything else connects as the
application's role, which has the rights of ``config.site.privileges`` and no more. Whoever owns a
table can switch its triggers off and alter a history, so the service doesn't run as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# What the role that is connected is in this database, whether by itself or by being a member of
# another role; a superuser is a member of every role.
RIGHTS = """
    SELECT r.rolname,
        r.rolsuper,
        r.rolcreaterole,
        -- These write to every table or to the server's files, whoever owns them.
        EXISTS (
            SELECT FROM pg_roles given
            WHERE given.rolname IN
                ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program')
                AND pg_has_role(r.oid, given.oid, 'MEMBER')
        ),
        EXISTS (
            SELECT FROM pg_class c
            WHERE c.relnamespace = current_schema()::regnamespace
                AND pg_has_role(r.oid, c.relowner, 'MEMBER')
        ),
        EXISTS (
            SELECT FROM pg_database d, pg_namespace n
            WHERE d.datname = current_database() AND n.nspname = current_schema()
                AND (pg_has_role(r.oid, d.datdba, 'MEMBER')
                    OR pg_has_role(r.oid, n.nspowner, 'MEMBER'))
        ),
        has_schema_privilege(r.oid, current_schema(), 'CREATE')
            OR has_database_privilege(r.oid, current_database(), 'CREATE')
            OR has_database_privilege(r.oid, current_database(), 'TEMPORARY')
    FROM pg_roles r WHERE r.rolname = current_user
"""

WRONG = (
    "is a superuser of PostgreSQL",
    "may make roles, and so may become another one",
    "may write to every table, or to the server's files",
    "owns tables of the service, or is a member of the role that does",
    "owns the database or its schema, or is a member of the role that does",
    "may make tables in the database, temporary ones included",
)


@contextmanager
def as_owner(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Be connected as the owner of the tables, where the settings name one, and then again as the
    application. Only in a process that does nothing else: all its threads share one pool."""
    connection = connections[using]
    if not settings.OWNER_DATABASE or not is_application(connection):
        yield
        return
    application = connection.settings_dict
    owner = settings.OWNER_DATABASE
    options = application["OPTIONS"] | owner.get("OPTIONS", {})
    disconnect(connection)
    connection.settings_dict = application | owner | {"OPTIONS": options}
    try:
        yield
    finally:
        disconnect(connection)
        connection.settings_dict = application


def is_application(connection: BaseDatabaseWrapper) -> bool:
    """Whether the connection is, or will be, the application's, and not ``as_owner``'s."""
    user: str = connection.settings_dict["USER"]
    return user == settings.APPLICATION_ROLE


def disconnect(connection: BaseDatabaseWrapper) -> None:
    """Close the connection and those that wait in the pool."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def wrong_rights(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """What the role that is connected may do or be, though the service may not; in words."""
    with connections[using].cursor() as cursor:
        cursor.execute(RIGHTS)
        name, *found = cursor.fetchone()
    wrong = [f"{name} {words}" for words, holds in zip(WRONG, found, strict=True) if holds]
    # A superuser is all the rest as well.
    return wrong[:1] if found[0] else wrong
