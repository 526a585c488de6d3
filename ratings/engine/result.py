"""What a set of answers, judgements and decisions comes to, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from inspections.framework.rating import Rating
from inspections.framework.schema import Band, Edition, KeyQuestion, Limit, Prompt, Standard
from ratings.engine.discretion import Discretion
from ratings.engine.tally import Tally


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
    """A decision of the panel beside the rating that it is about, as ``computed`` now."""

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
    """What would be decided if ``computed`` were computed: the decision's rating where it
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
    """A standard's two ratings and what they rest on.

    ``deciding`` holds the codes of the key questions with the lowest decided
    rating, ``deciding_computed`` of those with the lowest computed one, in the
    report's order. When a decision about the whole standard applies, it stands over
    ``deciding``. A qualitative standard has no key question ratings and no prompts.
    """

    standard: Standard
    key_questions: tuple[KeyQuestionRating, ...]
    prompts: tuple[PromptFigures, ...]
    computed: Rating | NotRateable
    decided: Rating | NotRateable
    deciding: tuple[str, ...]
    deciding_computed: tuple[str, ...]
    discretion: AppliedDiscretion | None

    @property
    def code(self) -> str:
        return self.standard.code

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

    ``standards`` stand in the report's order, resettlement among them.
    """

    edition: Edition
    standards: tuple[StandardRating, ...]

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The codes of the scored standards without a rating."""
        scored = (self.by_code[standard.code] for standard in self.edition.scored_standards)
        return tuple(rated.code for rated in scored if isinstance(rated.decided, NotRateable))

    @cached_property
    def score(self) -> int | None:
        """The sum of the scored standards' decided ratings; ``None`` while any is unrated."""
        return self._score({rated.code: rated.decided for rated in self.standards})

    @cached_property
    def overall_before_limit(self) -> Rating | None:
        """What the score alone gives; ``None`` without a score."""
        return None if self.score is None else self.edition.rating_of_score(self.score)

    @cached_property
    def limit_in_force(self) -> Limit | None:
        """The strictest limiting judgement that the decided ratings call for, also while the
        overall rating is no higher than it allows."""
        return self._limit({rated.code: rated.decided for rated in self.standards})

    @cached_property
    def limit(self) -> Limit | None:
        """The limiting judgement that lowers ``overall_before_limit``, if one does."""
        return _applied_limit(self.limit_in_force, self.overall_before_limit)

    @cached_property
    def overall(self) -> Rating | None:
        """The overall rating, any limiting judgement applied; ``None`` without a score."""
        return self.overall_before_limit if self.limit is None else self.limit.overall_at_most

    @cached_property
    def computed_score(self) -> int | None:
        """The score without any discretion."""
        return self._score({rated.code: rated.computed for rated in self.standards})

    @cached_property
    def computed_overall(self) -> Rating | None:
        """The overall rating without any discretion."""
        if self.computed_score is None:
            return None
        overall = self.edition.rating_of_score(self.computed_score)
        in_force = self._limit({rated.code: rated.computed for rated in self.standards})
        limit = _applied_limit(in_force, overall)
        return overall if limit is None else limit.overall_at_most

    @cached_property
    def decisions(self) -> tuple[AppliedDiscretion, ...]:
        """The panel's decisions in the report's order; some may be stale."""
        return tuple(applied for rated in self.standards for applied in rated.decisions)

    @cached_property
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

    @cached_property
    def prompts_by_code(self) -> dict[str, PromptFigures]:
        """The prompts of the standards rated from cases, by their codes."""
        return {prompt.code: prompt for rated in self.standards for prompt in rated.prompts}

    def _score(self, ratings: Mapping[str, Rating | NotRateable]) -> int | None:
        score = 0
        for standard in self.edition.scored_standards:
            rating = ratings[standard.code]
            if isinstance(rating, NotRateable):
                return None
            score += rating
        return score

    def _limit(self, ratings: Mapping[str, Rating | NotRateable]) -> Limit | None:
        """A limit holds when its standard has the limit's rating or a lower one; an unrated
        standard limits nothing."""
        holding = []
        for limit in self.edition.limits:
            rating = ratings[limit.standard]
            if isinstance(rating, Rating) and rating <= limit.rating:
                holding.append(limit)
        return min(holding, key=lambda limit: limit.overall_at_most, default=None)


def _applied_limit(in_force: Limit | None, overall: Rating | None) -> Limit | None:
    """The limit, if it lowers ``overall``."""
    if in_force is None or overall is None or in_force.overall_at_most >= overall:
        return None
    return in_force
