"""Warnings where a key question and its prompts contradict each other over the sample."""

from __future__ import annotations

import pytest

from ratings.engine import Contradiction, Tally, contradictions, rate
from tests.unit.engine.builder import edition, outcome

EDITION = edition()


def percent(of_relevant: int) -> Tally:
    return Tally(yes=of_relevant, no=100 - of_relevant, not_applicable=7)


def test_a_key_question_well_met_over_prompts_mostly_unmet_is_a_contradiction() -> None:
    found = contradictions(
        outcome({"2.1.1": percent(85), "2.1.1a": percent(5), "2.1.1b": percent(15)})
    )

    assert found == (Contradiction("2.1.1", 85, True, ("2.1.1a", "2.1.1b"), 2),)


def test_a_key_question_unmet_over_prompts_well_met_is_a_contradiction() -> None:
    found = contradictions(
        outcome({"2.1.2": percent(20), "2.1.2a": percent(90), "2.1.2b": percent(65)})
    )

    assert found == (Contradiction("2.1.2", 20, False, ("2.1.2a", "2.1.2b"), 2),)


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        (64, 10, 10),  # Requires improvement contradicts nothing
        (50, 90, 90),
        (65, 50, 49),  # half of the prompts are not most of them
        (49, 65, 64),
        (80, 50, 50),
        (80, 90, 90),
        (10, 10, 10),
    ],
)
def test_between_the_bands_nothing_contradicts(question: int, first: int, second: int) -> None:
    tallies = {"2.1.1": percent(question), "2.1.1a": percent(first), "2.1.1b": percent(second)}

    assert contradictions(outcome(tallies)) == ()


def test_prompts_without_a_relevant_case_are_ignored() -> None:
    found = contradictions(
        outcome({"2.1.1": percent(65), "2.1.1a": percent(49), "2.1.1b": Tally(not_applicable=9)})
    )

    assert [(one.prompts, one.of_prompts) for one in found] == [(("2.1.1a",), 1)]


def test_without_any_answered_prompt_there_is_no_contradiction() -> None:
    assert contradictions(rate(EDITION, {"2.1.1": percent(10)}, {}, {}, ())) == ()
