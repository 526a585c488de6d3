"""How far a key question is from the next rating, in points and in cases."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from inspections.framework.rating import Rating
from inspections.framework.schema import Band, Edition
from ratings.engine.counts import Tally, least_yes, rating_of_counts, whole_percent


@dataclass(frozen=True, slots=True)
class Boundary:
    """The way from a key question's percentage into the next band, up or down.

    ``band`` is the next band; ``points`` the whole percentage points from the printed
    percentage to the nearest one in that band. ``changed`` is the fewest answers in
    relevant cases that would have to change, No to Yes on the way up and Yes to No
    on the way down. ``further`` is the fewest unanswered cases that would have to be
    answered Yes (up) or No (down), with no other change; ``None`` when fewer are left.
    In a small sample either may overshoot the next band: ``changed_to`` and
    ``further_to`` are the resulting ratings.
    """

    band: Band
    points: int
    changed: int
    changed_to: Rating
    further: int | None
    further_to: Rating | None

    @property
    def changed_overshoots(self) -> bool:
        return self.changed_to != self.band.rating

    @property
    def further_overshoots(self) -> bool:
        return self.further is not None and self.further_to != self.band.rating


@dataclass(frozen=True, slots=True)
class Distances:
    """A key question's way up and down; ``None`` at the top and at the bottom.

    ``case_worth`` is what one relevant case adds to the percentage, in exact points:
    100/11 in a sample of 11; ``case_worth_whole`` is that rounded half up.
    """

    up: Boundary | None
    down: Boundary | None
    case_worth: Fraction
    case_worth_whole: int

    @property
    def ways(self) -> tuple[Boundary, ...]:
        """The ways up and down that exist."""
        return tuple(way for way in (self.up, self.down) if way is not None)


def distances(edition: Edition, tally: Tally) -> Distances | None:
    """The distances of a key question; ``None`` while no case is relevant."""
    percent = tally.percent
    if percent is None:
        return None
    bands = sorted(edition.bands, key=lambda band: band.lowest)
    below = next((band for band in reversed(bands) if band.highest < percent), None)
    above = next((band for band in bands if band.lowest > percent), None)
    return Distances(
        up=None if above is None else _boundary(edition, tally, percent, above, up=True),
        down=None if below is None else _boundary(edition, tally, percent, below, up=False),
        case_worth=Fraction(100, tally.relevant),
        case_worth_whole=whole_percent(1, tally.relevant),
    )


def _boundary(edition: Edition, tally: Tally, percent: int, band: Band, *, up: bool) -> Boundary:
    yes, relevant = tally.yes, tally.relevant
    if up:
        changed = least_yes(relevant, band.lowest) - yes
        # The least k with 200(yes + k) + (relevant + k) >= 2(relevant + k) · lowest.
        short = relevant * (2 * band.lowest - 1) - 200 * yes
        further = -(-short // (201 - 2 * band.lowest))
    else:
        left_below = band.highest + 1
        changed = yes - least_yes(relevant, left_below) + 1
        # The least k with 200 · yes + (relevant + k) < 2(relevant + k) · left_below.
        spare = 200 * yes - relevant * (2 * left_below - 1)
        further = spare // (2 * left_below - 1) + 1
    enough = further <= tally.unanswered
    reached = rating_of_counts(edition, yes + further if up else yes, relevant + further)
    return Boundary(
        band=band,
        points=band.lowest - percent if up else percent - band.highest,
        changed=changed,
        changed_to=rating_of_counts(edition, yes + changed if up else yes - changed, relevant),
        further=further if enough else None,
        further_to=reached if enough else None,
    )
