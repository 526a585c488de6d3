from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.core.management import CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate, pre_migrate

from config.operator import Operator

OURS = {"inspections", "cases", "ratings"}


class SiteConfig(AppConfig):
    name = "config.site"
    label = "site"

    def ready(self) -> None:
        # `migrate` runs the checks of the database that it is about to change.
        checks.register(made_by_an_earlier_version, checks.Tags.database)
        checks.register(connected_as_the_application, checks.Tags.database)
        checks.register(operator_is_named, deploy=True)
        # An app without models, as this one, isn't told. All tables are there when any app is.
        pre_migrate.connect(_refuse_without_rights, sender=apps.get_app_config("ratings"))
        post_migrate.connect(_make_indexes, sender=apps.get_app_config("ratings"))
        post_migrate.connect(_grant_rights, sender=apps.get_app_config("ratings"))


def _refuse_without_rights(using: str, plan: Sequence[Any], **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user, has_schema_privilege(current_schema(), 'CREATE')")
        role, may_make_tables = cursor.fetchone()
    if plan and not may_make_tables:
        raise CommandError(
            f"{role} may make no tables, so the database stays as it is. Set OWNER_DATABASE_URL to "
            "the same database as the role that owns its tables: docs/deploy.md, “PostgreSQL”."
        )


def _make_indexes(using: str, **_: Any) -> None:
    from config.site.history.indexes import make_indexes

    make_indexes(using)


def _grant_rights(using: str, **_: Any) -> None:
    from config.site.privileges import grant_rights

    grant_rights(using)


def connected_as_the_application(
    databases: Sequence[str] | None, **_: Any
) -> list[checks.CheckMessage]:
    """An error for each database that production would be served from as a role that may alter
    histories, or without the rights that it needs."""
    from config.postgresql.roles import is_application
    from config.site.privileges import why_not_served

    # `migrate` connects as the owner.
    return [
        checks.Error(why, id="site.E002")
        for alias in databases or ()
        if is_application(connections[alias]) and (why := why_not_served(alias))
    ]


def operator_is_named(**_: Any) -> list[checks.CheckMessage]:
    """A warning of ``check --deploy`` while the statements that the law asks for lack something
    that only the operator knows."""
    operator: Operator = settings.OPERATOR
    if not operator.not_set:
        return []
    return [
        checks.Warning(
            "The accessibility statement and the privacy notice say that the operator has not set "
            f"some of what the law asks for: {', '.join(operator.not_set)}.",
            hint="Set these variables: docs/deploy.md, “Statements”.",
            id="site.W003",
        )
    ]


def made_by_an_earlier_version(databases: Sequence[str] | None, **_: Any) -> list[checks.Error]:
    """An error for each database that was made by migrations that no longer exist.

    Migrations were started again once, so such a database can't be migrated. It is not changed:
    people have to decide about the records in it.
    """
    return [
        checks.Error(
            "The database was made by an earlier version of this service, and can't be brought "
            "up to date. Nothing in it was changed.",
            hint=_what_to_do(),
            id="site.E001",
        )
        for alias in databases or ()
        if _comes_from_other_migrations(alias)
    ]


def _comes_from_other_migrations(alias: str) -> bool:
    connection = connections[alias]
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    applied = {node for node in loader.applied_migrations if node[0] in OURS}
    if not applied or applied - loader.disk_migrations.keys():
        return bool(applied)
    made = loader.project_state(sorted(applied)).apps.get_models(include_auto_created=True)
    columns = {
        (model._meta.db_table, field.column)
        for model in made
        if model._meta.app_label in OURS and model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema()"
        )
        return not columns <= set(cursor.fetchall())


def _what_to_do() -> str:
    if settings.DATABASES["default"]["ENGINE"] != "config.postgresql":
        return "Let DATABASE_URL name an empty database, or go on with the earlier version."
    from config.postgresql.embedded import this_server

    cluster = this_server().cluster
    return (
        f"To begin anew and keep what was recorded: mv {cluster} {cluster}-earlier. "
        "Or go on with the earlier version."
    )
