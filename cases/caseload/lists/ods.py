"""Reads ODS workbooks: their content is checked and copied here, and read by calamine."""

from __future__ import annotations

from cases.caseload.lists.cells import error_words, is_error
from cases.caseload.lists.packages import DAMAGED, NewPackage, Package, XmlScan, local
from cases.caseload.lists.result import NotAList
from cases.caseload.lists.scans import NO_VALUE, TOO_MUCH, SheetScan

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_LONGEST_PART = 5_000_000
_MOST_REPEATED = 10_000_000
_WIDEST = 16_384
"""calamine makes room for no more columns."""
MOST_CELLS = 1_000_000
"""The most cells of all sheets: calamine takes three times the memory for them as for XLSX."""
MOST_ROWS_WRITTEN = 100_000
"""Equal rows are written as one, so a list has fewer."""
_MOST_BLANKS = 1_000
"""How many blanks one element may stand for."""
_PASSWORD = "The file has a password. Save it without one and load that."
_CELLS = ("table:table-cell", "table:covered-table-cell")


def checked_workbook(package: Package) -> tuple[bytes, list[SheetScan]]:
    """A new workbook with the content of ``package``, and what the scan of each sheet found.
    Raises ``NotAList``."""
    _check_password(package)
    content = _Content()
    with NewPackage() as new:
        new.add("mimetype", MIMETYPE)
        new.add("META-INF/manifest.xml", "<manifest:manifest/>")
        new.write("content.xml", content.follow(package.pieces("content.xml")))
    # calamine reads all sheets at once, so none of them may be too large, nor all together.
    for sheet in content.sheets:
        if sheet.too_much:
            raise NotAList(sheet.too_much)
    if sum(sheet.room for sheet in content.sheets) > MOST_CELLS:
        raise NotAList(TOO_MUCH)
    return new.content, content.sheets


class _Manifest(XmlScan):
    has_password = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.has_password |= local(name) == "encryption-data"


def _check_password(package: Package) -> None:
    manifest = _Manifest()
    if "META-INF/manifest.xml" in package:
        manifest.scan(package.read("META-INF/manifest.xml", _LONGEST_PART))
    if manifest.has_password or "encrypted-package" in package:
        raise NotAList(_PASSWORD)


class _Content(XmlScan):
    """Follows tables, rows and cells as calamine does, with what is said to be repeated."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[SheetScan] = []
        self._table: SheetScan | None = None
        self._row = self._rows = 0
        self._column = self._columns = 0
        self._row_characters = 0
        self._row_last = -1
        self._row_faults: list[tuple[int, str]] = []
        self._is_row_hidden = False
        self._attributes: dict[str, str] | None = None
        self._text: list[str] = []
        self._characters = 0
        self._rows_written = self._cells_written = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._attributes is not None:
            self._start_in_cell(name, attributes)
        elif name in _CELLS:
            self._attributes = attributes
            self._columns = _repeated(attributes, "table:number-columns-repeated")
            self._text = []
            self._characters = sum(map(len, attributes.values()))
            self.listen(True)
        elif name == "table:table-row":
            self._rows = _repeated(attributes, "table:number-rows-repeated")
            self._is_row_hidden = attributes.get("table:visibility", "visible") != "visible"
            self._column = self._row_characters = self._columns = 0
            self._rows_written += 1
            # The cells of a row but its last take room even where they are empty.
            if self._rows_written > MOST_ROWS_WRITTEN or self._cells_written > MOST_CELLS:
                raise NotAList(TOO_MUCH)
            self._row_last = -1
            self._row_faults = []
        elif name == "table:table":
            title = attributes.get("table:name")
            # A table within another, one without a name and two of one name can't be told apart.
            if self._table or title is None or any(title == each.name for each in self.sheets):
                raise NotAList(DAMAGED)
            self._table = SheetScan(name=title)
            self.sheets.append(self._table)
            self._row = 0

    def _start_in_cell(self, name: str, attributes: dict[str, str]) -> None:
        if name in (*_CELLS, "table:table", "table:table-row"):
            raise NotAList(DAMAGED)
        if name == "text:s":
            blanks = attributes.get("text:c", "1")
            if not (blanks.isascii() and blanks.isdigit()) or int(blanks[:9]) > _MOST_BLANKS:
                raise NotAList(DAMAGED)
            self._characters += int(blanks)

    def text(self, text: str) -> None:
        self._characters += len(text)
        if len(self._text) < 3:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name in _CELLS and self._attributes is not None:
            if self._table:
                self._end_cell(self._table, self._attributes)
            self._attributes = None
            self._column += self._columns
            self.listen(False)
        elif name == "table:table-row" and self._table:
            self._cells_written += min(self._column - self._columns, _WIDEST)
            self._end_row(self._table)
            self._row += self._rows
        elif name == "table:table":
            self._table = None

    def _end_cell(self, table: SheetScan, attributes: dict[str, str]) -> None:
        column = self._column
        rows = _repeated(attributes, "table:number-rows-spanned")
        columns = _repeated(attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            table.add_merged(self._row, column, self._row + rows - 1, column + columns - 1)
        has_formula = bool(attributes.get("table:formula"))
        has_value = "office:value-type" in attributes
        if not (has_value or has_formula):
            return
        self._row_last = column + self._columns - 1
        self._row_characters += self._characters * self._columns
        text = "".join(self._text).strip()
        # Some programs write 0 or nothing as the value of an error.
        if attributes.get("calcext:value-type") == "error" or (has_formula and is_error(text)):
            self._row_faults.append((column, error_words(text)))
        elif has_formula and not has_value:
            self._row_faults.append((column, NO_VALUE))

    def _end_row(self, table: SheetScan) -> None:
        if self._row_last < 0:
            return
        table.holds(self._row + self._rows - 1, self._row_last, self._row_characters * self._rows)
        if self._is_row_hidden:
            table.hidden_rows += self._rows
        for column, words in self._row_faults:
            for row in range(self._row, self._row + min(self._rows, 100)):
                table.add_fault(row, column, words)


def _repeated(attributes: dict[str, str], name: str) -> int:
    number = attributes.get(name, "1")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotAList(DAMAGED)
    if int(number) > _MOST_REPEATED:
        raise NotAList(DAMAGED)
    return int(number)
