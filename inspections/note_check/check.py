"""Puts together what the finders find, and says it in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from inspections.note_check.addresses import addresses
from inspections.note_check.dates import births
from inspections.note_check.names import full_names
from inspections.note_check.numbers import emails, national_numbers, phones

Span = tuple[int, int]
"""Where in a text something begins and ends."""


class Kind(Enum):
    """What something seems to be, in words, and how to write it instead."""

    NAME = (
        "a full name",
        "Write initials, or who it is: the child, the child’s mother, the case manager.",
    )
    BIRTH = ("a date of birth", "Write the age.")
    ADDRESS = (
        "an address",
        "Write the kind of place: at home, in a children’s home, another town.",
    )
    PHONE = ("a phone number", "Leave it out.")
    EMAIL = ("an e-mail address", "Leave it out, or write who it is: the case manager.")
    NATIONAL_NUMBER = (
        "a national number (NHS, National Insurance or PNC)",
        "Leave it out: the case has its own reference.",
    )

    def __init__(self, words: str, instead: str) -> None:
        self.words = words
        self.instead = instead


FINDERS = (
    (Kind.EMAIL, emails),
    (Kind.NATIONAL_NUMBER, national_numbers),
    (Kind.PHONE, phones),
    (Kind.ADDRESS, addresses),
    (Kind.NAME, full_names),
)
"""In this order: what one has found is not looked at by those after it, so that the ten digits of
an NHS number are no phone number, and a street no name."""


WITH_DIGITS = frozenset({Kind.NATIONAL_NUMBER, Kind.PHONE, Kind.ADDRESS})
DIGIT = re.compile(r"\d")
"""Most notes have none, and so need not be looked through for numbers."""


@dataclass(frozen=True, slots=True)
class Found:
    """``text`` stands in the note from ``start`` to ``end``."""

    kind: Kind
    start: int
    end: int
    text: str


def check_note(note: str, today: date) -> list[Found]:
    """What in ``note`` seems to say who somebody is, in the order in which it stands there.

    ``today`` tells which dates make a child of 10 to 18 years.
    """
    found: list[Found] = []
    for kind, start, end in _spans(note, today):
        if all(end <= one.start or start >= one.end for one in found):
            found.append(Found(kind, start, end, note[start:end]))
    return sorted(found, key=lambda one: one.start)


def _spans(note: str, today: date) -> Iterator[tuple[Kind, int, int]]:
    has_digits = DIGIT.search(note) is not None
    if has_digits:
        for start, end in births(note, today):
            yield Kind.BIRTH, start, end
    for kind, find in FINDERS:
        if has_digits or kind not in WITH_DIGITS:
            for start, end in find(note):
                yield kind, start, end


@dataclass(frozen=True, slots=True)
class NoteWarning:
    """One kind of thing in a note: ``what`` says what was found, ``instead`` how to write it."""

    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.what} {self.instead}"


MOST_NAMED = 3
"""Of one kind; the others are counted."""


def warnings_about(note: str, today: date) -> list[NoteWarning]:
    """A warning for each kind of thing that ``check_note`` finds, each text named once."""
    texts: dict[Kind, dict[str, None]] = {}
    for one in check_note(note, today):
        texts.setdefault(one.kind, {})[" ".join(one.text.split())] = None
    return [NoteWarning(_what(kind, [*found]), kind.instead) for kind, found in texts.items()]


def _what(kind: Kind, texts: list[str]) -> str:
    named = [f"“{text}”" for text in texts[:MOST_NAMED]]
    if more := len(texts) - len(named):
        named.append(f"{more} more")
    listed = " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    verb = "looks" if len(texts) == 1 else "each look"
    return f"{listed} {verb} like {kind.words}."
