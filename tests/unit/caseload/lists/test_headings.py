"""Which columns are read, and which hold names or dates of birth and are not."""

from __future__ import annotations

import pytest

from cases.caseload.lists import NotAList, ReadList, read_list
from cases.caseload.lists.columns import is_personal, letters
from tests.unit.caseload.lists.lists import HEADINGS, ROW, csv_of, read, row_with, words

SHORT = ("Case reference", "Group", "Disposal date")
SHORT_ROW = ("C-1", "Court", "14/03/2021")


def everything_said(found: ReadList) -> str:
    return "\n".join([*words(found), *found.notes, repr(found.rows)])


@pytest.mark.parametrize(
    ("heading", "ours"),
    [
        ("CASE_REFERENCE", "Case reference"),
        (" case   reference: ", "Case reference"),
        ("Case Ref.", "Case reference"),
        ("ROSH", "Risk of serious harm"),
        ("RoSH level", "Risk of serious harm"),
        ("Risk-of-Serious-Harm", "Risk of serious harm"),
        ("S&WB", "Safety and wellbeing"),
        ("Safety & Well-being", "Safety and wellbeing"),
        ("Sex", "Gender"),
        ("Ethnic group", "Ethnicity"),
        ("Date of disposal (dd/mm/yyyy)", "Disposal date"),
        ("Sentence date", "Disposal date"),
        ("Age (years)", "Age at disposal"),
        ("Gender *", "Gender"),
        ("Case manager\nreference", "Case manager"),
        ("Date\u00a0of\u200b disposal", "Disposal date"),
    ],
)
def test_a_heading_is_known_whatever_its_case_spaces_and_punctuation(
    heading: str, ours: str
) -> None:
    first = "Team" if ours != "Team" else "Group"
    quoted = f'{first},"{heading}"\r\n'
    assert (
        read_list(quoted.encode(), name="list.csv").mapping[
            " ".join(heading.replace("\u200b", "").split())
        ]
        == ours
    )


def test_columns_may_stand_in_any_order_and_others_between_them() -> None:
    order = (*reversed(HEADINGS), "Postcode", "")
    found = read((*reversed(ROW), "WX1 2YZ", "x"), headings=order)
    assert [row.reference for row in found.rows] == ["C-1"]
    assert found.unknown == ("Postcode",)
    assert "WX1" not in everything_said(found)
    assert "What stands below no heading is not read: column L." in found.notes


def test_a_mapping_says_what_a_column_is_read_as() -> None:
    headings = ("Nr", "Kind", *HEADINGS[2:])
    assert read(ROW, headings=headings).missing == ("Case reference", "Group")
    content = csv_of(headings, ROW).encode()
    mapping = {"Nr": "Case reference", "kind ": "Group"}
    found = read_list(content, name="list.csv", mapping=mapping)
    assert [row.reference for row in found.rows] == ["C-1"]
    assert found.mapping["Kind"] == "Group"


def test_a_mapping_can_leave_a_column_out() -> None:
    headings = (*HEADINGS, "ROSH level")
    content = csv_of(headings, (*ROW, "High")).encode()
    found = read_list(content, name="list.csv", mapping={"ROSH level": ""})
    assert [row.serious_harm_level for row in found.rows] == ["LOW"]
    assert found.unknown == ("ROSH level",)


def test_a_mapping_takes_the_place_of_what_is_known() -> None:
    content = csv_of((*HEADINGS, "Own level"), (*ROW, "High")).encode()
    mapping = {"Own level": "Risk of serious harm"}
    found = read_list(content, name="list.csv", mapping=mapping)
    assert [row.serious_harm_level for row in found.rows] == ["HIGH"]
    assert found.notes[0] == (
        "“Risk of serious harm” is not read, as another column is read as Risk of serious harm."
    )


def test_a_mapping_to_a_heading_that_is_not_ours_is_refused() -> None:
    with pytest.raises(NotAList, match="“Shoe size” is none of the headings"):
        read_list(csv_of(HEADINGS).encode(), name="list.csv", mapping={"Group": "Shoe size"})


def test_two_columns_for_one_heading_are_a_problem_and_no_row_is_taken() -> None:
    found = read((*ROW, "High"), headings=(*HEADINGS, "ROSH level"))
    assert words(found) == [
        "Row 1, ROSH level: “Risk of serious harm” and “ROSH level” can all be read as Risk of "
        "serious harm, so none is, and no case can be taken. Say which one it is, or delete the "
        "others."
    ]
    assert found.rows == ()
    assert found.rows_read == 1


def test_dates_that_two_columns_may_hold_are_one_problem() -> None:
    found = read((*ROW, "15/03/2021"), headings=(*HEADINGS, "Sentence date"))
    assert [(problem.row, problem.column) for problem in found.problems] == [(1, "Sentence date")]


def test_headings_of_one_name_are_told_apart_by_their_columns() -> None:
    headings = (*HEADINGS, "Gender")
    content = csv_of(headings, (*ROW, "Male")).encode()
    found = read_list(content, name="list.csv")
    assert found.headings[-1] == "Gender (column K)"
    assert [problem.column for problem in found.problems] == ["Gender (column K)"]
    found = read_list(content, name="list.csv", mapping={"Gender": ""})
    assert [row.gender for row in found.rows] == ["MALE"]


