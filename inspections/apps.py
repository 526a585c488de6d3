from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InspectionsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "inspections"

    def ready(self) -> None:
        post_migrate.connect(_record_editions, sender=self)


def _record_editions(apps: Any, **kwargs: Any) -> None:
    """Let the database know each edition's questions, so that it can refuse all others."""
    from inspections.actions import record_editions

    # While migrations run backwards the tables may not be there.
    if "inspections_editionquestion" in _tables(kwargs["using"]):
        record_editions()


def _tables(using: str) -> list[str]:
    from django.db import connections

    return connections[using].introspection.table_names()
