"""The size that a rule gives, in words too, and the rules that explain a size.

This module is pure; all arithmetic is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from cases.caseload.sizes.rules import (
    RULES,
    All,
    Bounds,
    Formula,
    Own,
    Share,
    SizeRule,
    Table,
)
from inspections.framework import Group


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a sample: ``number`` cases by ``rule`` (its key), explained in ``words``.

    ``reason`` is the lead's, where the number is the lead's own.
    """

    number: int
    rule: str
    words: str
    reason: str = ""

    @property
    def version(self) -> str:
        """The version of the rule."""
        return self.rule.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Beside:
    """Another group: how many of its cases are eligible, and how many its sample takes."""

    eligible: int
    size: int


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """The number that a lead sets, and why."""

    number: int
    reason: str


class NoSize(ValueError):
    """The rule gives no size here; the message says why."""


def size_of(
    rule: SizeRule,
    *,
    eligible: int,
    group: Group,
    beside: Beside | None = None,
    own: OwnNumber | None = None,
) -> Size:
    """How many of ``eligible`` cases of ``group`` a sample takes by ``rule``.

    No rule gives more than there are. ``beside`` is the group that a share is held against, ``own``
    the number of a lead. Raises ``NoSize`` where the rule needs one that isn't given, has no size
    for ``group``, or a lead's number can't be taken or has no reason.
    """
    if eligible < 0:
        raise ValueError("A number of cases is 0 or more")
    if isinstance(rule, Own):
        return _own(rule, eligible, own)
    number, words = _number(rule, eligible, group, beside)
    if eligible == 0:
        words = "There is no eligible case"
    elif number >= eligible and not isinstance(rule, All):
        words += ", which is all of them"
    return Size(min(number, eligible), rule.key, f"{words}.")


def _own(rule: Own, eligible: int, own: OwnNumber | None) -> Size:
    if own is None or not own.reason.strip():
        raise NoSize("A number of your own needs a reason.")
    if own.number < 1:
        raise NoSize("The size of a sample must be 1 or more.")
    if own.number > eligible:
        raise NoSize(f"The size can’t be more than the {eligible} eligible cases.")
    words = f"{own.number} of {eligible}, the lead inspector’s own number."
    return Size(own.number, rule.key, words, own.reason.strip())


def _number(rule: SizeRule, eligible: int, group: Group, beside: Beside | None) -> tuple[int, str]:
    """The number before it is held to what there is, and a clause about it."""
    match rule:
        case Formula():
            number = formula_size(rule, eligible)
            return number, f"{rule.name} give {number} of {eligible} eligible cases"
        case Bounds():
            inner = RULES[rule.of]
            middle, _ = _number(inner, eligible, group, beside)
            number = min(max(middle, rule.floor), rule.ceiling)
            held = "" if number == middle else f", held to {number}"
            return number, (
                f"{rule.name} ({rule.version}): {inner.name} give {middle} of {eligible}{held}"
            )
        case Table():
            rows = rule.sizes.get(group)
            if rows is None:
                raise NoSize(f"“{rule.name}” has no size for this group.")
            row = max(
                (row for row in rows if row.eligible_from <= max(eligible, 1)),
                key=lambda row: row.eligible_from,
            )
            return row.size, f"{rule.name}: {row.size} from {row.eligible_from} eligible on"
        case Share():
            if group == rule.beside or beside is None:
                raise NoSize(f"“{rule.name}” needs the sample of another group beside it.")
            if not beside.eligible:
                number, words = _number(RULES[rule.otherwise], eligible, group, None)
                return number, f"No case of the other group is eligible; {words}"
            number = ceil(Fraction(beside.size * eligible, beside.eligible))
            return number, (
                f"{beside.size} of {beside.eligible} cases of the other group, "
                f"so {number} of {eligible} here"
            )
        case All():
            return eligible, f"All {eligible} eligible cases"
        case Own():
            raise NoSize("A number of your own needs a reason.")


def formula_size(rule: Formula, eligible: int) -> int:
    """n = n₀ / (1 + (n₀ − 1) / N), rounded up, with n₀ for an endless population; none of none."""
    if eligible == 0:
        return 0
    endless = rule.endless_size
    return ceil(endless / (1 + (endless - 1) / eligible))
