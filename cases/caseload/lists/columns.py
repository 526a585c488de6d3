"""Which columns of a list are read: its headings are found and matched with ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cases.caseload.lists.cells import Cell, text_of
from cases.caseload.lists.fields import FIELD_OF_HEADING
from cases.caseload.lists.result import NotAList
from cases.caseload.lists.spellings import (
    HEADINGS,
    NAME_OF,
    PERSONAL_HEADINGS,
    PERSONAL_WORDS,
    key_of,
    words_of,
)

ROWS_BEFORE_HEADINGS = 50
"""The headings are looked for in this many rows; titles may stand above them."""
FEWEST_HEADINGS = 2
"""A row with fewer known headings is not taken as the headings."""
LONGEST_HEADING = 100
MOST_WORDS = 6
"""A longer text is an explanation, not a heading."""


@dataclass(kw_only=True)
class Columns:
    """The headings of a list: the number of their ``row``, and for each heading what becomes of it.

    ``found`` are all of them by position from 0. ``places`` are the positions that may be read as
    each heading of ours; with more than one, none is read.
    """

    row: int
    found: Mapping[int, str]
    places: dict[str, list[int]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def mapping(self) -> dict[str, str]:
        """Our heading for each one found, in the order of the file."""
        ours = {place: heading for heading, places in self.places.items() for place in places}
        return {name: ours[place] for place, name in self.found.items() if place in ours}

    @property
    def read(self) -> dict[str, int]:
        """The position of each heading of ours that one column was found for."""
        return {heading: places[0] for heading, places in self.places.items() if len(places) == 1}

    @property
    def missing(self) -> tuple[str, ...]:
        """Our headings that every list should have and this one has not."""
        return tuple(
            heading
            for heading, field in FIELD_OF_HEADING.items()
            if heading not in self.places and not field.is_optional
        )

    def name_of(self, heading: str) -> str:
        """How the file calls ``heading``, or ours if it has no such column."""
        places = self.places.get(heading)
        return self.found[places[0]] if places else heading


def match(row: int, cells: Sequence[Cell], mapping: Mapping[str, str]) -> Columns:
    """The columns of a list whose headings are ``cells``. ``mapping`` decides for those it names:
    the heading of ours that one is read as, or empty if it is not read."""
    columns = Columns(row=row, found=_unique(cells))
    decided = _decided(columns.found.values(), mapping)
    for place, name in columns.found.items():
        if is_personal(name):
            columns.dropped.append(name)
            if decided.get(name):
                columns.notes.append(
                    f"“{name}” holds names or dates of birth by its heading, so it can't be read "
                    f"as {decided[name]}. If it holds neither, rename it in the file."
                )
            continue
        ours = decided[name] if name in decided else _known(name)
        if name not in decided and ours in decided.values():
            columns.notes.append(f"“{name}” is not read, as another column is read as {ours}.")
            ours = ""
        if ours:
            columns.places.setdefault(ours, []).append(place)
        else:
            columns.unknown.append(name)
    return columns


def known_headings(cells: Iterable[Cell], mapping: Mapping[str, str]) -> int:
    """How many of our headings, or columns with names, a row of headings would have."""
    known = set()
    for cell in cells:
        if isinstance(cell, str) and len(cell) <= LONGEST_HEADING and (name := text_of(cell)):
            ours = mapping.get(name) or _known(name)
            if ours or (len(words_of(name)) <= MOST_WORDS and is_personal(name)):
                known.add(ours or key_of(name))
    return len(known)


def is_personal(heading: str) -> bool:
    """Whether a column with this heading holds names or dates of birth."""
    if _known(heading):
        return False
    key, words = key_of(heading), set(words_of(heading))
    return (
        key in PERSONAL_HEADINGS
        or key in PERSONAL_WORDS
        or not words.isdisjoint(PERSONAL_WORDS)
        or ("name" in words and words.isdisjoint(NAME_OF))
    )


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raises ``NotAList`` if ``mapping`` names a heading that isn't ours."""
    for ours in mapping.values():
        if ours and ours not in FIELD_OF_HEADING:
            raise NotAList(f"“{ours}” is none of the headings that a column can be read as.")


def letters(place: int) -> str:
    """The column as spreadsheets name it, from its position: 0 is A, 26 is AA."""
    name = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        name, place = chr(ord("A") + letter) + name, place - 1
    return name


def _known(name: str) -> str:
    """Our heading for ``name``, also without what stands in brackets; else an empty text."""
    without_brackets = name.partition("(")[0].partition("[")[0]
    return HEADINGS.get(key_of(name)) or HEADINGS.get(key_of(without_brackets), "")


def _unique(cells: Sequence[Cell]) -> dict[int, str]:
    """The headings by position; a repeated one is told apart by its column."""
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        if name := text_of(cell)[:LONGEST_HEADING]:
            found[place] = f"{name} (column {letters(place)})" if name in found.values() else name
    return found


def _decided(names: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """What ``mapping`` says of ``names``, which it may write with other case and spaces."""
    by_key = {key_of(name): ours for name, ours in mapping.items()}
    decided = {name: mapping.get(name, by_key.get(key_of(name))) for name in names}
    return {name: ours for name, ours in decided.items() if ours is not None}
