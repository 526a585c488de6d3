"""What reading a list of cases gives: the rows that are valid, and every problem in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.caseload.rows import CaseRow

LONGEST_SHOWN = 60
"""How many characters of a value a problem shows."""


class NotAList(ValueError):
    """The file is no list of cases. The message says why and what to do, in words for people."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell of the list.

    ``row`` is its number, counted as spreadsheets do; ``column`` the heading as found in the file;
    ``value`` what stands there, cut short, or empty if nothing does or it must not be shown;
    ``message`` what is wrong and what to do. ``str`` of it says all four.
    """

    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        value = f" “{self.value}”." if self.value else ""
        return f"Row {self.row}, {self.column}:{value} {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """A list of cases that was read. A row with a problem is not in ``rows``.

    ``headings`` are those of the file, in its order; a heading that is there twice has its column
    added the second time. ``mapping`` says which of ours each was read as. ``dropped`` are columns
    that hold names or dates of birth: nothing of them was kept. ``unknown`` are headings that
    nothing matches, ``missing`` ours of the ten that every list should have and this one has not.
    ``rows_read`` counts the rows that hold something. ``notes`` say what else a reader must know.
    """

    rows: tuple[CaseRow, ...]
    problems: tuple[Problem, ...]
    headings: tuple[str, ...]
    mapping: Mapping[str, str]
    dropped: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    rows_read: int
    notes: tuple[str, ...]


def problems_csv(problems: Iterable[Problem]) -> bytes:
    """The problems as a file for spreadsheets, with a byte-order mark so that they read UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("Row", "Column", "Value", "Problem"))
    for problem in problems:
        words = (problem.column, problem.value, problem.message)
        writer.writerow((problem.row, *map(never_a_formula, words)))
    return text.getvalue().encode("utf-8-sig")


def never_a_formula(text: str) -> str:
    """``text`` so that a spreadsheet takes it as text; an apostrophe says so to it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
