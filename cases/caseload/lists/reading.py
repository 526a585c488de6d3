"""Reads a service's list of cases, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from cases.caseload.lists.checking import Checker
from cases.caseload.lists.columns import check_mapping, known_headings
from cases.caseload.lists.kinds import Kind, kind_of
from cases.caseload.lists.result import NotAList, ReadList
from cases.caseload.lists.sheets import MOST_BYTES, Sheet
from cases.caseload.lists.table import find_table
from cases.caseload.lists.text_files import text_sheet
from cases.caseload.lists.workbooks import workbook_sheets


def read_list(
    content: bytes,
    *,
    name: str,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    today: date | None = None,
) -> ReadList:
    """The cases in the file ``content``, which is called ``name``, and every problem in words.

    ``mapping`` says which heading of ours a heading of the file is read as; an empty one is not
    read. ``progress`` hears how many rows of how many are checked. No disposal may be after
    ``today``, if that is given. Raises ``NotAList``, and nothing else, for a file that is no list
    of cases.
    """
    mapping = mapping or {}
    check_mapping(mapping)
    if len(content) > MOST_BYTES:
        raise NotAList(
            f"The file has more than {MOST_BYTES // 1_000_000} MB. Leave out what is no case."
        )
    if not content.strip():
        raise NotAList("The file is empty.")
    table = find_table(_sheets(content, name, mapping), mapping)
    checker = Checker(table, today)
    checker.check(progress)
    columns = table.columns
    return ReadList(
        rows=tuple(checker.cases),
        problems=tuple(checker.problems),
        headings=tuple(columns.found.values()),
        mapping=columns.mapping,
        dropped=tuple(columns.dropped),
        unknown=tuple(columns.unknown),
        missing=columns.missing,
        rows_read=len(table.rows),
        notes=(*table.notes, *checker.notes),
    )


def _sheets(content: bytes, name: str, mapping: Mapping[str, str]) -> Iterable[Sheet]:
    if kind_of(content, name) is Kind.ZIP:
        return workbook_sheets(content)
    return [text_sheet(content, lambda cells: known_headings(cells, mapping))]
