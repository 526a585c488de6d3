"""What a version of the rating rules means: the outcomes of many inspections, held by digest."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from inspections.framework import Edition, Group, Rating, load_edition
from ratings.engine import ENGINE_VERSION, Discretion, Outcome, Tally, rate
from ratings.results.document import digest, outcome_of

RECORDED = Path(__file__).parent / "engine_versions.toml"
MOST_CASES = 20
EDITIONS = ("2018", "2021")


def outcomes(edition: Edition) -> Iterator[Outcome]:
    """Every count of Yes and No up to 20 cases, with judgements and decisions of every kind."""
    asked = [
        question
        for standard in edition.standards
        if standard.group is not None
        for question in standard.key_questions
    ]
    judged = [standard.code for standard in edition.standards if standard.is_qualitative]
    for cases in range(MOST_CASES + 1):
        for yes in range(cases + 1):
            tallies = {
                # The second key question of each standard has a Yes less, so that it decides.
                question.code: Tally(yes - fewer, cases - yes + fewer)
                for question in asked
                for fewer in [int(question.code.endswith(".2") and yes > 0)]
            }
            near = Rating(4 * yes // (cases + 1))
            judgements = dict.fromkeys(judged, near)
            if "4.1" in judgements:
                judgements["4.1"] = Rating.INADEQUATE if cases % 2 else Rating.GOOD
            inspected = {Group.COURT: cases, Group.OUT_OF_COURT: cases, Group.RESETTLEMENT: yes % 2}
            decisions = [
                Discretion("2.1", "2.1.1", Rating(yes % 3), Rating(yes % 3 + 1)),
                Discretion("3.1", None, Rating(yes % 3 + 1), Rating(yes % 3)),
                Discretion("1.1", None, Rating.GOOD, Rating.OUTSTANDING),
            ]
            yield rate(edition, tallies, inspected, judgements, decisions)


def test_this_version_gives_the_outcomes_recorded_for_it() -> None:
    given = [outcome_of(one) for code in EDITIONS for one in outcomes(load_edition(code))]
    recorded = tomllib.loads(RECORDED.read_text())
    assert digest(given) == recorded[str(ENGINE_VERSION)], (
        "The same evidence rates differently now. Raise ENGINE_VERSION and record its digest."
    )


def test_the_recorded_outcomes_are_of_every_kind() -> None:
    """Otherwise a rule could change without the digest's noticing."""
    found = list(outcomes(load_edition("2021")))
    assert {one.overall for one in found} == {None, *Rating}
    assert any(one.limit for one in found)
    assert any(one.stale for one in found)
    assert {rated.decided for one in found for rated in one.standards} >= set(Rating)
