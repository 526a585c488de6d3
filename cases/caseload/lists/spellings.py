"""The tables of spellings: what services write, and what each means here.

They are data: ``values.toml``, ``offences.toml`` and ``headings.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FOLDER = Path(__file__).parent
_PUNCTUATION = re.compile(r"[\W_]+")


@lru_cache(maxsize=20_000)
def key_of(text: str) -> str:
    """``text`` for comparing: without case, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", "and")
    return _PUNCTUATION.sub("", folded)


@dataclass(frozen=True, slots=True)
class Choices:
    """The codes of one kind of choice with their ``labels``, and the code of each spelling by its
    key. ``names`` is what it is, within a sentence."""

    names: str
    labels: Mapping[str, str]
    codes: Mapping[str, str]

    @property
    def words(self) -> frozenset[str]:
        """The words of the labels."""
        return frozenset(word for label in self.labels.values() for word in words_of(label))

    @property
    def accepted(self) -> str:
        """The labels as a sentence lists them."""
        *all_but_last, last = self.labels.values()
        return f"{', '.join(all_but_last)} or {last}"


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text())


def _by_key(spellings: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """What each spelling means, by its key. Raises ``ValueError`` if one means two things."""
    found: dict[str, str] = {}
    for spelling, meaning in spellings:
        if found.setdefault(key_of(spelling), meaning) != meaning:
            raise ValueError(
                f"“{spelling}” means {found[key_of(spelling)]} and {meaning}; it can mean one thing"
            )
    return MappingProxyType(found)


_VALUES = _load("values.toml")
_HEADINGS = _load("headings.toml")


def _choices(kind: str, names: str) -> Choices:
    table: Mapping[str, Mapping[str, Any]] = _VALUES[kind]

    def spelled() -> Iterator[tuple[str, str]]:
        for code, choice in table.items():
            yield code, code
            yield choice["label"], code
            for spelling in choice["spellings"]:
                yield spelling, code

    labels = {code: choice["label"] for code, choice in table.items()}
    return Choices(names, MappingProxyType(labels), _by_key(spelled()))


GROUPS = _choices("group", "a group")
DISPOSAL_TYPES = _choices("disposal_type", "a disposal type")
GENDERS = _choices("gender", "a gender")
ETHNICITIES = _choices("ethnicity", "an ethnicity")
LEVELS = _choices("level", "a level")
YES_NO = _choices("yes_no", "Yes or No")

GROUPS_OF_DISPOSAL: Mapping[str, frozenset[str]] = MappingProxyType(
    {code: frozenset(choice["groups"]) for code, choice in _VALUES["disposal_type"].items()}
)
"""The groups of cases in which each disposal type can occur."""

OTHER_DISPOSALS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        group: frozenset(map(key_of, table["spellings"]))
        for group, table in _VALUES["other_disposal"].items()
    }
)
"""Keys of the disposals of each group that are OTHER."""

BLANK = frozenset(map(key_of, _VALUES["blank"]["spellings"])) | {""}
"""Keys of what is written where nothing was given."""

HEADINGS: Mapping[str, str] = _by_key(
    (spelling, heading)
    for heading, others in _HEADINGS["headings"].items()
    for spelling in (heading, *others)
)
"""Our heading for each other name, by its key."""

PERSONAL_WORDS = frozenset(_HEADINGS["personal"]["words"])
NAME_OF = frozenset(_HEADINGS["personal"]["name_of"])
PERSONAL_HEADINGS = frozenset(map(key_of, _HEADINGS["personal"]["headings"]))

NOT_NAMES = frozenset(_VALUES["case_manager"]["not_names"])
"""Words that show that something isn't a person's name."""

_OFFENCES = _load("offences.toml")

OFFENCES: Mapping[str, str] = MappingProxyType(_OFFENCES["labels"])
"""The published categories of offence: the label of each code."""


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of ``phrases`` in words with a blank around each."""
    found = "|".join(re.escape(phrase).replace(r"\*", r"\w*") for phrase in phrases)
    return re.compile(f" (?:{found}) ")


_RULES = tuple(
    (_pattern((*rule["phrases"], OFFENCES[rule["category"]].casefold())), rule["category"])
    for rule in _OFFENCES["rule"]
)


@lru_cache(maxsize=5_000)
def offence_category(offence: str) -> str:
    """The code of the published category of ``offence``, or an empty text if no phrase fits."""
    words = f" {' '.join(words_of(offence))} "
    return next((code for pattern, code in _RULES if pattern.search(words)), "")


def words_of(text: str) -> list[str]:
    """The words of ``text`` without case and punctuation; an apostrophe separates none."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return _PUNCTUATION.sub(" ", folded).split()
