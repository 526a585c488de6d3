"""A table as a file holds it, before anything in it is understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cases.caseload.lists.cells import Cell

MOST_BYTES = 20_000_000
"""The largest file that is read."""
MOST_ROWS = 25_000
"""The most rows of a table that is read."""
MOST_COLUMNS = 500
"""The most columns of a table that is read."""
MOST_CELLS = 2_100_000
"""The most cells of a sheet, empty ones among them: calamine takes memory for each."""


class Merged(NamedTuple):
    """Cells that are merged into one; rows are counted from 1, columns from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of a file; a text file has one, without a name.

    ``rows`` gives each row with its number from 1, anew each time that it is called; rows of
    nothing may be left out. ``faults`` say in words what is wrong with a cell, by row from 1 and
    column from 0, where its value can't be relied on. ``notes`` are for the reader of the list.
    """

    name: str
    rows: Callable[[], Iterator[tuple[int, Sequence[Cell]]]]
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: Sequence[Merged] = ()
    notes: Sequence[str] = ()
    is_hidden: bool = False
