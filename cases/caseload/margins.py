"""The margins of a caseload: what a sample's shares are held against. This module is pure.

Source: method.md, Sampling: the sample's shares of gender, disposal type, risk of serious harm and
safety-and-wellbeing classification match those of the eligible cases. A team can be one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter

from cases.caseload.rows import CaseRow, reference_key

DEFAULT_MARGINS = ("gender", "disposal_type", "risk_of_serious_harm", "safety_and_wellbeing")

NAMES: Mapping[str, str] = {
    "gender": "Gender",
    "disposal_type": "Disposal type",
    "risk_of_serious_harm": "Risk of serious harm",
    "safety_and_wellbeing": "Safety and wellbeing",
    "team": "Team",
}
"""The heading of each margin, as in the template of the list."""

_FIELDS = {
    "gender": attrgetter("gender"),
    "disposal_type": attrgetter("disposal_type"),
    "risk_of_serious_harm": attrgetter("serious_harm_level"),
    "safety_and_wellbeing": attrgetter("safety_level"),
    "team": attrgetter("team"),
}

CLASSIFICATIONS = ("risk_of_serious_harm", "safety_and_wellbeing")
NOT_CLASSIFIED = "NOT_CLASSIFIED"
LEVELS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")
"""The levels of a classification, from the lowest."""


def category(row: CaseRow, margin: str) -> str:
    """The category of ``margin`` in which ``row`` is counted; empty if it isn't known.

    Where the service gave no level, the case is counted as not classified: a case that nobody
    assessed is a kind of case of its own, and must not be missing from the sample. Teams that
    differ in case alone are one. Cases that belong to no team are a category too, named by the
    empty string.

    Raises ``KeyError`` for a margin that there isn't.
    """
    value: str = _FIELDS[margin](row)
    if margin == "team":
        return reference_key(value)
    if margin in CLASSIFICATIONS:
        return value or NOT_CLASSIFIED
    return "" if value == "UNKNOWN" else value


def shown_as(rows: Iterable[CaseRow], margin: str) -> dict[str, str]:
    """How each category of ``rows`` is shown: a team as the list wrote it first."""
    if margin != "team":
        return {name: name for name in {category(row, margin) for row in rows}}
    names: dict[str, str] = {}
    for row in sorted(rows, key=attrgetter("row")):
        names.setdefault(category(row, margin), row.team)
    return names


def unknown_margins(row: CaseRow) -> tuple[str, ...]:
    """The margins of which ``row`` has no category, so that it can't be held against others."""
    return tuple(margin for margin in ("gender", "disposal_type") if not category(row, margin))
