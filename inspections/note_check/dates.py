"""Dates that seem to be somebody's date of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS).replace("sep(", "sept?(")

DATE = re.compile(
    rf"""(?<![\w/.-])(?=[\djfmasond])(?:
        (?P<d>\d{{1,2}})([/.-])(?P<m>\d{{1,2}})\2(?P<y>\d{{4}}|\d{{2}})
        | (?P<iso_y>\d{{4}})-(?P<iso_m>\d{{2}})-(?P<iso_d>\d{{2}})
        | (?P<word_d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?
            (?P<word_m>{MONTH})\.?,?\s+(?P<word_y>\d{{4}})
        | (?P<us_m>{MONTH})\.?\s+(?P<us_d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<us_y>\d{{4}})
    )(?![\w/-])""",
    re.IGNORECASE | re.VERBOSE,
)

BORN = re.compile(
    r"(?:\bborn(?:\s+on)?|\bd\.?\s?o\.?\s?b\b\.?|\bdate\s+of\s+birth|\bbirthday|\bbirth\s?date)"
    r"[\s:(is-]{0,12}(?:the\s+)?$",
    re.IGNORECASE,
)
NEAR = 32
"""How many characters before a date are looked at for such words."""

YOUNGEST, OLDEST = 10, 18
"""**D** The ages of children whose cases are inspected: criminal responsibility begins at 10, and
some have turned 18. A whole date of a day on which such a child was born is taken for one; what
notes tell of is rarely ten years old."""


def births(note: str, today: date) -> Iterator[tuple[int, int]]:
    """Whole dates after “born” or the like; and others whose year makes a child of 10 to 18."""
    for found in DATE.finditer(note):
        day = _date(found, today)
        if day is None:
            continue
        before = note[max(0, found.start() - NEAR) : found.start()]
        if BORN.search(before) or YOUNGEST <= _age(day, today) <= OLDEST:
            yield found.span()


def _date(found: re.Match[str], today: date) -> date | None:
    for form in ("", "iso_", "word_", "us_"):
        if found[f"{form}y"] is not None:
            year, month, day = (found[f"{form}{part}"] for part in "ymd")
            return _valid(_year(year, today), _month(month), int(day))
    return None


def _year(digits: str, today: date) -> int:
    """Of two digits, the latest such year that has begun."""
    if len(digits) == 4:
        return int(digits)
    year = today.year - today.year % 100 + int(digits)
    return year if year <= today.year else year - 100


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return next(number for number, name in enumerate(MONTHS, 1) if name[:3] == text[:3].lower())


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
