"""Size rules as ``rules.toml`` has them. This module is pure.

Source: method.md, Sampling: a size rule is data with a name and a version.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from inspections.framework import Group
from inspections.framework.reading import Expected, Fault, Section, read, refuse
from inspections.framework.schema import GroupKey, Several, Text

FILE = Path(__file__).with_name("rules.toml")

Code = Annotated[str, Field(pattern=r"^[a-z]+$"), Expected("a code of small letters")]
Version = Annotated[str, Field(pattern=r"^[0-9]{4}[a-z]?$"), Expected("a year, such as “2021”")]
Key = Annotated[
    str, Field(pattern=r"^[a-z]+/[0-9]{4}[a-z]?$"), Expected("a rule, such as “formula/2021”")
]
Exact = Annotated[
    str,
    Field(pattern=r"^[0-9]+\.[0-9]*[1-9]$"),
    Expected("a decimal number above 0 as text, such as “0.05”, so that it is exact"),
]
Number = Annotated[int, Field(ge=1), Expected("a whole number of 1 or more")]


class _Rule(Section, extra="forbid"):
    """What every rule has. ``source`` says where it comes from."""

    code: Code
    version: Version
    name: Text
    source: Text

    @property
    def key(self) -> str:
        """The rule as others name it: ``formula/2021``."""
        return f"{self.code}/{self.version}"


class Formula(_Rule):
    """A sample for a share within a margin, at a confidence, from a finite population.

    ``z`` is the confidence's quantile of the normal distribution, ``proportion`` the share that
    needs the largest sample, ``margin`` the margin of error; both are shares of 1.
    """

    kind: Literal["formula"]
    z: Exact
    proportion: Exact
    margin: Exact

    @cached_property
    def endless_size(self) -> Fraction:
        """The size for an endless population, to a tenth, half up: 164.2 in method.md."""
        z, p, e = Fraction(self.z), Fraction(self.proportion), Fraction(self.margin)
        return Fraction((z**2 * p * (1 - p) / e**2 * 10 + Fraction(1, 2)) // 1, 10)


class Bounds(_Rule):
    """What another rule gives, but at least ``floor`` and at most ``ceiling``."""

    kind: Literal["bounds"]
    of: Key
    floor: Number
    ceiling: Number


class Row(Section, extra="forbid"):
    """A row of a table: the size from this number of eligible cases on."""

    eligible_from: Number
    size: Number


class Table(_Rule):
    """A size for each number of eligible cases, by group. Rows are in ascending order."""

    kind: Literal["table"]
    sizes: Mapping[GroupKey, Annotated[tuple[Row, ...], Several]]


class Share(_Rule):
    """As many as keep a group's share of the eligible cases beside the sample of another group.

    ``otherwise`` is the rule where that group has no eligible case.
    """

    kind: Literal["share"]
    beside: GroupKey
    otherwise: Key


class All(_Rule):
    """Every eligible case."""

    kind: Literal["all"]


class Own(_Rule):
    """A number that the lead inspector sets, with a reason."""

    kind: Literal["own"]


SizeRule = Formula | Bounds | Table | Share | All | Own


class Rules(Section, extra="forbid"):
    """The whole file."""

    defaults: Mapping[GroupKey, Key]
    rules: Annotated[
        tuple[Annotated[SizeRule, Field(discriminator="kind")], ...],
        Several,
    ]


def parse_rules(text: str, source: str = FILE.name) -> Rules:
    """The rules that ``text`` holds as TOML. Raises ``NotValid``."""
    data = tomllib.loads(text)
    found = read(Rules, data, source)
    refuse(source, data, _faults(found))
    return found


def _faults(found: Rules) -> Iterator[Fault]:
    """What is wrong between the parts."""
    times = Counter(rule.key for rule in found.rules)
    kinds = {rule.key: rule.kind for rule in found.rules}
    for group in set(Group) - set(found.defaults):
        yield ("defaults",), f"expected a rule for {group.lower()}; it is missing"
    for group, key in found.defaults.items():
        if kinds.get(key, "own") == "own":
            yield ("defaults", group.lower()), "expected a rule of this file that gives a number"
    for at, rule in enumerate(found.rules):
        if times[rule.key] > 1:
            yield ("rules", at, "code"), f"expected {rule.key} once"
        if isinstance(rule, Bounds):
            if kinds.get(rule.of) not in ("formula", "all"):
                yield ("rules", at, "of"), "expected a formula of this file, or “all”"
            if rule.floor > rule.ceiling:
                yield ("rules", at, "floor"), f"expected at most the ceiling, {rule.ceiling}"
        if isinstance(rule, Share) and kinds.get(rule.otherwise) not in ("formula", "all"):
            yield ("rules", at, "otherwise"), "expected a formula of this file, or “all”"
        if isinstance(rule, Table):
            for group, rows in rule.sizes.items():
                starts = [row.eligible_from for row in rows]
                if starts != sorted(set(starts)) or starts[0] != 1:
                    place = ("rules", at, "sizes", group.lower())
                    yield place, "expected rows from 1 eligible case on, in ascending order"


@cache
def load_rules() -> Rules:
    """The rules of ``rules.toml``."""
    return parse_rules(FILE.read_text(encoding="utf-8"))


RULES: Mapping[str, SizeRule] = {rule.key: rule for rule in load_rules().rules}
"""Every rule by its key."""

DEFAULT_RULES: Mapping[Group, SizeRule] = {
    group: RULES[load_rules().defaults[group]] for group in Group
}
"""The rule of each group unless the lead chooses another."""
