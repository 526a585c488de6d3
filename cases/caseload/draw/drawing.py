"""A balanced random sample of the eligible cases, with reserves.

Source of the method: J.-C. Deville and Y. Tillé, Efficient balanced sampling: the cube method,
Biometrika 91 (2004). Every case has the same chance, the size's share of the eligible cases; the
sample's shares of each margin are as near to those of the eligible cases as whole cases allow. See
ADR 25. This package does not import Django.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from cases.caseload.draw.balancing import balanced
from cases.caseload.draw.chance import Chance
from cases.caseload.draw.chances import chances_of
from cases.caseload.draw.outcome import Drawn, count_margins, largest_difference
from cases.caseload.draw.reserves import reserves_for
from cases.caseload.margins import DEFAULT_MARGINS, NAMES
from cases.caseload.rows import CaseRow

RESERVE_SHARE = Fraction(1, 5)
"""Reserves as a share of the size: 20 per cent, as the inspectorate's adult sampler has it."""


def draw(
    rows: Sequence[CaseRow],
    *,
    size: int,
    seed: int,
    margins: Sequence[str] = DEFAULT_MARGINS,
    cap: int | None = None,
    reserve_share: Fraction = RESERVE_SHARE,
) -> Drawn:
    """Draw ``size`` of ``rows`` at random, and reserves.

    ``rows`` are the eligible cases of one group; their order makes no difference, and the same
    ``seed`` always gives the same draw. A size larger than the number of cases takes all of them.
    ``cap`` is the most cases of one case manager. Raises ``ValueError`` for a reference that occurs
    twice, for an unknown margin, and for a size, seed, cap or share that is too small.
    """
    _check(rows, size, margins, cap, reserve_share)
    rows = sorted(rows, key=lambda row: row.reference)
    chance = Chance(seed)
    found = chances_of(rows, size, cap)
    selected = balanced(rows, found, margins, cap, chance)
    wanted = ceil(len(selected) * reserve_share)
    reserves = reserves_for(selected, rows, wanted, margins, chance)
    counts = count_margins(rows, selected, margins)
    difference, where = largest_difference(counts)
    return Drawn(
        seed=seed,
        selected=selected,
        reserves=reserves,
        margins=counts,
        largest_difference=difference,
        largest_at=where,
        adjustments=(*found.adjustments, *_fewer_reserves(wanted, len(reserves))),
        chances={row.reference: of for row, of in zip(rows, found.of, strict=True)},
    )


def _check(
    rows: Sequence[CaseRow],
    size: int,
    margins: Sequence[str],
    cap: int | None,
    reserve_share: Fraction,
) -> None:
    if len({row.reference for row in rows}) < len(rows):
        raise ValueError("Two cases have the same reference")
    if not margins or not set(margins) <= set(NAMES) or len(set(margins)) < len(margins):
        raise ValueError(f"Margins are some of {', '.join(NAMES)}, each once")
    if size < 0:
        raise ValueError("A size is a whole number of 0 or more")
    if cap is not None and cap < 1:
        raise ValueError("A cap is a whole number of 1 or more")
    if reserve_share < 0:
        raise ValueError("The share of reserves is 0 or more")


def _fewer_reserves(wanted: int, drawn: int) -> tuple[str, ...]:
    if drawn == wanted:
        return ()
    left = {0: "no case is", 1: "only 1 case is"}.get(drawn, f"only {drawn} cases are")
    return (f"{wanted} in reserve were wanted, but {left} left.",)
