"""The outcome of counts, judgements and decisions, and its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from inspections.framework.rating import Rating
from inspections.framework.schema import Band, Edition, KeyQuestion, Limit, Prompt, Standard
from ratings.engine.counts import Tally
from ratings.engine.inputs import Discretion


class Reason(StrEnum):
    """Why there is no rating."""

    NO_RELEVANT_CASE = "NO_RELEVANT_CASE"
    """Every inspected case is Not applicable, or none is inspected."""

    NOT_ANSWERED = "NOT_ANSWERED"
    """No case is answered Yes or No yet, and some are still unanswered."""

    NOT_JUDGED = "NOT_JUDGED"
    """A qualitative standard that the lead inspector hasn't judged yet."""

    NO_CASE_OF_GROUP = "NO_CASE_OF_GROUP"
    """A qualitative standard that needs cases of a group, such as resettlement, and
    none is inspected."""


@dataclass(frozen=True, slots=True)
class NotRateable:
    """The absence of a rating, with its reason; never a zero."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class AppliedDiscretion:
    """A decision of the panel and the rating that is ``computed`` now."""

    discretion: Discretion
    computed: Rating | NotRateable

    @property
    def stale(self) -> bool:
        """Whether the computed rating is no longer the one that the panel moved from; the
        decision then moves nothing."""
        return self.computed != self.discretion.from_rating


def decided_rating(
    applied: AppliedDiscretion | None, computed: Rating, otherwise: Rating
) -> Rating:
    """The decided rating if ``computed`` were the computed one: the decision's rating if it
    starts from ``computed``, else ``otherwise``."""
    if applied is not None and applied.discretion.from_rating == computed:
        return applied.discretion.to_rating
    return otherwise


@dataclass(frozen=True, slots=True)
class KeyQuestionRating:
    """A key question's counts, the band of its percentage and its two ratings.

    ``band`` is ``None`` when there is no percentage. ``decided`` is ``computed``
    unless discretion moves this key question itself.
    """

    question: KeyQuestion
    tally: Tally
    band: Band | None
    computed: Rating | NotRateable
    decided: Rating | NotRateable
    discretion: AppliedDiscretion | None

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def is_rated(self) -> bool:
        """Whether it has a computed rating, which the panel can move."""
        return isinstance(self.computed, Rating)

    @property
    def is_moved(self) -> bool:
        """Whether discretion gives it another rating than the computed one."""
        return self.decided != self.computed


@dataclass(frozen=True, slots=True)
class PromptFigures:
    """A prompt's counts. Prompts are published; they rate nothing."""

    prompt: Prompt
    tally: Tally

    @property
    def code(self) -> str:
        return self.prompt.code


@dataclass(frozen=True, slots=True)
class StandardRating:
    """A standard's two ratings and what they are based on.

    ``deciding`` holds the codes of the key questions with the lowest decided
    rating, ``deciding_computed`` of those with the lowest computed one, in the
    report's order. A decision about the whole standard overrides ``deciding``. A
    qualitative standard has no key question ratings and no prompts.
    """

    standard: Standard
    computed: Rating | NotRateable
    decided: Rating | NotRateable
    discretion: AppliedDiscretion | None
    key_questions: tuple[KeyQuestionRating, ...] = ()
    prompts: tuple[PromptFigures, ...] = ()
    deciding: tuple[str, ...] = ()
    deciding_computed: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.standard.code

    @property
    def is_rated(self) -> bool:
        """Whether it has a computed rating, which the panel can move."""
        return isinstance(self.computed, Rating)

    @property
    def is_moved(self) -> bool:
        """Whether discretion gives it another rating than the computed one."""
        return self.decided != self.computed

    @property
    def is_overridden(self) -> bool:
        """Whether a decision about the whole standard applies."""
        return self.discretion is not None and not self.discretion.stale

    @property
    def decisions(self) -> tuple[AppliedDiscretion, ...]:
        """The decisions about it, then those about its key questions; some may be stale."""
        every = (self.discretion, *(question.discretion for question in self.key_questions))
        return tuple(applied for applied in every if applied is not None)


