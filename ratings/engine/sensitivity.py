"""How close every rating is to another one, and which ratings are still possible.

This is information for the lead inspector and the ratings panel; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition
from ratings.engine.boundaries import Distances, distances
from ratings.engine.counts import least_yes, rating_of_counts
from ratings.engine.outcome import KeyQuestionRating, Outcome, StandardRating, decided_rating
from ratings.engine.possible import (
    UNRATED,
    LowestRatings,
    PossibleForKeyQuestion,
    PossibleForStandard,
    PossibleOverall,
    fewest_answers,
    possible_for_key_question,
    possible_for_standard,
    possible_overall,
)

Answers = Callable[[Edition, KeyQuestionRating, bool], Iterator[tuple[LowestRatings, int]]]
"""The ratings that some answers give a key question, each with the number of answers."""


@dataclass(frozen=True, slots=True)
class Move:
    """How a standard gets another decided rating by changed or by new answers.

    ``answers`` is their number: changed answers in relevant cases (No to Yes for a higher
    rating, Yes to No for a lower one) or new answers (all Yes, or all No); two in one case
    count twice. ``to_rating`` is the rating then decided, with the panel's decisions applied.
    ``points`` is the change of the score; 0 for a standard outside the score.
    """

    standard: str
    to_rating: Rating
    answers: int
    points: int


@dataclass(frozen=True, slots=True)
class KeyQuestionSensitivity:
    """A key question's distances (``None`` while unrated) and its possible ratings."""

    distances: Distances | None
    possible: PossibleForKeyQuestion


@dataclass(frozen=True, slots=True)
class StandardSensitivity:
    """A standard's key questions, its possible ratings, and the fewest answers that would raise
    and lower its decided rating, if any would: changed answers, and (``to_come``) new ones."""

    key_questions: tuple[KeyQuestionSensitivity, ...]
    possible: PossibleForStandard
    up: Move | None
    down: Move | None
    up_to_come: Move | None
    down_to_come: Move | None


@dataclass(frozen=True, slots=True)
class ScoreDistance:
    """The next overall rating, up or down, and how many points of score it is away.

    It compares the bands of the score, before any limiting judgement.
    """

    rating: Rating
    points: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The same for the whole inspection.

    ``up`` and ``down`` are ``None`` without a score and where there is no such rating.
    ``moves_up`` and ``moves_down`` hold the scored standards that changed answers
    could move, fewest changed answers first, then in the report's order.
    """

    standards: Mapping[str, StandardSensitivity]
    up: ScoreDistance | None
    down: ScoreDistance | None
    moves_up: tuple[Move, ...]
    moves_down: tuple[Move, ...]
    possible: PossibleOverall


def sensitivity(outcome: Outcome) -> Sensitivity:
    """How close an inspection's ratings are to others, and which are still possible."""
    edition = outcome.edition
    standards = {rated.code: _standard(edition, rated) for rated in outcome.standards}
    scored = [standards[standard.code] for standard in edition.scored_standards]
    return Sensitivity(
        standards=standards,
        up=_score_distance(edition, outcome.score, up=True),
        down=_score_distance(edition, outcome.score, up=False),
        moves_up=_fewest_first(standard.up for standard in scored),
        moves_down=_fewest_first(standard.down for standard in scored),
        possible=possible_overall(
            outcome, {code: standard.possible for code, standard in standards.items()}
        ),
    )


def _standard(edition: Edition, rated: StandardRating) -> StandardSensitivity:
    return StandardSensitivity(
        key_questions=tuple(
            KeyQuestionSensitivity(
                distances=distances(edition, question.tally),
                possible=possible_for_key_question(edition, question.code, question.tally),
            )
            for question in rated.key_questions
        ),
        possible=possible_for_standard(edition, rated),
        up=_move(edition, rated, _changed, up=True),
        down=_move(edition, rated, _changed, up=False),
        up_to_come=_move(edition, rated, _to_come, up=True),
        down_to_come=_move(edition, rated, _to_come, up=False),
    )


def _fewest_first(moves: Iterable[Move | None]) -> tuple[Move, ...]:
    return tuple(
        sorted((move for move in moves if move is not None), key=lambda move: move.answers)
    )


def _score_distance(edition: Edition, score: int | None, *, up: bool) -> ScoreDistance | None:
    if score is None:
        return None
    ways = [
        ScoreDistance(band.rating, band.lowest - score if up else score - band.highest)
        for band in edition.score_bands
        if (band.lowest > score if up else band.highest < score)
    ]
    return min(ways, key=lambda way: way.points, default=None)


def _move(edition: Edition, rated: StandardRating, answers: Answers, *, up: bool) -> Move | None:
    """The fewest ``answers`` that raise (or lower) a standard's decided rating.

    ``None`` when no number of them does it, for a qualitative standard and while nothing
    is rated.
    """
    if rated.standard.is_qualitative or not isinstance(rated.decided, Rating):
        return None
    lowest = fewest_answers(answers(edition, one, up) for one in rated.key_questions)
    moves = [
        (number, abs(to - rated.decided), to)
        for (computed, from_key_questions), number in lowest.items()
        if computed is not None and from_key_questions is not None
        for to in [decided_rating(rated.discretion, computed, from_key_questions)]
        if (to > rated.decided if up else to < rated.decided)
    ]
    if not moves:
        return None
    number, _, to = min(moves)
    points = to - rated.decided if rated.standard.in_score else 0
    return Move(rated.code, to, number, points)


def _changed(
    edition: Edition, question: KeyQuestionRating, up: bool
) -> Iterator[tuple[LowestRatings, int]]:
    """The ratings that changed answers give a key question, each with how many change."""
    if not isinstance(question.computed, Rating):
        yield UNRATED, 0
        return
    yes, relevant = question.tally.yes, question.tally.relevant
    yield _ratings(question, question.computed), 0
    for band in edition.bands:
        if up and band.rating > question.computed:
            target = least_yes(relevant, band.lowest)
        elif not up and band.rating < question.computed:
            target = least_yes(relevant, band.highest + 1) - 1
        else:
            continue
        yield _ratings(question, rating_of_counts(edition, target, relevant)), abs(target - yes)


def _to_come(
    edition: Edition, question: KeyQuestionRating, up: bool
) -> Iterator[tuple[LowestRatings, int]]:
    """The ratings that unanswered cases, all Yes or all No, give a key question, each with
    how many it takes."""
    tally = question.tally
    reached = question.computed if isinstance(question.computed, Rating) else None
    yield UNRATED if reached is None else _ratings(question, reached), 0
    for more in range(1, tally.unanswered + 1):
        yes = tally.yes + more if up else tally.yes
        rating = rating_of_counts(edition, yes, tally.relevant + more)
        if rating != reached:
            reached = rating
            yield _ratings(question, rating), more


def _ratings(question: KeyQuestionRating, computed: Rating) -> LowestRatings:
    return computed, decided_rating(question.discretion, computed, computed)
