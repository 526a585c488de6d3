"""Sentences and lists that several views of ratings share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format

from inspections.framework import Rating
from inspections.presenters import Tag, rating_tag
from ratings.engine import NotRateable, Reason

WHY_NOT_RATED = {
    Reason.NO_RELEVANT_CASE: "no inspected case is relevant",
    Reason.NOT_ANSWERED: "no case is answered Yes or No yet",
    Reason.NOT_JUDGED: "the lead inspector has not judged it yet",
    Reason.NO_CASE_OF_GROUP: "no case of its group is inspected",
}


def tag_of(rating: Rating | NotRateable) -> Tag:
    """A rating, or Not rated."""
    return rating_tag(None if isinstance(rating, NotRateable) else rating)


def rated_as(rating: Rating | NotRateable) -> str:
    """A rating within a sentence: “Good”, or “not rated, because …”."""
    if isinstance(rating, NotRateable):
        return f"not rated, because {WHY_NOT_RATED[rating.reason]}"
    return rating.label


def listed(words: Sequence[str]) -> str:
    """“2.1”, “2.1 and 2.2”, “2.1, 2.2 and 2.3”."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def either(words: Sequence[str]) -> str:
    """“Good”, “Good or Outstanding”, “Inadequate, Good or Outstanding”."""
    return " or ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)


def points(count: int) -> str:
    """“1 point”, “5 points”."""
    return f"{count} point" if count == 1 else f"{count} points"


def cases(count: int) -> str:
    """“1 case”, “20 cases”."""
    return f"{count} case" if count == 1 else f"{count} cases"


def on_date(day: date | None) -> str:
    """“ on 3 March 2026”, or nothing where the date isn't recorded."""
    return "" if day is None else f" on {date_format(day, 'j F Y')}"
