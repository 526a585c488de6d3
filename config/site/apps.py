from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.migrations.loader import MigrationLoader

OURS = {"inspections", "cases", "ratings"}


class SiteConfig(AppConfig):
    name = "config.site"
    label = "site"

    def ready(self) -> None:
        # `migrate` runs the checks of the database that it is about to change.
        checks.register(made_by_an_earlier_version, checks.Tags.database)


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
        if _has_unknown_migrations(alias)
    ]


def _has_unknown_migrations(alias: str) -> bool:
    loader = MigrationLoader(connections[alias], ignore_no_migrations=True)
    unknown = loader.applied_migrations.keys() - loader.disk_migrations.keys()
    return any(app in OURS for app, _ in unknown)


def _what_to_do() -> str:
    if settings.DATABASES["default"]["ENGINE"] != "config.postgresql":
        return "Let DATABASE_URL name an empty database, or go on with the earlier version."
    from config.postgresql.embedded import this_server

    cluster = this_server().cluster
    return (
        f"To begin anew and keep what was recorded: mv {cluster} {cluster}-earlier. "
        "Or go on with the earlier version."
    )
