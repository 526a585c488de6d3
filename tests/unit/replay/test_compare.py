"""What is compared with the published outcome, and how a difference is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ratings.engine import rate
from ratings.national.format import parse
from ratings.national.report import compare
from tests.unit.replay.figures import NAMES, figures, written


def differences(change: Callable[[dict[str, Any]], object], name: str) -> list[str]:
    """Rates the file's counts by the engine alone and compares."""
    data = figures(name)
    change(data)
    file = parse(written(data), name)
    counted = {**file.key_questions, **file.prompts}
    outcome = rate(
        file.edition,
        {code: counts.tally for code, counts in counted.items()},
        file.samples,
        file.judgements,
        [decision.move for decision in file.decisions],
    )
    return compare(file, outcome)


@pytest.mark.parametrize("name", NAMES)
def test_the_published_inspections_match(name: str) -> None:
    assert differences(lambda data: None, name) == []


def test_a_key_question_is_compared_by_its_share_of_relevant_cases() -> None:
    assert differences(
        lambda data: data["key_questions"]["2.2.3"].update(published_percent=25), "surrey-2019"
    ) == ["key question 2.2.3: published 25%, rated 27%"]


def test_a_prompt_is_compared_by_its_share_of_answered_cases() -> None:
    assert differences(
        lambda data: data["prompts"]["2.1.1h"].update(published_percent=100), "wirral-2021"
    ) == ["prompt 2.1.1h: published 100%, rated 86%"]


@pytest.mark.parametrize("percent", [0, None])
def test_a_prompt_that_applies_in_no_case_is_printed_as_nought_or_not_at_all(
    percent: int | None,
) -> None:
    counts = {"yes": 0, "no": 0, "not_applicable": 7, "published_percent": percent}

    assert differences(lambda data: data["prompts"].update({"2.1.1h": counts}), "wirral-2021") == []


def test_a_percentage_where_no_case_is_relevant_is_a_difference() -> None:
    assert differences(
        lambda data: data["key_questions"]["3.4.2"].update(published_percent=0), "surrey-2019"
    ) == ["key question 3.4.2: published 0%, rated no relevant case"]


def test_a_percentage_that_the_file_does_not_state_is_not_compared() -> None:
    assert (
        differences(
            lambda data: data["key_questions"]["2.1.1"].pop("published_percent"), "surrey-2019"
        )
        == []
    )


def test_standards_score_and_overall_are_compared() -> None:
    def change(data: dict[str, Any]) -> None:
        data["published"].update(score=27, overall="outstanding")
        data["published"]["standards"].update({"2.1": "outstanding", "4.1": None})

    assert differences(change, "gateshead-2023") == [
        "standard 2.1: published Outstanding, rated Good",
        "standard 4.1: published not rated, rated Requires improvement",
        "score: published 27, rated 26",
        "overall rating: published Outstanding, rated Good",
    ]


def test_a_standard_that_the_file_does_not_state_is_not_compared() -> None:
    assert differences(lambda data: data["published"]["standards"].clear(), "wirral-2021") == []


def test_a_published_score_is_a_difference_while_a_standard_is_not_rated() -> None:
    assert differences(lambda data: data["judgements"].pop("1.1"), "gateshead-2023") == [
        "standard 1.1: published Good, rated not rated",
        "score: published 26, rated no score",
        "overall rating: published Good, rated not rated",
    ]