@dataclass(frozen=True)
class Outcome:
    """Everything that follows from an inspection's counts, judgements and decisions.

    ``standards`` are in the report's order, including resettlement. ``score``
    sums the decided ratings of the scored standards; while any of those is
    unrated (``missing`` holds their codes) there is no score and no overall rating.
    ``limit_in_force`` is the strictest limiting judgement that the decided ratings call for;
    ``limit`` is the same where it lowers ``overall_before_limit`` to ``overall``.
    ``computed_score`` and ``computed_overall`` are those without any discretion.
    """

    edition: Edition
    standards: tuple[StandardRating, ...]
    missing: tuple[str, ...]
    score: int | None
    overall_before_limit: Rating | None
    limit_in_force: Limit | None
    limit: Limit | None
    overall: Rating | None
    computed_score: int | None
    computed_overall: Rating | None

    @cached_property
    def decisions(self) -> tuple[AppliedDiscretion, ...]:
        """The panel's decisions in the report's order; some may be stale."""
        return tuple(applied for rated in self.standards for applied in rated.decisions)

    @property
    def is_moved(self) -> bool:
        """Whether any decision applies."""
        return any(not applied.stale for applied in self.decisions)

    @cached_property
    def stale(self) -> tuple[Discretion, ...]:
        """The decisions that no longer apply, in the report's order."""
        return tuple(applied.discretion for applied in self.decisions if applied.stale)

    @property
    def highest_score(self) -> int:
        """The score if every scored standard were Outstanding: 36."""
        return self.edition.highest_score

    @cached_property
    def by_code(self) -> dict[str, StandardRating]:
        """The standards by their codes."""
        return {rated.standard.code: rated for rated in self.standards}

    @cached_property
    def key_questions_by_code(self) -> dict[str, KeyQuestionRating]:
        """The key questions that carry a percentage, by their codes."""
        return {
            question.code: question for rated in self.standards for question in rated.key_questions
        }

    def rating_of(self, target: str) -> StandardRating | KeyQuestionRating:
        """The standard or key question of this code, with both its ratings."""
        return self.key_questions_by_code.get(target) or self.by_code[target]

    @cached_property
    def prompts_by_code(self) -> dict[str, PromptFigures]:
        """The prompts of the standards rated from cases, by their codes."""
        return {prompt.code: prompt for rated in self.standards for prompt in rated.prompts}


def add_up(edition: Edition, standards: tuple[StandardRating, ...]) -> Outcome:
    """The outcome of the ratings of every standard."""
    decided = _total(edition, {rated.code: rated.decided for rated in standards})
    computed = _total(edition, {rated.code: rated.computed for rated in standards})
    return Outcome(edition, standards, *decided, computed.score, computed.overall)


class _Total(NamedTuple):
    """The fields of ``Outcome`` that follow from one rating for each standard."""

    missing: tuple[str, ...]
    score: int | None
    overall_before_limit: Rating | None
    limit_in_force: Limit | None
    limit: Limit | None
    overall: Rating | None


def _total(edition: Edition, ratings: Mapping[str, Rating | NotRateable]) -> _Total:
    """A limit holds when its standard has the limit's rating or a lower one; an unrated
    standard limits nothing."""
    scored = {standard.code: ratings[standard.code] for standard in edition.scored_standards}
    rated = {code: one for code, one in scored.items() if isinstance(one, Rating)}
    missing = tuple(code for code in scored if code not in rated)
    score = None if missing else sum(rated.values())
    before = None if score is None else edition.rating_of_score(score)
    holding = []
    for limit in edition.limits:
        rating = ratings[limit.standard]
        if isinstance(rating, Rating) and rating <= limit.rating:
            holding.append(limit)
    in_force = min(holding, key=lambda limit: limit.overall_at_most, default=None)
    if before is None or in_force is None or in_force.overall_at_most >= before:
        return _Total(missing, score, before, in_force, None, before)
    return _Total(missing, score, before, in_force, in_force, in_force.overall_at_most)
