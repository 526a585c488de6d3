"""``manage.py link_history``: joins what was recorded since to the chain over its history."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from inspections.models import Inspection
from ratings.results.history import link_history


class Command(BaseCommand):
    help = (
        "Link the histories of inspections, all unless some are given. The service does this "
        "itself every few minutes and before each seal. Prints the head of each chain: kept "
        "elsewhere and given to verify_history, it tells a chain that was written anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "inspections", metavar="INSPECTION", type=int, nargs="*", help="its number"
        )

    def handle(self, *args: Any, inspections: list[int], **options: Any) -> None:
        numbers = inspections or Inspection.objects.order_by("pk").values_list("pk", flat=True)
        for number in numbers:
            head = link_history(number)
            self.stdout.write(f"Inspection {number}: head {head.number}:{head.sha256}")
