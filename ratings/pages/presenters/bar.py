"""A percentage as a bar against the boundaries of its edition's bands."""

from __future__ import annotations

from dataclasses import dataclass

from inspections.framework import Edition
from inspections.presenters import Tag
from ratings.engine import Tally
from ratings.words import counted, listed

UNITS_A_POINT = 2
"""Width of one percentage point in the drawing's own units; it is 200 wide."""


@dataclass(frozen=True)
class Boundary:
    """A line where a band begins: ``percent`` at ``x`` units from the left."""

    percent: int
    x: int


@dataclass(frozen=True)
class Bar:
    """What the drawing shows, and ``label``, the same in words."""

    length: int
    modifier: str
    boundaries: tuple[Boundary, ...]
    label: str


def bar_of(edition: Edition, tally: Tally, band_name: str, rating: Tag) -> Bar | None:
    """The bar of a key question; ``None`` when it has no percentage."""
    if tally.percent is None:
        return None
    boundaries = tuple(
        Boundary(band.lowest, band.lowest * UNITS_A_POINT)
        for band in sorted(edition.bands, key=lambda band: band.lowest)
        if band.lowest
    )
    starts = listed([str(boundary.percent) for boundary in boundaries])
    return Bar(
        length=tally.percent * UNITS_A_POINT,
        modifier=rating.modifier,
        boundaries=boundaries,
        label=(
            f"{tally.percent}% of {counted(tally.relevant, 'case')}: "
            f"{band_name.lower()}, {rating.label}. Bands begin at {starts}%."
        ),
    )
