"""What is found in a sheet beside its values: its size, and cells that can't be relied on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cases.caseload.lists.sheets import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Merged

MOST_FAULTS = 100_000
MOST_MERGED = 20_000
MOST_TEXT = 20_000_000
"""How many characters the cells of a sheet may have together, repeated ones counted each time."""

TOO_MUCH = (
    "The file holds more than a list of cases needs. Copy the list alone into a new file and load "
    "that."
)
NO_VALUE = (
    "The formula has no value in the file. Open the file in a spreadsheet program, save it and "
    "load it again, or write the value."
)


@dataclass(kw_only=True)
class SheetScan:
    """Rows and columns are counted from 0; ``last_row`` is -1 for a sheet that holds nothing."""

    name: str
    is_hidden: bool = False
    last_row: int = -1
    last_column: int = -1
    hidden_rows: int = 0
    cells: int = 0
    characters: int = 0
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    _has_too_many: bool = False

    def holds(self, row: int, column: int, characters: int = 0) -> None:
        """There is something in the cell."""
        if row > self.last_row:
            self.last_row = row
        if column > self.last_column:
            self.last_column = column
        self.cells += 1
        self.characters += characters

    def add_fault(self, row: int, column: int, words: str) -> None:
        if row < MOST_ROWS and column < MOST_COLUMNS:
            self.faults[row + 1, column] = words
            self._has_too_many |= len(self.faults) > MOST_FAULTS

    def add_merged(self, row: int, column: int, last_row: int, last_column: int) -> None:
        self.merged.append(Merged(row + 1, column, last_row + 1, last_column))
        self._has_too_many |= len(self.merged) > MOST_MERGED

    @property
    def room(self) -> int:
        """How many cells calamine makes room for, most of them empty perhaps."""
        return (self.last_row + 1) * (self.last_column + 1)

    @property
    def too_much(self) -> str:
        """Why the sheet isn't read, in words; empty if it can be."""
        sheet = f"The sheet “{self.name}”"
        alone = "Copy the list alone into a new file and load that."
        if self.last_row >= MOST_ROWS:
            return (
                f"{sheet} has something in row {self.last_row + 1:,}; a list may have "
                f"{MOST_ROWS:,} rows. {alone}"
            )
        if self.last_column >= MOST_COLUMNS:
            return (
                f"{sheet} has something in column {self.last_column + 1:,}; a list may have "
                f"{MOST_COLUMNS} columns. {alone}"
            )
        has_too_many = self._has_too_many or self.room > MOST_CELLS
        if has_too_many or self.characters > MOST_TEXT:
            return f"{sheet} holds more than a list of cases needs. {alone}"
        return ""

    @property
    def notes(self) -> Sequence[str]:
        if not self.hidden_rows:
            return ()
        if self.hidden_rows == 1:
            return ("1 row is hidden in the sheet, by a filter perhaps; it was read too.",)
        return (
            f"{self.hidden_rows:,} rows are hidden in the sheet, by a filter perhaps; they were "
            "read too.",
        )
