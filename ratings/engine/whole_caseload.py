"""How likely each rating of an inspection is across the whole caseload (method.md, Likelihoods).

The rating is the one that would be computed if every eligible case were answered. Key questions
have the exact distributions of ``likelihood``. They are taken as independent of each other,
although they are about the same cases. The lead inspector's judgements stay as they are, and a
decision of the panel moves nothing here.

All of it is exact: weights are integers over one common total, and become fractions at the end.
It is shown for information and decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import lcm, prod

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition, Group, Standard
from ratings.engine.likelihood import RatingProbability, likelihood
from ratings.engine.outcome import KeyQuestionRating, Outcome, StandardRating


class WhyUnknown(StrEnum):
    """Why nothing is said about the whole caseload."""

    NOT_RECORDED = "NOT_RECORDED"
    """The number of eligible cases of its group isn't recorded."""

    TOO_FEW_ELIGIBLE = "TOO_FEW_ELIGIBLE"
    """Fewer cases of its group are recorded as eligible than are inspected."""

    NOTHING_ANSWERED = "NOTHING_ANSWERED"
    """No case is answered Yes or No."""

    NO_RELEVANT_CASE = "NO_RELEVANT_CASE"
    """Every eligible case is answered Not applicable, or no case is eligible. So it is certain that
    there is no rating, and a standard leaves the key question out."""

    NOT_RATED = "NOT_RATED"
    """A standard of the score has no computed rating, so there is no overall rating."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The absence of a likelihood, and why.

    ``codes`` are those of the key questions that it is about; for ``NOT_RATED`` of the standards.
    """

    why: WhyUnknown
    codes: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return False


@dataclass(frozen=True)
class Likelihood:
    """How likely each rating is across the whole caseload, beside the one ``computed`` now.

    ``probabilities`` has every rating, lowest first, and adds up to one.
    """

    computed: Rating
    probabilities: tuple[RatingProbability, ...]

    @property
    def is_known(self) -> bool:
        return True

    @cached_property
    def same(self) -> Fraction:
        """The probability of the computed rating."""
        return self._of(rating for rating in Rating if rating == self.computed)

    @cached_property
    def higher(self) -> Fraction:
        return self._of(rating for rating in Rating if rating > self.computed)

    @cached_property
    def lower(self) -> Fraction:
        return self.below(self.computed)

    @cached_property
    def another(self) -> Fraction:
        """The probability of any other rating than the computed one; closeness is its order."""
        return 1 - self.same

    def below(self, rating: Rating) -> Fraction:
        """The probability of a rating lower than ``rating``."""
        return self._of(one for one in Rating if one < rating)

    def _of(self, ratings: Iterable[Rating]) -> Fraction:
        wanted = set(ratings)
        return sum(
            (one.probability for one in self.probabilities if one.rating in wanted), Fraction()
        )


@dataclass(frozen=True, slots=True)
class CaseloadLikelihoods:
    """What is known of the whole caseload.

    ``key_questions`` and ``standards`` hold every one that is rated from cases, by code, in the
    report's order. ``scores`` holds the probability of each possible score, ascending; it is
    empty where ``overall`` isn't known.
    """

    key_questions: Mapping[str, Likelihood | Unknown]
    standards: Mapping[str, Likelihood | Unknown]
    overall: Likelihood | Unknown
    scores: Mapping[int, Fraction]


def caseload_likelihoods(
    outcome: Outcome, eligible: Mapping[Group, int | None]
) -> CaseloadLikelihoods:
    """The likelihoods of the computed ratings of ``outcome`` across the whole caseload.

    ``eligible`` is the number of eligible cases of each group from which the sample was drawn; a
    group that isn't in it, or has ``None``, isn't recorded.
    """
    key_questions: dict[str, Likelihood | Unknown] = {}
    standards: dict[str, Likelihood | Unknown] = {}
    for rated in outcome.standards:
        group = rated.standard.group
        if group is None:
            continue
        of_standard = {
            question.code: _of_key_question(outcome.edition, question, eligible.get(group))
            for question in rated.key_questions
        }
        key_questions |= of_standard
        standards[rated.code] = lowest(rated.code, of_standard.values())
    overall, scores = _overall(outcome, standards)
    return CaseloadLikelihoods(key_questions, standards, overall, scores)


def _of_key_question(
    edition: Edition, question: KeyQuestionRating, eligible: int | None
) -> Likelihood | Unknown:
    def unknown(why: WhyUnknown) -> Unknown:
        return Unknown(why, (question.code,))

    tally = question.tally
    if eligible is None:
        return unknown(WhyUnknown.NOT_RECORDED)
    if eligible < tally.inspected:
        return unknown(WhyUnknown.TOO_FEW_ELIGIBLE)
    probabilities = likelihood(edition, tally, eligible=eligible)
    if probabilities is None or not isinstance(question.computed, Rating):
        every_case_is_answered = eligible == tally.answered
        return unknown(
            WhyUnknown.NO_RELEVANT_CASE if every_case_is_answered else WhyUnknown.NOTHING_ANSWERED
        )
    return Likelihood(question.computed, probabilities)


