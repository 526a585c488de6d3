"""The template to download: what it holds, and that it is read as it is filled in."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from cases.caseload.lists import FIELDS, read_list, template_csv, template_xlsx
from tests.unit.caseload.lists.lists import ROW, csv_of, words
from tests.unit.caseload.lists.workbooks import saved

OURS = tuple(field.heading for field in FIELDS)


def test_both_templates_have_our_headings_and_no_case() -> None:
    for content in (template_csv(), template_xlsx()):
        found = read_list(content, name="template")
        assert found.headings == OURS
        assert found.missing == found.unknown == found.dropped == ()
        assert (found.rows, found.problems) == ((), ())
        assert "The list has no case below its headings." in found.notes
        assert not any("headings too" in note for note in found.notes)


def test_the_text_template_is_filled_in_and_read() -> None:
    content = template_csv() + csv_of(ROW).encode()
    assert len(read_list(content, name="list.csv").rows) == 1


def test_the_workbook_is_filled_in_and_read() -> None:
    book = load_workbook(io.BytesIO(template_xlsx()))
    sheet = book["Cases"]
    for column, value in enumerate(ROW, start=1):
        sheet.cell(2, column, value)
    sheet["D2"] = date(2021, 3, 14)
    found = read_list(saved(book), name="list.xlsx")
    assert words(found) == []
    assert [row.disposal_date for row in found.rows] == [date(2021, 3, 14)]


def test_every_choice_that_the_workbook_offers_is_understood() -> None:
    book = load_workbook(io.BytesIO(template_xlsx()))
    offered = {
        heading.removeprefix("Choices of "): list(filter(None, choices))
        for heading, *choices in book["Choices"].iter_cols(values_only=True)
    }
    assert set(offered) < set(OURS)
    for heading, choices in offered.items():
        for choice in choices:
            valid = [is_valid({"Group": group, heading: choice}) for group in offered["Group"]]
            assert any(valid), choice


def is_valid(cells: dict[str, str]) -> bool:
    """Whether a row of these cells, with a date and a reference, has no problem."""
    row = {"Case reference": "C-1", "Disposal date": "14/03/2021"} | cells
    content = csv_of(tuple(row), tuple(row.values()), separator="\t")
    return read_list(content.encode(), name="list.csv").problems == ()


def test_columns_of_choices_and_dates_are_checked_by_the_spreadsheet_too() -> None:
    sheet = load_workbook(io.BytesIO(template_xlsx()))["Cases"]
    checks = {
        str(check.sqref).partition(":")[0]: check for check in sheet.data_validations.dataValidation
    }
    assert len(checks) == len(FIELDS)
    assert checks["B2"].formula1 == "'Choices'!$A$2:$A$4"
    assert (checks["D2"].type, checks["F2"].type) == ("date", "whole")
    assert all(check.errorStyle == "warning" for check in checks.values())


def test_the_workbook_explains_each_heading_and_no_cell_is_a_formula() -> None:
    book = load_workbook(io.BytesIO(template_xlsx()))
    explained = [row[0] for row in book["How to fill it in"].iter_rows(values_only=True)]
    assert explained[-len(OURS) :] == list(OURS)
    for sheet in book:
        for row in sheet.iter_rows():
            assert not any(cell.data_type == "f" for cell in row)


def test_the_document_describes_every_heading() -> None:
    document = (Path(__file__).parents[4] / "docs" / "list-of-cases.md").read_text()
    for field in FIELDS:
        assert f"| {field.heading} | {field.takes} | " in document
        assert field.why in document
