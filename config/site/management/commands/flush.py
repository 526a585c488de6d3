"""``manage.py flush``: Django's own, connected as the owner of the tables.

The application's role may empty no table. Triggers still refuse it where something is kept.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush

from config.postgresql.roles import as_owner


class Command(flush.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        # The checks of the database are part of this, and of handle() not.
        with as_owner(options["database"]):
            return super().execute(*args, **options)
