"""How sure a key question's rating is for the whole caseload, as a bar and as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from inspections.framework import Edition
from ratings.engine import BandProbability, Tally, how_sure

WIDTH = 200
"""Width of the drawing in its own units."""


@dataclass(frozen=True)
class Share:
    """A part of the stacked bar: from ``x``, ``width`` units wide, in its rating's colour."""

    modifier: str
    x: int
    width: int


@dataclass(frozen=True)
class HowSure:
    """The chance of each rating. ``words`` say all that the ``shares`` draw, likeliest first;
    where nothing can be said there is no share, and they say why."""

    shares: tuple[Share, ...]
    words: str


def how_sure_view(edition: Edition, tally: Tally, eligible: int | None, group: str) -> HowSure:
    """For all ``eligible`` cases of a group, ``group`` in words (“court cases”).

    ``eligible`` is ``None`` where their number wasn't recorded.
    """
    if eligible is None:
        return HowSure((), f"Not known: the number of eligible {group} is not recorded.")
    if eligible < tally.inspected:
        return HowSure(
            (),
            f"Not known: {tally.inspected} {group} are inspected, but only {eligible} recorded "
            "as eligible. Correct the sample.",
        )
    chances = how_sure(edition, tally, eligible=eligible)
    if chances is None:
        return HowSure((), "Nothing is known yet: no case is answered Yes or No.")
    return HowSure(_shares(chances), _words(chances))


def _shares(chances: Sequence[BandProbability]) -> tuple[Share, ...]:
    shares = []
    below = Fraction(0)
    for chance in sorted(chances, key=lambda chance: chance.band.rating):
        start, end = round(below * WIDTH), round((below + chance.probability) * WIDTH)
        below += chance.probability
        if end > start:
            shares.append(Share(chance.band.rating.key, start, end - start))
    return tuple(shares)


def _words(chances: Sequence[BandProbability]) -> str:
    """“Good 62%, Requires improvement 35%, Outstanding 3%, Inadequate under 1%”."""
    likeliest = sorted(chances, key=lambda chance: (-chance.probability, -chance.band.rating))
    return ", ".join(
        f"{chance.band.rating.label} {_percent(chance)}"
        for chance in likeliest
        if chance.probability
    )


def _percent(chance: BandProbability) -> str:
    """0 and 100 are said only of what is impossible and what is certain."""
    if chance.probability == 1:
        return "for certain"
    if chance.percent == 0:
        return "under 1%"
    if chance.percent == 100:
        return "over 99%"
    return f"{chance.percent}%"
