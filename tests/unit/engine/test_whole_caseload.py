"""Likelihoods of standards and of the overall rating, against every outcome of the caseload.

The rules of ``rate`` are the measure: a caseload is rated as if all of its cases were answered.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import comb, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition, Group, Limit
from ratings.engine import (
    CaseloadLikelihoods,
    Discretion,
    Likelihood,
    Outcome,
    Tally,
    Unknown,
    WhyUnknown,
    caseload_likelihoods,
    rate,
)
from ratings.engine.likelihood import relevant_population
from tests.unit.engine.builder import JUDGED, edition, outcome

INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Rating
CODES = [f"{standard}.{number}" for standard in ("2.1", "3.1") for number in (1, 2, 3)]
LIMITED_BY_CASES = edition().model_copy(
    update={
        "limits": (
            Limit(standard="4.1", rating=INADEQUATE, overall_at_most=GOOD),
            Limit(standard="2.1", rating=REQUIRES_IMPROVEMENT, overall_at_most=INADEQUATE),
        )
    }
)
"""An edition in which a standard rated from cases limits the overall rating, too."""

Eligible = Mapping[Group, int | None]


def probabilities(found: Likelihood | Unknown) -> dict[Rating, Fraction]:
    assert isinstance(found, Likelihood)
    return {one.rating: one.probability for one in found.probabilities}


def known(found: Likelihood | Unknown) -> Likelihood:
    assert isinstance(found, Likelihood)
    return found


def sampled(
    tallies: Mapping[str, Tally],
    eligible: Eligible,
    *,
    judgements: Mapping[str, Rating] | None = None,
    under: Edition | None = None,
) -> tuple[Outcome, CaseloadLikelihoods]:
    rated = outcome(tallies, judgements=judgements, under=under)
    return rated, caseload_likelihoods(rated, eligible)


# --- Every outcome of the caseload


def every_caseload(tallies: Mapping[str, Tally], eligible: int) -> Iterator[tuple[Outcome, int]]:
    """Every number of Yes that each key question can have in the caseload, rated, with its weight:
    the number of samples of the caseload that would show what was sampled."""
    populations = [
        relevant_population(eligible, tally.answered, tally.relevant) for tally in tallies.values()
    ]
    for numbers in product(*(range(population + 1) for population in populations)):
        weight = 1
        whole = {}
        for (code, tally), population, yes in zip(
            tallies.items(), populations, numbers, strict=True
        ):
            weight *= comb(yes, tally.yes) * comb(population - yes, tally.no)
            whole[code] = Tally(yes=yes, no=population - yes)
        if weight:
            yield outcome(whole), weight


def small_samples(
    most_eligible: int, codes: list[str]
) -> st.SearchStrategy[tuple[int, dict[str, Tally]]]:
    """A number of eligible cases, and answers of a sample of them with a relevant case each."""

    def tallies(eligible: int) -> st.SearchStrategy[Tally]:
        return st.integers(1, eligible).flatmap(
            lambda relevant: st.builds(
                lambda yes, other: Tally(yes, relevant - yes, other),
                st.integers(0, relevant),
                st.integers(0, eligible - relevant),
            )
        )

    return st.integers(1, most_eligible).flatmap(
        lambda eligible: st.tuples(
            st.just(eligible), st.fixed_dictionaries({code: tallies(eligible) for code in codes})
        )
    )


@settings(max_examples=40, deadline=None)
@given(small_samples(5, CODES[:3]))
def test_a_standards_likelihood_is_the_share_of_all_caseloads_that_give_it(
    sample: tuple[int, dict[str, Tally]],
) -> None:
    eligible, tallies = sample
    counted: Counter[Rating] = Counter()
    for whole, weight in every_caseload(tallies, eligible):
        rating = whole.by_code["2.1"].computed
        assert isinstance(rating, Rating)
        counted[rating] += weight
    rated, found = sampled(tallies, {Group.COURT: eligible})
    assert probabilities(found.standards["2.1"]) == {
        rating: Fraction(counted[rating], counted.total()) for rating in Rating
    }
    assert known(found.standards["2.1"]).computed == rated.by_code["2.1"].computed


@settings(max_examples=8, deadline=None)
@given(
    small_samples(3, CODES),
    st.fixed_dictionaries({code: st.sampled_from(Rating) for code in JUDGED}),
    st.sampled_from([edition(), LIMITED_BY_CASES]),
)
def test_the_overall_likelihood_is_the_share_of_all_caseloads_that_give_it(
    sample: tuple[int, dict[str, Tally]], judgements: dict[str, Rating], under: Edition
) -> None:
    eligible, tallies = sample
    overall: Counter[Rating] = Counter()
    scores: Counter[int] = Counter()
    for whole, weight in every_caseload(tallies, eligible):
        of_all = {code: question.tally for code, question in whole.key_questions_by_code.items()}
        result = rate(under, of_all, {}, judgements, ())
        assert result.overall is not None and result.score is not None
        overall[result.overall] += weight
        scores[result.score] += weight
    rated, found = sampled(
        tallies,
        {Group.COURT: eligible, Group.OUT_OF_COURT: eligible},
        judgements=judgements,
        under=under,
    )
    assert probabilities(found.overall) == {
        rating: Fraction(overall[rating], overall.total()) for rating in Rating
    }
    assert found.scores == {
        score: Fraction(weight, scores.total()) for score, weight in scores.items()
    }
    assert known(found.overall).computed == rated.overall


# --- Simulated caseloads


def simulated_yes(random_: random.Random, tally: Tally, population: int) -> int:
    """The Yes of a caseload, drawn in another way than by counting: a chance of Yes after what was
    sampled (a beta distribution), then each case that nobody read."""
    chance = random_.betavariate(tally.yes + 1, tally.no + 1)
    unread = population - tally.relevant
    return tally.yes + sum(random_.random() < chance for _ in range(unread))


def test_simulated_caseloads_agree_within_four_standard_errors() -> None:
    rounds, seed = 4000, 20211
    answers = [(20, 11), (14, 17), (25, 6), (9, 11), (12, 8), (15, 5)]
    tallies = {code: Tally(yes, no) for code, (yes, no) in zip(CODES, answers, strict=True)}
    eligible = {Group.COURT: 75, Group.OUT_OF_COURT: 42}
    judgements = {**JUDGED, "1.1": OUTSTANDING, "3.4": OUTSTANDING}
    _, found = sampled(tallies, eligible, judgements=judgements, under=LIMITED_BY_CASES)
    drawn: dict[str, Counter[Rating]] = {code: Counter() for code in ("2.1", "3.1", "overall")}
    random_ = random.Random(seed)
    for _ in range(rounds):
        whole = {}
        for code, tally in tallies.items():
            population = eligible[Group.COURT if code.startswith("2") else Group.OUT_OF_COURT]
            yes = simulated_yes(random_, tally, population)
            whole[code] = Tally(yes, population - yes)
        result = rate(LIMITED_BY_CASES, whole, {}, judgements, ())
        for code in ("2.1", "3.1"):
            rating = result.by_code[code].computed
            assert isinstance(rating, Rating)
            drawn[code][rating] += 1
        assert result.overall is not None
        drawn["overall"][result.overall] += 1
    for code, exact in {**found.standards, "overall": found.overall}.items():
        for rating, probability in probabilities(exact).items():
            error = sqrt(probability * (1 - probability) / rounds)
            assert abs(drawn[code][rating] / rounds - probability) <= 4 * error
    assert sum(0 < one < 1 for one in probabilities(found.overall).values()) >= 2


# --- What holds of every caseload

samples = st.fixed_dictionaries(
    {
        code: st.tuples(st.integers(0, 30), st.integers(0, 30))
        .filter(any)
        .map(lambda counts: Tally(*counts))
        for code in CODES
    }
)


@settings(max_examples=50, deadline=None)
@given(samples, st.integers(60, 200))
def test_likelihoods_add_up_to_one_and_split_into_same_higher_and_lower(
    tallies: dict[str, Tally], eligible: int
) -> None:
    _, found = sampled(tallies, {Group.COURT: eligible, Group.OUT_OF_COURT: eligible})
    for one in (*found.key_questions.values(), *found.standards.values(), found.overall):
        assert sum(probabilities(one).values()) == 1
        assert list(probabilities(one)) == list(Rating)
        assert known(one).same + known(one).higher + known(one).lower == 1
        assert known(one).another == known(one).higher + known(one).lower
    assert sum(found.scores.values()) == 1
    assert list(found.scores) == sorted(found.scores)


@settings(max_examples=50, deadline=None)
@given(samples, st.integers(60, 200))
def test_a_standard_is_never_likelier_to_reach_a_rating_than_any_of_its_key_questions(
    tallies: dict[str, Tally], eligible: int
) -> None:
    _, found = sampled(tallies, {Group.COURT: eligible, Group.OUT_OF_COURT: eligible})
    for code, standard in found.standards.items():
        for question in (one for key, one in found.key_questions.items() if key.startswith(code)):
            for rating in Rating:
                assert known(standard).below(rating) >= known(question).below(rating)


@settings(max_examples=50, deadline=None)
@given(samples, st.sampled_from(CODES), st.integers(60, 200))
def test_another_yes_never_makes_a_lower_rating_likelier(
    tallies: dict[str, Tally], code: str, eligible: int
) -> None:
    fewer = tallies[code]
    if not fewer.no:
        return
    groups = {Group.COURT: eligible, Group.OUT_OF_COURT: eligible}
    more = {**tallies, code: Tally(fewer.yes + 1, fewer.no - 1)}
    _, before = sampled(tallies, groups)
    _, after = sampled(more, groups)
    for rating in Rating:
        assert known(after.overall).below(rating) <= known(before.overall).below(rating)
        for standard in ("2.1", "3.1"):
            lower = known(after.standards[standard]).below(rating)
            assert lower <= known(before.standards[standard]).below(rating)


def test_a_sample_that_is_the_whole_caseload_gives_certainty() -> None:
    tallies = {code: Tally(14, 6) for code in CODES} | {"2.1.2": Tally(9, 11)}
    rated, found = sampled(tallies, {Group.COURT: 20, Group.OUT_OF_COURT: 20})
    for one in (*found.key_questions.values(), *found.standards.values(), found.overall):
        assert known(one).same == 1
    assert known(found.standards["2.1"]).computed == INADEQUATE
    assert found.scores == {rated.score: 1}


def test_a_group_that_is_read_in_full_is_certain_beside_one_that_is_not() -> None:
    _, found = sampled({}, {Group.COURT: 10, Group.OUT_OF_COURT: 40})
    assert known(found.standards["2.1"]).another == 0
    assert known(found.standards["3.1"]).another > 0


# --- Limits, judgements and decisions


def test_an_inadequate_resettlement_standard_caps_the_overall_rating() -> None:
    certain = {code: Tally(yes=10) for code in CODES}
    best = {"1.1": OUTSTANDING, "3.4": OUTSTANDING}
    eligible = {Group.COURT: 20, Group.OUT_OF_COURT: 20}
    _, free = sampled(certain, eligible, judgements={**best, "4.1": GOOD})
    _, capped = sampled(certain, eligible, judgements={**best, "4.1": INADEQUATE})
    assert probabilities(free.overall)[OUTSTANDING] > Fraction(1, 2)
    assert probabilities(capped.overall)[OUTSTANDING] == 0
    assert free.scores == capped.scores


def test_a_resettlement_standard_without_a_judgement_limits_nothing() -> None:
    eligible = {Group.COURT: 20, Group.OUT_OF_COURT: 20}
    _, unjudged = sampled({}, eligible, judgements={"1.1": GOOD, "3.4": GOOD})
    _, judged = sampled({}, eligible)
    assert probabilities(unjudged.overall) == probabilities(judged.overall)


def test_a_decision_of_the_panel_moves_no_likelihood() -> None:
    eligible = {Group.COURT: 20, Group.OUT_OF_COURT: 20}
    decided = outcome(discretions=[Discretion("2.1", None, GOOD, OUTSTANDING)])
    assert decided.by_code["2.1"].decided == OUTSTANDING
    assert caseload_likelihoods(decided, eligible) == caseload_likelihoods(outcome(), eligible)


# --- What is not known


def test_without_the_number_of_eligible_cases_nothing_of_the_group_is_known() -> None:
    _, found = sampled({}, {Group.OUT_OF_COURT: 40})
    codes = ("2.1.1", "2.1.2", "2.1.3")
    assert found.key_questions["2.1.1"] == Unknown(WhyUnknown.NOT_RECORDED, ("2.1.1",))
    assert found.standards["2.1"] == Unknown(WhyUnknown.NOT_RECORDED, codes)
    assert found.overall == Unknown(WhyUnknown.NOT_RECORDED, codes)
    assert found.scores == {}
    assert isinstance(found.standards["3.1"], Likelihood)


def test_fewer_eligible_than_inspected_cases_are_no_caseload() -> None:
    _, found = sampled({}, {Group.COURT: 9, Group.OUT_OF_COURT: 40})
    assert found.standards["2.1"] == Unknown(
        WhyUnknown.TOO_FEW_ELIGIBLE, ("2.1.1", "2.1.2", "2.1.3")
    )


def test_a_key_question_without_a_yes_or_no_leaves_its_standard_unknown() -> None:
    _, found = sampled({"2.1.2": Tally(not_applicable=9, unanswered=1)}, {Group.COURT: 10})
    assert found.standards["2.1"] == Unknown(WhyUnknown.NOTHING_ANSWERED, ("2.1.2",))


def test_a_key_question_that_no_case_of_the_caseload_concerns_is_left_out() -> None:
    tallies = {"2.1.1": Tally(4, 6), "2.1.2": Tally(not_applicable=10)}
    _, found = sampled(tallies, {Group.COURT: 10})
    assert found.key_questions["2.1.2"] == Unknown(WhyUnknown.NO_RELEVANT_CASE, ("2.1.2",))
    assert probabilities(found.standards["2.1"])[INADEQUATE] == 1


def test_a_standard_that_no_case_of_the_caseload_concerns_has_no_likelihood() -> None:
    none = {code: Tally(not_applicable=10) for code in CODES[:3]}
    _, found = sampled(none, {Group.COURT: 10, Group.OUT_OF_COURT: 40})
    assert found.standards["2.1"] == Unknown(WhyUnknown.NO_RELEVANT_CASE, ("2.1",))
    assert found.overall == Unknown(WhyUnknown.NOT_RATED, ("2.1",))


@pytest.mark.parametrize("missing", ["1.1", "3.4"])
def test_without_a_judgement_there_is_no_overall_likelihood(missing: str) -> None:
    judgements = {code: rating for code, rating in JUDGED.items() if code != missing}
    _, found = sampled({}, {Group.COURT: 20, Group.OUT_OF_COURT: 20}, judgements=judgements)
    assert found.overall == Unknown(WhyUnknown.NOT_RATED, (missing,))
    assert isinstance(found.standards["2.1"], Likelihood)
