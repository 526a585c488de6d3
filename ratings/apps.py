from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import connections
from django.db.models.signals import post_migrate


class RatingsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "ratings"

    def ready(self) -> None:
        from ratings.results.signing import check_signing_key

        post_migrate.connect(_install_seals, sender=self)
        register(check_signing_key)


def _install_seals(using: str, **_: Any) -> None:
    """Install the triggers that refuse every change of a sealed inspection."""
    from ratings.results.triggers import all_triggers, install_triggers

    # This also runs after a migration backwards or of one app alone, when tables are missing.
    there = set(connections[using].introspection.table_names())
    if all(trigger.table in there for trigger in all_triggers()):
        install_triggers(using)
