"""``manage.py export_inspection``: everything that an inspection holds, as one file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspections.models import Inspection
from ratings.results.export.actions import record_export_by_command
from ratings.results.export.archive import write_export
from ratings.results.retention.account import account_of_this_machine


class Command(BaseCommand):
    help = (
        "Write everything that an inspection holds, histories included, to a ZIP of JSON lines, "
        "with an index and a digest of each file. For the request of somebody whom it is about, "
        "or of a court. The export is recorded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("inspection", metavar="INSPECTION", type=int, help="its number")
        parser.add_argument("file", metavar="FILE", help="to write; must not exist")
        parser.add_argument(
            "--redact-notes",
            action="store_true",
            help="replace notes and all other free texts by [redacted], in histories too",
        )
        parser.add_argument("--purpose", default="", help="what for; recorded with the export")

    def handle(
        self,
        *args: Any,
        inspection: int,
        file: str,
        redact_notes: bool,
        purpose: str,
        **options: Any,
    ) -> None:
        found = Inspection.objects.with_team().filter(pk=inspection).first()
        if found is None:
            raise CommandError(f"There is no inspection {inspection}.")
        try:
            # Readable by this account alone, and nothing of before is written over.
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.") from error
        try:
            with os.fdopen(handle, "wb") as into:
                record_export_by_command(
                    inspection=found,
                    redacted=redact_notes,
                    purpose=purpose,
                    user=account_of_this_machine(),
                )
                written = write_export(found, into, redacted=redact_notes)
        except BaseException:
            # Half an export looks like a whole one.
            Path(file).unlink(missing_ok=True)
            raise
        records = sum(one.rows for one in written)
        self.stdout.write(f"{file}: {records} records of inspection {inspection}.")
