"""Values of ratings in words and colours: filters and tags for every page that shows ratings.

``{% load words %}``. Python that writes a sentence calls the same functions. Templates compare
nothing: what a band, a reason or a distance is called is decided here, and once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django import template
from django.utils.formats import date_format

from inspections.framework import Group, Rating
from inspections.presenters import Tag
from ratings.engine import (
    BandProbability,
    Closeness,
    Contradiction,
    Distances,
    KeyQuestionSensitivity,
    NotRateable,
    Reason,
    Tally,
)
from ratings.engine.boundaries import FEW_CASES, NEAR_POINTS

register = template.Library()

GROUP_WORDS = {
    Group.COURT: "court cases",
    Group.OUT_OF_COURT: "out-of-court cases",
    Group.RESETTLEMENT: "resettlement cases",
}

WHY_NOT_RATED = {
    Reason.NO_RELEVANT_CASE: "no inspected case is relevant",
    Reason.NOT_ANSWERED: "no case is answered Yes or No yet",
    Reason.NOT_JUDGED: "the lead inspector has not judged it yet",
    Reason.NO_CASE_OF_GROUP: "no case of its group is inspected",
}

AnyRating = Rating | NotRateable | str | None
"""A rating, also by its stored name (``GOOD``), or its absence with or without a reason."""


def tag_of(rating: AnyRating) -> Tag:
    """A rating's label and colour; without a rating, those of Not rated."""
    if isinstance(rating, str):
        rating = Rating[rating]
    if rating is None or isinstance(rating, NotRateable):
        return Tag("Not rated", "not_rated")
    return Tag(rating.label, rating.key)


@register.inclusion_tag("components/rating_tag.html", name="rating_tag")
def _rating_tag(rating: AnyRating) -> dict[str, Tag]:
    """``{% rating_tag standard.decided %}``: the rating as a coloured tag."""
    return {"rating": tag_of(rating)}


@register.filter
def rating_label(rating: AnyRating) -> str:
    """“Good”, “Not rated”."""
    return tag_of(rating).label


@register.filter
def rating_key(rating: AnyRating) -> str:
    """The suffix of a rating's CSS classes: “requires_improvement”, “not_rated”."""
    return tag_of(rating).modifier


@register.filter
def rated_as(rating: Rating | NotRateable) -> str:
    """A rating within a sentence: “Good”, or “not rated, because …”."""
    if isinstance(rating, NotRateable):
        return f"not rated, because {WHY_NOT_RATED[rating.reason]}"
    return rating.label


# --- Lists and numbers


@register.filter
def listed(words: Sequence[str]) -> str:
    """“2.1”, “2.1 and 2.2”, “2.1, 2.2 and 2.3”."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


@register.filter
def either(words: Sequence[str]) -> str:
    """“Good”, “Good or Outstanding”, “Inadequate, Good or Outstanding”."""
    return " or ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)


@register.filter
def counted(count: int, noun: str) -> str:
    """“1 case”, “20 cases”: ``{{ number|counted:"case" }}``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@register.filter
def on_date(day: date | None) -> str:
    """“ on 3 March 2026”, or nothing where the date isn't recorded."""
    return "" if day is None else f" on {date_format(day, 'j F Y')}"


# --- Counts of answers


@register.filter
def group_cases(group: Group) -> str:
    """“court cases”."""
    return GROUP_WORDS[group]


@register.filter
def of_relevant(tally: Tally) -> str:
    """The share of the relevant cases, as tables say it: “57% (4 of 7)”."""
    if tally.percent is None:
        return "No relevant case"
    return f"{tally.percent}% ({tally.yes} of {tally.relevant})"


@register.filter
def of_answered(tally: Tally) -> str:
    """The share of all answered cases, as published: “40% (4 of 10)”."""
    if tally.percent_of_answered is None:
        return "None answered"
    return f"{tally.percent_of_answered}% ({tally.yes} of {tally.answered})"


@register.filter
def relevant_share(tally: Tally) -> str:
    """The same as ``of_relevant`` within a sentence: “5 of 7 relevant cases, 71%”."""
    if tally.percent is None:
        return "No relevant case yet" if tally.unanswered else "No relevant case"
    return f"{tally.yes} of {counted(tally.relevant, 'relevant case')}, {tally.percent}%"


def left_out(tally: Tally, group: Group, unanswered: str = "not answered yet") -> str:
    """What a share leaves out: “Of 10 court cases, 2 not applicable and 1 not answered yet”.

    Empty when every case counts. ``unanswered`` says what those without a value are.
    """
    left = [
        f"{number} {words}"
        for number, words in (
            (tally.not_applicable, "not applicable"),
            (tally.unanswered, unanswered),
        )
        if number
    ]
    if not left:
        return "" if tally.inspected else f"No {GROUP_WORDS[group]} inspected"
    return f"Of {tally.inspected} {GROUP_WORDS[group]}, {listed(left)}"


# --- Distances


@register.filter
def case_worth(found: Distances) -> str:
    """What one relevant case adds to the percentage: “5 points”, “about 9 points”."""
    if found.case_worth.denominator == 1:
        return counted(found.case_worth_whole, "point")
    if not found.case_worth_whole:
        return "under half a point"
    return f"about {counted(found.case_worth_whole, 'point')}"


@register.filter
def why_close(near: KeyQuestionSensitivity) -> list[str]:
    """Why a key question calls for a look: “within 5 points of Good”, “one case from Good”."""
    reasons = []
    ways = [] if near.distances is None else near.distances.ways
    if Closeness.NEAR_IN_POINTS in near.close_to_boundary:
        close = [way.band.rating.label for way in ways if way.points <= NEAR_POINTS]
        reasons.append(f"within {NEAR_POINTS} points of {listed(close)}")
    if Closeness.NEAR_IN_CASES in near.close_to_boundary:
        close = [way.changed_to.label for way in ways if way.changed == 1]
        reasons.append(f"one case from {listed(close)}")
    if Closeness.FEW_RELEVANT_CASES in near.close_to_boundary:
        reasons.append(f"{FEW_CASES} or fewer relevant cases")
    return reasons


@register.filter
def contradiction(found: Contradiction) -> str:
    """The warning beside a key question that its prompts speak against (method.md, 8)."""
    prompts = f"{len(found.prompts)} of its {found.of_prompts} prompts"
    against = "under half of the relevant cases" if found.is_higher else "most relevant cases"
    return (
        f"{found.key_question} is met in {found.percent}% of its cases, but {prompts} in "
        f"{against} ({listed(found.prompts)}). Look at both before the panel does."
    )


# --- Likelihoods

LIKELIHOOD_WIDTH = 200
"""Width of the drawing of likelihoods in its own units."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the drawing: from ``x``, ``width`` units wide, in its rating's colour."""

    modifier: str
    x: int
    width: int


@register.filter
def shares(likelihood: Sequence[BandProbability]) -> list[Share]:
    """The likelihoods of all ratings as parts of one bar, from the lowest rating up."""
    found = []
    below = Fraction(0)
    for chance in sorted(likelihood, key=lambda chance: chance.band.rating):
        start = round(below * LIKELIHOOD_WIDTH)
        below += chance.probability
        end = round(below * LIKELIHOOD_WIDTH)
        if end > start:
            found.append(Share(chance.band.rating.key, start, end - start))
    return found


@register.filter
def likeliest_first(likelihood: Sequence[BandProbability]) -> str:
    """“Good 62%, Requires improvement 35%, Outstanding 3%, Inadequate under 1%”."""
    likeliest = sorted(likelihood, key=lambda chance: (-chance.probability, -chance.band.rating))
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
