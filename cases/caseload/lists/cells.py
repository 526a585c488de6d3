"""What a cell of a list means: text, choices, numbers and dates, or in words why it can't be used.

Spreadsheets give numbers, dates and truths beside text; a text file gives text alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from cases.caseload.lists.result import LONGEST_SHOWN
from cases.caseload.lists.spellings import (
    BLANK,
    NOT_NAMES,
    YES_NO,
    Choices,
    key_of,
    words_of,
)

Cell = str | float | bool | date | datetime | time | timedelta
"""What a cell holds; an empty text if nothing."""

YOUNGEST, OLDEST = 8, 21
"""Ages of children, and of young adults who are still with a youth offending team."""

_EXAMPLE = "14/03/2021"
_LARGEST_EXACT = 2**53
"""Above this a spreadsheet has lost digits of a number."""


_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3}")
"""What spreadsheet programs show where a formula has no result."""


def is_error(text: str) -> bool:
    return text.startswith(("#", "Err:")) and _ERROR.fullmatch(text.strip()) is not None


def error_words(error: str) -> str:
    return f"The formula gives the error {error[:20] or 'unknown'}. Write the value."


class Unfit(Exception):
    """A cell can't be used; the message says why and what to do. ``is_shown`` is false where the
    value may be a name or a date of birth and must not be repeated."""

    def __init__(self, message: str, *, is_shown: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.is_shown = is_shown


def clean(text: str) -> str:
    """``text`` as one line: control characters are spaces, invisible ones go, spaces are single."""
    if text.isascii() and text.isprintable():
        if "  " not in text and text[:1] != " " and text[-1:] != " ":
            return text
    else:
        letters = []
        for letter in unicodedata.normalize("NFC", text):
            category = unicodedata.category(letter)
            if category in ("Cc", "Zs", "Zl", "Zp"):
                letters.append(" ")
            elif category not in ("Cf", "Cs"):
                letters.append(letter)
        text = "".join(letters)
    return " ".join(text.split())


def text_of(cell: Cell) -> str:
    """What a person would read in ``cell``. A whole number has no decimal places."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        is_whole = cell == cell and abs(cell) < _LARGEST_EXACT and cell == int(cell)
        return str(int(cell)) if is_whole else repr(cell)
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == time() else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def shown(cell: Cell) -> str:
    """``cell`` as a problem shows it: cut short."""
    text = text_of(cell)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def text(cell: Cell, longest: int) -> str:
    """The text of ``cell``; empty if it says that nothing was given."""
    found = text_of(cell)
    if key_of(found) in BLANK:
        return ""
    if len(found) > longest:
        raise Unfit(f"It is longer than {longest} characters. Shorten it.")
    return found


def reference(cell: Cell, longest: int) -> str:
    """A reference, which is never a name; numbers keep all their digits or are refused."""
    if isinstance(cell, date | time | timedelta):
        raise Unfit(
            "The spreadsheet has made a date or time of it. Format the column as text and type the "
            "reference again.",
            is_shown=False,
        )
    if _has_lost_digits(cell):
        raise Unfit(
            "The spreadsheet has shortened this number. Format the column as text and type the "
            "whole reference again."
        )
    if looks_like_name(text_of(cell)):
        raise Unfit("It looks like a name, which is not taken. Write a reference.", is_shown=False)
    if looks_like_date(text_of(cell)):
        raise Unfit(
            "It is a date, perhaps one of birth, which is not taken. Write a reference; if a "
            "spreadsheet has made a date of one, format the column as text and type it again.",
            is_shown=False,
        )
    return text(cell, longest)


def why_no_reference(text: str) -> str:
    """Why ``text`` can't be taken as a reference, in words; empty if it can."""
    try:
        reference(text, len(text))
    except Unfit as unfit:
        return unfit.message
    return ""


