"""What would move a rating and how likely it is, in words: as the pages print it.

Answers to come and answers that would have to change are told apart.
"""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.framework import Group, Rating
from ratings.distances import closest_moves, overall_facts, standard_facts
from ratings.engine import Likelihood, Tally, Unknown, caseload_likelihoods, sensitivity
from ratings.likelihoods import LIKELIHOOD_WIDTH, likeliest_first, shares
from ratings.pages.rights import Rights
from ratings.service import KeyQuestionRow
from tests.unit.engine.builder import JUDGED, outcome


def likelihood_of(tally: Tally, eligible: int | None) -> Likelihood | Unknown:
    """The likelihood of key question 2.1.1 with ``tally``."""
    found = caseload_likelihoods(outcome({"2.1.1": tally}), {Group.COURT: eligible})
    return found.key_questions["2.1.1"]


def cells(tally: Tally, eligible: int | None = None) -> dict[str, str]:
    """The row of a key question with ``tally``, by the headings of its cells."""
    rated = outcome({"2.1.1": tally})
    row = KeyQuestionRow(
        rated=rated.key_questions_by_code["2.1.1"],
        near=sensitivity(rated).standards["2.1"].key_questions[0],
        decides=False,
        is_lowest=False,
        group=Group.COURT,
        eligible=eligible,
        likelihood=likelihood_of(tally, eligible),
    )
    html = render_to_string(
        "ratings/parts/figures.html",
        {"standard": rated.by_code["2.1"], "rows": [row], "rights": Rights(), "inspection_id": 1},
    )
    found = re.findall(r'<td[^>]* data-label="([^"]+)">(.*?)</td>', html, re.DOTALL)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for label, cell in found}


def test_one_case_more_would_have_lifted_wirral_3_1() -> None:
    found = cells(Tally(yes=9, no=11))

    assert found["% ‘Yes’"] == "45% (9 of 20) One case is 5 points"
    assert found["Next rating up"] == "1 case to Requires improvement 5 points, from No to Yes"
    assert found["Next rating down"] == "Already the lowest"
    assert found["Still possible"] == "Nothing else: all answered."


def test_new_and_changed_answers_are_separate() -> None:
    found = cells(Tally(yes=12, no=8, unanswered=5))

    assert found["Next rating up"] == (
        "1 case to Good 5 points, from No to Yes Or 3 more Yes of 5 to come"
    )
    assert found["Next rating down"] == (
        "3 cases to Inadequate 11 points, from Yes to No Or 5 more No of 5 to come"
    )
    assert found["Still possible"] == (
        "5 of 25 cases to come: Good if all Yes, Inadequate if all No."
    )
    assert "Of 25 court cases, 5 not answered yet" in found["% ‘Yes’"]


def test_answers_to_come_that_are_too_few_are_said_to_be() -> None:
    found = cells(Tally(yes=12, no=8, unanswered=1))

    assert found["Next rating up"].endswith("from No to Yes The 1 to come is too few")


def test_a_case_that_goes_past_the_next_band_says_where_it_ends() -> None:
    found = cells(Tally(yes=1, no=2))

    assert found["Next rating up"].startswith("1 case to Requires improvement, then Good ")
    assert "One case is about 33 points" in found["% ‘Yes’"]


def test_at_the_top_and_without_a_relevant_case_there_is_no_way() -> None:
    assert cells(Tally(yes=9, no=1))["Next rating up"] == "Already the highest"
    none = cells(Tally(not_applicable=4))
    assert none["Next rating up"] == none["Next rating down"] == "–"
    assert none["% ‘Yes’"] == "No relevant case Of 4 court cases, 4 not applicable"


def of_standard(*tallies: Tally) -> dict[str, str]:
    codes = ("2.1.1", "2.1.2", "2.1.3")
    rated = outcome(dict(zip(codes, tallies, strict=True)))
    return dict(standard_facts(sensitivity(rated).standards["2.1"], rated.by_code["2.1"]))


