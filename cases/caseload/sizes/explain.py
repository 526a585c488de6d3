"""Which rules explain a published size. This module is pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from cases.caseload.sizes.rules import RULES, Own, Share, SizeRule
from cases.caseload.sizes.size import NoSize, size_of
from inspections.framework import Group

MOST_ELIGIBLE = 1000
"""Up to how many eligible cases are looked at; a service of more was never inspected."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule that gives a size, and the numbers of eligible cases from which it does.

    Each range is its first and last number; a last one of ``None`` has no end.
    """

    rule: SizeRule
    ranges: tuple[tuple[int, int | None], ...]

    @property
    def words(self) -> str:
        return f"{self.rule.name}: from {', '.join(map(_range, self.ranges))} eligible cases"


def _range(numbers: tuple[int, int | None]) -> str:
    first, last = numbers
    if last is None:
        return f"{first} or more"
    return f"exactly {first}" if first == last else f"{first} to {last}"


def rules_that_give(
    number: int, eligible: int | None = None, *, group: Group = Group.COURT
) -> tuple[Explanation, ...]:
    """The rules that give a sample of ``number`` cases of ``group``.

    Where it is known that ``eligible`` cases were eligible, only the rules that give the size from
    just these. A share of another group's sample and a lead's own number could give any size, so
    they explain nothing.
    """
    return tuple(
        Explanation(rule, ranges)
        for rule in RULES.values()
        if not isinstance(rule, Own | Share)
        and (ranges := tuple(_ranges(rule, number, eligible, group)))
    )


def _ranges(
    rule: SizeRule, number: int, eligible: int | None, group: Group
) -> Iterator[tuple[int, int | None]]:
    counts = range(1, MOST_ELIGIBLE + 1) if eligible is None else (eligible,)
    try:
        giving = [n for n in counts if size_of(rule, eligible=n, group=group).number == number]
    except NoSize:
        return
    for _, run in groupby(enumerate(giving), key=lambda pair: pair[1] - pair[0]):
        numbers = [n for _, n in run]
        endless = eligible is None and numbers[-1] == MOST_ELIGIBLE
        yield numbers[0], None if endless else numbers[-1]
