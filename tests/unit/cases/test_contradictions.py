"""Possible inconsistencies in a case: its key questions and its details."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.caseload.models import Sample
from cases.contradictions import (
    case_contradictions,
    detail_contradictions,
    prompts_against,
)
from cases.models import Case
from inspections.framework import Group, KeyQuestion, Prompt

TODAY = date(2021, 9, 1)


def window(start: date | None = None, end: date | None = None) -> Sample:
    return Sample(window_start_date=start, window_end_date=end)


WINDOW = window(date(2021, 1, 1), date(2021, 3, 31))
LETTERS = "abcdefghi"
WORDS = {"Y": "YES", "N": "NO", "A": "NOT_APPLICABLE", "-": ""}
SWAPPED = str.maketrans("YN", "NY")


def question(prompts: int) -> KeyQuestion:
    asked = [Prompt(code=f"2.1.1{letter}", text="?") for letter in LETTERS[:prompts]]
    return KeyQuestion(code="2.1.1", text="?", prompts=tuple(asked))


def against(own: str, prompts: str) -> tuple[int, int] | None:
    """How many of how many relevant prompts stand against ``own``: ``against("Y", "NNA-")``."""
    answers = {f"2.1.1{letter}": WORDS[one] for letter, one in zip(LETTERS, prompts, strict=False)}
    found = prompts_against(question(len(prompts)), answers | {"2.1.1": WORDS[own]})
    if found is None:
        return None
    numbers = re.search(r"but (\d+) of its (\d+) relevant prompts", found.words)
    assert numbers
    return int(numbers[1]), int(numbers[2])


@pytest.mark.parametrize(
    ("own", "prompts", "expected"),
    [
        ("Y", "NNY", (2, 3)),
        ("N", "YYN", (2, 3)),
        ("Y", "NN", (2, 2)),
        ("Y", "NNYY", None),  # half is not mostly
        ("Y", "N", None),  # one prompt is no pattern
        ("Y", "NAAAA", None),
        ("Y", "NN-A", (2, 2)),  # unanswered and not applicable prompts are not relevant
        ("Y", "YYY", None),
        ("A", "NNN", None),
        ("-", "NNN", None),
        ("Y", "", None),
    ],
)
def test_a_key_question_contradicts_most_of_its_relevant_prompts(
    own: str, prompts: str, expected: tuple[int, int] | None
) -> None:
    assert against(own, prompts) == expected


def test_the_message_names_the_counts() -> None:
    answers = {"2.1.1": "NO", "2.1.1a": "YES", "2.1.1b": "YES", "2.1.1c": "NO"}
    found = prompts_against(question(3), answers)
    assert found is not None
    assert found.words == "Key question 2.1.1 is No, but 2 of its 3 relevant prompts are Yes."


PROMPTS = st.text("YNA-", max_size=9)


@given(own=st.sampled_from("YN"), prompts=PROMPTS)
def test_yes_and_no_are_treated_alike(own: str, prompts: str) -> None:
    assert against(own, prompts) == against(own.translate(SWAPPED), prompts.translate(SWAPPED))


@given(own=st.sampled_from("YN"), prompts=PROMPTS.filter(lambda sent: len(sent) < 9))
def test_a_prompt_that_is_not_relevant_changes_nothing(own: str, prompts: str) -> None:
    assert against(own, prompts) == against(own, f"{prompts}A") == against(own, f"{prompts}-")


@given(prompts=PROMPTS)
def test_yes_and_no_never_both_contradict_the_prompts(prompts: str) -> None:
    assert against("Y", prompts) is None or against("N", prompts) is None


def told(details: Case, window: Sample | None = None) -> list[tuple[str, str]]:
    return [(one.subject, one.words) for one in detail_contradictions(details, window, TODAY)]


EMPTY = Case(group=Group.COURT)


def recorded(**details: Any) -> Case:
    """A court case with these details."""
    return Case(group=Group.COURT, **details)


def test_nothing_recorded_contradicts_nothing() -> None:
    assert told(EMPTY, WINDOW) == []


@pytest.mark.parametrize(
    ("level", "agreed", "own", "place", "words"),
    [
        ("LOW", "NO", "", "own_level", "gives no own level"),
        ("LOW", "NO", "LOW", "own_level", "gives the same level"),
        ("", "YES", "", "level", "is not recorded"),
        ("", "NO", "HIGH", "level", "is not recorded"),
        ("LOW", "NO", "HIGH", "", ""),
        ("LOW", "YES", "", "", ""),
        ("LOW", "YES", "LOW", "", ""),
        ("LOW", "YES", "HIGH", "", ""),
        ("LOW", "", "HIGH", "", ""),
    ],
)
@pytest.mark.parametrize("which", ["serious_harm", "safety"])
def test_a_view_of_a_classification_needs_a_level_that_fits(
    which: str, level: str, agreed: str, own: str, place: str, words: str
) -> None:
    view = {"level": level, "agreed": agreed, "own_level": own}
    found = told(recorded(**{f"{which}_{field}": value for field, value in view.items()}))
    assert [place for place, _ in found] == ([f"{which}_{place}"] if place else [])
    assert all(words in said for _, said in found)


@pytest.mark.parametrize(
    ("interviewed", "reason", "is_told"),
    [
        ("NO", "", True),
        ("NO", "  \n", True),
        ("NO", "On leave.", False),
        ("YES", "On leave.", True),
        ("YES", "", False),
        ("", "", False),
    ],
)
def test_no_interview_needs_a_reason_and_an_interview_none(
    interviewed: str, reason: str, is_told: bool
) -> None:
    details = recorded(case_manager_interviewed=interviewed, no_interview_reason=reason)
    assert [place for place, _ in told(details)] == ["no_interview_reason"] * is_told


@pytest.mark.parametrize(
    ("made", "sampled", "is_outside"),
    [
        (date(2020, 12, 31), WINDOW, True),
        (date(2021, 1, 1), WINDOW, False),
        (date(2021, 3, 31), WINDOW, False),
        (date(2021, 4, 1), WINDOW, True),
        (date(1999, 1, 1), None, False),
        (date(1999, 1, 1), window(), False),
        (date(2021, 4, 1), window(start=date(2021, 1, 1)), False),
        (date(2020, 12, 31), window(start=date(2021, 1, 1)), True),
        (date(2021, 4, 1), window(end=date(2021, 3, 31)), True),
    ],
)
def test_a_disposal_date_has_to_be_in_the_recorded_window(
    made: date, sampled: Sample | None, is_outside: bool
) -> None:
    found = told(recorded(disposal_date=made), sampled)
    assert [place for place, _ in found] == ["disposal_date"] * is_outside


def test_the_window_is_said_with_its_days() -> None:
    [(_, words)] = told(recorded(disposal_date=date(2021, 4, 1)), WINDOW)
    assert words == (
        "The disposal date, 1 April 2021, is outside the window of the sample, "
        "1 January 2021 to 31 March 2021."
    )


def test_an_early_sentence_may_be_in_a_resettlement_sample_for_its_release() -> None:
    early = Case(group=Group.RESETTLEMENT, disposal_date=date(2019, 1, 1))
    assert told(early, WINDOW) == []
    early.disposal_date = date(2021, 4, 1)
    assert told(early, WINDOW) != []


def test_future_dates_and_children_too_young_are_warned_of() -> None:
    found = told(recorded(disposal_date=date(2021, 9, 2), age=9))
    assert [place for place, _ in found] == ["disposal_date", "age"]
    assert told(recorded(disposal_date=TODAY, age=10)) == []


def test_key_questions_come_before_details() -> None:
    answers = {"2.1.1": "YES", "2.1.1a": "NO", "2.1.1b": "NO"}
    found = case_contradictions([question(2)], answers, recorded(age=8), None, TODAY)
    assert [one.subject for one in found] == ["2.1.1", "age"]
