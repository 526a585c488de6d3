"""Which ratings are still possible while questions are unanswered or not judged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition
from ratings.engine.counts import Tally, least_yes, rating_of_counts
from ratings.engine.outcome import (
    KeyQuestionRating,
    NotRateable,
    Outcome,
    Reason,
    StandardRating,
    decided_rating,
)

LowestRatings = tuple[Rating | None, Rating | None]
"""The lowest computed and the lowest decided rating of some key questions."""

UNRATED: LowestRatings = (None, None)
"""Those of key questions of which none is rated."""


@dataclass(frozen=True, slots=True)
class PossibleForKeyQuestion:
    """The computed ratings that a key question may still get.

    ``all_yes`` and ``all_no`` are the ratings if all unanswered cases were Yes, or No.
    ``ratings`` are all possible ones, ascending; ``unrated`` is true if it may end without
    a relevant case. Without unanswered cases there is one outcome.
    """

    all_yes: Rating | NotRateable
    all_no: Rating | NotRateable
    ratings: tuple[Rating, ...]
    unrated: bool


@dataclass(frozen=True, slots=True)
class PossibleForStandard:
    """The decided ratings that a standard may still get, ascending.

    The panel's current decisions count: a decision applies to outcomes that it starts from and is
    stale for the others. A qualitative standard that isn't judged may get any rating. ``unrated``
    is true if it may end without a rating.
    """

    decided: tuple[Rating, ...]
    unrated: bool


@dataclass(frozen=True, slots=True)
class PossibleOverall:
    """The scores and overall ratings (limiting judgements applied) still possible.

    Both ascend and are empty when a scored standard can't be rated at all.
    ``no_score`` is true if there may be no score in the end.
    """

    scores: tuple[int, ...]
    overall: tuple[Rating, ...]
    no_score: bool


def possible_for_key_question(edition: Edition, code: str, tally: Tally) -> PossibleForKeyQuestion:
    """What the key question ``code`` may get once nothing is unanswered.

    Each unanswered case may become Yes or No, and Not applicable if the edition allows it.
    """
    rest = tally.unanswered
    may_be_irrelevant = edition.allows_not_applicable(code)
    now_relevant = range(0 if may_be_irrelevant else rest, rest + 1)
    reached = {
        band.rating
        for band in edition.bands
        if any(_reaches(tally, more, band.lowest, band.highest) for more in now_relevant)
    }
    return PossibleForKeyQuestion(
        all_yes=_if_relevant(edition, tally.yes + rest, tally.relevant + rest),
        all_no=_if_relevant(edition, tally.yes, tally.relevant + rest),
        ratings=tuple(sorted(reached)),
        unrated=tally.relevant + now_relevant[0] == 0,
    )


def possible_for_standard(edition: Edition, rated: StandardRating) -> PossibleForStandard:
    """What a standard may get once everything is answered and judged."""
    outcomes = _outcomes(edition, rated)
    ratings = {
        decided_rating(rated.discretion, computed, from_key_questions)
        for computed, from_key_questions in outcomes
        if computed is not None and from_key_questions is not None
    }
    return PossibleForStandard(tuple(sorted(ratings)), unrated=UNRATED in outcomes)


def possible_overall(
    outcome: Outcome, standards: Mapping[str, PossibleForStandard]
) -> PossibleOverall:
    """The possible scores and overall ratings.

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
    """Whether the percentage can be in ``lowest``..``highest`` if ``more`` of the unanswered
    cases are relevant."""
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


def fewest_answers(
    of_questions: Iterable[Iterable[tuple[LowestRatings, int]]],
) -> dict[LowestRatings, int]:
    """The fewest answers for each pair of lowest ratings that key questions can have together.

    ``of_questions`` has for each key question its possible ratings, each with the number of
    answers that it takes.
    """
    fewest = {UNRATED: 0}
    for options in map(list, of_questions):
        found: dict[LowestRatings, int] = {}
        for (computed, decided), answers in fewest.items():
            for (other_computed, other_decided), more in options:
                pair = _lower(computed, other_computed), _lower(decided, other_decided)
                found[pair] = min(answers + more, found.get(pair, answers + more))
        fewest = found
    return fewest


def _outcomes(edition: Edition, rated: StandardRating) -> Collection[LowestRatings]:
    if rated.standard.is_qualitative:
        if isinstance(rated.computed, Rating):
            return {(rated.computed, rated.computed)}
        if rated.computed.reason is Reason.NOT_JUDGED:
            return {(rating, rating) for rating in Rating}
        return {UNRATED}
    return fewest_answers(
        _question_outcomes(edition, question) for question in rated.key_questions
    ).keys()


def _question_outcomes(
    edition: Edition, question: KeyQuestionRating
) -> Iterable[tuple[LowestRatings, int]]:
    possible = possible_for_key_question(edition, question.code, question.tally)
    for rating in possible.ratings:
        yield (rating, decided_rating(question.discretion, rating, rating)), 0
    if possible.unrated:
        yield UNRATED, 0


def _lower(one: Rating | None, other: Rating | None) -> Rating | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
