"""Reads workbooks, XLSX and ODS, with calamine."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import partial

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from cases.caseload.lists import ods, xlsx
from cases.caseload.lists.cells import Cell
from cases.caseload.lists.packages import DAMAGED, Package, nothing_but_words
from cases.caseload.lists.result import NotAList
from cases.caseload.lists.scans import SheetScan
from cases.caseload.lists.sheets import Sheet

_INSTEAD = "Save the list as CSV, XLSX or ODS and load that."
_OTHER_FILES = (
    ("xl/workbook.bin", "The file is a binary Excel workbook (.xlsb)."),
    ("word/document.xml", "The file is a Word document."),
    ("ppt/presentation.xml", "The file is a presentation."),
    ("index/document.iwa", "The file is a Numbers spreadsheet."),
    ("content.xml", "The file is an OpenDocument file, but no spreadsheet."),
)


def workbook_sheets(content: bytes) -> Iterator[Sheet]:
    """The sheets of a workbook in their order. Raises ``NotAList``."""
    package = Package(content)
    checked, scans = _checked(package)
    del package
    with nothing_but_words():
        book = CalamineWorkbook.from_filelike(io.BytesIO(checked))
        if len(book.sheet_names) != len(scans):
            raise NotAList(DAMAGED)
        visible = [sheet.visible == SheetVisibleEnum.Visible for sheet in book.sheets_metadata]
    rows = _Rows(book)
    too_large = [scan.too_much for scan in scans if scan.too_much]
    if len(too_large) == len(scans):
        raise NotAList(too_large[0] if too_large else DAMAGED)
    for number, scan in enumerate(scans):
        if not scan.too_much:
            yield Sheet(
                name=scan.name,
                rows=partial(rows.of, number),
                faults=scan.faults,
                merged=scan.merged,
                notes=(*scan.notes, *too_large),
                is_hidden=scan.is_hidden or not visible[number],
            )


def _checked(package: Package) -> tuple[bytes, list[SheetScan]]:
    if "mimetype" in package and package.read("mimetype", 1_000).startswith(ods.MIMETYPE.encode()):
        return ods.checked_workbook(package)
    for part, words in _OTHER_FILES:
        if part in package:
            raise NotAList(f"{words} {_INSTEAD}")
    if "[Content_Types].xml" not in package:
        raise NotAList(
            "The file is a zip file and no spreadsheet. Unpack it and load the list that is in it."
        )
    return xlsx.checked_workbook(package)


class _Rows:
    """The rows of the sheets. The sheet that was read last stays loaded: the list is read twice,
    for its headings and then for its cases."""

    def __init__(self, book: CalamineWorkbook) -> None:
        self._book = book
        self._number = -1
        self._sheet: CalamineSheet | None = None

    def of(self, number: int) -> Iterator[tuple[int, Sequence[Cell]]]:
        with nothing_but_words():
            if self._sheet is None or self._number != number:
                self._sheet = None
                self._sheet = self._book.get_sheet_by_index(number)
                self._number = number
            sheet = self._sheet
            if sheet.start is None:
                return
            # calamine leaves out the columns before the first that holds something.
            before: list[Cell] = [""] * sheet.start[1]
            for row, cells in enumerate(sheet.iter_rows(), start=1):
                yield row, before + cells
