"""Reads XLSX workbooks: sheets are checked and copied here, and read by calamine."""

from __future__ import annotations

import posixpath
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr  # nosec B406  # writes, and reads nothing

from cases.caseload.lists.cells import error_words
from cases.caseload.lists.packages import DAMAGED, NewPackage, Package, XmlScan, local
from cases.caseload.lists.result import NotAList
from cases.caseload.lists.scans import MOST_TEXT, NO_VALUE, TOO_MUCH, SheetScan

MOST_SHEETS = 50
_LONGEST_PART = 5_000_000
"""How many bytes the parts may have that list others, or the formats of cells."""
_MOST_STRINGS = 1_000_000
_LONGEST_STRING = 32_767
"""A cell holds no more, says the format."""
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def checked_workbook(package: Package) -> tuple[bytes, list[SheetScan]]:
    """A new workbook with the worksheets of ``package``, in their order, and what each scan found.

    It has their values, shared strings and formats, and nothing else: no macros, links or pictures.
    Raises ``NotAList``.
    """
    main = _Relations(package, "").target_of("officeDocument") or "xl/workbook.xml"
    book = _Workbook()
    book.scan(package.read(main, _LONGEST_PART))
    relations = _Relations(package, main)
    scans: list[SheetScan] = []
    with NewPackage() as new:
        strings = _Strings()
        if part := relations.target_of("sharedStrings"):
            new.write("xl/sharedStrings.xml", strings.follow(package.pieces(part)))
        if part := relations.target_of("styles"):
            new.add("xl/styles.xml", package.read(part, _LONGEST_PART).decode("utf-8", "replace"))
        for name, is_hidden, relation in book.sheets[:MOST_SHEETS]:
            part = relations.targets.get(relation)
            if part is None or relations.kinds[relation] != "worksheet":
                continue
            scan = _Worksheet(name, is_hidden, strings.lengths)
            scans.append(scan.found)
            new.write(f"xl/worksheets/sheet{len(scans)}.xml", scan.follow(package.pieces(part)))
        _add_main_parts(new, [scan.name for scan in scans], book.is_1904)
    return new.content, scans


class _Relations(XmlScan):
    """The parts that a part refers to: by their identifiers their names and kinds."""

    def __init__(self, package: Package, part: str) -> None:
        super().__init__()
        folder, name = posixpath.split(part)
        self._folder = folder
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations in package:
            self.scan(package.read(relations, _LONGEST_PART))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            identifier, target = attributes.get("Id", ""), attributes.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", self._folder, target))
            self.targets[identifier] = path.lstrip("/")
            self.kinds[identifier] = attributes.get("Type", "").rpartition("/")[2]

    def target_of(self, kind: str) -> str | None:
        """The first part of this kind."""
        found = (identifier for identifier, each in self.kinds.items() if each == kind)
        return self.targets.get(next(found, ""))


class _Workbook(XmlScan):
    """The sheets by name, whether hidden, and identifier; and which year dates are counted from."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, bool, str]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheet":
            identifier = next(
                (value for key, value in attributes.items() if key.endswith(":id")), ""
            )
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), is_hidden, identifier))
        elif local(name) == "workbookPr":
            self.is_1904 = attributes.get("date1904", "0") in ("1", "true")


class _Strings(XmlScan):
    """The shared strings, written anew, and their lengths: a cell has only the number of one.

    calamine makes room for as many as the file says that there are, and leaves out those without
    text, so that the numbers of the others no longer fit.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lengths = array("H")
        self._characters = 0
        self._text = ""
        self._is_phonetic = False
        self._written: list[str] = []

    def follow(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        yield b"<sst>"
        for _ in super().follow(pieces):
            yield "".join(self._written).encode()
            self._written.clear()
        yield "".join(self._written).encode() + b"</sst>"

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        if element == "si":
            self._text = ""
        elif element == "rPh":
            self._is_phonetic = True
        elif element == "t" and not self._is_phonetic:
            self.listen(True)

    def text(self, text: str) -> None:
        self._text += text
        if len(self._text) > _LONGEST_STRING:
            raise NotAList(DAMAGED)

    def end(self, name: str) -> None:
        element = local(name)
        if element == "t":
            self.listen(False)
        elif element == "rPh":
            self._is_phonetic = False
        elif element == "si":
            self._characters += len(self._text)
            self.lengths.append(len(self._text))
            if len(self.lengths) > _MOST_STRINGS or self._characters > MOST_TEXT:
                raise NotAList(TOO_MUCH)
            self._written.append(f'<si><t xml:space="preserve">{escape(self._text)}</t></si>')


_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)


