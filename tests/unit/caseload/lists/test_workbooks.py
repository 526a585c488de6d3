"""Lists as XLSX and ODS: what spreadsheets do to values, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from cases.caseload.lists import ReadList, read_list
from tests.unit.caseload.lists.lists import HEADINGS, row_with, words
from tests.unit.caseload.lists.workbooks import (
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

DAY = date(2021, 3, 14)
SHORT = ("Case reference", "Group", "Disposal date", "Age at disposal", "Sensitive")

make = pytest.mark.parametrize("make", [xlsx, shared_xlsx, ods])
Make = Callable[..., bytes]


def read_xlsx(content: bytes) -> ReadList:
    return read_list(content, name="list.xlsx")


@make
def test_numbers_dates_and_truths_of_spreadsheets_are_read(make: Make) -> None:
    found = read_list(
        make(
            SHORT,
            (1234.0, "Court", DAY, 14.0, True),
            (1235, "Court", "14/03/2021", 14, False),
            ("0012", "Court", datetime.combine(DAY, time()), "14", None),
        ),
        name="list",
    )
    assert words(found) == []
    assert [(row.row, row.reference, row.is_sensitive) for row in found.rows] == [
        (2, "1234", True),
        (3, "1235", False),
        (4, "0012", False),
    ]
    assert {(row.disposal_date, row.age) for row in found.rows} == {(DAY, 14)}
    assert found.notes[0] == "The list was read from the sheet “Cases”."


@make
def test_a_time_of_day_and_a_number_are_no_dates(make: Make) -> None:
    found = read_list(
        make(
            SHORT,
            ("C-1", "Court", datetime.combine(DAY, time(13, 45)), 14, None),
            ("C-2", "Court", 44269, 14, None),
        ),
        name="list",
    )
    assert words(found) == [
        "Row 2, Disposal date: “14/03/2021 13:45”. It has a time of day. Write the date alone.",
        "Row 3, Disposal date: “44269”. It isn't a date. Format the column as a date, or write it "
        "as 14/03/2021.",
    ]


def test_dates_may_be_counted_from_1904() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(SHORT)
    book.active.append(["C-1", "Court", DAY])
    assert [row.disposal_date for row in read_xlsx(saved(book)).rows] == [DAY]


@make
def test_a_title_empty_rows_and_a_margin_count_in_the_numbers_of_rows(make: Make) -> None:
    content = make(
        (None, "Northmere"),
        (),
        (None, None, *SHORT),
        (),
        (None, None, "C-1", "Court", DAY),
        (),
        (None, None, "C-2", "Crt", DAY),
    )
    found = read_list(content, name="list")
    assert [row.row for row in found.rows] == [5]
    assert [problem.row for problem in found.problems] == [7]


@make
def test_a_hundred_columns_are_read(make: Make) -> None:
    more = tuple(f"X{number}" for number in range(100))
    found = read_list(make((*HEADINGS, *more), (*row_with(), *more)), name="list")
    assert len(found.rows) == 1
    assert found.unknown == more


def test_the_first_sheet_with_our_headings_is_read_and_others_are_said() -> None:
    book = Workbook()
    book.active.append(["Contents"])
    for name, reference in (("Court", "C-1"), ("OOCD", "C-2")):
        sheet = book.create_sheet(name)
        sheet.append(SHORT)
        sheet.append([reference, "Court", DAY])
    found = read_xlsx(saved(book))
    assert [row.reference for row in found.rows] == ["C-1"]
    assert found.notes[:2] == (
        "The list was read from the sheet “Court”.",
        "These sheets have headings too and were not read: “OOCD”. If they hold cases, put them "
        "below the others in one sheet.",
    )


def test_a_sheet_that_is_seen_comes_before_a_hidden_one() -> None:
    book = Workbook()
    book.active.append(SHORT)
    book.active.append(["C-1", "Court", DAY])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Now")
    sheet.append(SHORT)
    sheet.append(["C-2", "Court", DAY])
    book.active = 1
    assert [row.reference for row in read_xlsx(saved(book)).rows] == ["C-2"]


def test_hidden_rows_are_read_and_said() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.row_dimensions[9].hidden = True

    found = read_xlsx(xlsx(SHORT, ("C-1", "Court", DAY), ("C-2", "Court", DAY), change=hide))
    assert len(found.rows) == 2
    assert found.notes[1] == ("1 row is hidden in the sheet, by a filter perhaps; it was read too.")


def test_the_value_of_a_formula_is_read() -> None:
    def changed(part: bytes) -> bytes:
        return (
            part.replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>14</v>")
            .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>14</v>")
            .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>14</v>")
        )

    content = xlsx(SHORT, ("C-1", "Court", DAY, "=1+1", None))
    found = read_xlsx(with_part(content, SHEET, changed))
    assert [row.age for row in found.rows] == [14]


def test_a_formula_without_a_value_and_an_error_are_problems() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["D2"] = "=1+1"
        sheet["C3"] = "#REF!"
        sheet["C3"].data_type = "e"
        sheet["Z3"] = "=1+1"

    found = read_xlsx(xlsx(SHORT, ("C-1", "Court", DAY), ("C-2", "Court"), change=change))
    assert words(found) == [
        "Row 2, Age at disposal: The formula has no value in the file. Open the file in a "
        "spreadsheet program, save it and load it again, or write the value.",
        "Row 3, Disposal date: The formula gives the error #REF!. Write the value.",
    ]
    assert found.rows == ()


def test_formulas_of_ods_are_read_by_their_values() -> None:
    value = ods_cell(14, formula="of:=[.A1]")
    nothing = '<table:table-cell table:formula="of:=1"/>'
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p>'
        "</table:table-cell>"
    )
    number_with_error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0">'
        "<text:p>#N/A</text:p></table:table-cell>"
    )
    rows = "".join(
        f"<table:table-row>{ods_cell(f'C-{number}')}{ods_cell('Court')}{ods_cell(DAY)}{age}"
        "</table:table-row>"
        for number, age in enumerate((value, nothing, error, number_with_error))
    )
    found = read_list(ods(table=ods_row(SHORT) + rows), name="list.ods")
    assert [row.age for row in found.rows] == [14]
    assert words(found) == [
        "Row 3, Age at disposal: The formula has no value in the file. Open the file in a "
        "spreadsheet program, save it and load it again, or write the value.",
        "Row 4, Age at disposal: The formula gives the error #DIV/0!. Write the value.",
        "Row 5, Age at disposal: The formula gives the error #N/A. Write the value.",
    ]


def test_each_row_below_a_merged_cell_has_a_problem() -> None:
    rows = [(f"C-{number}", "Court" if number == 1 else None, DAY) for number in (1, 2, 3)]
    found = read_xlsx(xlsx(SHORT, *rows, change=lambda sheet: sheet.merge_cells("B2:B4")))
    merged = "It is part of a merged cell. Unmerge it and write the value in each row."
    assert words(found) == [f"Row 3, Group: {merged}", f"Row 4, Group: {merged}"]
    assert [row.reference for row in found.rows] == ["C-1"]


def test_a_title_merged_over_a_row_is_one_problem() -> None:
    rows = [("Court cases",), ("C-1", "Court", DAY)]
    found = read_xlsx(xlsx(SHORT, *rows, change=lambda sheet: sheet.merge_cells("A2:E2")))
    assert words(found) == [
        "Row 2, Case reference: “Court cases”. The cells of this row are merged into one. If it is "
        "no case, delete the row; otherwise unmerge them and fill in each."
    ]
    assert [row.reference for row in found.rows] == ["C-1"]


def test_merged_cells_of_nothing_and_of_titles_are_no_problem() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:E1")
        sheet.merge_cells("D3:E4")
        sheet.merge_cells("H3:H9")

    rows = [("Title",), SHORT, ("C-1", "Court", DAY), ("C-2", "Court", DAY)]
    found = read_xlsx(xlsx(*rows, change=change))
    assert words(found) == []
    assert len(found.rows) == 2


def test_merged_cells_of_ods_are_problems_too() -> None:
    covered = "<table:covered-table-cell/>"
    first = [ods_cell("C-1"), ods_cell("Court", number_rows_spanned="2"), ods_cell(DAY)]
    second = [ods_cell("C-2"), covered, ods_cell(DAY)]
    rows = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in (first, second))
    found = read_list(ods(table=ods_row(SHORT) + rows), name="list.ods")
    assert words(found) == [
        "Row 3, Group: It is part of a merged cell. Unmerge it and write the value in each row."
    ]


def test_repeated_cells_and_rows_of_ods_are_counted() -> None:
    many = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
    nothing = '<table:table-cell table:style-name="x" table:number-columns-repeated="16384"/>'
    dates = ods_cell(DAY, number_columns_repeated="2")
    row = f"{ods_cell('C-1')}{ods_cell('Court')}{dates}"
    headings = ("Case reference", "Group", "Disposal date", "Start date")
    table = (
        ods_row(headings)
        + many.format(3, nothing)
        + f"<table:table-row>{row}</table:table-row>"
        + many.format(1_048_571, nothing)
    )
    found = read_list(ods(table=table), name="list.ods")
    assert [(row.row, row.start_date) for row in found.rows] == [(5, DAY)]


def test_a_comment_in_a_cell_is_not_read() -> None:
    note = "<office:annotation><text:p>Jane Doe</text:p></office:annotation>"
    cell = ods_cell("C-1").replace("><text:p>", f">{note}<text:p>", 1)
    row = f"<table:table-row>{cell}{ods_cell('Court')}{ods_cell(DAY)}</table:table-row>"
    found = read_list(ods(table=ods_row(SHORT) + row), name="list.ods")
    assert [row.reference for row in found.rows] == ["C-1"]
    assert "Doe" not in repr(found)


def test_rich_and_inline_text_is_read() -> None:
    def changed(part: bytes) -> bytes:
        start, end = part.index(b"<sheetData>"), part.index(b"</sheetData>")
        text = "".join(f'<c t="inlineStr"><is><t>{each}</t></is></c>' for each in SHORT)
        rich = '<c t="inlineStr"><is><r><t>C-</t></r><r><t>1</t></r></is></c>'
        row = f'{rich}<c t="str"><v>Court</v></c><c t="d"><v>2021-03-14</v></c>'
        rows = f"<sheetData><row>{text}</row><row>{row}</row>".encode()
        return part[:start] + rows + part[end:]

    content = with_part(xlsx(("x",)), SHEET, changed)
    found = read_xlsx(content)
    assert words(found) == []
    assert [(row.reference, row.disposal_date) for row in found.rows] == [("C-1", DAY)]


def test_prefixes_of_elements_make_no_difference() -> None:
    content = xlsx(SHORT, ("C-1", "Court", DAY))

    def changed(part: bytes) -> bytes:
        for name in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"is", b"t"):
            for end in (b" ", b">", b"/>"):
                part = part.replace(b"<" + name + end, b"<x:" + name + end)
                part = part.replace(b"</" + name + end, b"</x:" + name + end)
        return part.replace(b"xmlns=", b"xmlns:x=")

    found = read_xlsx(with_part(content, SHEET, changed))
    assert [row.reference for row in found.rows] == ["C-1"]


def test_a_shared_string_without_text_does_not_shift_the_others() -> None:
    def changed(part: bytes) -> bytes:
        return part.replace(b"<si>", b"<si/><si>", 1)

    def renumbered(part: bytes) -> bytes:
        return re.sub(rb't="s"><v>(\d+)', lambda found: b't="s"><v>%d' % (int(found[1]) + 1), part)

    content = shared_xlsx(SHORT, ("C-1", "Court", DAY))
    content = with_part(content, "xl/sharedStrings.xml", changed)
    found = read_xlsx(with_part(content, SHEET, renumbered))
    assert [(row.reference, row.disposal_date) for row in found.rows] == [("C-1", DAY)]


def test_how_a_shared_string_is_said_aloud_is_not_read() -> None:
    def changed(part: bytes) -> bytes:
        return part.replace(b"C-1</t>", b"C-1</t><rPh sb='0' eb='1'><t>see one</t></rPh>")

    content = shared_xlsx(SHORT, ("C-1", "Court", DAY))
    found = read_xlsx(with_part(content, "xl/sharedStrings.xml", changed))
    assert [row.reference for row in found.rows] == ["C-1"]


def test_folders_may_be_written_as_windows_does() -> None:
    parts = unzipped(shared_xlsx(SHORT, ("C-1", "Court", DAY)))
    content = zipped({name.replace("/", "\\"): part for name, part in parts.items()})
    assert [row.reference for row in read_xlsx(content).rows] == ["C-1"]
