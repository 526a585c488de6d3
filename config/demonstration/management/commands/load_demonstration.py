"""``manage.py load_demonstration``: people and inspections to try the service with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pghistory
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration import PASSWORD, SIGN_INS
from config.demonstration.load import load_demonstration


class Command(BaseCommand):
    help = (
        "Load the demonstration, unless it is there, and print its sign-ins. "
        "What people changed in it stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The password of the demonstration is public, so it is not loaded in production."
            )
        with pghistory.context(command="load_demonstration"):
            load_demonstration()
        self.stdout.write("\n".join(_lines()))


def _lines() -> Iterator[str]:
    yield f"Sign in to the demonstration with the password {PASSWORD} as"
    role = max(len(person.role) for person in SIGN_INS)
    email = max(len(person.email) for person in SIGN_INS)
    for person in SIGN_INS:
        yield f"  {person.email:<{email}}  {person.role:<{role}}  {person.name}"
