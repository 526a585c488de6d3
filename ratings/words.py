"""Labels, sentences and colours of ratings, as filters and tags: ``{% load words %}``.

Sentences about distances are in ``ratings.distances``, about likelihoods in
``ratings.likelihoods``. Python that writes sentences calls the same functions. Templates compare
nothing: the words for bands and reasons are chosen here only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.formats import date_format

from cases.words import counted
from inspections.framework import Edition, Group, Rating
from inspections.words import Tag
from ratings.engine import (
    AppliedDiscretion,
    Contradiction,
    NotRateable,
    Outcome,
    Reason,
    StandardRating,
    Tally,
)

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
    Reason.NO_CASE_OF_GROUP: "no case of its group is in the sample",
}

AIMS = {1: "the child's desistance", 2: "the child's safety", 3: "other people's safety"}
"""What the three key questions of a standard ask about in turn (method.md, Editions)."""

AnyRating = Rating | NotRateable | str | None
"""A rating, also by its stored name (``GOOD``), or its absence with or without a reason."""


def tag_of(rating: AnyRating) -> Tag:
    """A rating's label and colour; without a rating, those of Not rated."""
    if isinstance(rating, str):
        rating = Rating[rating]
    if rating is None or isinstance(rating, NotRateable):
        return Tag("Not rated", "not_rated")
    return Tag(rating.label, rating.key)


register.filter(tag_of)


@register.inclusion_tag("components/rating_tag.html", name="rating_tag")
def _rating_tag(rating: AnyRating) -> dict[str, Tag]:
    """``{% rating_tag standard.decided %}``: the rating as a coloured tag."""
    return {"rating": tag_of(rating)}


@register.filter
def rating_label(rating: AnyRating) -> str:
    """“Good”, “Not rated”."""
    return tag_of(rating).label


@register.filter
def rating_initials(rating: AnyRating) -> str:
    """“G”, “RI”, “–”; only ever beside a label that is read out."""
    if rating is None or isinstance(rating, NotRateable):
        return "–"
    return "".join(word[0].upper() for word in tag_of(rating).label.split())


@register.filter
def rated_as(rating: Rating | NotRateable) -> str:
    """A rating in a sentence: “Good”, or “not rated, because …”."""
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


def either(words: Sequence[str]) -> str:
    """“Good”, “Good or Outstanding”, “Inadequate, Good or Outstanding”."""
    return " or ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)


register.filter(counted)


@register.filter
def on_date(day: date | None) -> str:
    """“ on 3 March 2026”; empty if the date isn't recorded."""
    return "" if day is None else f" on {date_format(day, 'j F Y')}"


# --- Counts of answers


@register.filter
def one_of_group(group: Group) -> str:
    """“resettlement case”."""
    return GROUP_WORDS[group].removesuffix("s")


@register.filter
def cases_of(number: int, group: Group) -> str:
    """“1 court case”, “20 court cases”."""
    return counted(number, one_of_group(group))


@register.filter
def band_starts(edition: Edition) -> list[str]:
    """The percentages at which the bands begin, without the lowest band's 0."""
    return [str(lowest) for lowest in sorted(band.lowest for band in edition.bands) if lowest]


@register.filter
def percent(tally: Tally) -> str:
    """“57%”, of the relevant cases."""
    return "no relevant case" if tally.percent is None else f"{tally.percent}%"


@register.filter
def score_of(outcome: Outcome) -> str:
    """“28 out of 36”, “No score”."""
    return (
        "No score" if outcome.score is None else f"{outcome.score} out of {outcome.highest_score}"
    )


@register.filter
def of_relevant(tally: Tally) -> str:
    """The share of the relevant cases for tables: “57% (4 of 7)”."""
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


@register.filter
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


# --- Ratings explained


@register.filter
def where_from(rated: StandardRating) -> str:
    """A sentence about why a standard has its rating."""
    if isinstance(rated.decided, NotRateable):
        return f"{_not_rated(rated, rated.decided)}."
    computed = f"Computed as {rated_as(rated.computed)}{_from(rated.deciding_computed)}"
    if rated.is_overridden:
        return f"{computed}; decided as {rated_as(rated.decided)} by the ratings panel."
    if rated.standard.is_qualitative:
        return "Judged by the lead inspector."
    if rated.is_moved:
        return (
            f"{computed}; with the ratings panel’s decision, {rated_as(rated.decided)}"
            f"{_from(rated.deciding)}."
        )
    return f"The lowest rating among its key questions{_from(rated.deciding)}."


