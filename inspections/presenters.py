"""The field's values in words and colours, for every app's pages."""

from __future__ import annotations

from dataclasses import dataclass

from inspections.framework import Rating
from inspections.models import Inspection


@dataclass(frozen=True)
class Tag:
    """A word with a colour: ``modifier`` is a suffix of the ``govuk-tag--…`` classes for a
    state, and of ``app-rating--…`` for a rating.

    The word alone says everything; colour never stands alone.
    """

    label: str
    modifier: str


@dataclass(frozen=True, slots=True)
class Link:
    """``is_here`` marks the part of the inspection that the page belongs to."""

    text: str
    href: str
    is_here: bool = False


STATE_COLOURS = {
    Inspection.State.FIELDWORK: "blue",
    Inspection.State.REVIEW: "yellow",
    Inspection.State.PANEL: "purple",
    Inspection.State.SEALED: "grey",
}


def rating_tag(rating: Rating | None) -> Tag:
    """A rating as a tag; ``None`` is Not rated."""
    if rating is None:
        return Tag("Not rated", "not_rated")
    return Tag(rating.label, rating.key)


def state_tag(inspection: Inspection) -> Tag:
    """Where an inspection stands."""
    state = Inspection.State(inspection.state)
    return Tag(state.label, STATE_COLOURS[state])