def lowest(code: str, key_questions: Iterable[Likelihood | Unknown]) -> Likelihood | Unknown:
    """The likelihood of the standard ``code``, which takes the lowest of its ``key_questions``.

    It is at least a rating if every key question is, so that probability is the product of theirs.
    A key question that certainly has no relevant case is left out. One that isn't known otherwise
    leaves the standard unknown.
    """
    known: list[Likelihood] = []
    unknown: list[Unknown] = []
    for one in key_questions:
        if isinstance(one, Likelihood):
            known.append(one)
        elif one.why is not WhyUnknown.NO_RELEVANT_CASE:
            unknown.append(one)
    if unknown:
        return _joined(unknown)
    if not known:
        return Unknown(WhyUnknown.NO_RELEVANT_CASE, (code,))
    weights = [_weights(one) for one in known]
    total = prod(of_all for _, of_all in weights)
    at_least = [prod(sum(of_rating[rating:]) for of_rating, _ in weights) for rating in Rating] + [
        0
    ]
    return Likelihood(
        min(one.computed for one in known),
        tuple(
            RatingProbability(rating, Fraction(at_least[rating] - at_least[rating + 1], total))
            for rating in Rating
        ),
    )


def _overall(
    outcome: Outcome, standards: Mapping[str, Likelihood | Unknown]
) -> tuple[Likelihood | Unknown, Mapping[int, Fraction]]:
    """The likelihoods of the overall rating and of each score.

    The scored standards are added one by one. Beside the score so far goes the strictest limit so
    far, as a limiting standard may be rated from cases too.
    """
    edition = outcome.edition
    if outcome.computed_overall is None:
        unrated = tuple(
            standard.code
            for standard in edition.scored_standards
            if not isinstance(outcome.by_code[standard.code].computed, Rating)
        )
        return Unknown(WhyUnknown.NOT_RATED, unrated), {}
    limiting = {limit.standard for limit in edition.limits}
    reached = {(0, max(Rating)): 1}
    total = 1
    unknown = []
    for rated in outcome.standards:
        standard = rated.standard
        if not standard.in_score and standard.code not in limiting:
            continue
        found = standards.get(standard.code)
        if isinstance(found, Unknown) and _is_open(found, rated):
            unknown.append(found)
            continue
        of_rating, of_all = _of_standard(rated, found)
        total *= of_all
        added: defaultdict[tuple[int, Rating], int] = defaultdict(int)
        for rating, weight in of_rating:
            points, cap = _effect(edition, standard, rating)
            for (score, strictest), before in reached.items():
                added[score + points, min(strictest, cap)] += before * weight
        reached = added
    if unknown:
        return _joined(unknown), {}
    ratings = dict.fromkeys(Rating, 0)
    scores: defaultdict[int, int] = defaultdict(int)
    for (score, cap), weight in reached.items():
        ratings[min(edition.rating_of_score(score), cap)] += weight
        scores[score] += weight
    return (
        Likelihood(
            outcome.computed_overall,
            tuple(
                RatingProbability(rating, Fraction(weight, total))
                for rating, weight in ratings.items()
            ),
        ),
        {score: Fraction(weight, total) for score, weight in sorted(scores.items()) if weight},
    )


def _is_open(found: Unknown, rated: StandardRating) -> bool:
    """Whether the whole caseload could give a standard something that nobody knows.

    Without a certain rating it limits nothing, whatever the caseload.
    """
    return found.why is not WhyUnknown.NO_RELEVANT_CASE or rated.standard.in_score


def _of_standard(
    rated: StandardRating, found: Likelihood | Unknown | None
) -> tuple[list[tuple[Rating | None, int]], int]:
    """The ratings of a standard with their weights, and the total of these: one rating for a
    judged standard."""
    if isinstance(found, Likelihood):
        of_rating, total = _weights(found)
        return [(rating, of_rating[rating]) for rating in Rating if of_rating[rating]], total
    return [(rated.computed if isinstance(rated.computed, Rating) else None, 1)], 1


def _effect(edition: Edition, standard: Standard, rating: Rating | None) -> tuple[int, Rating]:
    """What a standard's rating adds to the score, and the highest overall rating that it allows."""
    if rating is None:
        return 0, max(Rating)
    caps = [
        limit.overall_at_most
        for limit in edition.limits
        if limit.standard == standard.code and rating <= limit.rating
    ]
    return int(rating) if standard.in_score else 0, min(caps, default=max(Rating))


def _weights(found: Likelihood) -> tuple[list[int], int]:
    """The probabilities of ``found`` as integers over one total, lowest rating first."""
    total = lcm(*(one.probability.denominator for one in found.probabilities))
    return [
        one.probability.numerator * (total // one.probability.denominator)
        for one in found.probabilities
    ], total


def _joined(unknown: Iterable[Unknown]) -> Unknown:
    """The first reason, with the codes of all that have it."""
    every = list(unknown)
    why = every[0].why
    return Unknown(why, tuple(code for one in every if one.why is why for code in one.codes))
