"""Labels, sentences and colours of ratings, as filters and tags: ``{% load words %}``.

Python that writes sentences calls the same functions. Templates compare nothing: the words for
bands, reasons and distances are chosen here only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django import template
from django.utils.formats import date_format

from cases.words import counted
from inspections.framework import Edition, Group, Rating
from inspections.words import Tag
from ratings.engine import (
    FEW_CASES,
    NEAR_POINTS,
    AppliedDiscretion,
    BandProbability,
    Closeness,
    Contradiction,
    Distances,
    KeyQuestionSensitivity,
    Move,
    NotRateable,
    Outcome,
    PossibleForKeyQuestion,
    PossibleOverall,
    Reason,
    Sensitivity,
    StandardRating,
    StandardSensitivity,
    Tally,
)

register = template.Library()

SHOWN_MOVES = 3
"""How many standards with the fewest changed answers are named, up and down."""

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
def cases_of(number: int, group: Group) -> str:
    """“1 court case”, “20 court cases”."""
    return counted(number, GROUP_WORDS[group].removesuffix("s"))


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
        return f"{rated_as(rated.decided).capitalize()}."
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
def ways_to_other_ratings(found: Distances | None) -> list[str]:
    """How far the next ratings are: “Up to Good: 15 points, 1 case, which then gives …”."""
    if found is None:
        return []
    return [
        f"{direction} to {way.band.rating.label}: {counted(way.points, 'point')}, "
        f"{counted(way.changed, 'case')}"
        + (f", which then gives {way.changed_to.label}" if way.changed_overshoots else "")
        for direction, way in (("Up", found.up), ("Down", found.down))
        if way is not None
    ]


@register.filter
def why_close(near: KeyQuestionSensitivity) -> list[str]:
    """Why a key question is close: “within 5 points of Good”, “one case from Good”."""
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
def to_come(possible: PossibleForKeyQuestion, tally: Tally) -> str:
    """The number of unanswered cases and the ratings that they could lead to."""
    if not tally.inspected:
        return "No case is inspected."
    if not tally.unanswered:
        return "None."
    open_cases = f"{tally.unanswered} of {counted(tally.inspected, 'case')}"
    yes, no = rated_as(possible.all_yes), rated_as(possible.all_no)
    if yes == no:
        return f"{open_cases}; {yes} whether all Yes or all No."
    return f"{open_cases}; all Yes: {yes}, all No: {no}."


Facts = list[tuple[str, str]]
"""Lines of a label and its text."""


@register.filter
def standard_facts(near: StandardSensitivity, rated: StandardRating) -> Facts:
    """What would move a standard rated from cases, and its possible ratings.

    Answers still to come and changed answers are separate lines.
    """
    unanswered = sum(question.tally.unanswered for question in rated.key_questions)
    asked = sum(question.tally.inspected for question in rated.key_questions)
    facts = []
    if unanswered and isinstance(rated.decided, Rating):
        text = _moves(near.up_to_come, near.down_to_come, "{} more Yes", "{} more No")
        unmoved = "They cannot move this standard by themselves."
        facts.append(("Answers to come", text or unmoved))
    if changed := _moves(near.up, near.down, "{} from No to Yes", "{} from Yes to No"):
        facts.append(("Changed answers", changed))
    if unanswered:
        ratings = [rating.label for rating in near.possible.decided]
        possible = either([*ratings, "not rated"] if near.possible.unrated else ratings)
        text = f"{possible}; {unanswered} of {asked} answers are to come."
        facts.append(("Still possible", text))
    return facts


def _moves(up: Move | None, down: Move | None, yes: str, no: str) -> str:
    """“2 more Yes would make this Good; 1 more No, Inadequate.”"""
    ways = [
        (words.format(move.answers), move.to_rating.label)
        for move, words in ((up, yes), (down, no))
        if move is not None
    ]
    if not ways:
        return ""
    first, *others = ways
    rest = "".join(f"; {way}, {rating}" for way, rating in others)
    return f"{first[0]} would make this {first[1]}{rest}."


@register.filter
def overall_facts(near: Sensitivity, outcome: Outcome) -> Facts:
    """What would move the overall rating, and its possible values."""
    facts = []
    ways = [
        f"{counted(way.points, 'point')} {direction} to {way.rating.label}"
        for way, direction in ((near.up, "up"), (near.down, "down"))
        if way is not None
    ]
    if ways:
        facts.append(("Next overall rating", f"{'; '.join(ways)}.{_out_of_reach(outcome)}"))
    for what, moves in (("Nearest to rise", near.moves_up), ("Nearest to fall", near.moves_down)):
        if moves:
            facts.append((what, f"{_named(moves, outcome.score)}."))
    settled = outcome.score is not None and near.possible.scores == (outcome.score,)
    if not settled:
        facts.append(("Still possible", _possible(near.possible, outcome.highest_score)))
    return facts


def _named(moves: Sequence[Move], score: int | None) -> str:
    """“3.1 to Good with 2 changed answers (score 29)”, for the first few."""
    return "; ".join(
        f"{move.standard} to {move.to_rating.label} with {counted(move.answers, 'changed answer')}"
        + ("" if score is None else f" (score {score + move.points})")
        for move in moves[:SHOWN_MOVES]
    )


def _out_of_reach(outcome: Outcome) -> str:
    """A sentence if a limiting judgement applies whatever the score, else empty."""
    limit = outcome.limit_in_force
    if limit is None:
        return ""
    standard = outcome.edition.standards_by_code[limit.standard]
    return (
        f" Whatever the score, no higher than {limit.overall_at_most.label} while "
        f"{standard.code} {standard.name} is {limit.rating.label}."
    )


def _possible(possible: PossibleOverall, highest: int) -> str:
    if not possible.scores:
        return "No score: a standard of the score cannot be rated."
    first, last = possible.scores[0], possible.scores[-1]
    scores = f"Score {first}" if first == last else f"Score {first} to {last}"
    overall = either([rating.label for rating in possible.overall])
    none = "; or no score" if possible.no_score else ""
    return f"{scores} of {highest}: {overall}{none}."


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
    """0% is shown only for impossible, 100% only for certain ratings."""
    if chance.probability == 1:
        return "for certain"
    if chance.percent == 0:
        return "under 1%"
    if chance.percent == 100:
        return "over 99%"
    return f"{chance.percent}%"


@register.simple_tag
def unknown_likelihood(tally: Tally, group: Group, eligible: int | None) -> str:
    """Why the likelihood over all eligible cases is not known."""
    if eligible is None:
        return f"Not known: the number of eligible {GROUP_WORDS[group]} is not recorded."
    if eligible < tally.inspected:
        return (
            f"Not known: {tally.inspected} {GROUP_WORDS[group]} are inspected, but only "
            f"{eligible} recorded as eligible. Correct the sample."
        )
    return "Nothing is known yet: no case is answered Yes or No."
