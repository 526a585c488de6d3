"""``manage.py verify_seal``: checks a sealed result's digests and signature, recomputes ratings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management.base import BaseCommand, CommandParser

from inspections.framework import NotValid
from ratings.results.document import (
    KeyNotValid,
    NotCanonical,
    Verification,
    read_public_key,
    verify,
)

HOLDS, DIFFERS, NOT_READABLE = 0, 1, 2
"""The exit codes."""


class Command(BaseCommand):
    help = (
        "Verify the file of a sealed result without any database: recompute its digest, and its "
        "ratings from its counts, judgements and decisions; with --public-key, check its "
        "signature. Exit codes: 0, the seal holds; 1, the file differs from what was sealed, from "
        "what its evidence gives, or isn't signed with the key given; 2, it can't be read as a "
        "sealed result, or the key as a key."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help='a file of schema "sealed-result/1"')
        parser.add_argument(
            "--sha256",
            metavar="DIGEST",
            help="the SHA-256 of the sealed document as known from elsewhere, such as from the "
            "page of the seal",
        )
        parser.add_argument(
            "--public-key",
            metavar="KEY",
            action="append",
            default=[],
            help="the public key as known from the service's operator: a file as "
            "seal_public_key prints it, or the line in it. May be given again after a change of "
            "keys; the seal must be signed with one of them",
        )

    def handle(
        self, *args: Any, file: str, sha256: str | None, public_key: list[str], **options: Any
    ) -> None:
        keys = [self._public_key(text) for text in public_key]
        try:
            expected = None if sha256 is None else sha256.strip().lower()
            found = verify(Path(file).read_bytes(), file, expected, keys)
        except OSError as error:
            self.stderr.write(f"{file}: expected a file that can be read ({error.strerror}).")
            sys.exit(NOT_READABLE)
        except NotCanonical as error:
            self._refuse(f"{file}: {error}")
        except NotValid as error:
            self._refuse(str(error))
        else:
            self._tell(found)
            if sha256 is None and not keys:
                # A forged file can have new digests that match.
                self.stdout.write(
                    "Compare this with the SHA-256 of the sealed document on the page of the seal."
                )

    def _public_key(self, given: str) -> Ed25519PublicKey:
        try:
            path = Path(given)
            return read_public_key(path.read_text() if path.is_file() else given)
        except (OSError, UnicodeDecodeError, KeyNotValid) as error:
            why = error if isinstance(error, KeyNotValid) else "this file can't be read"
            self.stderr.write(f"--public-key {given}: {why}.")
            sys.exit(NOT_READABLE)

    def _refuse(self, why: str) -> None:
        self.stderr.write(f"{why}. This is not a sealed result as it was sealed.")
        sys.exit(NOT_READABLE)

    def _tell(self, found: Verification) -> None:
        for note in found.notes:
            self.stdout.write(note)
        for difference in found.differences:
            self.stderr.write(difference)
        if not found.holds:
            count = len(found.differences)
            self.stderr.write(f"The seal does not hold: {count} difference{'s'[: count > 1]}.")
            sys.exit(DIFFERS)
        score = "no score" if found.score is None else f"score {found.score}"
        self.stdout.write(
            f"The seal holds: {found.service}, seal {found.number}, "
            f"{found.overall or 'no overall rating'}, {score}.\nSHA-256 {found.sha256}"
        )
        self.stdout.write(_signature(found))


def _signature(found: Verification) -> str:
    """Of a seal that holds."""
    if not found.signed_with:
        return (
            "Unsigned: made before seals were signed, or without a key. "
            "Its digest alone says that it is the seal that was made."
        )
    if found.signature_checked:
        return f"Signed with the key {found.signed_with}, which is the one given."
    return (
        f"The signature was not checked. The file says that it is signed with the key "
        f"{found.signed_with}: give that key with --public-key, as known from elsewhere."
    )
