"""Reading data from outside: pydantic checks the shape, this module words the errors.

A shape is a ``Section``. ``read`` returns it, or raises ``NotValid`` with every fault that pydantic
found: its path in the file (``key_questions › 2.1.1 › yes``), the value there and what was
expected. Faults that pydantic can't find are reported by ``refuse`` in the same form.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from inspections.framework.rating import Rating

MOST_FAULTS = 20
"""How many faults of one file a message names."""

Path = tuple[str | int, ...]
"""The names and positions (from 0) that lead to a value, as pydantic's ``loc`` has them."""

Fault = tuple[Path, str]
"""Where something is wrong, and what was expected there."""


class NotValid(ValueError):
    """What came from outside isn't as it must be.

    The message has a line for each fault: the file, the place in it (empty: the whole file),
    and what was expected there.
    """

    def __init__(self, source: str, *faults: tuple[str, str]) -> None:
        lines = [": ".join(filter(None, (source, *fault))) for fault in faults[:MOST_FAULTS]]
        if len(faults) > MOST_FAULTS:
            lines.append(f"{source}: and {len(faults) - MOST_FAULTS} more")
        super().__init__("\n".join(lines))
        self.source = source
        self.faults = faults


_MISSING = object()
"""Replaces a required value that is missing, so that its type says what was expected."""


@dataclass(frozen=True)
class _Unknown:
    """Replaces the value of an unknown name; ``known`` are the names that are allowed."""

    known: tuple[str, ...]


