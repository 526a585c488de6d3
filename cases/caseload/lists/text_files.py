"""Reads a text file (CSV) as a table, whatever its encoding and separator."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from cases.caseload.lists.result import NotAList
from cases.caseload.lists.sheets import MOST_COLUMNS, MOST_ROWS, Sheet

SEPARATORS = ",;\t|"
ROWS_TO_DECIDE = 50
"""The separator is decided by the first rows."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte-order marks; the longer ones first where one begins another."""

_NOT_TEXT = (
    "The file is neither a spreadsheet nor text. Save the list as CSV, XLSX or ODS and load that."
)


def text_sheet(content: bytes, points: Callable[[Sequence[str]], int]) -> Sheet:
    """The table in ``content``. ``points`` says how much a row looks like headings, by which the
    separator is found. Raises ``NotAList``."""
    text = decode(content)
    separator, text = _declared_separator(text)
    if not separator:
        separator = max(SEPARATORS, key=lambda each: _most_points(text, each, points))
    return Sheet(name="", rows=lambda: _rows(text, separator))


def decode(content: bytes) -> str:
    """``content`` as text: by its byte-order mark, else UTF-8, UTF-16 or Windows-1252."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = _decoded(content[len(mark) :], encoding)
            break
    else:
        encodings = ("utf-8", *_without_mark(content), "cp1252")
        text = next(
            (text for each in encodings if (text := _decoded(content, each)) and "\0" not in text),
            None,
        )
    if text is None or "\0" in text:
        raise NotAList(_NOT_TEXT)
    return text


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _without_mark(content: bytes) -> tuple[str, ...]:
    """UTF-16 without its mark shows by its zeros: every other byte of Western text is one."""
    start = content[:2_000]
    half = len(start) // 2
    if half and start[1::2].count(0) > half * 0.7:
        return ("utf-16-le",)
    if half and start[0::2].count(0) > half * 0.7:
        return ("utf-16-be",)
    return ()


def _declared_separator(text: str) -> tuple[str, str]:
    """The separator that a first line ``sep=;`` declares. The line is left empty, as it counts."""
    line, end, _ = text[:20].partition("\n")
    declared = line.strip().strip('"').casefold()
    if end and declared.startswith("sep=") and declared[4:] in tuple(SEPARATORS):
        return declared[4:], text[len(line) :]
    if end and declared == "sep=":
        return "\t", text[len(line) :]
    return "", text


def _most_points(text: str, separator: str, points: Callable[[Sequence[str]], int]) -> int:
    try:
        return max(
            (points(cells) for _, cells in islice(_rows(text, separator), ROWS_TO_DECIDE)),
            default=0,
        )
    except NotAList:
        return 0


def _rows(text: str, separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows with their numbers. A spreadsheet counts a row of several lines as one."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                why = f"a value has more than {csv.field_size_limit():,} characters"
            else:
                why = "a quotation mark is not closed, or stands within a quoted value"
            raise NotAList(
                f"Line {line} can't be read: {why}. Correct it, or save the list as XLSX."
            ) from None
        number += 1
        if not any(cells):
            continue
        if number > MOST_ROWS:
            raise NotAList(
                f"The list has more than {MOST_ROWS:,} rows. Leave out what is no case, or cases "
                "that are out of every window."
            )
        if len(cells) > MOST_COLUMNS:
            raise NotAList(
                f"Row {number} has more than {MOST_COLUMNS} columns. Delete the columns that don't "
                "belong to the list."
            )
        yield number, cells
