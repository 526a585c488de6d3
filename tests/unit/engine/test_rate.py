from __future__ import annotations

import pytest

from inspections.framework.rating import Rating
from inspections.framework.schema import Group, Limit
from ratings.engine import EvidenceError, NotRateable, Reason, Tally, rate
from tests.unit.engine.builder import JUDGED, edition, outcome

INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Rating


def test_a_standard_takes_the_lowest_of_its_key_questions() -> None:
    rated = outcome(
        {"2.1.1": Tally(yes=9, no=1), "2.1.2": Tally(yes=5, no=5), "2.1.3": Tally(yes=7, no=3)}
    ).by_code["2.1"]
    assert [question.computed for question in rated.key_questions] == [
        OUTSTANDING,
        REQUIRES_IMPROVEMENT,
        GOOD,
    ]
    assert rated.computed == rated.decided == REQUIRES_IMPROVEMENT
    assert rated.deciding == rated.deciding_computed == ("2.1.2",)


def test_every_key_question_at_the_lowest_rating_decides() -> None:
    rated = outcome({"2.1.2": Tally(yes=9, no=1)}).by_code["2.1"]
    assert rated.deciding == ("2.1.1", "2.1.3")


def test_a_key_question_explains_itself() -> None:
    question = outcome({"2.1.2": Tally(yes=5, no=5)}).key_questions_by_code["2.1.2"]
    assert question.tally == Tally(yes=5, no=5)
    assert question.band is not None
    assert question.band.name == "too few"


def test_a_key_question_with_no_relevant_case_is_left_out() -> None:
    rated = outcome({"2.1.2": Tally(not_applicable=10)}).by_code["2.1"]
    assert rated.key_questions[1].computed == NotRateable(Reason.NO_RELEVANT_CASE)
    assert rated.key_questions[1].band is None
    assert rated.computed == GOOD
    assert rated.deciding == ("2.1.1", "2.1.3")


def test_a_standard_with_no_relevant_case_is_not_rateable() -> None:
    none = {f"2.1.{n}": Tally(not_applicable=10) for n in (1, 2, 3)}
    result = outcome(none)
    assert result.by_code["2.1"].decided == NotRateable(Reason.NO_RELEVANT_CASE)
    assert result.by_code["2.1"].deciding == ()
    assert result.missing == ("2.1",)


def test_a_standard_still_to_be_answered_says_so() -> None:
    none = {
        "2.1.1": Tally(not_applicable=10),
        "2.1.2": Tally(not_applicable=9, unanswered=1),
        "2.1.3": Tally(not_applicable=10),
    }
    assert outcome(none).by_code["2.1"].computed == NotRateable(Reason.NOT_ANSWERED)


def test_a_group_without_any_case_leaves_its_standards_without_a_relevant_case() -> None:
    result = rate(edition(), {}, {Group.COURT: 0, Group.OUT_OF_COURT: 3}, JUDGED, ())
    assert result.by_code["2.1"].computed == NotRateable(Reason.NO_RELEVANT_CASE)
    assert result.by_code["3.1"].computed == NotRateable(Reason.NOT_ANSWERED)


def test_a_question_without_a_tally_is_unanswered_in_every_inspected_case() -> None:
    result = rate(edition(), {}, {Group.COURT: 6}, JUDGED, ())
    assert result.key_questions_by_code["2.1.1"].tally == Tally(unanswered=6)
    assert result.prompts_by_code["2.1.1b"].tally == Tally(unanswered=6)


def test_inspected_cases_that_a_tally_leaves_out_are_unanswered() -> None:
    given = {"2.1.1": Tally(yes=2, no=1), "2.1.2": Tally(yes=2, no=2, not_applicable=1)}
    found = rate(edition(), given, {Group.COURT: 6}, JUDGED, ()).key_questions_by_code
    assert found["2.1.1"].tally == Tally(yes=2, no=1, unanswered=3)
    assert found["2.1.2"].tally == Tally(yes=2, no=2, not_applicable=1, unanswered=1)


def test_unanswered_cases_do_not_count_in_the_percentage() -> None:
    result = outcome({"2.1.1": Tally(yes=4, no=1, unanswered=30)})
    assert result.key_questions_by_code["2.1.1"].computed == OUTSTANDING


def test_prompts_never_rate_a_key_question() -> None:
    plain = outcome()
    contradicted = outcome({"2.1.1a": Tally(no=10), "2.1.1b": Tally(no=10)})
    assert contradicted.prompts_by_code["2.1.1a"].tally.percent == 0
    assert contradicted.by_code["2.1"].key_questions == plain.by_code["2.1"].key_questions
    assert contradicted.score == plain.score


def test_the_score_sums_the_scored_standards_alone() -> None:
    result = outcome(judgements={**JUDGED, "1.1": OUTSTANDING, "4.1": OUTSTANDING})
    assert (result.score, result.highest_score) == (9, 12)
    assert result.overall == GOOD
    assert [rated.code for rated in result.standards] == ["1.1", "2.1", "3.1", "3.4", "4.1"]