def _has_lost_digits(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"\s*\d([.,]\d+)?[eE]\+\d{1,3}\s*", cell))
    return isinstance(cell, float) and abs(cell) >= _LARGEST_EXACT


def looks_like_name(text: str) -> bool:
    """Whether ``text`` looks like a person's full name or e-mail address.

    Such are two to five words of letters, one of them of three letters or more, and none that says
    what else it is, such as team or duty.
    """
    if "@" in text:
        return True
    words = re.split(r"[\s,._]+", text.strip(" ,.").casefold())
    return (
        2 <= len(words) <= 5
        and all(word.replace("'", "").replace("’", "").replace("-", "").isalpha() for word in words)
        and max(map(len, words)) >= 3
        and NOT_NAMES.isdisjoint(words)
    )


def may_be_personal(text: str, choices: Choices | None = None) -> bool:
    """Whether ``text`` may be a name or a date of birth, as where columns have slipped, and so is
    not repeated. What shares a word with one of ``choices`` is a slip of the pen."""
    if looks_like_date(text):
        return True
    return looks_like_name(text) and not (choices and choices.words.intersection(words_of(text)))


def choice(cell: Cell, choices: Choices, *, loosely: bool = False) -> str:
    """The code of a choice; empty if nothing was given. ``loosely`` takes what stands before a
    bracket, colon or dash if the whole isn't known."""
    found = text_of(cell)
    code = code_of(found, choices)
    if code is None and key_of(found) in BLANK:
        return ""
    if code is None and loosely:
        code = choices.codes.get(key_of(re.split(r"[(\[:–—-]", found, maxsplit=1)[0]))
    if code is None:
        raise Unfit(
            f"This isn't {choices.names} that is known. Write {choices.accepted}.",
            is_shown=not may_be_personal(found, choices),
        )
    return code


_PARTS = re.compile(r"\s[-–—]\s|[()\[\]:/]")


def code_of(text: str, choices: Choices) -> str | None:
    """The code of a choice, which may be written twice: "Low (RLRH)" is Low."""
    code = choices.codes.get(key_of(text))
    if code is None:
        codes = {choices.codes.get(key_of(part)) for part in _PARTS.split(text) if key_of(part)}
        code = codes.pop() if len(codes) == 1 else None
    return code


def yes(cell: Cell) -> bool:
    """Whether ``cell`` says Yes; empty is No. What isn't known is refused: it may be sensitive."""
    key = key_of(text_of(cell))
    if not key:
        return False
    if key not in YES_NO.codes:
        raise Unfit("Write Yes or No.", is_shown=not may_be_personal(text_of(cell)))
    return YES_NO.codes[key] == "YES"


def age(cell: Cell) -> int | None:
    """Whole years. A date in its place may be one of birth and isn't repeated."""
    found = text_of(cell)
    if key_of(found) in BLANK:
        return None
    if isinstance(cell, date) or re.search(r"\d\s*[-/. ]\s*\w+\s*[-/. ]\s*\d|\d{5}", found):
        raise Unfit(
            "It isn't an age. Write whole years; dates of birth are not taken.", is_shown=False
        )
    years = re.fullmatch(r"(\d{1,3})(?:\.0+)?\s*(?:years?|yrs?|y)?(?: old)?", found.casefold())
    if isinstance(cell, bool) or years is None:
        raise Unfit(
            f"It isn't an age. Write whole years, from {YOUNGEST} to {OLDEST}.",
            is_shown=not looks_like_name(found),
        )
    if not YOUNGEST <= int(years[1]) <= OLDEST:
        raise Unfit(f"An age is from {YOUNGEST} to {OLDEST}. Correct it.")
    return int(years[1])


