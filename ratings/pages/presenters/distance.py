"""How far a rating stands from the next ones, in points and in cases, in words.

Answers still to come and answers that would have to change are always told apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspections.framework import Edition, Rating
from inspections.presenters import Tag, rating_tag
from ratings.engine import (
    Boundary,
    KeyQuestionRating,
    KeyQuestionSensitivity,
    Move,
    Outcome,
    Sensitivity,
    StandardRating,
    StandardSensitivity,
)
from ratings.engine.rate import applied_limit
from ratings.words import case_worth, counted, either, rated_as

SHOWN_MOVES = 3
"""How many standards the page names as the cheapest to move, each way."""


@dataclass(frozen=True)
class Step:
    """The way to the next rating: how many points, and the ways there in cases."""

    rating: Tag
    points: str
    ways: tuple[str, ...]


@dataclass(frozen=True)
class KeyQuestionDistance:
    """``up`` and ``down`` are ``None`` at the top, at the bottom and while there is no
    percentage; ``no_up`` and ``no_down`` then say why. ``case_worth`` is empty without a
    percentage. ``rest`` says what is unanswered and what it may make of the rating."""

    code: str
    percent: int | None
    up: Step | None
    down: Step | None
    case_worth: str
    rest: str

    @property
    def no_up(self) -> str:
        return self._nothing("Already the highest")

    @property
    def no_down(self) -> str:
        return self._nothing("Already the lowest")

    def _nothing(self, at_the_end: str) -> str:
        return "No relevant case" if self.percent is None else at_the_end


@dataclass(frozen=True)
class Fact:
    """A line of “what · how it stands”."""

    what: str
    stands: str


def key_question_distance(
    question: KeyQuestionRating, found: KeyQuestionSensitivity
) -> KeyQuestionDistance:
    distances = found.distances
    unanswered = question.tally.unanswered
    return KeyQuestionDistance(
        code=question.code,
        percent=question.tally.percent,
        up=None if distances is None else _step(distances.up, unanswered, up=True),
        down=None if distances is None else _step(distances.down, unanswered, up=False),
        case_worth="" if distances is None else case_worth(distances),
        rest=_rest(question, found),
    )


def _step(boundary: Boundary | None, unanswered: int, *, up: bool) -> Step | None:
    if boundary is None:
        return None
    answer, was = ("Yes", "No") if up else ("No", "Yes")
    ways = []
    if boundary.further is not None:
        ways.append(
            f"{boundary.further} more {answer} of {unanswered} to come"
            f"{_overshoot(boundary, boundary.further_to)}"
        )
    elif unanswered:
        ways.append(f"The {unanswered} to come {'is' if unanswered == 1 else 'are'} too few")
    ways.append(
        f"{boundary.changed} changed from {was} to {answer}"
        f"{_overshoot(boundary, boundary.changed_to)}"
    )
    return Step(
        rating=rating_tag(boundary.band.rating),
        points=f"{counted(boundary.points, 'point')} {'up' if up else 'down'}",
        ways=tuple(ways),
    )


def _overshoot(boundary: Boundary, reached: Rating | None) -> str:
    """In a small sample one case may go past the next band."""
    if reached is None or reached == boundary.band.rating:
        return ""
    return f": then {reached.label}"


def _rest(question: KeyQuestionRating, found: KeyQuestionSensitivity) -> str:
    tally, possible = question.tally, found.possible
    if not tally.inspected:
        return "No case is inspected."
    if not tally.unanswered:
        return "None."
    open_cases = f"{tally.unanswered} of {counted(tally.inspected, 'case')}"
    if possible.all_yes == possible.all_no:
        return f"{open_cases}; {rated_as(possible.all_yes)} whether all Yes or all No."
    return (
        f"{open_cases}; all Yes: {rated_as(possible.all_yes)}, all No: {rated_as(possible.all_no)}."
    )


def standard_distance(rated: StandardRating, found: StandardSensitivity) -> tuple[Fact, ...]:
    """What would move a standard that is rated from cases, and what it may still become."""
    unanswered = sum(question.tally.unanswered for question in rated.key_questions)
    asked = sum(question.tally.inspected for question in rated.key_questions)
    facts = []
    if unanswered and isinstance(rated.decided, Rating):
        stands = _moves(found.up_to_come, found.down_to_come, "{} more Yes", "{} more No")
        facts.append(
            Fact("Answers to come", stands or "They cannot move this standard by themselves.")
        )
    changed = _moves(found.up, found.down, "{} from No to Yes", "{} from Yes to No")
    if changed:
        facts.append(Fact("Changed answers", changed))
    if unanswered:
        facts.append(
            Fact(
                "Still possible",
                f"{_possible(found)}; {unanswered} of {asked} answers are to come.",
            )
        )
    return tuple(facts)


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


def _possible(found: StandardSensitivity) -> str:
    ratings = [rating.label for rating in found.possible.decided]
    return either([*ratings, "not rated"] if found.possible.unrated else ratings)


def overall_distance(outcome: Outcome, found: Sensitivity) -> tuple[Fact, ...]:
    """What would move the overall rating, and what it may still become."""
    facts = []
    ways = [
        f"{counted(way.points, 'point')} {direction} to {way.rating.label}"
        for way, direction in ((found.up, "up"), (found.down, "down"))
        if way is not None
    ]
    if ways:
        facts.append(Fact("Next overall rating", f"{'; '.join(ways)}.{_out_of_reach(outcome)}"))
    for what, moves in (
        ("Nearest to rise", found.moves_up),
        ("Nearest to fall", found.moves_down),
    ):
        if moves:
            facts.append(Fact(what, f"{_named(moves, outcome.score)}."))
    settled = outcome.score is not None and found.possible.scores == (outcome.score,)
    if not settled:
        facts.append(Fact("Still possible", _possible_overall(found, outcome.edition)))
    return tuple(facts)


def _named(moves: tuple[Move, ...], score: int | None) -> str:
    """“3.1 to Good with 2 changed answers (score 29)”, for the first few."""
    return "; ".join(
        f"{move.standard} to {move.to_rating.label} with "
        f"{move.answers} changed {'answer' if move.answers == 1 else 'answers'}"
        + ("" if score is None else f" (score {score + move.points})")
        for move in moves[:SHOWN_MOVES]
    )


def _out_of_reach(outcome: Outcome) -> str:
    """That a limiting judgement holds whatever the score, where it does."""
    decided = {rated.code: rated.decided for rated in outcome.standards}
    limit = applied_limit(outcome.edition, decided, max(Rating))
    if limit is None:
        return ""
    standard = outcome.edition.standards_by_code[limit.standard]
    return (
        f" Whatever the score, no higher than {limit.overall_at_most.label} while "
        f"{standard.code} {standard.name} is {limit.rating.label}."
    )


def _possible_overall(found: Sensitivity, edition: Edition) -> str:
    possible = found.possible
    if not possible.scores:
        return "No score: a standard of the score cannot be rated."
    first, last = possible.scores[0], possible.scores[-1]
    scores = f"Score {first}" if first == last else f"Score {first} to {last}"
    overall = either([rating.label for rating in possible.overall])
    none = "; or no score" if possible.no_score else ""
    return f"{scores} of {edition.highest_score}: {overall}{none}."