def test_while_a_scored_standard_is_unrated_there_is_no_score() -> None:
    result = outcome(judgements={"1.1": GOOD, "4.1": GOOD})
    assert result.by_code["3.4"].computed == NotRateable(Reason.NOT_JUDGED)
    assert result.missing == ("3.4",)
    assert (result.score, result.overall, result.overall_before_limit) == (None, None, None)
    assert (result.computed_score, result.computed_overall) == (None, None)


def test_an_unrated_resettlement_standard_is_not_missing() -> None:
    result = outcome(judgements={"1.1": GOOD, "3.4": GOOD})
    assert result.missing == ()
    assert result.score == 8


ALL_OUTSTANDING = {f"{code}.{n}": Tally(yes=9, no=1) for code in ("2.1", "3.1") for n in (1, 2, 3)}
JUDGED_OUTSTANDING = dict.fromkeys(("1.1", "3.4"), OUTSTANDING)


def test_inadequate_resettlement_keeps_the_service_from_outstanding() -> None:
    result = outcome(ALL_OUTSTANDING, judgements={**JUDGED_OUTSTANDING, "4.1": INADEQUATE})
    assert result.score == 12
    assert result.overall_before_limit == OUTSTANDING
    assert result.overall == result.computed_overall == GOOD
    assert result.limit == Limit(standard="4.1", rating=INADEQUATE, overall_at_most=GOOD)


def test_resettlement_above_inadequate_limits_nothing() -> None:
    result = outcome(
        ALL_OUTSTANDING, judgements={**JUDGED_OUTSTANDING, "4.1": REQUIRES_IMPROVEMENT}
    )
    assert (result.overall, result.limit) == (OUTSTANDING, None)


def test_a_limit_that_lowers_nothing_is_not_named() -> None:
    result = outcome(judgements={**JUDGED, "4.1": INADEQUATE})
    assert (result.overall, result.limit) == (GOOD, None)


def test_without_a_resettlement_case_a_judgement_rates_and_limits_nothing() -> None:
    result = outcome(
        ALL_OUTSTANDING,
        judgements={**JUDGED_OUTSTANDING, "4.1": INADEQUATE},
        inspected={Group.RESETTLEMENT: 0},
    )
    assert result.by_code["4.1"].decided == NotRateable(Reason.NO_CASE_OF_GROUP)
    assert (result.overall, result.limit) == (OUTSTANDING, None)


def test_the_judgement_counts_if_resettlement_cases_are_not_stated() -> None:
    assert outcome(inspected={}).by_code["4.1"].decided == GOOD


def test_of_several_limits_the_strictest_applies() -> None:
    limits = (
        Limit(standard="4.1", rating=INADEQUATE, overall_at_most=GOOD),
        Limit(
            standard="1.1",
            rating=REQUIRES_IMPROVEMENT,
            overall_at_most=REQUIRES_IMPROVEMENT,
        ),
    )
    result = outcome(
        ALL_OUTSTANDING,
        judgements={"1.1": INADEQUATE, "3.4": OUTSTANDING, "4.1": INADEQUATE},
        under=edition().model_copy(update={"limits": limits}),
    )
    assert result.overall_before_limit == GOOD
    assert result.limit == limits[1]
    assert result.overall == REQUIRES_IMPROVEMENT


@pytest.mark.parametrize(
    ("tallies", "inspected", "judgements", "words"),
    [
        ({"2.9.1": Tally()}, {}, {}, "question 2.9.1, which edition test doesn't have"),
        ({"1.1.1": Tally()}, {}, {}, "standard 1.1 is judged"),
        ({"2.1": Tally()}, {}, {}, "question 2.1,"),
        ({"2.1.1": Tally(yes=4)}, {Group.COURT: 3}, {}, "counted for 4 cases, but 3"),
        ({}, {Group.COURT: -1}, {}, "below zero"),
        ({}, {}, {"9.9": GOOD}, "standard 9.9, which edition test doesn't have"),
        ({}, {}, {"2.1": GOOD}, "standard 2.1, which is rated from cases"),
    ],
)
def test_evidence_that_does_not_fit_the_edition_is_refused_in_words(
    tallies: dict[str, Tally],
    inspected: dict[Group, int],
    judgements: dict[str, Rating],
    words: str,
) -> None:
    with pytest.raises(EvidenceError, match=words):
        rate(edition(), tallies, inspected, judgements, ())


def test_not_applicable_is_refused_where_the_edition_forbids_it() -> None:
    strict = edition(not_applicable=False)
    with pytest.raises(EvidenceError, match=r"2\.1\.1 is answered Not applicable 2 times"):
        outcome({"2.1.1": Tally(yes=3, not_applicable=2)}, under=strict)
    outcome({"2.1.1a": Tally(yes=3, not_applicable=2)}, under=strict)
