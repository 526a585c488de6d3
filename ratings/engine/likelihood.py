"""The likelihood of each rating of a key question across the whole caseload.

The sample is taken to be drawn at random, without replacement, from a population of
known size. Before the sample, every number of Yes in that population is equally likely. The
posterior is exact: the hypergeometric likelihood in integers, and fractions of them. It is shown
for information and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition
from ratings.engine.counts import Tally, least_yes


@dataclass(frozen=True, slots=True)
class RatingProbability:
    """A rating and the probability that the whole population would give it."""

    rating: Rating
    probability: Fraction


def band_probabilities(
    edition: Edition, *, population: int, relevant: int, yes: int
) -> tuple[RatingProbability, ...]:
    """The probability of each band's rating, lowest first, adding up to one.

    ``population`` is the number of cases to which the question is relevant in the whole
    caseload, ``relevant`` how many of them were answered and ``yes`` how many Yes. The
    population's percentage is rounded and banded as a sample's is. Without an answer
    only the prior counts; a sample that is the whole population gives certainty.

    Raises ``ValueError`` when the population is empty or smaller than the sample, or
    when there are more Yes than relevant cases.
    """
    if not 0 <= yes <= relevant:
        raise ValueError(f"{yes} Yes can't be among {relevant} relevant cases")
    if population < 1:
        raise ValueError("A population without a relevant case has no percentage")
    if population < relevant:
        raise ValueError(
            f"A sample of {relevant} can't come from a population of {population} relevant cases"
        )
    no = relevant - yes
    # With K Yes in the population, the sample's likelihood is proportional to
    # C(K, yes) · C(population - K, no). Each weight follows from the one before by a
    # ratio of small integers.
    weight = comb(population - yes, no)
    total = 0
    below = [0] * (population + 2)  # below[k]: the weights of all numbers of Yes below k
    for k in range(population + 1):
        if yes <= k <= population - no:
            total += weight
            if k < population - no:
                weight = (
                    weight * (k + 1) * (population - k - no) // ((k + 1 - yes) * (population - k))
                )
        below[k + 1] = total
    return tuple(
        RatingProbability(
            band.rating,
            Fraction(
                below[min(least_yes(population, band.highest + 1), population + 1)]
                - below[least_yes(population, band.lowest)],
                total,
            ),
        )
        for band in edition.bands
    )


def relevant_population(eligible: int, answered: int, relevant: int) -> int:
    """How many of the ``eligible`` cases a question is taken to be relevant to.

    Of ``answered`` cases in the sample, ``relevant`` were answered Yes or No and the
    rest Not applicable. The same share is assumed of the whole caseload, rounded half
    up: 40 of 50 relevant means 160 of 200. Nobody counts relevance outside the sample, so
    this is an estimate taken as known, and the probabilities are a little narrower for
    it. Where every answer is Yes or No, as the 2021 edition demands, it is exact. It is
    never below ``relevant``. Without an answer, every eligible case counts as relevant.

    Raises ``ValueError`` when the counts can't be of one sample from the population.
    """
    if not 0 <= relevant <= answered <= eligible:
        raise ValueError(
            f"{relevant} relevant of {answered} answered cases can't come "
            f"from {eligible} eligible cases"
        )
    if answered == 0:
        return eligible
    return (2 * eligible * relevant + answered) // (2 * answered)


def likelihood(
    edition: Edition, tally: Tally, *, eligible: int
) -> tuple[RatingProbability, ...] | None:
    """The probability of each rating of a key question over the ``eligible`` cases.

    Unanswered cases of the sample belong to the unknown part of the caseload. ``None`` when no
    answered case is relevant, so that nothing is known.

    Raises ``ValueError`` when fewer cases are eligible than inspected.
    """
    if eligible < tally.inspected:
        raise ValueError(
            f"{tally.inspected} inspected cases can't come from {eligible} eligible cases"
        )
    if tally.relevant == 0:
        return None
    return band_probabilities(
        edition,
        population=relevant_population(eligible, tally.answered, tally.relevant),
        relevant=tally.relevant,
        yes=tally.yes,
    )
