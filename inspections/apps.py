from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class InspectionsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "inspections"

    def ready(self) -> None:
        from allauth.account import signals as allauth
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from inspections.access import second_step, session_ends, sign_ins

        post_migrate.connect(_record_editions, sender=self)
        user_logged_in.connect(session_ends.begin)
        allauth.user_logged_in.connect(second_step.note_what_is_missing)
        authenticator_added.connect(second_step.note_that_it_is_there)
        sign_ins.connect()


def _record_editions(using: str, **_: Any) -> None:
    """Store each edition's questions in the database, so that it can refuse all others."""
    from inspections.actions import record_editions

    # This also runs after a migration backwards, when the tables are gone.
    if "inspections_editionquestion" in connections[using].introspection.table_names():
        record_editions()
