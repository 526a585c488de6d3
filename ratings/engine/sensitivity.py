"""How near every rating stands to another one, and what may still become of it.

This informs the lead inspector and the ratings panel; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition
from ratings.engine.boundaries import Closeness, Distances, close_to_boundary, distances
from ratings.engine.moves import Move, cheapest_move, cheapest_to_come
from ratings.engine.possible import (
    PossibleForKeyQuestion,
    PossibleForStandard,
    PossibleOverall,
    possible_for_key_question,
    possible_for_standard,
    possible_overall,
)
from ratings.engine.result import KeyQuestionRating, Outcome, StandardRating


@dataclass(frozen=True, slots=True)
class KeyQuestionSensitivity:
    """A key question's distances (``None`` while unrated), what it may still come to, and
    why it counts as close to a boundary (empty when it doesn't)."""

    code: str
    distances: Distances | None
    possible: PossibleForKeyQuestion
    close_to_boundary: tuple[Closeness, ...]


@dataclass(frozen=True, slots=True)
class StandardSensitivity:
    """A standard's key questions, what it may still come to, and the fewest answers that
    would raise and lower its decided rating, where any would: changed ones, and (``to_come``)
    unanswered ones that come out Yes on the way up and No on the way down."""

    code: str
    key_questions: tuple[KeyQuestionSensitivity, ...]
    possible: PossibleForStandard
    up: Move | None
    down: Move | None
    up_to_come: Move | None
    down_to_come: Move | None

    @property
    def close_to_boundary(self) -> bool:
        return any(question.close_to_boundary for question in self.key_questions)


@dataclass(frozen=True, slots=True)
class ScoreDistance:
    """The next overall rating, up or down, and how many points of score it is away.

    This is the way between the bands of the score, before any limiting judgement.
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
    key_questions: Mapping[str, KeyQuestionSensitivity]
    up: ScoreDistance | None
    down: ScoreDistance | None
    moves_up: tuple[Move, ...]
    moves_down: tuple[Move, ...]
    possible: PossibleOverall


def key_question_sensitivity(
    edition: Edition, question: KeyQuestionRating
) -> KeyQuestionSensitivity:
    return KeyQuestionSensitivity(
        code=question.code,
        distances=distances(edition, question.tally),
        possible=possible_for_key_question(edition, question.code, question.tally),
        close_to_boundary=close_to_boundary(edition, question.tally),
    )


def standard_sensitivity(edition: Edition, rated: StandardRating) -> StandardSensitivity:
    return StandardSensitivity(
        code=rated.code,
        key_questions=tuple(
            key_question_sensitivity(edition, question) for question in rated.key_questions
        ),
        possible=possible_for_standard(edition, rated),
        up=cheapest_move(edition, rated, up=True),
        down=cheapest_move(edition, rated, up=False),
        up_to_come=cheapest_to_come(edition, rated, up=True),
        down_to_come=cheapest_to_come(edition, rated, up=False),
    )


def sensitivity(outcome: Outcome) -> Sensitivity:
    """How near an inspection's ratings stand to others, and what may still become of them."""
    edition = outcome.edition
    standards = {rated.code: standard_sensitivity(edition, rated) for rated in outcome.standards}
    scored = [standards[standard.code] for standard in edition.scored_standards]
    return Sensitivity(
        standards=standards,
        key_questions={
            question.code: question
            for standard in standards.values()
            for question in standard.key_questions
        },
        up=_score_distance(edition, outcome.score, up=True),
        down=_score_distance(edition, outcome.score, up=False),
        moves_up=_by_answers(standard.up for standard in scored),
        moves_down=_by_answers(standard.down for standard in scored),
        possible=possible_overall(
            outcome, {code: standard.possible for code, standard in standards.items()}
        ),
    )


def _by_answers(moves: Iterable[Move | None]) -> tuple[Move, ...]:
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
