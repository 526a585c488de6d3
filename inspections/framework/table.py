"""A table of a TOML file that knows its place, so that every error can name it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

_Choice = TypeVar("_Choice")


class EditionError(ValueError):
    """An edition's file is not valid.

    The message names the file, the place in it and what was expected there.
    """

    def __init__(self, source: str, place: str, problem: str) -> None:
        super().__init__(f"{source}: {place}: {problem}")
        self.source = source
        self.place = place
        self.problem = problem


class Table:
    """A table at ``place`` in the file ``source``.

    Every reader raises ``EditionError`` when the value is missing or of another kind.
    Reading a key makes it known; ``refuse_unknown`` then refuses all others.
    """

    def __init__(self, source: str, place: str, values: Mapping[str, object]) -> None:
        self.source = source
        self.place = place
        self._values = values
        self._known: set[str] = set()

    def error(self, key: str, problem: str) -> EditionError:
        return EditionError(self.source, f"{self.place}, {key}" if self.place else key, problem)

    def has(self, key: str) -> bool:
        self._known.add(key)
        return key in self._values

    def text(self, key: str) -> str:
        value = self._value(key, "text")
        if not isinstance(value, str):
            raise self.error(key, f"expected text, not {value!r}")
        if not value.strip():
            raise self.error(key, "expected text, but it is empty")
        return value

    def optional_text(self, key: str) -> str:
        return self.text(key) if self.has(key) else ""

    def code(self, pattern: str, expected: str) -> str:
        """The table's ``code``, which the regular expression ``pattern`` describes."""
        code = self.text("code")
        if not re.fullmatch(pattern, code):
            raise self.error("code", f'expected {expected}, not "{code}"')
        return code

    def whole_number(self, key: str) -> int:
        value = self._value(key, "a whole number")
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(key, f"expected a whole number, not {value!r}")
        return value

    def flag(self, key: str) -> bool:
        value = self._value(key, "true or false")
        if not isinstance(value, bool):
            raise self.error(key, f"expected true or false, not {value!r}")
        return value

    def choice(self, key: str, choices: Mapping[str, _Choice]) -> _Choice:
        expected = f"one of {', '.join(choices)}"
        value = self._value(key, expected)
        if not isinstance(value, str) or value not in choices:
            raise self.error(key, f"expected {expected}, not {value!r}")
        return choices[value]

    def table(self, key: str) -> Table:
        value = self._value(key, "a table")
        if not isinstance(value, dict):
            raise self.error(key, f"expected a table, not {value!r}")
        return Table(self.source, key, value)

    def tables(self, key: str, each: str) -> list[Table]:
        """The tables under ``key``, at least one; ``each`` says what one of them is."""
        value = self._value(key, f"at least one {each}")
        if not isinstance(value, list):
            raise self.error(key, f"expected a list of tables, not {value!r}")
        if not value:
            raise self.error(key, f"expected at least one {each}, but it is empty")
        found: list[Table] = []
        for number, item in enumerate(value, start=1):
            if not isinstance(item, dict):
                raise self.error(key, f"expected a table for each {each}, not {item!r}")
            found.append(Table(self.source, self._place_of(each, number, item), item))
        return found

    def optional_tables(self, key: str, each: str) -> list[Table]:
        return self.tables(key, each) if self.has(key) else []

    def refuse_unknown(self) -> None:
        for key in self._values:
            if key not in self._known:
                known = ", ".join(sorted(self._known))
                raise self.error(key, f"is not a known key; expected only {known}")

    def _value(self, key: str, expected: str) -> object:
        if not self.has(key):
            raise self.error(key, f"is missing; expected {expected}")
        return self._values[key]

    def _place_of(self, each: str, number: int, item: Mapping[str, object]) -> str:
        code = item.get("code")
        if isinstance(code, str) and code.strip():
            return f"{each} {code}"
        here = f"{each} number {number}"
        return f"{self.place}, {here}" if self.place else here