@register.filter
def is_now(rated: StandardRating) -> str:
    """What is said when its rating has changed: “2.2 Planning is now Requires improvement.”"""
    rating = rated.decided
    label = "not rated" if isinstance(rating, NotRateable) else rating.label
    return f"{rated.code} {rated.standard.name} is now {label}."


@register.simple_tag
def not_rated_yet(outcome: Outcome, judges: bool) -> str:
    """Which standards wait for what: “1.3 and 1.4 wait for your judgement; 2.1: no case …”.

    ``judges`` is true for those whose judgement it is. A standard outside the score that will
    never be rated waits for nothing.
    """
    waiting: dict[Reason, list[str]] = {}
    for rated in outcome.standards:
        if isinstance(rated.decided, NotRateable):
            reason = rated.decided.reason
            if rated.standard.in_score or reason in (Reason.NOT_JUDGED, Reason.NOT_ANSWERED):
                waiting.setdefault(reason, []).append(rated.code)
    return "; ".join(_waits(reason, codes, judges) for reason, codes in waiting.items())


def _waits(reason: Reason, codes: Sequence[str], judges: bool) -> str:
    if reason is Reason.NOT_JUDGED:
        whose = "your" if judges else "the lead inspector’s"
        return f"{listed(codes)} {'waits' if len(codes) == 1 else 'wait'} for {whose} judgement"
    return f"{listed(codes)}, because {WHY_NOT_RATED[reason]}"


@register.filter
def computed_from(rated: StandardRating) -> str:
    """Where its computed rating comes from, in few words: “Lowest: 2.1.1, 2.1.3”."""
    if isinstance(rated.computed, NotRateable):
        return _not_rated(rated, rated.computed)
    if rated.standard.is_qualitative:
        return "Judged by the lead inspector"
    return f"Lowest: {', '.join(rated.deciding_computed)}"


def _not_rated(rated: StandardRating, nothing: NotRateable) -> str:
    needs = rated.standard.needs_cases_of
    if nothing.reason is Reason.NO_CASE_OF_GROUP and needs is not None:
        return f"Not rated, because no {one_of_group(needs)} is in the sample"
    return rated_as(nothing).capitalize()


@register.filter
def without_percentage(rated: StandardRating) -> str:
    """Beside a rating that no percentage decides: whose it is, or why there is none."""
    if isinstance(rated.decided, NotRateable):
        why = WHY_NOT_RATED[rated.decided.reason]
        return f"{why[0].upper()}{why[1:]}"
    return computed_from(rated)


def _from(codes: Sequence[str]) -> str:
    return f", from {listed(codes)}" if codes else ""


@register.filter
def moved(applied: AppliedDiscretion, day: date | None = None) -> str:
    """What a decision of the panel moved and, if it is stale, why it no longer applies.

    ``{{ decision.applied|moved:decision.recorded.meeting_date }}``.
    """
    move = applied.discretion
    said = (
        f"The ratings panel moved {move.target} from {move.from_rating.label} "
        f"to {move.to_rating.label}{on_date(day)}."
    )
    if applied.stale:
        said += (
            f" It is now computed as {rated_as(applied.computed)}, so the decision no longer "
            "applies and is for the panel to look at again."
        )
    return said


@register.filter
def limiting_judgement(outcome: Outcome) -> str:
    """Why the overall rating is lower than the score's; empty unless a limit lowers it."""
    limit, before = outcome.limit, outcome.overall_before_limit
    if limit is None or before is None:
        return ""
    standard = outcome.edition.standards_by_code[limit.standard]
    return (
        f"The score alone would give {before.label}. But {standard.code} {standard.name} is "
        f"{limit.rating.label}, and the overall rating can then be no higher than "
        f"{limit.overall_at_most.label} (limiting judgement)."
    )


@register.filter
def contradiction(found: Contradiction) -> str:
    """The warning beside a key question that its prompts contradict (method.md, From answers to
    ratings, 8)."""
    prompts = f"{len(found.prompts)} of its {found.of_prompts} prompts"
    against = "under half of the relevant cases" if found.is_higher else "most relevant cases"
    return (
        f"{found.key_question} is met in {found.percent}% of its cases, but {prompts} in "
        f"{against} ({listed(found.prompts)}). Look at both before the panel does."
    )