class Section(BaseModel):
    """An object of a file. Unknown names are ignored, unless ``extra="forbid"``."""

    model_config = ConfigDict(strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def mark_what_is_missing_and_unknown(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        required = {
            field.alias or name: field.is_required() for name, field in cls.model_fields.items()
        }
        marked = {name: _MISSING for name, needed in required.items() if needed} | data
        if cls.model_config.get("extra") == "forbid":
            unknown = _Unknown(tuple(required))
            marked |= {name: unknown for name in data if name not in required}
        return marked


@dataclass(frozen=True)
class Expected:
    """What an annotated value must be, in the words of the error message."""

    words: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return self.around(handler(source))

    def around(self, schema: CoreSchema) -> CoreSchema:
        return core_schema.custom_error_schema(schema, "expected", custom_error_message=self.words)


@dataclass(frozen=True)
class OneLine:
    """One line of text that can be stored; surrounding blanks are removed."""

    longest: int
    shortest: int = 1

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.str_schema(
            strict=True,
            strip_whitespace=True,
            min_length=self.shortest,
            max_length=self.longest,
            pattern=r"^\P{Cc}*$",
        )
        return Expected(
            f"one line of text, of {self.shortest} to {self.longest} characters and "
            "no control characters"
        ).around(text)


def by_key(choices: Mapping[str, object]) -> BeforeValidator:
    """Reads one of ``choices`` by the key that files write for it."""
    return BeforeValidator(
        lambda value: choices.get(value, value) if isinstance(value, str) else value
    )


RATINGS: Mapping[str, Rating] = {rating.key: rating for rating in Rating}
_A_RATING = f"a rating, one of {', '.join(RATINGS)}"
RatingKey = Annotated[Rating, by_key(RATINGS), Expected(_A_RATING)]
"""A rating as files write it: ``requires_improvement``."""
RatingOrNull = Annotated[Rating | None, by_key(RATINGS), Expected(f"{_A_RATING} or null")]

Count = Annotated[int, Field(ge=0), Expected("a whole number of 0 or more")]

_Shape = TypeVar("_Shape", bound=BaseModel)


def read(shape: type[_Shape], data: object, source: str) -> _Shape:
    """``data`` as a ``shape``. Raises ``NotValid``."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        faults = [
            (fault["loc"][:-1] if fault["loc"][-1:] == ("[key]",) else fault["loc"], _words(fault))
            for fault in error.errors(include_url=False)
        ]
        raise _not_valid(source, data, faults) from None


def refuse(source: str, data: object, faults: Iterable[Fault]) -> None:
    """Raise ``NotValid`` if there is any of ``faults``; ``data`` is what the file holds."""
    found = list(faults)
    if found:
        raise _not_valid(source, data, found)


def _not_valid(source: str, data: object, faults: Iterable[Fault]) -> NotValid:
    return NotValid(source, *((in_words(path, data), expected) for path, expected in faults))


def in_words(path: Path, data: object) -> str:
    """``path`` for people. An item of a list is named by its own code, if it has one, or by its
    number from 1."""
    names = []
    for key in path:
        if isinstance(key, int) and isinstance(data, Sequence):
            data = data[key]
            code = data.get("code") if isinstance(data, Mapping) else None
            name = code if isinstance(code, str) and code.strip() else str(key + 1)
        else:
            data = data.get(key) if isinstance(data, Mapping) else None
            name = str(key)
        # Whatever the file holds, only printable text is shown.
        names.append(name if name.isprintable() and len(name) <= 60 else ascii(name[:60]))
    return " › ".join(names)


_KINDS = {
    "bool_type": "true or false",
    "dict_type": "an object",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "an object",
    "string_type": "text",
    "tuple_type": "a list",
}


def _words(fault: Mapping[str, Any]) -> str:
    """What pydantic found, in our words."""
    kind, found = fault["type"], fault["input"]
    if kind == "value_error":
        return str(fault["ctx"]["error"])
    if isinstance(found, _Unknown):
        return f"isn't known here; expected only {', '.join(found.known)}"
    expected = _KINDS.get(kind) or fault["msg"].removeprefix("Input should be ")
    if found is _MISSING:
        return f"expected {expected}; it is missing"
    return f"expected {expected}, not {shown(found)}"


def shown(raw: object) -> str:
    """``raw`` as a message shows it: as JSON, cut short."""
    if isinstance(raw, Mapping):
        return "an object"
    if isinstance(raw, list | tuple):
        return "a list"
    printable = isinstance(raw, str) and raw.isprintable()
    text = json.dumps(raw, ensure_ascii=not printable, default=str)
    return text if len(text) <= 60 else f"{text[:60]}…"


_TWICE = object()
"""The value of a name that one object has twice."""


def read_json(raw: bytes, source: str) -> dict[str, object]:
    """The JSON object that ``raw`` holds, in UTF-8, with or without a byte order mark.

    Raises ``NotValid`` for anything but JSON, and for two things that Python's reader accepts: a
    duplicate name in one object, and NaN or infinity.
    """
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object)
        refuse(source, value, _faults(value, ()))
    except UnicodeDecodeError as error:
        raise NotValid(source, (f"byte {error.start + 1}", "expected text in UTF-8")) from error
    except json.JSONDecodeError as error:
        position = f"line {error.lineno}, column {error.colno}"
        raise NotValid(source, (position, f"expected valid JSON: {error.msg}")) from error
    except RecursionError as error:
        raise NotValid(source, ("", "expected JSON that is not nested so deeply")) from error
    except NotValid:
        raise
    except ValueError as error:
        # Python refuses to read whole numbers of thousands of digits.
        raise NotValid(source, ("", f"expected numbers of a sensible size: {error}")) from error
    if not isinstance(value, dict):
        raise NotValid(source, ("", f"expected a JSON object, not {shown(value)}"))
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        written = Counter(key for key, _ in pairs)
        found |= {key: _TWICE for key, times in written.items() if times > 1}
    return found


def _faults(value: object, path: Path) -> Iterator[Fault]:
    if value is _TWICE:
        yield path, "expected this name once, but it is there twice"
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _faults(member, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _faults(item, (*path, position))
    elif isinstance(value, float) and not math.isfinite(value):
        yield path, "expected a number, not NaN or infinity"
