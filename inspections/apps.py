from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class InspectionsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "inspections"

    def ready(self) -> None:
        post_migrate.connect(_record_editions, sender=self)


def _record_editions(using: str, **_: Any) -> None:
    """Store each edition's questions in the database, so that it can refuse all others."""
    from inspections.actions import record_editions

    # This also runs after a migration backwards, when the tables are gone.
    if "inspections_editionquestion" in connections[using].introspection.table_names():
        record_editions()
