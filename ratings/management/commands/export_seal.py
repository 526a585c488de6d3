"""``manage.py export_seal``: the sealed result of an inspection as a file."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ratings.models import SealedResult
from ratings.results.build import file_of


class Command(BaseCommand):
    help = "Write a sealed result to standard output, for verify_seal to verify anywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("inspection", metavar="INSPECTION", type=int, help="its number")
        parser.add_argument(
            "--seal", type=int, help="which of its seals, counted from 1; the latest unless given"
        )

    def handle(self, *args: Any, inspection: int, seal: int | None, **options: Any) -> None:
        seals = SealedResult.objects.filter(inspection=inspection).order_by("-number")
        found = (seals if seal is None else seals.filter(number=seal)).first()
        if found is None:
            which = "sealed result" if seal is None else f"seal {seal}"
            raise CommandError(f"Inspection {inspection} has no {which}.")
        sys.stdout.buffer.write(file_of(found))