def test_a_standard_says_what_would_move_it() -> None:
    good = Tally(yes=7, no=3)
    found = of_standard(Tally(yes=12, no=8, unanswered=5), good, good)

    assert found == {
        "Answers to come": "3 more Yes would make this Good; 5 more No, Inadequate.",
        "Changed answers": "1 from No to Yes would make this Good; 3 from Yes to No, Inadequate.",
        "Still possible": "Inadequate, Requires improvement or Good; 5 of 45 answers are to come.",
    }


def test_a_fully_answered_standard_shows_only_changed_answers() -> None:
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
    return dict(overall_facts(sensitivity(rated), rated))


def test_the_overall_rating_shows_how_many_points_the_next_ones_are_away() -> None:
    found = overall(tallies={"3.1.1": Tally(yes=5, no=5)})  # 7 of 12

    assert (
        found["Next overall rating"]
        == "4 points up to Outstanding; 1 point down to Requires improvement."
    )
    assert "Still possible" not in found


def test_the_standards_with_the_fewest_changed_answers_to_another_rating_are_named() -> None:
    rated = outcome({"3.1.1": Tally(yes=5, no=5)})

    assert closest_moves(sensitivity(rated)) == (
        "2.1 (1 changed answer from Requires improvement), 3.1 (1 from Inadequate), "
        "3.1 (2 from Good)"
    )


def test_standards_that_are_equally_close_are_all_named_in_the_order_of_the_report() -> None:
    edge = Tally(yes=2, no=2)  # A Yes more makes it Good, a No more Inadequate.
    rated = outcome({"2.1.1": edge, "3.1.1": edge})

    assert closest_moves(sensitivity(rated)) == (
        "2.1 (1 changed answer from Good or Inadequate), 3.1 (1 from Good or Inadequate)"
    )


def test_a_limiting_judgement_is_named_while_it_applies() -> None:
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

    found = overall(tallies=none, inspected={Group.COURT: 3})

    assert found["Still possible"] == "No score: a standard of the score cannot be rated."


LIKELIHOOD = "Likely rating across the whole caseload"


@pytest.mark.parametrize(
    ("tally", "eligible", "words"),
    [
        (
            Tally(yes=16, no=4),
            60,
            "Outstanding 49%, Good 47%, Requires improvement 4%, Inadequate under 1%",
        ),
        (Tally(yes=7, no=3), 10, "Good (certain)"),
        (
            Tally(yes=7, no=3),
            None,
            "Not known: the number of eligible court cases is not recorded.",
        ),
        (Tally(unanswered=3), 9, "Nothing is known yet: no case is answered Yes or No."),
        (
            Tally(yes=7, no=3),
            9,
            "Not known: 10 court cases are inspected, but only 9 recorded as eligible. "
            "Correct the sample.",
        ),
    ],
)
def test_the_likeliest_rating_comes_first_or_it_is_said_why_nothing_is_known(
    tally: Tally, eligible: int | None, words: str
) -> None:
    assert cells(tally, eligible)[LIKELIHOOD] == words


def test_nearly_certain_is_not_certain() -> None:
    words = cells(Tally(yes=90, no=2), 110)[LIKELIHOOD]

    assert words.startswith("Outstanding ") and "100%" not in words


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 15), st.integers(0, 15), st.integers(0, 10), st.integers(0, 40))
def test_the_bar_is_full_and_has_the_ratings_of_the_text_in_order(
    yes: int, no: int, unanswered: int, others: int
) -> None:
    tally = Tally(yes, no, 0, unanswered)
    found = likelihood_of(tally, tally.inspected + others)
    if isinstance(found, Unknown):
        assert not tally.relevant
        return
    at = 0
    for share in shares(found):
        assert share.x == at and share.width > 0
        at += share.width
    assert at == LIKELIHOOD_WIDTH
    order = ["inadequate", "requires_improvement", "good", "outstanding"]
    drawn = [share.modifier for share in shares(found)]
    assert drawn == [key for key in order if key in drawn]
    for key in drawn:
        assert key.replace("_", " ").capitalize() in likeliest_first(found)
