from __future__ import annotations

import pytest

from inspections.framework.rating import Rating
from ratings.engine import AppliedDiscretion, Discretion, DiscretionError, Tally
from tests.unit.engine.builder import JUDGED, outcome

INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Rating

UP = Discretion("2.1", None, GOOD, OUTSTANDING)


def test_a_decision_on_a_standard_moves_what_is_decided_and_keeps_what_is_computed() -> None:
    result = outcome(discretions=[UP])
    rated = result.by_code["2.1"]
    assert (rated.computed, rated.decided) == (GOOD, OUTSTANDING)
    assert rated.discretion == AppliedDiscretion(UP, computed=GOOD)
    assert (result.computed_score, result.score) == (8, 9)
    assert result.stale == ()


def test_a_decision_on_a_key_question_moves_its_standard_through_the_lowest() -> None:
    down = Discretion("2.1", "2.1.1", OUTSTANDING, GOOD)
    outstanding = {f"2.1.{n}": Tally(yes=9, no=1) for n in (1, 2, 3)}
    rated = outcome(outstanding, discretions=[down]).by_code["2.1"]
    assert (rated.key_questions[0].computed, rated.key_questions[0].decided) == (OUTSTANDING, GOOD)
    assert rated.key_questions[0].tally.percent == 90
    assert (rated.computed, rated.decided) == (OUTSTANDING, GOOD)
    assert rated.deciding == ("2.1.1",)
    assert rated.deciding_computed == ("2.1.1", "2.1.2", "2.1.3")
    assert rated.discretion is None


def test_raising_a_key_question_that_does_not_decide_leaves_the_standard() -> None:
    up = Discretion("2.1", "2.1.1", GOOD, OUTSTANDING)
    assert outcome(discretions=[up]).by_code["2.1"].decided == GOOD


def test_a_decision_on_a_qualitative_standard_moves_the_judgement() -> None:
    rated = outcome(discretions=[Discretion("1.1", None, GOOD, REQUIRES_IMPROVEMENT)]).by_code[
        "1.1"
    ]
    assert (rated.computed, rated.decided) == (GOOD, REQUIRES_IMPROVEMENT)


def test_the_limit_uses_the_decided_rating_of_its_standard() -> None:
    all_outstanding = {
        f"{code}.{n}": Tally(yes=9, no=1) for code in ("2.1", "3.1") for n in (1, 2, 3)
    }
    judged = {"1.1": OUTSTANDING, "3.4": OUTSTANDING, "4.1": INADEQUATE}
    lifted = Discretion("4.1", None, INADEQUATE, REQUIRES_IMPROVEMENT)
    result = outcome(all_outstanding, judgements=judged, discretions=[lifted])
    assert (result.overall, result.limit) == (OUTSTANDING, None)
    assert result.computed_overall == GOOD


def test_a_decision_is_stale_once_its_standard_is_computed_otherwise() -> None:
    result = outcome({"2.1.1": Tally(yes=5, no=5)}, discretions=[UP])
    rated = result.by_code["2.1"]
    assert (rated.computed, rated.decided) == (REQUIRES_IMPROVEMENT, REQUIRES_IMPROVEMENT)
    assert rated.discretion == AppliedDiscretion(UP, computed=REQUIRES_IMPROVEMENT)
    assert rated.discretion.stale and result.stale == (UP,)
    assert result.score == result.computed_score


def test_a_decision_is_stale_when_nothing_is_computed_any_more() -> None:
    none = {f"2.1.{n}": Tally(unanswered=3) for n in (1, 2, 3)}
    result = outcome(none, discretions=[UP])
    assert result.stale == (UP,)
    assert result.missing == ("2.1",)


def test_a_decision_on_a_key_question_is_stale_only_by_that_key_question() -> None:
    down = Discretion("2.1", "2.1.1", OUTSTANDING, GOOD)
    result = outcome({"2.1.1": Tally(yes=7, no=3), "2.1.2": Tally(yes=1, no=9)}, discretions=[down])
    assert result.stale == (down,)
    fresh = outcome({"2.1.1": Tally(yes=9, no=1), "2.1.2": Tally(yes=1, no=9)}, discretions=[down])
    assert fresh.stale == ()


def test_a_decision_on_the_standard_starts_from_computed_and_takes_precedence() -> None:
    on_question = Discretion("2.1", "2.1.1", GOOD, REQUIRES_IMPROVEMENT)
    result = outcome(discretions=[on_question, UP])
    rated = result.by_code["2.1"]
    assert rated.key_questions[0].decided == REQUIRES_IMPROVEMENT
    assert rated.decided == OUTSTANDING


def test_a_stale_decision_on_the_standard_gives_way_to_one_on_a_key_question() -> None:
    on_question = Discretion("2.1", "2.1.1", GOOD, REQUIRES_IMPROVEMENT)
    stale = Discretion("2.1", None, OUTSTANDING, GOOD)
    result = outcome(discretions=[on_question, stale])
    assert result.by_code["2.1"].decided == REQUIRES_IMPROVEMENT
    assert result.stale == (stale,)


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ([Discretion("9.9", None, GOOD, OUTSTANDING)], "standard 9.9, which edition test"),
        ([Discretion("2.1", "3.1.1", GOOD, OUTSTANDING)], "standard 2.1 doesn't have"),
        ([Discretion("1.1", "1.1.1", GOOD, OUTSTANDING)], "can only move standard 1.1"),
        ([Discretion("2.1", None, INADEQUATE, GOOD)], "moves a rating by one band"),
        ([Discretion("2.1", None, GOOD, GOOD)], "from Good to Good"),
        ([UP, Discretion("2.1", None, OUTSTANDING, GOOD)], "two decisions about 2.1"),
    ],
)
def test_a_decision_that_the_panel_cannot_take_is_refused_in_words(
    decisions: list[Discretion], words: str
) -> None:
    with pytest.raises(DiscretionError, match=words):
        outcome(judgements=JUDGED, discretions=decisions)
