"""What would move a rating, in words: answers to come and changed answers told apart."""

from __future__ import annotations

import pytest

from inspections.framework import Group, Rating
from ratings.engine import Tally, sensitivity
from ratings.pages.presenters.distance import (
    Fact,
    KeyQuestionDistance,
    Step,
    key_question_distance,
    overall_distance,
    standard_distance,
)
from tests.unit.engine.builder import JUDGED, outcome


def of_question(tally: Tally) -> KeyQuestionDistance:
    rated = outcome({"2.1.1": tally})
    return key_question_distance(
        rated.key_questions_by_code["2.1.1"], sensitivity(rated).key_questions["2.1.1"]
    )


def of_standard(*tallies: Tally) -> dict[str, str]:
    codes = ("2.1.1", "2.1.2", "2.1.3")
    rated = outcome(dict(zip(codes, tallies, strict=True)))
    facts = standard_distance(rated.by_code["2.1"], sensitivity(rated).standards["2.1"])
    return {fact.what: fact.stands for fact in facts}


def step(way: Step | None) -> tuple[str, str, tuple[str, ...]]:
    assert way is not None
    return way.rating.label, way.points, way.ways


def test_one_case_more_would_have_lifted_wirral_3_1() -> None:
    found = of_question(Tally(yes=9, no=11))

    assert step(found.up) == (
        "Requires improvement",
        "5 points up",
        ("1 changed from No to Yes",),
    )
    assert (found.down, found.no_down) == (None, "Already the lowest")
    assert found.case_worth == "5 points"
    assert found.rest == "None."


def test_answers_to_come_and_changed_answers_are_told_apart() -> None:
    found = of_question(Tally(yes=12, no=8, unanswered=5))

    assert step(found.up) == (
        "Good",
        "5 points up",
        ("3 more Yes of 5 to come", "1 changed from No to Yes"),
    )
    assert step(found.down) == (
        "Inadequate",
        "11 points down",
        ("5 more No of 5 to come", "3 changed from Yes to No"),
    )
    assert found.rest == "5 of 25 cases; all Yes: Good, all No: Inadequate."


def test_answers_to_come_that_are_too_few_are_said_to_be() -> None:
    found = of_question(Tally(yes=12, no=8, unanswered=1))

    assert step(found.up)[2] == ("The 1 to come is too few", "1 changed from No to Yes")


def test_a_case_that_goes_past_the_next_band_says_where_it_ends() -> None:
    found = of_question(Tally(yes=1, no=2))

    assert step(found.up)[2] == ("1 changed from No to Yes: then Good",)
    assert found.case_worth == "about 33 points"


def test_at_the_top_and_without_a_relevant_case_there_is_no_way() -> None:
    assert of_question(Tally(yes=9, no=1)).no_up == "Already the highest"
    none = of_question(Tally(not_applicable=4))
    assert (none.up, none.down, none.no_up, none.no_down) == (
        None,
        None,
        "No relevant case",
        "No relevant case",
    )
    assert none.case_worth == ""


@pytest.mark.parametrize(
    ("relevant", "words"),
    [(1, "100 points"), (11, "about 9 points"), (100, "1 point"), (250, "under half a point")],
)
def test_what_one_case_is_worth(relevant: int, words: str) -> None:
    assert of_question(Tally(yes=relevant)).case_worth == words


def test_a_standard_says_what_would_move_it() -> None:
    good = Tally(yes=7, no=3)
    found = of_standard(Tally(yes=12, no=8, unanswered=5), good, good)

    assert found == {
        "Answers to come": "3 more Yes would make this Good; 5 more No, Inadequate.",
        "Changed answers": "1 from No to Yes would make this Good; 3 from Yes to No, Inadequate.",
        "Still possible": "Inadequate, Requires improvement or Good; 5 of 45 answers are to come.",
    }


def test_a_standard_that_is_answered_throughout_speaks_of_changed_answers_alone() -> None:
    outstanding = Tally(yes=10)

    assert of_standard(outstanding, outstanding, outstanding) == {
        "Changed answers": "3 from Yes to No would make this Good.",
    }


def test_answers_to_come_that_move_nothing_are_said_to_move_nothing() -> None:
    found = of_standard(Tally(yes=57, no=43, unanswered=1), Tally(yes=100), Tally(yes=100))

    assert found["Answers to come"] == "They cannot move this standard by themselves."
    assert found["Still possible"] == "Requires improvement; 1 of 301 answers are to come."


def test_a_standard_without_a_rating_says_what_it_may_become() -> None:
    nothing = Tally(unanswered=2)

    assert of_standard(nothing, nothing, nothing) == {
        "Still possible": "Inadequate, Requires improvement, Outstanding or not rated; "
        "6 of 6 answers are to come.",
    }


def overall(**changed: object) -> dict[str, str]:
    rated = outcome(**changed)  # type: ignore[arg-type]
    return {fact.what: fact.stands for fact in overall_distance(rated, sensitivity(rated))}


def test_the_whole_says_how_far_the_next_overall_ratings_are_and_what_moves_it_most_cheaply() -> (
    None
):
    found = overall(tallies={"3.1.1": Tally(yes=5, no=5)})  # 7 of 12

    assert (
        found["Next overall rating"]
        == "4 points up to Outstanding; 1 point down to Requires improvement."
    )
    assert found["Nearest to rise"] == (
        "3.1 to Good with 2 changed answers (score 8); 2.1 to Outstanding with 3 changed answers "
        "(score 8)."
    )
    assert found["Nearest to fall"].startswith("2.1 to Requires improvement with 1 changed answer")
    assert "Still possible" not in found


def test_a_limiting_judgement_is_named_while_its_standard_holds_it() -> None:
    found = overall(judgements={**JUDGED, "4.1": Rating.INADEQUATE})

    assert found["Next overall rating"].endswith(
        "Whatever the score, no higher than Good while 4.1 Standard 4.1 is Inadequate."
    )


def test_while_something_is_open_the_possible_scores_and_ratings_are_named() -> None:
    found = overall(judgements={"1.1": Rating.GOOD})

    assert "Next overall rating" not in found
    assert found["Still possible"] == "Score 6 to 9 of 12: Requires improvement or Good."


def test_a_standard_that_can_not_be_rated_leaves_no_score() -> None:
    none = {f"2.1.{number}": Tally(not_applicable=3) for number in (1, 2, 3)}
    rated = outcome(none, inspected={Group.COURT: 3})

    assert overall_distance(rated, sensitivity(rated))[-1] == Fact(
        "Still possible", "No score: a standard of the score cannot be rated."
    )
