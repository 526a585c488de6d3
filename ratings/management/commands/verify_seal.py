"""``manage.py verify_seal``: checks a sealed result's digests, and recomputes its ratings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from inspections.framework import NotValid
from ratings.results.document import NotCanonical, Verification, verify

HOLDS, DIFFERS, NOT_READABLE = 0, 1, 2
"""The exit codes."""


class Command(BaseCommand):
    help = (
        "Verify the file of a sealed result without any database: recompute its digest, and its "
        "ratings from its counts, judgements and decisions. Exit codes: 0, the seal holds; "
        "1, the file differs from what was sealed or from what its evidence gives; "
        "2, it can't be read as a sealed result."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help='a file of schema "sealed-result/1"')
        parser.add_argument(
            "--sha256",
            metavar="DIGEST",
            help="the digest as known from elsewhere, such as from the page of the result",
        )

    def handle(self, *args: Any, file: str, sha256: str | None, **options: Any) -> None:
        try:
            expected = None if sha256 is None else sha256.strip().lower()
            found = verify(Path(file).read_bytes(), file, expected)
        except OSError as error:
            self.stderr.write(f"{file}: expected a file that can be read ({error.strerror}).")
            sys.exit(NOT_READABLE)
        except NotCanonical as error:
            self._refuse(f"{file}: {error}")
        except NotValid as error:
            self._refuse(str(error))
        else:
            self._tell(found)
            if sha256 is None:
                # A forged file can have new digests that match.
                self.stdout.write("Compare this with the digest on the page of the result.")

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
