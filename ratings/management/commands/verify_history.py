"""``manage.py verify_history``: checks the history of an inspection against its chain."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.formats import date_format

from inspections.models import Inspection
from ratings.models import HistoryLink
from ratings.results.history import Head, VerifiedHistory, verify_history

BROKEN, UNKNOWN = 1, 2
"""The exit codes besides 0."""


def _head(text: str) -> Head:
    number, _, sha256 = text.strip().lower().partition(":")
    if not number.isdecimal() or len(sha256) != 64:
        raise argparse.ArgumentTypeError("expected NUMBER:DIGEST, as link_history prints it")
    return Head(int(number), sha256)


class Command(BaseCommand):
    help = (
        "Verify the history of an inspection: find the first entry that was changed, removed or "
        "inserted after it was linked, and compare the chain with its seals. Exit codes: 0, it "
        "holds; 1, it doesn't; 2, there is no such inspection."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("inspection", metavar="INSPECTION", type=int, help="its number")
        parser.add_argument(
            "--head",
            metavar="NUMBER:DIGEST",
            type=_head,
            action="append",
            default=[],
            help="a head that was kept elsewhere; may be given several times",
        )

    def handle(self, *args: Any, inspection: int, head: list[Head], **options: Any) -> None:
        # A chain outlives its inspection, so that a removal of all shows.
        linked = HistoryLink.objects.filter(inspection_id=inspection)
        if not Inspection.objects.filter(pk=inspection).exists() and not linked.exists():
            self.stderr.write(f"There is no inspection {inspection}.")
            sys.exit(UNKNOWN)
        found = verify_history(inspection, head)
        if found.breaks:
            self.stderr.write(found.breaks[0].words)
            others = len(found.breaks) - 1
            more = f" This is the first of {others + 1} differences." if others else ""
            self.stderr.write(f"The history of inspection {inspection} does not hold.{more}")
        else:
            self.stdout.write(_holds(inspection, found))
        if found.not_linked:
            self.stdout.write(
                f"Not linked yet: {found.not_linked} "
                f"entr{'y' if found.not_linked == 1 else 'ies'}, of which nothing can be said. "
                "The service links them within minutes, link_history at once."
            )
        if found.breaks:
            sys.exit(BROKEN)


def _purged(found: VerifiedHistory) -> str:
    """Which entries are gone, so that only their digests were verified."""
    if found.certificate is None:
        return ""
    day = date_format(timezone.localtime(found.certificate.removed_at), "j F Y")
    which = ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in found.purged) or "none"
    return (
        f"Case content was removed on {day}, {found.certificate.entries} entries, of which the "
        f"chain has the digests: {which}.\n"
    )


def _holds(inspection: int, found: VerifiedHistory) -> str:
    if found.head is None or found.complete_until is None:
        return f"Nothing of the history of inspection {inspection} is linked yet."
    until = date_format(timezone.localtime(found.complete_until), "j F Y \\a\\t H:i:s")
    entries = "1 entry" if found.head.number == 1 else f"{found.head.number} entries"
    return (
        f"The history of inspection {inspection} holds: {entries}, complete until {until}.\n"
        f"{_purged(found)}"
        f"Head {found.head.number}:{found.head.sha256}"
    )
