"""How far ratings are from others, and what would move them, in words: ``{% load distances %}``."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from cases.words import counted
from inspections.framework import Rating
from ratings.engine import (
    Distances,
    Move,
    Outcome,
    PossibleForKeyQuestion,
    PossibleOverall,
    Sensitivity,
    StandardRating,
    StandardSensitivity,
    Tally,
)
from ratings.words import either, rated_as

register = template.Library()

SHOWN_MOVES = 3
"""How many standards with the fewest changed answers are named, up and down."""


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
def moves_to_other_ratings(near: StandardSensitivity) -> list[str]:
    """How many changed answers would move a standard: “1 up to Good”."""
    return [
        f"{move.answers} {way} to {move.to_rating.label}"
        for way, move in (("up", near.up), ("down", near.down))
        if move is not None
    ]


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
    for what, moves in (
        ("Closest to a higher rating", near.moves_up),
        ("Closest to a lower rating", near.moves_down),
    ):
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
