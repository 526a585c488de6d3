"""Numbers that belong to one person, and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")

# Ten digits after the zero for mobiles and most lines, nine for some; written in groups.
PHONE = re.compile(
    r"(?<![\w/.+-])(?:\+44[ -]?(?:\(0\)[ -]?)?|\(?0)(?:\d[ ()-]{0,2}){8,9}\d(?![\w/])"
)
AREAS = "1237"
"""The digit after the zero: lines of places (1, 2), of organisations (3), mobiles (7)."""

NINO = re.compile(
    r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?!\w)",
    re.IGNORECASE,
)
NEVER_GIVEN = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
"""How no National Insurance number begins (HM Revenue and Customs). It has no check digit."""

NHS = re.compile(r"(?<![\w/-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w/-])")

PNC = re.compile(r"(?<![\w/])((?:19|20)?\d{2})/?(\d{3,7})([A-HJ-NP-RT-Z])(?!\w)", re.IGNORECASE)
PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def emails(note: str) -> Iterator[tuple[int, int]]:
    if "@" in note:
        for found in EMAIL.finditer(note):
            yield found.span()


def phones(note: str) -> Iterator[tuple[int, int]]:
    """British ones: what begins with 0 or +44 and has the right number of digits."""
    for found in PHONE.finditer(note):
        digits = re.sub(r"\D", "", found[0].replace("(0)", ""))
        local = digits.removeprefix("44") if found[0].startswith("+") else digits[1:]
        if local and local[0] in AREAS and len(local) in (9, 10):
            is_bracketed = found[0].startswith("(") and ")" not in found[0]
            yield found.start() + is_bracketed, found.end()


def national_numbers(note: str) -> Iterator[tuple[int, int]]:
    """National Insurance, NHS and PNC numbers; the last two if their check digit is right."""
    for found in NINO.finditer(note):
        if found[0][:2].upper() not in NEVER_GIVEN:
            yield found.span()
    for found in NHS.finditer(note):
        if is_nhs_number(re.sub(r"\D", "", found[0])):
            yield found.span()
    for found in PNC.finditer(note):
        year, serial, letter = found.groups()
        is_long = "/" in found[0] or len(year + serial) > FEWEST_WITHOUT_SLASH
        if is_long and is_pnc_number(year, serial, letter.upper()):
            yield found.span()


FEWEST_WITHOUT_SLASH = 7
"""Digits of a PNC number that is written without its slash; shorter ones are other references."""


def is_nhs_number(digits: str) -> bool:
    """Whether the tenth digit is right (modulus 11). All digits the same are nobody's number."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    check = 11 - total % 11
    return check != 10 and check % 11 == int(digits[9])


def is_pnc_number(year: str, serial: str, letter: str) -> bool:
    """Whether the letter is right: two digits of the year and seven of the serial, modulus 23."""
    return PNC_LETTERS[int(year[-2:] + serial.zfill(7)) % len(PNC_LETTERS)] == letter
