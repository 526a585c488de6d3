"""The database of the embedded server and its two roles, made when they are missing.

No role has a password: the server can only be reached by its socket, whose folder is closed to
other users.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg

# As in settings: the database, the role that owns its tables, and the one that the service uses.
NAME = "fieldwork"
OWNER = "fieldwork_owner"
APPLICATION = "fieldwork"

Connect = Callable[[str], psycopg.Connection[Any]]
"""Connects to a database of the server as its superuser."""

# REASSIGN OWNED does it for every role but the server's first, which owns what PostgreSQL needs.
# The sequence of an identity goes with its table.
GIVE_TO_OWNER = f"""
    DO $give$
    DECLARE given text;
    BEGIN
        FOR given IN
            SELECT format('TABLE %s', c.oid::regclass) FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            UNION ALL
            SELECT format('SEQUENCE %s', c.oid::regclass) FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' AND NOT EXISTS (
                SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                    AND d.deptype IN ('a', 'i')
            )
            UNION ALL
            SELECT format('ROUTINE %s', p.oid::regprocedure) FROM pg_proc p
            WHERE p.pronamespace = 'public'::regnamespace
        LOOP
            EXECUTE format('ALTER %s OWNER TO {OWNER}', given);
        END LOOP;
    END $give$
"""


def make_roles(connect: Connect) -> None:
    """Make what is missing of the roles and the database, and give the owner all that is in it.

    An earlier version had neither role: there, the superuser owns the tables.
    """
    with connect("postgres") as connection:
        for role in (OWNER, APPLICATION):
            known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
            if known.fetchone() is None:
                connection.execute(f"CREATE ROLE {role} LOGIN")
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [NAME]
        ).fetchone()
        if owner is None:
            connection.execute(f"CREATE DATABASE {NAME} OWNER {OWNER}")
    if owner is not None and owner[0] != OWNER:
        with connect(NAME) as connection, connection.transaction():
            # All or nothing, as the database's owner says that it was done.
            connection.execute(GIVE_TO_OWNER)
            connection.execute(f"ALTER DATABASE {NAME} OWNER TO {OWNER}")
