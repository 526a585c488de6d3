"""``manage.py purge``: removes case content that need not be kept any longer."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.formats import date_format

from ratings.results.retention.account import account_of_this_machine
from ratings.results.retention.actions import NotPurged, purge
from ratings.results.retention.contents import contents_of
from ratings.results.retention.standing import Standing, due_inspections

NOT_ALL = 1
"""The exit code when something that is due was not removed."""


class Command(BaseCommand):
    help = (
        "Remove the case content of each inspection whose months after publication are over: "
        "answers, notes, details, comments, interviews, samples, evidence and findings, with "
        "their histories. The sealed result stays, and a deletion certificate says what was "
        "removed. Exit codes: 0, all that is due was removed; 1, something was not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="list what would be removed, and remove nothing"
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        due = due_inspections(timezone.localdate())
        if not due:
            self.stdout.write("Nothing is due.")
        failed = False
        for standing in due:
            self.stdout.write(_of(standing))
            if dry_run:
                for kind, number in contents_of(standing.inspection):
                    self.stdout.write(f"  {kind}: {number}")
                continue
            try:
                certificate = purge(
                    inspection=standing.inspection,
                    called=f"manage.py purge, {account_of_this_machine()}",
                )
            except NotPurged as refused:
                failed = True
                self.stderr.write(f"  Nothing was removed. {refused}")
            else:
                self.stdout.write(
                    f"  Removed: {sum(certificate.rows.values())} rows. The certificate is number "
                    f"{certificate.pk}."
                )
        if failed:
            sys.exit(NOT_ALL)


def _of(standing: Standing) -> str:
    inspection, published, due = standing.inspection, standing.publication, standing.due_date
    assert published is not None and due is not None
    return (
        f"Inspection {inspection.pk}, {inspection.service.name}: published "
        f"{date_format(published.published_date, 'j F Y')}, kept {standing.months} months, due "
        f"since {date_format(due, 'j F Y')}"
    )
