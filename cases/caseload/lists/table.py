"""Finds the list within a file: its sheet, its headings, and the rows below them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from cases.caseload.lists.cells import Cell, looks_like_name, text_of
from cases.caseload.lists.columns import (
    FEWEST_HEADINGS,
    ROWS_BEFORE_HEADINGS,
    Columns,
    known_headings,
    letters,
    match,
)
from cases.caseload.lists.fields import HEADING_OF
from cases.caseload.lists.packages import DAMAGED
from cases.caseload.lists.result import NotAList
from cases.caseload.lists.sheets import Merged, Sheet
from cases.caseload.lists.spellings import BLANK, key_of, words_of

ROWS_LOOKED_AT = 100
"""Columns that hold something without a heading are looked for in this many rows."""
_MERGED = "It is part of a merged cell. Unmerge it and write the value in each row."
_MERGED_ROW = (
    "The cells of this row are merged into one. If it is no case, delete the row; otherwise "
    "unmerge them and fill in each."
)

Row = dict[str, Cell]
"""The cells of a row by our headings; a heading whose cell isn't to be checked is left out."""


@dataclass(kw_only=True)
class Table:
    """The list as it stands: its ``columns``, and its rows by their numbers. ``faults`` say by row
    and heading of ours which cells can't be relied on, ``notes`` what a reader must know."""

    columns: Columns
    rows: dict[int, Row] = field(default_factory=dict)
    faults: dict[tuple[int, str], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def find_table(sheets: Iterable[Sheet], mapping: Mapping[str, str]) -> Table:
    """The list in the first of ``sheets`` with headings of ours; those that are seen come before
    those that are hidden. Raises ``NotAList``."""
    table: Table | None = None
    others = []
    for sheet in sorted(sheets, key=lambda sheet: sheet.is_hidden):
        columns = _headings(sheet, mapping)
        if columns and table:
            others.append(f"“{sheet.name}”")
        elif columns:
            table = _read_table(sheet, columns)
    if table is None:
        raise NotAList(
            f"None of the first {ROWS_BEFORE_HEADINGS} rows has headings that are known, such as "
            "Case reference and Group. Use the headings of the template."
        )
    if others:
        table.notes.insert(
            1,
            f"These sheets have headings too and were not read: {', '.join(others)}. If they hold "
            "cases, put them below the others in one sheet.",
        )
    return table


def _read_table(sheet: Sheet, columns: Columns) -> Table:
    table = Table(columns=columns)
    if sheet.name:
        table.notes.append(f"The list was read from the sheet “{sheet.name}”.")
    table.notes += [*sheet.notes, *columns.notes]
    _read_rows(sheet, table)
    _drop_names_of_case_managers(table)
    return table


def _headings(sheet: Sheet, mapping: Mapping[str, str]) -> Columns | None:
    """The row with most of our headings, and the first of several."""
    rows = [
        (known_headings(cells, mapping), number, cells)
        for number, cells in islice(sheet.rows(), ROWS_BEFORE_HEADINGS)
    ]
    known, number, cells = max(rows, key=lambda row: (row[0], -row[1]), default=(0, 0, ()))
    return match(number, cells, mapping) if known >= FEWEST_HEADINGS else None


def _read_rows(sheet: Sheet, table: Table) -> None:
    """The rows below the headings that hold something in a column that is read."""
    columns = table.columns
    places = columns.read
    headings = {heading: key_of(columns.found[place]) for heading, place in places.items()}
    with_faults = {row for row, place in sheet.faults if place in places.values()}
    repeated = []
    without_heading = set()
    for number, cells in sheet.rows():
        if number <= columns.row:
            continue
        row = {
            heading: cells[place] if place < len(cells) else "" for heading, place in places.items()
        }
        if number not in with_faults and not any(map(_holds, row.values())):
            continue
        if all(key_of(text_of(row[heading])) == key for heading, key in headings.items()):
            repeated.append(number)
            continue
        table.rows[number] = row
        if len(table.rows) <= ROWS_LOOKED_AT:
            without_heading |= {
                place
                for place, cell in enumerate(cells)
                if place not in columns.found and _holds(cell)
            }
    for heading, place in places.items():
        for row_number in with_faults:
            if fault := sheet.faults.get((row_number, place)):
                table.faults[row_number, heading] = fault
    _find_merged(sheet.merged, table)
    if without_heading:
        names = ", ".join(map(letters, sorted(without_heading)[:10]))
        table.notes.append(f"What stands below no heading is not read: column {names}.")
    if repeated:
        numbers = f"{', '.join(map(str, repeated[:10]))}{', …' if len(repeated) > 10 else ''}"
        rows = f"row {numbers}; it was" if len(repeated) == 1 else f"rows {numbers}; they were"
        table.notes.append(f"The headings are repeated in {rows} left out.")


def _holds(cell: Cell) -> bool:
    return cell != "" and text_of(cell) != ""


def _find_merged(merged: Iterable[Merged], table: Table) -> None:
    """Only the first of cells that are merged has a value, which nobody can see. A row that is one
    merged cell is a title, more likely than a case."""
    places = table.columns.read
    last = max(table.rows, default=0)
    steps_left = len(places) * len(table.rows) + 1
    for cells in merged:
        covered = [
            heading
            for heading, place in places.items()
            if cells.first_column <= place <= cells.last_column
        ]
        if not covered:
            continue
        first = max(cells.first_row, table.columns.row + 1)
        for number in range(first, min(cells.last_row, last) + 1):
            steps_left -= 1
            if steps_left < 0:
                raise NotAList(DAMAGED)  # Merged cells never overlap.
            if number in table.rows:
                _mark_merged(number, covered, cells, table)


def _mark_merged(number: int, covered: list[str], cells: Merged, table: Table) -> None:
    row = table.rows[number]
    start = table.rows.get(cells.first_row, {})
    origin = [
        heading
        for heading in covered
        if table.columns.read[heading] == cells.first_column and heading in start
    ]
    if origin and not _holds(start[origin[0]]):
        return
    if number == cells.first_row:
        covered = [heading for heading in covered if heading not in origin]
        filled = {heading for heading, cell in row.items() if _holds(cell)}
        if origin and covered and filled == set(origin):
            table.rows[number] = {origin[0]: row[origin[0]]}
            table.faults[number, origin[0]] = _MERGED_ROW
            return
    for heading in covered:
        table.faults[number, heading] = _MERGED


def _drop_names_of_case_managers(table: Table) -> None:
    """A column of case managers is dropped if half of them or more look like names: a reference is
    taken, never a name. Where fewer do, each is a problem in its row."""
    heading = HEADING_OF["case_manager"]
    if heading not in table.columns.read:
        return
    name = table.columns.name_of(heading)
    says_names = "name" in words_of(name)
    given = {text_of(row.get(heading, "")) for row in table.rows.values()}
    given = {text for text in given if key_of(text) not in BLANK}
    names = {text for text in given if looks_like_name(text) or (says_names and text.isalpha())}
    if names and 2 * len(names) >= len(given):
        del table.columns.places[heading]
        table.columns.dropped.append(name)
        for row in table.rows.values():
            row.pop(heading, None)
        table.notes.append(
            f"“{name}” seems to hold names of case managers, so it was not read. Write a reference "
            "for each, such as CM12, to use case managers in the draw."
        )
