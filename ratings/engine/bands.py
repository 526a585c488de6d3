"""The bands of an edition: from a percentage to its rating."""

from __future__ import annotations

from inspections.editions.schema import Band, Edition


def band_of_percent(edition: Edition, percent: int) -> Band:
    """The band of a key question that ``percent`` (0–100, whole) of cases meet.

    Source: the published table of minority, too few, reasonable majority and large
    majority; the whole number is banded, so 64.5 per cent is 65 and Good.
    """
    for band in edition.bands:
        if band.lowest <= percent <= band.highest:
            return band
    raise ValueError(f"{percent} is not a percentage that edition {edition.code} bands")
