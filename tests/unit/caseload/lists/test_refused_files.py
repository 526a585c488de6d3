"""Files that are no lists, or would harm: each is refused in words and nothing else happens."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cases.caseload.lists import NotAList, read_list
from cases.caseload.lists.packages import MOST_MEMBERS, MOST_UNPACKED
from tests.unit.caseload.lists.lists import HEADINGS, named, row_with
from tests.unit.caseload.lists.workbooks import (
    ODS_TYPE,
    SHEET,
    ods,
    ods_cell,
    ods_row,
    saved,
    shared_xlsx,
    unzipped,
    with_part,
    xlsx,
    zipped,
)

LIST = shared_xlsx(HEADINGS, row_with())
DAMAGED = "The file is damaged or is no spreadsheet."
PASSWORD = "The file has a password."
TOO_LARGE = "The file unpacks to more than 200 MB"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refusal(content: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(NotAList) as error:
        read_list(content, name=name)
    return str(error.value)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (png(), "“list.xlsx” is a picture, by what it holds."),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "“list.xlsx” is a picture"),
        (b"%PDF-1.7 ...", "“list.xlsx” is a PDF document"),
        (b"\x1f\x8b\x08\0", "“list.xlsx” is a compressed file"),
        (b"<html><table><tr><td>Case reference", "The file is a web page or XML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "The file is a web page or XML"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        (OLE + "Workbook".encode("utf-16-le"), "The file is an old Excel file (.xls)."),
        (OLE + "WordDocument".encode("utf-16-le"), "The file is an old Office file"),
        (
            zipped({"list.csv": "Case reference,Group"}),
            "The file is a zip file and no spreadsheet.",
        ),
        (zipped({"xl/workbook.bin": b""}), "The file is a binary Excel workbook (.xlsb)."),
        (zipped({"word/document.xml": b""}), "The file is a Word document."),
        (zipped({"Index/Document.iwa": b""}), "The file is a Numbers spreadsheet."),
        (zipped({"mimetype": "x", "content.xml": ""}), "The file is an OpenDocument file, but"),
        (zipped({}), "The file is a zip file and no spreadsheet."),
        (LIST[:-200], DAMAGED),
        (LIST[:300], DAMAGED),
        (b"PK\x03\x04", DAMAGED),
        (zipped({"[Content_Types].xml": "<Types/>"}), DAMAGED),
        (zipped({"mimetype": ODS_TYPE}), DAMAGED),
        (xlsx(("Something", "else")), "None of the first 50 rows has headings"),
        (xlsx(), "None of the first 50 rows has headings"),
    ],
    ids=named,
)
def test_another_file_is_refused_in_words_for_what_it_is(content: bytes, words: str) -> None:
    assert refusal(content).startswith(words)


def test_an_ods_with_a_password_is_refused_in_words() -> None:
    manifest = (
        "<m:manifest xmlns:m='x'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    )
    assert refusal(ods(HEADINGS, **{"META-INF/manifest.xml": manifest})).startswith(PASSWORD)
    whole = zipped({"mimetype": ODS_TYPE, "encrypted-package": "x"})
    assert refusal(whole).startswith(PASSWORD)


def test_a_zip_file_with_a_password_is_refused_in_words() -> None:
    locked = bytearray(LIST)
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        flags = 6 if start == b"PK\x03\x04" else 8
        place = locked.find(start)
        while place >= 0:
            locked[place + flags] |= 1
            place = locked.find(start, place + 4)
    assert refusal(bytes(locked)).startswith(PASSWORD)


def test_what_would_unpack_to_too_much_is_not_unpacked() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, part in unzipped(LIST).items():
            file.writestr(name, part)
        with file.open("xl/media/picture.xml", "w") as bomb:
            for _ in range(MOST_UNPACKED // 10_000_000 + 1):
                bomb.write(bytes(10_000_000))
    assert len(content.getvalue()) < 2_000_000
    assert refusal(content.getvalue()).startswith(TOO_LARGE)


def test_a_directory_that_lies_about_sizes_is_found_out() -> None:
    content = zipped(unzipped(LIST) | {SHEET: b"<worksheet>" + b" " * 50_000_000})
    size = struct.pack("<I", 50_000_011)
    assert content.count(size) == 2
    assert refusal(content.replace(size, struct.pack("<I", 1_000))).startswith(DAMAGED)


def test_more_members_than_a_workbook_has_are_refused() -> None:
    content = zipped((f"{number}.xml", "") for number in range(MOST_MEMBERS + 1))
    assert refusal(content).startswith(DAMAGED)


def test_a_zip_file_within_another_is_not_opened() -> None:
    assert refusal(zipped({"list.xlsx": LIST})).startswith("The file is a zip file and no spread")
    content = zipped(unzipped(LIST) | {SHEET: LIST})
    assert refusal(content).startswith(DAMAGED)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    parts = [*unzipped(LIST).items(), (SHEET.upper(), b"<worksheet/>")]
    assert refusal(zipped(parts)).startswith(DAMAGED)


def test_only_ways_of_packing_that_are_bounded_are_read() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_BZIP2) as file:
        for name, part in unzipped(LIST).items():
            file.writestr(name, part)
    assert refusal(content.getvalue()).startswith(DAMAGED)


def test_text_that_defines_itself_without_end_is_refused() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def changed(part: bytes) -> bytes:
        return entities.encode() + part[part.index(b"<worksheet") :]

    assert refusal(with_part(LIST, SHEET, changed)).startswith(DAMAGED)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("A1048576", "The sheet “Cases” has something in row 1,048,576; a list may have 25,000"),
        ("XFD3", "The sheet “Cases” has something in column 16,384; a list may have 500"),
        ("SF24000", "The sheet “Cases” holds more than a list of cases needs."),
    ],
)
def test_a_cell_far_away_is_refused_before_room_is_made_for_it(cell: str, words: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet[cell] = "x"

    assert refusal(xlsx(HEADINGS, row_with(), change=change)).startswith(words)


def test_a_sheet_that_is_too_large_is_said_if_the_list_is_on_another() -> None:
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append(row_with())
    book.create_sheet("Pivot")["A1048576"] = "x"
    found = read_list(saved(book), name="list.xlsx")
    assert len(found.rows) == 1
    assert any(note.startswith("The sheet “Pivot” has something in row") for note in found.notes)


def test_one_string_in_many_cells_is_counted_each_time() -> None:
    def repeated(part: bytes) -> bytes:
        row = b"<row>%s</row>" % (b'<c t="s"><v>0</v></c>' * 100)
        return part.replace(b"</sheetData>", row * 10 + b"</sheetData>")

    def long(part: bytes) -> bytes:
        return part.replace(b"<t>Case reference", b"<t>Case reference" + b" " * 32_000)

    content = with_part(with_part(LIST, SHEET, repeated), "xl/sharedStrings.xml", long)
    assert "holds more than a list of cases needs" in refusal(content)


@pytest.mark.parametrize(
    "row",
    [
        f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("x")}</table:table-row>',
        f"<table:table-row>{ods_cell('x', number_columns_repeated='16000')}</table:table-row>",
        '<table:table-row table:number-rows-repeated="20000">'
        f"{ods_cell('x', number_columns_repeated='400')}</table:table-row>",
        '<table:table-row table:number-rows-repeated="20000">'
        f"{ods_cell('x' * 5_000)}</table:table-row>",
    ],
    ids=named,
)
def test_repeated_rows_and_cells_of_ods_are_counted_before_room_is_made(row: str) -> None:
    assert refusal(ods(table=ods_row(HEADINGS) + row)).startswith("The sheet “Cases” h")


@pytest.mark.parametrize(
    "row",
    [
        '<table:table-row table:number-rows-repeated="99999999999"/>',
        '<table:table-row table:number-rows-repeated="-1"/>',
        '<table:table-row><table:table-cell office:value-type="string"><text:p>'
        '<text:s text:c="999999999"/></text:p></table:table-cell></table:table-row>',
        '<table:table-row><table:table-cell><table:table table:name="y"/></table:table-cell>'
        "</table:table-row>",
        '<table:table table:name="y"/>',
    ],
)
def test_what_no_program_writes_into_ods_is_refused(row: str) -> None:
    assert refusal(ods(table=ods_row(HEADINGS) + row)).startswith(DAMAGED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="A1"', b'r="A0"'),
        (b'r="A1"', b'r="ZZZZ1"'),
        (b'<row r="1"', b'<row r="x"'),
        (b't="s"><v>0</v>', b't="s"><v>99</v>'),
        (b't="s"><v>0</v>', b't="s"><v>x</v>'),
        (b"</sheetData>", b"</sheetdata>"),
        (b"<sheetData>", b"\xff\xfe<sheetData>"),
    ],
)
def test_what_no_program_writes_into_xlsx_is_refused(old: bytes, new: bytes) -> None:
    assert old in unzipped(LIST)[SHEET]
    changed = with_part(LIST, SHEET, lambda part: part.replace(old, new, 1))
    assert refusal(changed).startswith(DAMAGED)


def test_more_cells_than_there_are_places_are_refused() -> None:
    def changed(part: bytes) -> bytes:
        row = b"<row>%s</row>" % (b'<c r="A2"><v>1</v></c>' * 5_000)
        return part.replace(b"</sheetData>", row + b"</sheetData>")

    assert refusal(with_part(LIST, SHEET, changed)).startswith(DAMAGED)


def test_no_room_is_made_for_what_a_file_says_and_does_not_hold() -> None:
    def changed(part: bytes) -> bytes:
        return part.replace(b"<sst>", b'<sst uniqueCount="900000000000">')

    content = with_part(LIST, "xl/sharedStrings.xml", changed)
    assert len(read_list(content, name="list.xlsx").rows) == 1


def test_more_text_than_a_list_has_is_refused() -> None:
    strings = b"<si><t>%s</t></si>" % (b"x" * 30_000) * 700

    def changed(part: bytes) -> bytes:
        return part.replace(b"</sst>", strings + b"</sst>")

    words = "The file holds more than a list of cases needs."
    assert refusal(with_part(LIST, "xl/sharedStrings.xml", changed)).startswith(words)


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row><table:table-cell table:number-columns-repeated="16383"/>'
        "<table:table-cell/></table:table-row>" * 100,
        "<table:table-row/>" * 100_001,
        '<table:table-row table:number-rows-repeated="20000">'
        f"{ods_cell('x', number_columns_repeated='60')}</table:table-row>",
    ],
    ids=["cells", "rows", "cells that hold something"],
)
def test_cells_of_nothing_in_ods_are_counted_too(rows: str) -> None:
    words = "The file holds more than a list of cases needs."
    assert refusal(ods(table=ods_row(HEADINGS) + rows)).startswith(words)


def test_merged_cells_that_overlap_without_end_are_refused() -> None:
    merged = b"<mergeCells>" + b'<mergeCell ref="A2:J24000"/>' * 15_000 + b"</mergeCells>"
    content = xlsx(HEADINGS, *[row_with(Case_reference=f"C-{n}") for n in range(50)])

    def changed(part: bytes) -> bytes:
        return part.replace(b"</sheetData>", b"</sheetData>" + merged)

    assert refusal(with_part(content, SHEET, changed)).startswith(DAMAGED)
