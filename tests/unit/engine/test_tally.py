from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.engine import Tally, whole_percent


def test_not_applicable_is_answered_but_not_relevant() -> None:
    tally = Tally(yes=6, no=2, not_applicable=1, unanswered=3)
    assert (tally.relevant, tally.answered, tally.inspected) == (8, 9, 12)


def test_the_percentage_is_yes_of_the_relevant_cases() -> None:
    tally = Tally(yes=6, no=2, not_applicable=4, unanswered=3)
    assert tally.fraction == Fraction(3, 4)
    assert tally.percent == 75


def test_a_prompt_is_published_as_yes_of_the_answered_cases() -> None:
    assert Tally(yes=6, no=2, not_applicable=4, unanswered=3).percent_of_answered == 50


def test_without_a_relevant_case_there_is_no_percentage() -> None:
    tally = Tally(not_applicable=4)
    assert tally.fraction is None
    assert tally.percent is None
    assert tally.percent_of_answered == 0


def test_without_an_answer_there_is_no_percentage_at_all() -> None:
    assert Tally(unanswered=4).percent_of_answered is None


@pytest.mark.parametrize("count", ["yes", "no", "not_applicable", "unanswered"])
def test_a_count_below_zero_is_refused(count: str) -> None:
    with pytest.raises(ValueError, match="below zero"):
        Tally(**{count: -1})


def test_every_percentage_up_to_200_cases_rounds_half_up() -> None:
    for whole in range(1, 201):
        for part in range(whole + 1):
            assert whole_percent(part, whole) == floor(Fraction(100 * part, whole) + Fraction(1, 2))


@given(st.integers(1, 10**12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_printed_percentage_is_within_half_a_point(counts: tuple[int, int]) -> None:
    part, whole = counts
    exact = Fraction(100 * part, whole)
    assert -Fraction(1, 2) < whole_percent(part, whole) - exact <= Fraction(1, 2)
