"""``manage.py seal_public_key``: the public key that belongs to the key that signs seals."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ratings.results.document import fingerprint, public_pem
from ratings.results.signing import signing_key


class Command(BaseCommand):
    help = (
        "Print the public key of SEAL_SIGNING_KEY for those who verify seals, "
        "and on standard error its fingerprint, which the page of a seal shows."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        key = signing_key()
        if key is None:
            raise CommandError("SEAL_SIGNING_KEY is not set, so seals are not signed.")
        self.stdout.write(public_pem(key.public_key()), ending="")
        self.stderr.write(f"Fingerprint (SHA-256) {fingerprint(key.public_key())}")
