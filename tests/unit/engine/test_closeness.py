"""Which ratings come first for the panel, and why."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.framework.rating import Rating
from inspections.framework.schema import Group
from ratings.engine import (
    LikeliestChange,
    Likelihood,
    Tally,
    Unknown,
    WhyUnknown,
    caseload_likelihoods,
    closest_first,
    likeliest_change,
)
from ratings.engine.likelihood import RatingProbability
from tests.unit.engine.builder import edition, outcome

INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Rating
ELIGIBLE = {Group.COURT: 60, Group.OUT_OF_COURT: 60}
FEW, HALF, MOST = Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)


def likely(another: Fraction) -> Likelihood:
    """A Good rating that would be Outstanding with the probability ``another``."""
    shares = (Fraction(), Fraction(), 1 - another, another)
    return Likelihood(GOOD, tuple(map(RatingProbability, Rating, shares)))


def test_the_likeliest_to_be_another_rating_comes_first() -> None:
    found = closest_first({"2.1": likely(FEW), "2.1.1": likely(MOST), "2.2": likely(HALF)})
    assert found == ("2.1.1", "2.2", "2.1")


def test_equally_likely_ratings_stay_in_their_order() -> None:
    assert closest_first({"3.1": likely(HALF), "2.1": likely(HALF)}) == ("3.1", "2.1")


def test_a_rating_of_which_nothing_is_known_has_no_place() -> None:
    unknown = Unknown(WhyUnknown.NOT_RECORDED, ("2.1.1",))
    assert closest_first({"2.1": unknown, "2.2": likely(FEW)}) == ("2.2",)


def change(**tallies: Tally) -> LikeliestChange | None:
    """The likeliest change of standard 2.1; what isn't given is met in 49 of 50 cases."""
    sure = {f"2.1.{number}": Tally(49, 1) for number in (1, 2, 3)}
    given_ = {code.replace("_", ".").removeprefix("q"): tally for code, tally in tallies.items()}
    rated = outcome(sure | given_)
    found = caseload_likelihoods(rated, ELIGIBLE)
    standard = found.standards["2.1"]
    assert isinstance(standard, Likelihood)
    return likeliest_change(edition(), rated.by_code["2.1"], standard, found.key_questions)


def test_on_the_way_up_the_lowest_key_question_is_named_with_its_distance() -> None:
    tally = Tally(9, 11)
    assert change(q2_1_2=tally) == LikeliestChange(
        "2.1.2", tally, is_up=True, answers=1, to_rating=REQUIRES_IMPROVEMENT, as_low=()
    )


def test_of_several_lowest_the_one_that_holds_the_standard_down_most_is_named() -> None:
    found = change(q2_1_1=Tally(24, 26), q2_1_2=Tally(22, 28))
    assert found is not None and found.is_up
    assert (found.key_question, found.answers, found.as_low) == ("2.1.2", 3, ("2.1.1",))


def test_on_the_way_down_the_likeliest_to_be_below_the_standard_is_named() -> None:
    # 2.1.1 is Good and decides; 2.1.3 is Outstanding in a sample so small that it is less sure.
    tally = Tally(4, 1)
    found = change(q2_1_1=Tally(39, 11), q2_1_3=tally)
    assert found == LikeliestChange(
        "2.1.3", tally, is_up=False, answers=1, to_rating=REQUIRES_IMPROVEMENT, as_low=()
    )


def test_a_certain_rating_has_no_likeliest_change() -> None:
    assert change(**{f"q2_1_{number}": Tally(49, 11) for number in (1, 2, 3)}) is None


counts = (
    st.tuples(st.integers(0, 20), st.integers(0, 20)).filter(any).map(lambda both: Tally(*both))
)


@settings(max_examples=100, deadline=None)
@given(st.fixed_dictionaries({f"2.1.{number}": counts for number in (1, 2, 3)}))
def test_the_change_named_takes_the_key_question_past_the_standards_rating(
    tallies: dict[str, Tally],
) -> None:
    rated = outcome(tallies)
    likelihoods = caseload_likelihoods(rated, ELIGIBLE)
    standard = likelihoods.standards["2.1"]
    assert isinstance(standard, Likelihood)
    found = likeliest_change(edition(), rated.by_code["2.1"], standard, likelihoods.key_questions)
    assert found is not None
    tally = tallies[found.key_question]
    step = 1 if found.is_up else -1
    ratings = [
        outcome({"2.1.1": Tally(tally.yes + step * more, tally.no - step * more)})
        .key_questions_by_code["2.1.1"]
        .computed
        for more in range(found.answers + 1)
    ]
    beyond = [
        isinstance(one, Rating)
        and (one > standard.computed if found.is_up else one < standard.computed)
        for one in ratings
    ]
    assert beyond == [False] * found.answers + [True]
    assert ratings[-1] == found.to_rating
    assert found.is_up == (standard.higher >= standard.lower)
