"""``python -m tests.benchmarks [NAME…]``: how long what people wait for takes, on this machine."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.postgresql import embedded  # noqa: E402
from tests.benchmarks import lists, live, pages, saving, steps  # noqa: E402

MEASUREMENTS: dict[str, Callable[[], Iterator[str]]] = {
    "engine": pages.engine,
    "service": pages.service,
    "page": pages.case_page,
    "saving": saving.saving,
    "evenly": saving.evenly,
    "live": live.live,
    "lists": lists.lists,
    "list-page": pages.list_page,
    "steps": steps.steps,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        choices=[*MEASUREMENTS, []],
        help=f"what to measure; everything unless named: {', '.join(MEASUREMENTS)}",
    )
    chosen = parser.parse_args().names or list(MEASUREMENTS)
    # What is recorded on this machine stays out of it, and nothing is left behind.
    own = connection.settings_dict["NAME"]
    if connection.settings_dict["ENGINE"] == "config.postgresql":
        # Neither the application nor the owner of its tables may make databases.
        connection.settings_dict["USER"] = embedded.SUPERUSER
    connection.settings_dict["TEST"]["NAME"] = "bench_fieldwork"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        for name in chosen:
            for line in MEASUREMENTS[name]():
                print(line, flush=True)
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)


if __name__ == "__main__":
    main()
