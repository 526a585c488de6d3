from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.framework.rating import Rating
from ratings.engine import Tally, likelihood, whole_percent
from ratings.engine.likelihood import band_probabilities, relevant_population
from tests.unit.engine.builder import edition

EDITION = edition()


def probabilities(population: int, relevant: int, yes: int) -> dict[Rating, Fraction]:
    found = band_probabilities(EDITION, population=population, relevant=relevant, yes=yes)
    return {one.rating: one.probability for one in found}


def every_drawing(population: int, relevant: int) -> list[dict[Rating, int]]:
    """For each number of Yes in the sample, how many (population, sample) pairs give each
    band of the population: every population and every sample drawn from it, one by one.

    Each number of Yes in the population has the same number of samples, so counting
    pairs is the uniform prior.
    """
    found: list[dict[Rating, int]] = [dict.fromkeys(Rating, 0) for _ in range(relevant + 1)]
    for yes_in_population in range(population + 1):
        rating = EDITION.rating_of_percent(whole_percent(yes_in_population, population))
        for sample in combinations(range(population), relevant):
            found[sum(case < yes_in_population for case in sample)][rating] += 1
    return found


@pytest.mark.parametrize("population", range(1, 11))
def test_probabilities_equal_the_count_of_every_sample_of_every_population(
    population: int,
) -> None:
    for relevant in range(min(population, 8) + 1):
        for yes, counts in enumerate(every_drawing(population, relevant)):
            total = sum(counts.values())
            assert probabilities(population, relevant, yes) == {
                rating: Fraction(count, total) for rating, count in counts.items()
            }


def test_a_sample_that_is_the_whole_population_gives_certainty() -> None:
    assert probabilities(20, 20, 9) == {
        Rating.INADEQUATE: 1,
        Rating.REQUIRES_IMPROVEMENT: 0,
        Rating.GOOD: 0,
        Rating.OUTSTANDING: 0,
    }


def test_without_an_answer_every_number_of_yes_is_equally_likely() -> None:
    # Of 0 to 100 Yes in 100 cases: 50 print below 50, then 15, 15 and 21.
    assert list(probabilities(100, 0, 0).values()) == [
        Fraction(count, 101) for count in (50, 15, 15, 21)
    ]


def test_one_yes_of_one_case_in_two_leaves_the_other_open() -> None:
    # 1 of 2 Yes shows a Yes half the time, 2 of 2 always: 1/3 and 2/3.
    assert probabilities(2, 1, 1) == {
        Rating.INADEQUATE: 0,
        Rating.REQUIRES_IMPROVEMENT: Fraction(1, 3),
        Rating.GOOD: 0,
        Rating.OUTSTANDING: Fraction(2, 3),
    }


samples = st.integers(1, 400).flatmap(
    lambda population: st.integers(0, population).flatmap(
        lambda relevant: st.tuples(st.just(population), st.just(relevant), st.integers(0, relevant))
    )
)


@given(samples)
def test_probabilities_follow_the_hypergeometric_likelihood(sample: tuple[int, int, int]) -> None:
    population, relevant, yes = sample
    weights = dict.fromkeys(Rating, 0)
    for k in range(population + 1):
        rating = EDITION.rating_of_percent(whole_percent(k, population))
        weights[rating] += comb(k, yes) * comb(population - k, relevant - yes)
    total = comb(population + 1, relevant + 1)
    found = probabilities(*sample)
    assert sum(found.values()) == 1
    assert found == {rating: Fraction(weight, total) for rating, weight in weights.items()}


@given(samples)
def test_another_yes_never_makes_a_higher_band_less_likely(sample: tuple[int, int, int]) -> None:
    population, relevant, yes = sample
    if yes == relevant:
        return
    fewer, more = probabilities(*sample), probabilities(population, relevant, yes + 1)
    for rating in Rating:
        at_least = [one for one in Rating if one >= rating]
        assert sum(more[one] for one in at_least) >= sum(fewer[one] for one in at_least)


@pytest.mark.parametrize(
    ("population", "relevant", "yes", "words"),
    [
        (9, 10, 5, "sample of 10 can't come from a population of 9"),
        (0, 0, 0, "without a relevant case"),
        (9, 3, 4, "4 Yes can't be among 3"),
        (9, 3, -1, "-1 Yes"),
    ],
)
def test_a_sample_that_cannot_be_is_refused_in_words(
    population: int, relevant: int, yes: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        probabilities(population, relevant, yes)


def test_a_caseload_of_5000_is_counted_in_full() -> None:
    assert sum(probabilities(5000, 160, 111).values()) == 1


def test_the_relevant_share_of_the_sample_is_assumed_of_the_caseload() -> None:
    assert relevant_population(200, 50, 40) == 160
    assert relevant_population(5, 2, 1) == 3  # 2.5, half up


def test_where_every_answer_is_yes_or_no_the_whole_caseload_is_relevant() -> None:
    assert relevant_population(137, 31, 31) == 137


def test_without_an_answer_the_whole_caseload_is_taken_as_relevant() -> None:
    assert relevant_population(137, 0, 0) == 137


def test_the_relevant_population_of_a_sample_that_is_the_caseload_is_exact() -> None:
    assert relevant_population(24, 24, 22) == 22


@given(st.integers(0, 300), st.data())
def test_the_relevant_population_fits_between_what_the_sample_shows(
    eligible: int, data: st.DataObject
) -> None:
    answered = data.draw(st.integers(0, eligible))
    relevant = data.draw(st.integers(0, answered))
    found = relevant_population(eligible, answered, relevant)
    assert relevant <= found <= eligible - (answered - relevant)


@pytest.mark.parametrize("counts", [(10, 11, 5), (10, 5, 6), (10, 5, -1)])
def test_counts_that_are_no_sample_of_the_caseload_are_refused(
    counts: tuple[int, int, int],
) -> None:
    with pytest.raises(ValueError, match="eligible cases"):
        relevant_population(*counts)


def test_the_likelihood_uses_the_relevant_share_and_ignores_unanswered_cases() -> None:
    found = likelihood(EDITION, Tally(yes=3, no=1, not_applicable=1, unanswered=5), eligible=20)
    assert found == band_probabilities(EDITION, population=16, relevant=4, yes=3)


def test_there_is_no_likelihood_before_a_relevant_answer() -> None:
    assert likelihood(EDITION, Tally(not_applicable=1, unanswered=5), eligible=20) is None


def test_the_likelihood_refuses_fewer_eligible_than_inspected_cases() -> None:
    with pytest.raises(ValueError, match="10 inspected cases can't come from 9"):
        likelihood(EDITION, Tally(yes=3, unanswered=7), eligible=9)
