"""``manage.py replay``: published inspections, stored, rated and compared."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from inspections.framework import NotValid
from ratings.national.format import parse
from ratings.national.load import NotReplaced, RecordedSince, load
from ratings.national.report import Replayed, as_data, as_table
from ratings.service import rate_inspection

MATCHES, DIFFERS, NOT_LOADED = 0, 1, 2
"""The exit codes; the highest of all files counts."""

REPLACE = "--replace-recorded"

LARGEST_FILE = 10_000_000
"""In bytes; a file of real figures has some 13,000."""


class Command(BaseCommand):
    help = (
        "Load published inspections from files of their figures, rate them from the database and "
        "compare the ratings with the published ones. Loading a report again replaces it, unless "
        "people have recorded something there since. "
        "Exit codes: 0, all match; 1, a file differs from what was published; "
        "2, a file is not valid or its inspection is not replaced, and nothing of it is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", metavar="FILE", nargs="+", help='a file of schema "inspection-results/1"'
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON array, an object for each file"
        )
        parser.add_argument(
            REPLACE,
            action="store_true",
            help="replace an inspection even if people have recorded in it, unless it was sealed: "
            "its cases, samples, judgements and decisions are deleted, with answers and comments",
        )

    def handle(
        self, *args: Any, files: list[str], json: bool, replace_recorded: bool, **options: Any
    ) -> None:
        try:
            ready = not _unapplied_migrations()
        except OperationalError as error:
            self._say(f"The database can't be used, so nothing was loaded: {error}")
            ready = False
        else:
            if not ready:
                self._say(
                    "The database is not up to date, so nothing was loaded. "
                    "Run python manage.py migrate first."
                )
        code = MATCHES if ready else NOT_LOADED
        replayed = []
        for name in files if ready else ():
            try:
                one = replay(name, replace_recorded=replace_recorded)
            except NotValid as error:
                self._say(f"{error}. Nothing of this file was stored.")
                code = NOT_LOADED
                continue
            code = max(code, DIFFERS if one.mismatches else MATCHES)
            replayed.append(one)
            if not json:
                self.stdout.write(as_table(one))
        if json:
            self.stdout.write(_array(replayed))
        if code != MATCHES:
            sys.exit(code)

    def _say(self, message: str) -> None:
        self.stderr.write(message)


def replay(name: str, *, replace_recorded: bool) -> Replayed:
    """Load the file ``name`` and rate it from the database.

    Raises ``NotValid``, also where the file can't be read or its inspection can't be replaced.
    """
    file = parse(_read(name), name)
    try:
        with pghistory.context(command="replay"):
            inspection = load(file, replace_recorded=replace_recorded)
    except NotReplaced as error:
        expected = f"expected an inspection that can be replaced, but {error}"
        if isinstance(error, RecordedSince):
            expected += f". With {REPLACE} its cases, samples, judgements and decisions are deleted"
        raise NotValid(name, ("", expected)) from error
    except DatabaseError as error:
        raise NotValid(
            name, ("", f"the database refuses it ({str(error).splitlines()[0]})")
        ) from error
    outcome = rate_inspection(inspection).outcome
    return Replayed(file, outcome)


def _read(name: str) -> bytes:
    path = Path(name)
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise NotValid(name, ("", "expected a file, but there is none of this name")) from error
    except IsADirectoryError as error:
        raise NotValid(name, ("", "expected a file, but this is a folder")) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotValid(name, ("", f"expected a file that can be read ({reason})")) from error
    if len(raw) > LARGEST_FILE:
        raise NotValid(name, ("", f"expected at most {LARGEST_FILE:,} bytes"))
    return raw


def _unapplied_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _array(replayed: Iterable[Replayed]) -> str:
    return json.dumps([as_data(one) for one in replayed], indent=1, ensure_ascii=False)
