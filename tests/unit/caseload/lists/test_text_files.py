"""Lists as text files: their encodings and separators, and what is said of a broken one."""

from __future__ import annotations

import codecs

import pytest

from cases.caseload.lists import NotAList, read_list
from cases.caseload.lists.sheets import MOST_COLUMNS, MOST_ROWS
from tests.unit.caseload.lists.lists import HEADINGS, ROW, csv_of, named, row_with

TEXT = csv_of(HEADINGS, row_with(Case_reference="Ç1"))


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("cp1252"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode(),
    ],
    ids=named,
)
def test_a_list_is_read_in_every_encoding_that_spreadsheets_save(content: bytes) -> None:
    found = read_list(content, name="list.csv")
    assert [(row.row, row.reference) for row in found.rows] == [(2, "Ç1")]
    assert found.headings == HEADINGS


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_list_is_read_with_every_separator(separator: str) -> None:
    content = csv_of(HEADINGS, ROW, separator=separator)
    assert len(read_list(content.encode(), name="list.csv").rows) == 1


@pytest.mark.parametrize(("first", "separator"), [("sep=;", ";"), ("sep=\t", "\t")])
def test_a_declared_separator_is_taken_and_its_line_counts(first: str, separator: str) -> None:
    content = f"{first}\r\n{csv_of(HEADINGS, ROW, separator=separator)}"
    assert [row.row for row in read_list(content.encode(), name="list.csv").rows] == [3]


def test_a_list_may_be_written_with_blanks_after_its_separators() -> None:
    content = "".join(f"{', '.join(map(quoted, row))}\r\n" for row in (HEADINGS, ROW))
    assert len(read_list(content.encode(), name="list.csv").rows) == 1


def quoted(cell: str) -> str:
    return f'"{cell}"'


def test_rows_of_nothing_far_below_are_no_rows() -> None:
    content = csv_of(HEADINGS, ROW) + ",,,\r\n" * 30_000
    assert read_list(content.encode(), name="list.csv").rows_read == 1


def test_values_may_hold_the_separator_and_several_lines() -> None:
    second = csv_of(row_with(Case_reference="C-2"))
    quoted = ",".join(f'"{cell}, and\nmore"' if cell == "Common assault" else cell for cell in ROW)
    content = f"{csv_of(HEADINGS)}{quoted}\r\n{second}"
    found = read_list(content.encode(), name="list.csv")
    assert [row.offence_detail for row in found.rows] == [
        "Common assault, and more",
        "Common assault",
    ]
    assert [row.row for row in found.rows] == [2, 3]


def test_empty_rows_are_left_out_and_counted_in_the_numbers_of_rows() -> None:
    content = csv_of(HEADINGS, (), ROW, ("",) * 10, (" ",) * 10, row_with(Case_reference="C-2"))
    found = read_list(content.encode(), name="list.csv")
    assert [row.row for row in found.rows] == [3, 6]
    assert found.rows_read == 2


def test_a_row_may_be_shorter_or_longer_than_the_headings() -> None:
    content = csv_of(HEADINGS, ROW[:4], (*row_with(Case_reference="C-2"), "", "x"))
    found = read_list(content.encode(), name="list.csv")
    assert [(row.reference, row.gender) for row in found.rows] == [("C-1", ""), ("C-2", "FEMALE")]


def test_a_hundred_columns_are_read() -> None:
    more = tuple(f"X{number}" for number in range(90))
    content = csv_of((*HEADINGS, *more), (*ROW, *more))
    found = read_list(content.encode(), name="list.csv")
    assert len(found.rows) == 1
    assert found.unknown == more


def test_a_cell_that_begins_a_formula_is_text() -> None:
    content = csv_of(HEADINGS, row_with(Case_reference="=2+3", Offence="@theft"))
    (row,) = read_list(content.encode(), name="list.csv").rows
    assert (row.reference, row.offence_detail) == ("=2+3", "@theft")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b" \r\n\r\n ", "The file is empty."),
        (codecs.BOM_UTF8, "None of the first 50 rows has headings"),
        (csv_of(HEADINGS, ROW).encode() + b"\0", "The file is neither a spreadsheet nor text."),
        (bytes(range(256)) * 4, "The file is neither a spreadsheet nor text."),
        (b"\x81\x8d\x8f", "The file is neither a spreadsheet nor text."),
        (codecs.BOM_UTF16_LE + b"a", "The file is neither a spreadsheet nor text."),
        (
            f'{csv_of(HEADINGS, ROW)}"C-2,Court\r\n'.encode(),
            "Line 3 can't be read: a quotation mark is not closed",
        ),
        (
            f'{csv_of(HEADINGS)}"C"2,Court\r\n{csv_of(ROW)}'.encode(),
            "Line 2 can't be read: a quotation mark is not closed",
        ),
        (csv_of(HEADINGS, ("x" * 200_000,)).encode(), "Line 2 can't be read"),
        (
            csv_of(HEADINGS, ("x",) * (MOST_COLUMNS + 1)).encode(),
            "Row 2 has more than 500 columns.",
        ),
        (csv_of(HEADINGS, *[ROW] * MOST_ROWS).encode(), "The list has more than 25,000 rows."),
        (b"x" * 20_000_001, "The file has more than 20 MB."),
    ],
    ids=named,
)
def test_a_file_that_is_no_list_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(NotAList) as error:
        read_list(content, name="list.csv")
    assert str(error.value).startswith(words)


def test_a_value_that_is_too_long_for_any_cell_is_said_to_be() -> None:
    content = csv_of(HEADINGS, row_with(Offence="x" * 140_000)).encode()
    with pytest.raises(NotAList, match="Line 2 can't be read: a value has more than 131,072 char"):
        read_list(content, name="list.csv")
