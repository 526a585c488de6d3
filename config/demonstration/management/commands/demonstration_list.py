"""``manage.py demonstration_list FILE``: the list of cases to load in the demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demonstration.westmere import SERVICE_NAME, list_of_cases
from inspections.models import Inspection


class Command(BaseCommand):
    help = (
        f"Write the list of cases of {SERVICE_NAME}, an invented one, to a file (CSV). The lead "
        "inspector of the demonstration loads it under Samples, Lists of cases."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it, such as list.csv")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        inspection = Inspection.objects.filter(service__name=SERVICE_NAME).first()
        if inspection is None or inspection.announced_date is None:
            raise CommandError("Load the demonstration first: manage.py load_demonstration.")
        try:
            file.write_bytes(list_of_cases(inspection.announced_date))
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.") from error
        self.stdout.write(f"The list of cases of {SERVICE_NAME} is in {file}.")