_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_BRITISH = re.compile(r"(?P<day>\d{1,2}) ?[-/. ] ?(?P<month>\d{1,2}) ?[-/. ] ?(?P<year>\d{4}|\d\d)")
_IN_WORDS = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?:of )?(?P<month>[a-z]+)[-/., ]*"
    r"(?P<year>\d{4}|'?\d\d)"
)
_TIME = re.compile(r"[t ]+(\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(am|pm)?(?: ?z|[+]00:?00)?$")
_MONTHS_IN_WORDS = (
    "January jan",
    "February feb",
    "March mar",
    "April apr",
    "May",
    "June jun",
    "July jul",
    "August aug",
    "September sept sep",
    "October oct",
    "November nov",
    "December dec",
)
_MONTHS: Mapping[str, int] = MappingProxyType(
    {
        name.casefold(): number
        for number, names in enumerate(_MONTHS_IN_WORDS, start=1)
        for name in names.split()
    }
)
_MONTH_NAMES = [names.split()[0] for names in _MONTHS_IN_WORDS]


def day(cell: Cell) -> date | None:
    """A date in British or ISO form, or of a spreadsheet. A time of day is refused unless it is
    midnight, which is how systems write a date alone."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise Unfit("It has a time of day. Write the date alone.")
        return _in_reason(cell.date())
    if isinstance(cell, date):
        return _in_reason(cell)
    if not isinstance(cell, str):
        raise Unfit(f"It isn't a date. Format the column as a date, or write it as {_EXAMPLE}.")
    found = clean(cell).casefold()
    if key_of(found) in BLANK:
        return None
    if of_day := _TIME.search(found):
        if set(of_day[1]) - set("0:.,") and not (of_day[2] == "am" and _is_midnight(of_day[1])):
            raise Unfit("It has a time of day. Write the date alone.")
        found = found[: of_day.start()]
    parts = _date_parts(found)
    if parts is None:
        raise Unfit(
            f"It isn't a date that is understood. Write it as {_EXAMPLE}.",
            is_shown=not looks_like_name(found),
        )
    return _calendar_day(parts["year"], parts["month"], parts["day"])


def looks_like_date(text: str) -> bool:
    """Whether ``text`` is a date, as somebody's of birth may be. With a year of two digits only
    between strokes: 10-01-22 may well be a reference."""
    parts = _date_parts(_TIME.sub("", text.casefold()))
    if parts is None or (len(parts["year"]) < 4 and "/" not in text):
        return False
    month = parts["month"]
    number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
    is_of_our_time = len(parts["year"]) < 4 or 1900 <= int(parts["year"]) <= 2099
    return 1 <= number <= 12 and 1 <= int(parts["day"]) <= 31 and is_of_our_time


def _date_parts(text: str) -> re.Match[str] | None:
    return _ISO.fullmatch(text) or _BRITISH.fullmatch(text) or _IN_WORDS.fullmatch(text)


def _is_midnight(of_day: str) -> bool:
    """Whether a time on a clock of twelve hours is 12:00 before noon."""
    return of_day.startswith("12:") and not set(of_day[3:]) - set("0:.,")


def _calendar_day(year: str, month: str, day: str) -> date:
    number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
    if not 1 <= number <= 12:
        raise Unfit(
            f"There is no month {month}. Write the day before the month, such as {_EXAMPLE}."
        )
    if len(year) != 4:
        raise Unfit(f"The year has two digits. Write all four, such as {_EXAMPLE}.")
    try:
        return _in_reason(date(int(year), number, int(day)))
    except ValueError:
        raise Unfit(
            f"There is no {int(day)} {_MONTH_NAMES[number - 1]} {year}. Correct the date."
        ) from None


def _in_reason(found: date) -> date:
    if found.year < 1900:
        raise Unfit("It is before 1900. Correct the year.")
    if found.year > 2099:
        raise Unfit("It is too far in the future. Correct the year.")
    return found


def not_after(latest: date | None, message: str) -> Callable[[Cell], date | None]:
    """Reads a date that is not after ``latest``, if that is given."""

    def read(cell: Cell) -> date | None:
        found = day(cell)
        if found and latest and found > latest:
            raise Unfit(message)
        return found

    return read
