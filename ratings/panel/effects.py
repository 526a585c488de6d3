"""What each decision that the panel can take on a rating would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inspections.framework import Rating
from ratings.engine import Discretion, NotRateable, Outcome, rate
from ratings.panel.decisions import DecisionTarget, moves_from
from ratings.service import RatedInspection, move_of


@dataclass(frozen=True)
class Effect:
    """The outcome with a decision that moves a rating to ``to_rating``, beside ``standing``.

    ``words`` name the move, and ``code`` the standard whose rating it may change.
    """

    to_rating: Rating
    words: str
    standing: Outcome
    outcome: Outcome
    code: str

    @property
    def standing_rating(self) -> Rating | NotRateable:
        """The rating of the standard as it stands."""
        return self.standing.by_code[self.code].decided

    @property
    def rating(self) -> Rating | NotRateable:
        """The rating of the standard with the decision."""
        return self.outcome.by_code[self.code].decided

    @property
    def changes_standard(self) -> bool:
        return self.rating != self.standing_rating

    @property
    def points(self) -> int | None:
        """The change of the score; ``None`` without a score."""
        if self.outcome.score is None or self.standing.score is None:
            return None
        return self.outcome.score - self.standing.score

    @property
    def changes_overall(self) -> bool:
        return self.outcome.overall != self.standing.overall


def effects_of(rated: RatedInspection, about: DecisionTarget) -> Iterator[Effect]:
    """Each decision that can be taken on ``about`` now, in place of the current one on it."""
    standing = rated.outcome
    computed = standing.rating_of(about.code).computed
    others = [move_of(row) for row in rated.discretions.values() if row.target != about.code]
    for to, words in moves_from(computed):
        assert isinstance(computed, Rating), "there are moves from ratings alone"
        move = Discretion(about.standard.code, about.key_question or None, computed, to)
        outcome = rate(
            standing.edition,
            {code: one.tally for code, one in standing.key_questions_by_code.items()},
            rated.inspected,
            {code: Rating[row.rating] for code, row in rated.judgements.items()},
            [*others, move],
        )
        yield Effect(to, words, standing, outcome, about.standard.code)
