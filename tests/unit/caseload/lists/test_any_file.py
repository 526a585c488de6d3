"""Whatever a file holds: a list is read or ``NotAList`` says why, and nothing else is raised."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.caseload.lists import NotAList, ReadList, problems_csv, read_list
from cases.caseload.rows import CaseRow
from tests.unit.caseload.lists.lists import HEADINGS, ROW, csv_of, row_with
from tests.unit.caseload.lists.workbooks import (
    SHEET,
    Value,
    ods,
    shared_xlsx,
    unzipped,
    xlsx,
    zipped,
)

NAMES = ("Wilhelmina", "Featherstonehaugh")
WITH_NAMES = (*HEADINGS, "Surname")
ROWS = [(*row_with(Case_reference=f"C-{number}"), NAMES[1]) for number in range(3)]
TEXT = csv_of(WITH_NAMES, *ROWS).encode()
FILES = [TEXT, xlsx(WITH_NAMES, *ROWS), shared_xlsx(WITH_NAMES, *ROWS), ods(WITH_NAMES, *ROWS)]
PARTS = [
    (file, name)
    for file in FILES[1:]
    for name in unzipped(file)
    if name in (SHEET, "content.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml")
    or name.endswith(".rels")
]


def holds_what_it_says(content: bytes) -> ReadList | None:
    """What is read of ``content``, after checking what holds of every list; None for no list."""
    try:
        found = read_list(content, name="list", today=date(2022, 1, 1))
    except NotAList as error:
        assert str(error)
        return None
    with_problems = {problem.row for problem in found.problems}
    assert with_problems.isdisjoint(row.row for row in found.rows)
    assert len(found.rows) <= found.rows_read
    numbers = [problem.row for problem in found.problems]
    assert numbers == sorted(numbers)
    assert all(isinstance(row, CaseRow) and row.reference for row in found.rows)
    assert len({row.reference.casefold() for row in found.rows}) == len(found.rows)
    assert all(len(problem.value) <= 61 for problem in found.problems)
    for line in problems_csv(found.problems).decode("utf-8-sig").splitlines():
        assert not re.search(r'(^|,)"?[=+@-]', line)
    return found


@st.composite
def changed(draw: st.DrawFn, content: bytes) -> bytes:
    """``content`` with some bytes changed, taken out, or put in twice."""
    found = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(len(found) - 1, 0)))
        end = start + draw(st.integers(0, 40))
        found[start:end] = draw(
            st.one_of(st.binary(max_size=8), st.just(bytes(found[start:end]) * 2), st.just(b""))
        )
    return bytes(found)


@given(st.binary(max_size=2_000))
@example(b"")
@example(b"PK\x03\x04")
def test_any_bytes(content: bytes) -> None:
    holds_what_it_says(content)


@given(st.text(max_size=500), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252"]))
def test_any_text_below_our_headings(text: str, encoding: str) -> None:
    holds_what_it_says((csv_of(HEADINGS) + text).encode(encoding, "ignore"))


@given(st.sampled_from(FILES).flatmap(changed))
@settings(max_examples=150)
def test_any_change_of_a_valid_file(content: bytes) -> None:
    holds_what_it_says(content)


@given(st.data())
@settings(max_examples=150)
def test_any_change_of_a_part_of_a_workbook(data: st.DataObject) -> None:
    file, name = data.draw(st.sampled_from(PARTS))
    parts = unzipped(file)
    holds_what_it_says(zipped(parts | {name: data.draw(changed(parts[name]))}))


CELLS = st.one_of(
    st.text(max_size=30),
    st.floats(),
    st.integers(-(10**6), 10**6),
    st.booleans(),
    st.dates(),
    st.sampled_from(
        ["14/03/2021", "Court", "DTO", "M", "W1", "RLRH", "Yes", "14", "=1+1", "", "-"]
    ),
)


@given(st.lists(st.lists(CELLS, max_size=16).map(tuple), max_size=5))
@settings(max_examples=60)
def test_any_cells_of_a_spreadsheet(rows: list[tuple[Value, ...]]) -> None:
    text = csv_of(
        (*HEADINGS, "Start date", "Release date", "Sensitive", "Team"),
        *[tuple(re.sub(r"[,\"\r\n\0]", "", str(cell)) for cell in row) for row in rows],
    )
    holds_what_it_says(text.encode("utf-8", "ignore"))
    found = holds_what_it_says(ods((*HEADINGS, "Start date", "Sensitive"), *map(printable, rows)))
    assert found is not None


def printable(row: tuple[Value, ...]) -> tuple[Value, ...]:
    """XML has no control characters and ODS no endless numbers."""
    return tuple(
        "".join(letter for letter in cell if letter.isprintable())
        if isinstance(cell, str)
        else cell
        if not isinstance(cell, float) or abs(cell) < 1e300
        else 0.5
        for cell in row
    )


@given(st.text(alphabet="abcXYZ019/-., ", max_size=12), st.sampled_from(WITH_NAMES[:-1]))
def test_what_stands_in_a_dropped_column_is_never_said(value: str, heading: str) -> None:
    cells = dict(zip(HEADINGS, ROW, strict=True)) | {heading: value.replace(",", "")}
    secret = " ".join(NAMES)
    headings = ("Forename", *HEADINGS, "Date of birth", "Case manager")
    content = csv_of(headings, (NAMES[0], *cells.values(), "29/02/2008", secret))
    found = holds_what_it_says(content.encode())
    assert found is not None
    assert found.dropped == ("Forename", "Date of birth", "Case manager")
    said = repr(found)
    assert not any(name in said for name in (*NAMES, "2008"))
