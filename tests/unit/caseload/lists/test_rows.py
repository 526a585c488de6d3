"""What becomes of each row of a list: a case, or problems in words."""

from __future__ import annotations

from datetime import date

from cases.caseload.lists import read_list
from cases.caseload.rows import CaseRow
from inspections.framework import Group
from tests.unit.caseload.lists.lists import HEADINGS, ROW, csv_of, read, row_with, words


def test_a_valid_row_is_a_case() -> None:
    found = read(ROW)
    assert found.rows == (
        CaseRow(
            row=2,
            reference="C-1",
            group=Group.COURT,
            disposal_type="REFERRAL_ORDER",
            disposal_date=date(2021, 3, 14),
            offence="VIOLENCE_AGAINST_THE_PERSON",
            offence_detail="Common assault",
            age=14,
            gender="FEMALE",
            ethnicity="WHITE",
            serious_harm_level="LOW",
            safety_level="MEDIUM",
        ),
    )
    assert found.problems == ()
    assert found.missing == found.dropped == found.unknown == ()
    assert found.rows_read == 1


def test_optional_columns_are_read() -> None:
    headings = ("Child reference", "Start date", "Release date", "Sensitive", "Case manager")
    cells = ("K9", "2021-04-01", "2 May 2021", "yes", "CM12")
    found = read((*ROW, *cells, "North"), headings=(*HEADINGS, *headings, "Team"))
    (row,) = found.rows
    assert (row.child_reference, row.case_manager, row.team) == ("K9", "CM12", "North")
    assert (row.start_date, row.release_date) == (date(2021, 4, 1), date(2021, 5, 2))
    assert row.is_sensitive


def test_every_problem_names_row_heading_value_and_what_to_do() -> None:
    found = read(
        row_with(Gender="Q", Age_at_disposal="7"),
        row_with(Case_reference="C-2"),
        row_with(Case_reference="C-3", Group="Crt"),
    )
    assert words(found) == [
        "Row 2, Age at disposal: “7”. An age is from 8 to 21. Correct it.",
        "Row 2, Gender: “Q”. This isn't a gender that is known. Write Female, Male, Other or "
        "Not known.",
        "Row 4, Group: “Crt”. This isn't a group that is known. Write Court, Out of court or "
        "Resettlement.",
    ]
    assert [row.reference for row in found.rows] == ["C-2"]
    assert found.rows_read == 3


def test_a_reference_twice_is_a_problem_of_the_later_row() -> None:
    found = read(ROW, row_with(Case_reference="C-2"), row_with(Case_reference=" c-1 "))
    assert words(found) == [
        "Row 4, Case reference: “c-1”. Row 2 has the same reference. Delete one of the rows, or "
        "give each case a reference of its own."
    ]
    assert [row.row for row in found.rows] == [2, 3]


def test_a_child_reference_twice_is_no_problem() -> None:
    found = read(
        (*ROW, "K1"),
        (*row_with(Case_reference="C-2"), "K1"),
        headings=(*HEADINGS, "Child reference"),
    )
    assert found.problems == ()
    assert [row.child_reference for row in found.rows] == ["K1", "K1"]


def test_an_error_of_a_spreadsheet_is_no_value() -> None:
    found = read(row_with(Case_reference="#REF!", Offence="#N/A"))
    assert words(found) == [
        "Row 2, Case reference: The formula gives the error #REF!. Write the value.",
        "Row 2, Offence: The formula gives the error #N/A. Write the value.",
    ]


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    rows = [row_with(Case_reference=f"C-{number}") for number in range(1_200)]
    read_list(
        csv_of(HEADINGS, *rows).encode(),
        name="list.csv",
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(0, 1200), (500, 1200), (1000, 1200), (1200, 1200)]
