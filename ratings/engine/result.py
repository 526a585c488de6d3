"""What a set of answers, judgements and decisions comes to, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from inspections.framework.rating import Rating
from inspections.framework.schema import Band, Edition, Limit, Standard
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
    """A decision of the panel beside the rating that it is about.

    It is ``stale``, and moves nothing, once the computed rating is no longer the
    one that the panel moved from.
    """

    discretion: Discretion
    stale: bool


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

    code: str
    tally: Tally
    band: Band | None
    computed: Rating | NotRateable
    decided: Rating | NotRateable
    discretion: AppliedDiscretion | None


@dataclass(frozen=True, slots=True)
class PromptFigures:
    """A prompt's counts. Prompts are published; they rate nothing."""

    code: str
    tally: Tally


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


@dataclass(frozen=True)
class Outcome:
    """Everything that follows from an inspection's counts, judgements and decisions.

    ``standards`` stand in the report's order, resettlement among them. ``score``
    sums the decided ratings of the scored standards; while any of those is
    unrated (``missing`` holds their codes) there is no score and no overall rating.
    ``limit`` is the limiting judgement that lowers ``overall_before_limit`` to
    ``overall``, if one does. ``computed_score`` and ``computed_overall`` are what
    stood without any discretion. ``stale`` holds the decisions that no longer
    apply, in the report's order.
    """

    edition: Edition
    standards: tuple[StandardRating, ...]
    missing: tuple[str, ...]
    score: int | None
    overall: Rating | None
    overall_before_limit: Rating | None
    limit: Limit | None
    computed_score: int | None
    computed_overall: Rating | None
    stale: tuple[Discretion, ...]

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
