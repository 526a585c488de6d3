"""``manage.py bench``: how long what people wait for takes, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from ratings.benchmarks import live, pages, rating, saving

MEASUREMENTS: dict[str, Callable[[], Iterator[str]]] = {
    "engine": rating.engine,
    "service": rating.service,
    "page": pages.case_page,
    "saving": saving.saving,
    "live": live.live,
}


class Command(BaseCommand):
    help = "Print how long rating an inspection takes, in a database made for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "names",
            nargs="*",
            metavar="NAME",
            help=f"what to measure; everything unless named: {', '.join(MEASUREMENTS)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["names"] or list(MEASUREMENTS)
        unknown = [name for name in chosen if name not in MEASUREMENTS]
        if unknown:
            known = ", ".join(MEASUREMENTS)
            self.stderr.write(f"There is no measurement {unknown[0]!r}. Known are: {known}.")
            raise SystemExit(2)
        # What is recorded on this machine stays out of it, and nothing is left behind.
        own = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = "bench_fieldwork"
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            for name in chosen:
                for line in MEASUREMENTS[name]():
                    self.stdout.write(line)
        finally:
            connection.creation.destroy_test_db(own, verbosity=0)
