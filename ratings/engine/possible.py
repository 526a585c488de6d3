"""Which ratings are still possible while questions are unanswered or not judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition
from ratings.engine.bands import least_yes, rating_of_counts
from ratings.engine.result import (
    KeyQuestionRating,
    NotRateable,
    Outcome,
    Reason,
    StandardRating,
    decided_rating,
)
from ratings.engine.tally import Tally


@dataclass(frozen=True, slots=True)
class PossibleForKeyQuestion:
    """The computed ratings that a key question may still come to.

    ``all_yes`` and ``all_no`` are the ratings if every unanswered case came out so.
    ``ratings`` are all that can be reached, ascending; ``unrated`` tells whether it
    may end without a relevant case. Without unanswered cases there is one outcome.
    """

    all_yes: Rating | NotRateable
    all_no: Rating | NotRateable
    ratings: tuple[Rating, ...]
    unrated: bool


@dataclass(frozen=True, slots=True)
class PossibleForStandard:
    """The ratings that a standard may still come to, ascending.

    ``decided`` are those after the panel's decisions as they stand: a decision
    applies to the outcomes that it starts from and is stale for the others. A
    qualitative standard that isn't judged may come to any. ``unrated`` tells whether
    it may end unrated.
    """

    computed: tuple[Rating, ...]
    decided: tuple[Rating, ...]
    unrated: bool

    @property
    def lowest(self) -> Rating | None:
        """The lowest possible decided rating; ``None`` when the standard stays unrated."""
        return self.decided[0] if self.decided else None

    @property
    def highest(self) -> Rating | None:
        """The highest possible decided rating; ``None`` when the standard stays unrated."""
        return self.decided[-1] if self.decided else None


@dataclass(frozen=True, slots=True)
class PossibleOverall:
    """The scores and overall ratings (limiting judgements applied) still possible.

    Both ascend and are empty when a scored standard can't be rated at all.
    ``no_score`` tells whether there may be no score in the end.
    """

    scores: tuple[int, ...]
    overall: tuple[Rating, ...]
    no_score: bool


def possible_for_key_question(edition: Edition, code: str, tally: Tally) -> PossibleForKeyQuestion:
    """What the key question ``code`` may come to once nothing is unanswered.

    Each unanswered case may come out Yes or No, and Not applicable where the edition
    allows it.
    """
    rest = tally.unanswered
    may_be_irrelevant = edition.allows_not_applicable(code)
    now_relevant = range(0 if may_be_irrelevant else rest, rest + 1)
    return PossibleForKeyQuestion(
        all_yes=_if_relevant(edition, tally.yes + rest, tally.relevant + rest),
        all_no=_if_relevant(edition, tally.yes, tally.relevant + rest),
        ratings=tuple(
            sorted(
                {
                    band.rating
                    for band in edition.bands
                    if any(
                        _reaches(tally, more, band.lowest, band.highest) for more in now_relevant
                    )
                }
            )
        ),
        unrated=tally.relevant + now_relevant[0] == 0,
    )


def possible_for_standard(edition: Edition, rated: StandardRating) -> PossibleForStandard:
    """What a standard may come to once everything is answered and judged."""
    outcomes = _outcomes(edition, rated)
    rateable = [(one, other) for one, other in outcomes if one is not None and other is not None]
    return PossibleForStandard(
        computed=tuple(sorted({computed for computed, _ in rateable})),
        decided=tuple(
            sorted(
                {
                    decided_rating(rated.discretion, computed, from_key_questions)
                    for computed, from_key_questions in rateable
                }
            )
        ),
        unrated=(None, None) in outcomes,
    )


def possible_overall(
    outcome: Outcome, standards: Mapping[str, PossibleForStandard]
) -> PossibleOverall:
    """What the score and overall rating may come to.

    ``standards`` holds what is possible for every standard of ``outcome``, by code.
    """
    edition = outcome.edition
    # Every pair of a score so far and the strictest cap on the overall rating so far.
    reached = {(0, max(Rating))}
    no_score = False
    for standard in edition.standards:
        possible = standards[standard.code]
        limits = [limit for limit in edition.limits if limit.standard == standard.code]
        steps = set()
        for rating in possible.decided:
            caps = [limit.overall_at_most for limit in limits if rating <= limit.rating]
            steps.add((int(rating) if standard.in_score else 0, min(caps, default=max(Rating))))
        if possible.unrated:
            if standard.in_score:
                no_score = True
            else:
                steps.add((0, max(Rating)))
        reached = {
            (score + more, min(cap, lower)) for score, cap in reached for more, lower in steps
        }
    return PossibleOverall(
        scores=tuple(sorted({score for score, _ in reached})),
        overall=tuple(sorted({min(edition.rating_of_score(score), cap) for score, cap in reached})),
        no_score=no_score,
    )


def _reaches(tally: Tally, more: int, lowest: int, highest: int) -> bool:
    """Whether the percentage can lie in ``lowest``..``highest`` once ``more`` of the
    unanswered cases turn out relevant."""
    relevant = tally.relevant + more
    if relevant == 0:
        return False
    fewest = max(tally.yes, least_yes(relevant, lowest))
    most = min(tally.yes + more, least_yes(relevant, highest + 1) - 1)
    return fewest <= most


def _if_relevant(edition: Edition, yes: int, relevant: int) -> Rating | NotRateable:
    if relevant == 0:
        return NotRateable(Reason.NO_RELEVANT_CASE)
    return rating_of_counts(edition, yes, relevant)


def _outcomes(edition: Edition, rated: StandardRating) -> set[tuple[Rating | None, Rating | None]]:
    """The standard's possible ratings in pairs: the lowest computed and the lowest decided
    rating of its key questions; ``None`` for unrated."""
    if rated.standard.is_qualitative:
        if isinstance(rated.computed, Rating):
            return {(rated.computed, rated.computed)}
        if rated.computed.reason is Reason.NOT_JUDGED:
            return {(rating, rating) for rating in Rating}
        return {(None, None)}
    found: set[tuple[Rating | None, Rating | None]] = {(None, None)}
    for question in rated.key_questions:
        options = list(_question_outcomes(edition, question))
        found = {
            (_lower(lowest_computed, computed), _lower(lowest_decided, decided))
            for lowest_computed, lowest_decided in found
            for computed, decided in options
        }
    return found


def _question_outcomes(
    edition: Edition, question: KeyQuestionRating
) -> Iterable[tuple[Rating | None, Rating | None]]:
    possible = possible_for_key_question(edition, question.code, question.tally)
    for rating in possible.ratings:
        yield rating, decided_rating(question.discretion, rating, rating)
    if possible.unrated:
        yield None, None


def _lower(one: Rating | None, other: Rating | None) -> Rating | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
