"""JSON whose every value knows its place, so that each error can name it."""

from __future__ import annotations

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn


class NotValid(ValueError):
    """A file that can't be loaded: the file, the place in it and what was expected there."""

    def __init__(self, source: str, place: str, expected: str) -> None:
        super().__init__(f"{source}: {place}: {expected}" if place else f"{source}: {expected}")
        self.source = source
        self.place = place
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the file ``source``, at ``place``, such as ``key_questions › 2.1.1 › yes``."""

    source: str
    place: str
    raw: object

    def refuse(self, expected: str) -> NoReturn:
        """Raise ``NotValid`` for this place."""
        raise NotValid(self.source, self.place, expected)

    def has(self, key: str) -> bool:
        return isinstance(self.raw, dict) and self.raw.get(key) is not None

    def states(self, key: str) -> bool:
        """Whether ``key`` is there, be it with null."""
        return isinstance(self.raw, dict) and key in self.raw

    def get(self, key: str, expected: str) -> Value:
        """The value under ``key``, which must be there; ``expected`` says what it is."""
        members = self.members()
        if key not in members:
            Value(self.source, self._below(key), None).refuse(f"expected {expected}; it is missing")
        return members[key]

    def members(self) -> Mapping[str, Value]:
        if not isinstance(self.raw, dict):
            self.refuse(f"expected an object, not {shown(self.raw)}")
        return {key: Value(self.source, self._below(key), raw) for key, raw in self.raw.items()}

    def items(self) -> Iterator[Value]:
        if not isinstance(self.raw, list):
            self.refuse(f"expected a list, not {shown(self.raw)}")
        for number, raw in enumerate(self.raw, start=1):
            yield Value(self.source, self._below(str(number)), raw)

    def section(self, key: str) -> Value:
        """The object under ``key``; an empty one where it is absent or null."""
        section = Value(
            self.source, self._below(key), self.get(key, "").raw if self.has(key) else {}
        )
        section.members()
        return section

    def text(self, *, longest: int) -> str:
        """One line of text, without the blanks around it, that can be stored."""
        if not isinstance(self.raw, str):
            self.refuse(f"expected text, not {shown(self.raw)}")
        text = self.raw.strip()
        if not text:
            self.refuse("expected text, not an empty one")
        if len(text) > longest:
            self.refuse(f"expected at most {longest} characters, not {len(text)}")
        if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
            self.refuse("expected one line of text without control characters")
        return text

    def whole_number(self, *, lowest: int, highest: int | None, or_null: bool = False) -> int:
        expected = f"expected a whole number of {lowest} or more"
        if highest is not None:
            expected = f"expected a whole number from {lowest} to {highest}"
        if or_null:
            expected += ", or null"
        if not isinstance(self.raw, int) or isinstance(self.raw, bool):
            self.refuse(f"{expected}, not {shown(self.raw)}")
        if self.raw < lowest or (highest is not None and self.raw > highest):
            self.refuse(f"{expected}, not {shown(self.raw)}")
        return self.raw

    def _below(self, key: str) -> str:
        # A name is shown as it can be printed, whatever the file holds.
        name = key if key.isprintable() and len(key) <= 60 else ascii(key[:60])
        return f"{self.place} › {name}" if self.place else name


def shown(raw: object) -> str:
    """``raw`` as a message shows it: as JSON, cut short."""
    if isinstance(raw, dict):
        return "an object"
    if isinstance(raw, list):
        return "a list"
    text = json.dumps(raw, ensure_ascii=not (isinstance(raw, str) and raw.isprintable()))
    return text if len(text) <= 60 else f"{text[:60]}…"


def read_json(raw: bytes, source: str) -> Value:
    """The JSON object that ``raw`` holds, in UTF-8, with or without a byte order mark.

    Raises ``NotValid`` for what is not JSON, and for two things that Python's reader
    lets pass: a name that is there twice in one object, and NaN or infinity.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotValid(source, f"byte {error.start + 1}", "expected text in UTF-8") from error
    try:
        value = json.loads(text, object_pairs_hook=_Object)
        _refuse_faults(Value(source, "", value))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise NotValid(source, place, f"expected valid JSON: {error.msg}") from error
    except RecursionError as error:
        raise NotValid(source, "", "expected JSON that is not nested so deeply") from error
    except NotValid:
        raise
    except ValueError as error:
        # Python refuses to read whole numbers of thousands of digits.
        raise NotValid(source, "", f"expected numbers of a sensible size: {error}") from error
    if not isinstance(value, dict):
        raise NotValid(source, "", f"expected a JSON object, not {shown(value)}")
    return Value(source, "", value)


class _Object(dict[str, object]):
    """A JSON object that remembers which names were written more than once."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        written = Counter(key for key, _ in pairs)
        self.repeated = [key for key, times in written.items() if times > 1]


def _refuse_faults(value: Value) -> None:
    raw = value.raw
    if isinstance(raw, _Object):
        for key in raw.repeated:
            value.members()[key].refuse("expected this name once, but it is there twice")
        for member in value.members().values():
            _refuse_faults(member)
    elif isinstance(raw, list):
        for item in value.items():
            _refuse_faults(item)
    elif isinstance(raw, float) and not math.isfinite(raw):
        value.refuse("expected a number, not NaN or infinity")
