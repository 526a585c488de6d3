"""How far ratings are from others, and what would move them, in words: ``{% load distances %}``."""

from __future__ import annotations

from django import template

from cases.words import counted
from inspections.framework import Rating
from ratings.engine import (
    Boundary,
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
"""How many ways to another rating are named, and all that are as short as the last of them."""


@register.filter
def case_worth(found: Distances) -> str:
    """What one relevant case adds to the percentage: “5 points”, “about 9 points”."""
    if found.case_worth.denominator == 1:
        return counted(found.case_worth_whole, "point")
    if not found.case_worth_whole:
        return "under half a point"
    return f"about {counted(found.case_worth_whole, 'point')}"


@register.filter
def moves_to_other_ratings(near: StandardSensitivity) -> list[str]:
    """How many changed answers would move a standard: “1 up to Good”."""
    return [
        f"{move.answers} {way} to {move.to_rating.label}"
        for way, move in (("up", near.up), ("down", near.down))
        if move is not None
    ]


@register.filter
def way_up(found: Distances | None, tally: Tally) -> list[str]:
    """How many cases the next higher rating is away, then what else is known of the way."""
    if found is None:
        return ["–"]
    return _way(found.up, tally, "No to Yes", "Yes") or ["Already the highest"]


@register.filter
def way_down(found: Distances | None, tally: Tally) -> list[str]:
    """The same for the next lower rating."""
    if found is None:
        return ["–"]
    return _way(found.down, tally, "Yes to No", "No") or ["Already the lowest"]


def _way(way: Boundary | None, tally: Tally, change: str, answer: str) -> list[str]:
    """“1 case to Good”, “5 points, from No to Yes”, “Or 3 more Yes of 5 to come”."""
    if way is None:
        return []
    then = f", then {way.changed_to.label}" if way.changed_overshoots else ""
    lines = [
        f"{counted(way.changed, 'case')} to {way.band.rating.label}{then}",
        f"{counted(way.points, 'point')}, from {change}",
    ]
    if way.further is not None:
        then = f", then {way.further_to.label}" if way.further_to and way.further_overshoots else ""
        lines.append(f"Or {way.further} more {answer} of {tally.unanswered} to come{then}")
    elif tally.unanswered:
        are = "is" if tally.unanswered == 1 else "are"
        lines.append(f"The {tally.unanswered} to come {are} too few")
    return lines


@register.filter
def in_short(near: StandardSensitivity) -> str:
    """The same in few words: “1 answer up · 4 down”."""
    ways = [(way, move) for way, move in (("up", near.up), ("down", near.down)) if move is not None]
    return " · ".join(
        f"{move.answers if place else counted(move.answers, 'answer')} {way}"
        for place, (way, move) in enumerate(ways)
    )


@register.filter
def still_possible(possible: PossibleForKeyQuestion, tally: Tally) -> str:
    """The ratings that unanswered cases could lead to, and how many they are."""
    if not tally.inspected:
        return "No case is inspected."
    if not tally.unanswered:
        return "Nothing else: all answered."
    open_cases = f"{tally.unanswered} of {counted(tally.inspected, 'case')} to come"
    yes, no = rated_as(possible.all_yes), rated_as(possible.all_no)
    if yes == no:
        return f"{open_cases}: {yes} whether all Yes or all No."
    return f"{open_cases}: {yes} if all Yes, {no} if all No."


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
    settled = outcome.score is not None and near.possible.scores == (outcome.score,)
    if not settled:
        facts.append(("Still possible", _possible(near.possible, outcome.highest_score)))
    return facts


@register.filter
def closest_moves(near: Sensitivity) -> str:
    """The standards with the fewest changed answers to another rating, up or down; those that are
    equally close in the report's order.

    “3.1 (1 changed answer from Good or Inadequate), 2.1 (2 from Outstanding)”.
    """
    places = {code: place for place, code in enumerate(near.standards)}
    moves = sorted(
        (*near.moves_up, *near.moves_down),
        key=lambda move: (move.answers, places[move.standard]),
    )
    ways: dict[tuple[str, int], list[str]] = {}
    for place, move in enumerate(moves):
        if place >= SHOWN_MOVES and move.answers > moves[SHOWN_MOVES - 1].answers:
            break
        ways.setdefault((move.standard, move.answers), []).append(move.to_rating.label)
    return ", ".join(
        f"{standard} ({answers if place else counted(answers, 'changed answer')} from "
        f"{either(ratings)})"
        for place, ((standard, answers), ratings) in enumerate(ways.items())
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
