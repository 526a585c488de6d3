"""Problems as a file, and rows that need dates."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from cases.caseload.lists import Problem, problems_csv, read_list
from tests.unit.caseload.lists.lists import HEADINGS, ROW, csv_of, read, row_with, words


def test_problems_are_written_for_spreadsheets_and_never_as_formulas() -> None:
    content = problems_csv(
        [Problem(2, "=Column", "+1,2", "@words"), Problem(3, "Gender", "Ç", "Write Female.")]
    )
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(content.decode("utf-8-sig").splitlines())) == [
        ["Row", "Column", "Value", "Problem"],
        ["2", "'=Column", "'+1,2", "'@words"],
        ["3", "Gender", "Ç", "Write Female."],
    ]


@pytest.mark.parametrize("group", ["Court", "Out of court"])
def test_a_case_needs_the_date_of_its_disposal(group: str) -> None:
    found = read(row_with(Group=group, Disposal_type="", Disposal_date=""))
    assert words(found) == [
        "Row 2, Disposal date: It is empty. Court and out-of-court cases need it: it says whether "
        "the case is in the window."
    ]


def test_a_resettlement_case_needs_one_date_of_two() -> None:
    headings = (*HEADINGS, "Release date")
    empty = row_with(Group="Resettlement", Disposal_type="DTO", Disposal_date="")
    assert len(read((*empty, "2 May 2021"), headings=headings).rows) == 1
    found = read((*empty, ""), headings=headings)
    assert words(found) == [
        "Row 2, Disposal date: It is empty. A resettlement case needs the date of the custodial "
        "sentence as its disposal date, or a release date: one says whether the case is in the "
        "window."
    ]


def test_a_missing_column_of_dates_is_one_problem_for_all_rows() -> None:
    headings = ("Case reference", "Group", "Release date")
    rows = [("C-1", "Court", ""), ("C-2", "Court", ""), ("C-3", "Custody", "2 May 2021")]
    found = read(*rows, headings=headings)
    assert words(found) == [
        "Row 1, Disposal date: The list has no such column. Court and out-of-court cases need it: "
        "it says whether the case is in the window. 2 cases of the group Court can't be taken."
    ]
    assert [row.reference for row in found.rows] == ["C-3"]


def test_a_date_that_is_wrong_is_not_also_missing() -> None:
    assert len(read(row_with(Disposal_date="30/02/2021")).problems) == 1


def test_a_case_needs_a_reference_and_a_group() -> None:
    found = read(row_with(Case_reference=""), row_with(Group="unknown", Case_reference="C-2"))
    assert words(found) == [
        "Row 2, Case reference: It is empty. Write the service's reference.",
        "Row 3, Group: “unknown”. It says nothing. Write Court, Out of court or Resettlement.",
    ]


def test_no_disposal_is_after_today_if_that_is_given() -> None:
    content = csv_of(HEADINGS, ROW).encode()
    assert read_list(content, name="list.csv", today=date(2021, 3, 14)).problems == ()
    (problem,) = read_list(content, name="list.csv", today=date(2021, 3, 13)).problems
    assert problem.message == "It is in the future. Correct the date."


def test_a_planned_date_may_be_some_years_ahead() -> None:
    content = csv_of((*HEADINGS, "Start date", "Release date"), (*ROW, "1/4/2021", "1/4/2033"))
    found = read_list(content.encode(), name="list.csv", today=date(2021, 3, 31))
    assert words(found) == [
        "Row 2, Release date: “1/4/2033”. It is too far in the future. Correct the year."
    ]


def test_groups_without_a_case_are_said() -> None:
    notes = read(ROW).notes
    assert "The list has no valid case of the group Resettlement." in notes
    assert "The list has no valid case of the group Court." not in notes


def test_an_offence_in_no_category_is_other_and_said() -> None:
    found = read(row_with(Offence="Xyzzy"), row_with(Case_reference="C-2", Offence="Xyzzy"))
    assert {(row.offence, row.offence_detail) for row in found.rows} == {("OTHER", "Xyzzy")}
    assert found.notes[0] == (
        "The offence of 2 rows is in none of the published categories by its words, so it is taken "
        "as Other: “Xyzzy”"
    )


def test_a_long_offence_is_cut_and_said() -> None:
    found = read(row_with(Offence=f"Theft {'x' * 200}"))
    assert [len(row.offence_detail) for row in found.rows] == [100]
    assert found.notes[0] == "The offence of 1 row is longer than 100 characters and was cut."


def test_a_long_value_is_cut_in_its_problem() -> None:
    (problem,) = read(row_with(Case_reference="9" * 100)).problems
    assert problem.value == f"{'9' * 60}…"


def test_problems_are_in_the_order_of_rows_and_columns() -> None:
    bad = row_with(Gender="Q", Age_at_disposal="1", Group="Q")
    found = read(bad, row_with(Case_reference="C-1"), bad)
    assert [(problem.row, problem.column) for problem in found.problems] == [
        (2, "Group"),
        (2, "Age at disposal"),
        (2, "Gender"),
        (3, "Case reference"),
        (4, "Case reference"),
        (4, "Group"),
        (4, "Age at disposal"),
        (4, "Gender"),
    ]
