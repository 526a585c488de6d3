"""Reserves: cases that replace a sampled one that can't be inspected, like for like."""

from __future__ import annotations

from collections.abc import Sequence

from cases.caseload.draw.balancing import balanced
from cases.caseload.draw.chance import Chance
from cases.caseload.draw.chances import chances_of
from cases.caseload.margins import CLASSIFICATIONS, DEFAULT_MARGINS, LEVELS, category
from cases.caseload.rows import CaseRow

Distance = tuple[int, int]
"""How unlike two cases are: the margins that differ, then the steps between their levels."""


def reserves_for(
    selected: Sequence[CaseRow],
    rows: Sequence[CaseRow],
    number: int,
    margins: Sequence[str],
    chance: Chance,
) -> tuple[CaseRow, ...]:
    """Up to ``number`` of ``rows`` that are not ``selected``, in the order in which they are used.

    Which sampled case will have to be replaced isn't known. So a balanced sample of the sampled
    cases, in random order, are the models: each gets the case left over that is most like it, where
    the pairs that are most alike come first.
    """
    taken = {row.reference for row in selected}
    spare: dict[tuple[str, ...], list[CaseRow]] = {}
    for row in chance.shuffled(row for row in rows if row.reference not in taken):
        spare.setdefault(_categories(row, margins), []).append(row)
    number = min(number, len(rows) - len(selected))
    models: list[CaseRow] = []
    while len(models) < number and selected:
        missing = min(number - len(models), len(selected))
        some = balanced(selected, chances_of(selected, missing), margins, None, chance)
        models += chance.shuffled(some)
    pairs = sorted(
        (_distance(_categories(model, margins), like, margins), place, order, like)
        for place, model in enumerate(models)
        for order, like in enumerate(spare)
    )
    found: dict[int, CaseRow] = {}
    for _, place, _, like in pairs:
        if place not in found and spare[like]:
            found[place] = spare[like].pop()
    return tuple(found[place] for place in sorted(found))


def most_alike(
    row: CaseRow, reserves: Sequence[CaseRow], margins: Sequence[str] = DEFAULT_MARGINS
) -> tuple[CaseRow, ...]:
    """``reserves`` with those first that are most like ``row``; among equals in their order."""
    categories = _categories(row, margins)
    return tuple(
        sorted(
            reserves,
            key=lambda reserve: _distance(categories, _categories(reserve, margins), margins),
        )
    )


def _categories(row: CaseRow, margins: Sequence[str]) -> tuple[str, ...]:
    return tuple(category(row, margin) for margin in margins)


def _distance(categories: Sequence[str], others: Sequence[str], margins: Sequence[str]) -> Distance:
    differing = steps = 0
    for margin, one, other in zip(margins, categories, others, strict=True):
        if one != other:
            differing += 1
            if margin in CLASSIFICATIONS:
                steps += _steps(one, other)
    return differing, steps


def _steps(one: str, other: str) -> int:
    """The steps between two levels; not classified is as far as can be from any."""
    if one in LEVELS and other in LEVELS:
        return abs(LEVELS.index(one) - LEVELS.index(other))
    return len(LEVELS)
