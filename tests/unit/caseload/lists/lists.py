"""Lists of cases for these tests."""

from __future__ import annotations

from cases.caseload.lists import ReadList, read_list

HEADINGS = (
    "Case reference",
    "Group",
    "Disposal type",
    "Disposal date",
    "Offence",
    "Age at disposal",
    "Gender",
    "Ethnicity",
    "Risk of serious harm",
    "Safety and wellbeing",
)

ROW = (
    "C-1",
    "Court",
    "Referral order",
    "14/03/2021",
    "Common assault",
    "14",
    "Female",
    "White",
    "Low",
    "Medium",
)
"""A valid row below ``HEADINGS``."""


def csv_of(*rows: tuple[str, ...], separator: str = ",") -> str:
    """A text file with these rows; none of them may need quotation marks."""
    return "".join(f"{separator.join(row)}\r\n" for row in rows)


def row_with(**changed: str) -> tuple[str, ...]:
    """The valid row with some cells changed, by the heading's words joined with underscores."""
    cells = dict(zip(HEADINGS, ROW, strict=True))
    for heading, value in changed.items():
        name = heading.replace("_", " ")
        assert name in cells
        cells[name] = value
    return tuple(cells.values())


def read(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> ReadList:
    return read_list(csv_of(headings, *rows, separator="\t").encode(), name="list.csv")


def words(found: ReadList) -> list[str]:
    return [str(problem) for problem in found.problems]


def named(value: object) -> str:
    """The name of a parameter: not all that is in a file."""
    return value[:60] if isinstance(value, str) else type(value).__name__
