"""``manage.py migrate``: Django's own, connected as the owner of the tables."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from config.postgresql.roles import as_owner


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        # The checks of the database are part of this, and of handle() not.
        with as_owner(options["database"]):
            return super().execute(*args, **options)