class _Worksheet(XmlScan):
    """Follows the cells as calamine does: a cell without a place is beside the one before.

    Lists have many cells, so only the starts of elements are heard: a cell has been seen whole when
    the next one starts.
    """

    def __init__(self, name: str, is_hidden: bool, strings: Sequence[int]) -> None:
        super().__init__()
        self._listen_to_ends(False)
        self.listen(True)
        self.found = SheetScan(name=name, is_hidden=is_hidden)
        self._strings = strings
        self._columns: dict[str, int] = {}
        self._next_row = self._row = 0
        self._is_row_hidden = self._row_holds = False
        # Of the cell that was started last.
        self._cell_row = 0
        self._column = -1
        self._type = self._element = self._text = ""
        self._is_open = self._has_formula = self._has_value = False

    def follow(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Ends early where there is too much: such a sheet is not read."""
        for piece in super().follow(pieces):
            yield piece
            if self.found.too_much:
                return
            if self.found.cells > self.found.room:
                raise NotAList(DAMAGED)  # Several are in one place.
        self._end_row()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = name if ":" not in name else local(name)
        if element == "c":
            if self._is_open:
                self._end_cell()
            if place := attributes.get("r"):
                self._cell_row, self._column = self._place(place)
            else:
                self._cell_row, self._column = self._row, self._column + 1
            self._type = attributes.get("t", "")
            self._text = ""
            self._is_open = True
            self._has_formula = self._has_value = False
        elif element == "v" or element == "is":
            self._has_value = True
            self._text = ""
        elif element == "f":
            self._has_formula = True
        elif element == "row":
            self._end_row()
            if number := attributes.get("r"):
                if not (number.isascii() and number.isdigit()) or not 0 < len(number) < 8:
                    raise NotAList(DAMAGED)
                self._next_row = max(int(number), 1) - 1
            self._row = self._next_row
            self._next_row += 1
            self._column = -1
            self._is_row_hidden = attributes.get("hidden", "0") in ("1", "true")
        elif element == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            self.found.add_merged(*self._place(first), *self._place(last or first))
        self._element = element

    def text(self, text: str) -> None:
        self._text += text
        if len(self._text) > 2 * _LONGEST_STRING:
            raise NotAList(DAMAGED)

    def _end_row(self) -> None:
        if self._is_open:
            self._end_cell()
        self.found.hidden_rows += self._is_row_hidden and self._row_holds
        self._row_holds = False

    def _end_cell(self) -> None:
        """What follows a formula in a file is its value, or else its text was of the formula."""
        self._is_open = False
        if not (self._has_value or self._has_formula):
            return
        text = self._text.strip() if self._has_value else ""
        characters = len(self._text)
        if text and self._type == "s":
            # calamine takes the first string for a number that it can't read.
            if not (text.isascii() and text.isdigit() and int(text) < len(self._strings)):
                raise NotAList(DAMAGED)
            characters = self._strings[int(text)]
        self._row_holds = True
        self.found.holds(self._cell_row, self._column, characters)
        if self._type == "e":
            self.found.add_fault(self._cell_row, self._column, error_words(text))
        elif self._has_formula and not text and self._type != "str":
            self.found.add_fault(self._cell_row, self._column, NO_VALUE)

    def _place(self, name: str) -> tuple[int, int]:
        """The row and column that a cell's name says, from 0."""
        found = _PLACE.fullmatch(name)
        if found is None:
            raise NotAList(DAMAGED)
        letters = found[1]
        column = self._columns.get(letters)
        if column is None:
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - ord("A") + 1
            self._columns[letters] = column
        return int(found[2]) - 1, column - 1


def _add_main_parts(new: NewPackage, names: Sequence[str], is_1904: bool) -> None:
    """The parts that say what the others are, for sheets of these names."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="s{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    new.add(
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f'<workbookPr date1904="{int(is_1904)}"/><sheets>{sheets}</sheets></workbook>',
    )
    parts = [(f"s{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    parts += [("t", "sharedStrings", "sharedStrings.xml"), ("f", "styles", "styles.xml")]
    new.add("xl/_rels/workbook.xml.rels", _relationships(parts))
    new.add("_rels/.rels", _relationships([("b", "officeDocument", "xl/workbook.xml")]))
    new.add("[Content_Types].xml", "<Types/>")


def _relationships(parts: Sequence[tuple[str, str, str]]) -> str:
    relations = "".join(
        f'<Relationship Id="{identifier}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for identifier, kind, target in parts
    )
    return f"<Relationships>{relations}</Relationships>"