def test_a_missing_column_that_every_case_needs_is_a_problem() -> None:
    found = read(ROW[:1] + ROW[2:], headings=HEADINGS[:1] + HEADINGS[2:])
    assert words(found) == [
        "Row 1, Group: The list has no such column, and no case can be taken without it. Add it, "
        "or say which column it is."
    ]
    assert found.missing == ("Group",)
    assert found.rows == ()


def test_other_missing_columns_are_said_and_stop_nothing() -> None:
    found = read(SHORT_ROW, headings=SHORT)
    assert found.problems == ()
    assert [row.gender for row in found.rows] == [""]
    assert found.missing == (
        "Disposal type",
        "Offence",
        "Age at disposal",
        "Gender",
        "Ethnicity",
        "Risk of serious harm",
        "Safety and wellbeing",
    )


def test_headings_may_stand_below_a_title() -> None:
    content = csv_of(("Northmere", "list of cases"), (), ("As at", "1 May 2021"), HEADINGS, ROW)
    found = read_list(content.encode(), name="list.csv")
    assert [row.row for row in found.rows] == [5]


def test_repeated_headings_are_left_out_and_said() -> None:
    found = read(ROW, HEADINGS, row_with(Case_reference="C-2"))
    assert [row.row for row in found.rows] == [2, 4]
    assert found.notes[0] == "The headings are repeated in row 3; it was left out."


def test_a_file_without_our_headings_is_no_list_and_nothing_of_it_is_repeated() -> None:
    with pytest.raises(NotAList, match="None of the first 50 rows has headings that are") as error:
        read_list(b"Jane Doe,14/03/2007,x\r\nJohn Roe,15/03/2007,y\r\n", name="list.csv")
    assert "Doe" not in str(error.value)


@pytest.mark.parametrize(
    "heading",
    [
        "Name",
        "Forename(s)",
        "FIRST NAME",
        "surname",
        "Child's name",
        "Young person’s name",
        "YP Name",
        "Full name",
        "DOB",
        "D.O.B.",
        "Date of birth",
        "Date of Birth (dd/mm/yyyy)",
        "Alias",
        "Known as name",
        "Mother's name",
    ],
)
def test_columns_of_names_and_dates_of_birth_are_dropped_and_said(heading: str) -> None:
    found = read((*ROW, "Jane Doe 14/03/2007"), headings=(*HEADINGS, heading))
    assert found.dropped == (heading,)
    assert [row.reference for row in found.rows] == ["C-1"]
    assert "Doe" not in repr(found) and "2007" not in repr(found)


@pytest.mark.parametrize(
    "heading", ["Team name", "Offence name", "School name", "Case manager name", "Order name"]
)
def test_names_of_other_things_are_no_names(heading: str) -> None:
    assert not is_personal(heading)


def test_a_dropped_column_stays_dropped_whatever_the_mapping_says() -> None:
    content = csv_of(("Name", *HEADINGS[1:]), ("Jane Doe", *ROW[1:])).encode()
    found = read_list(content, name="list.csv", mapping={"Name": "Case reference"})
    assert found.dropped == ("Name",)
    assert found.notes[0] == (
        "“Name” holds names or dates of birth by its heading, so it can't be read as Case "
        "reference. If it holds neither, rename it in the file."
    )
    assert "Doe" not in repr(found)


def test_case_managers_by_name_are_dropped_and_said() -> None:
    rows = [
        (*row_with(Case_reference=f"C-{number}"), name)
        for number, name in enumerate(("Jane Smith", "ROE, John", "", "Ann O'Neill " + "x" * 40))
    ]
    found = read(*rows, headings=(*HEADINGS, "Case manager"))
    assert found.dropped == ("Case manager",)
    assert "Case manager" not in found.mapping
    assert found.problems == ()
    assert [row.case_manager for row in found.rows] == [""] * 4
    assert found.notes[0] == (
        "“Case manager” seems to hold names of case managers, so it was not read. Write a "
        "reference for each, such as CM12, to use case managers in the draw."
    )
    assert not any(name in repr(found) for name in ("Smith", "ROE", "Neill"))


def test_one_word_is_a_name_where_the_heading_says_so() -> None:
    rows = [(*row_with(Case_reference=f"C-{n}"), name) for n, name in enumerate(("Priya", "Sam"))]
    assert read(*rows, headings=(*HEADINGS, "Case manager name")).dropped == ("Case manager name",)
    assert read(*rows, headings=(*HEADINGS, "Case manager")).dropped == ()


def test_a_single_name_among_references_is_a_problem_that_does_not_repeat_it() -> None:
    rows = [
        (*row_with(Case_reference=f"C-{number}"), manager)
        for number, manager in enumerate(("CM1", "CM2", "Jane Smith"))
    ]
    found = read(*rows, headings=(*HEADINGS, "CM"))
    assert words(found) == [
        "Row 4, CM: It looks like a name, which is not taken. Write a reference."
    ]
    assert [row.case_manager for row in found.rows] == ["CM1", "CM2"]
    assert "Smith" not in repr(found)


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_columns_that_every_list_should_have_are_said_to_be_missing() -> None:
    found = read(SHORT_ROW, headings=SHORT)
    assert (
        "The list has no column Disposal type, Offence, Age at disposal, Gender, Ethnicity, "
        "Risk of serious harm, Safety and wellbeing. Without Disposal type and Gender, no case can "
        "be sampled." in found.notes
    )
    assert not any("no column" in note for note in read(ROW).notes)
