"""The bands of an edition: from a percentage to its rating, and back to counts."""

from __future__ import annotations

from inspections.framework.rating import Rating
from inspections.framework.schema import Band, Edition
from ratings.engine.percent import whole_percent


def band_of_percent(edition: Edition, percent: int) -> Band:
    """The band of a key question that ``percent`` (0–100, whole) of cases meet.

    Source: the published table of minority, too few, reasonable majority and large
    majority; the whole number is banded, so 64.5 per cent is 65 and Good.
    """
    for band in edition.bands:
        if band.lowest <= percent <= band.highest:
            return band
    raise ValueError(f"{percent} is not a percentage that edition {edition.code} bands")


def least_yes(relevant: int, percent: int) -> int:
    """The fewest Yes of ``relevant`` cases that print as ``percent`` or more.

    It exceeds ``relevant`` when ``percent`` is above 100, which no count reaches.
    """
    if percent <= 0:
        return 0
    return -(-relevant * (2 * percent - 1) // 200)


def rating_of_counts(edition: Edition, yes: int, relevant: int) -> Rating:
    """The rating of a key question met in ``yes`` of ``relevant`` cases, at least one."""
    return band_of_percent(edition, whole_percent(yes, relevant)).rating
