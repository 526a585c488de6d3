"""Addresses of a house: a number with a street, a flat, a whole postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator

STREET = (
    r"(?:Road|Rd|Street|St|Avenue|Ave|Close|Lane|Drive|Way|Crescent|Place|Gardens|Grove|Terrace|"
    r"Walk|Square|Hill|Mews|Row|Rise|View|Green|Court|Parade|Park|Gate|Heights|Villas|Buildings)"
)
HOUSE = re.compile(
    rf"(?<![\w/.-])(?:[Ff]lat\s\w{{1,4}},?\s)?\d{{1,4}}[a-zA-Z]?,?\s(?:[A-Z][a-z’']{{1,20}}\s){{1,3}}{STREET}\b"
)
NO_STREETS = re.compile(r"\b(?:Crown|Youth|Magistrates['’]?|Family|County|High|Referral)\sCourt$")
"""“2 Youth Court hearings” is no house in a court."""

# Area, district, sector and unit as Royal Mail forms them; the whole of it is about 15 houses.
POSTCODE = re.compile(
    r"(?<![\w-])(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPSTUW]|"
    r"[A-HK-Y]\d[ABEHMNPRV-Y]) ?\d[ABD-HJLNP-UW-Z]{2})(?![\w-])"
)


def addresses(note: str) -> Iterator[tuple[int, int]]:
    """A street alone, a town or half a postcode says too little to be one."""
    for found in HOUSE.finditer(note):
        if not NO_STREETS.search(found[0]):
            yield found.span()
    for found in POSTCODE.finditer(note):
        yield found.span()
