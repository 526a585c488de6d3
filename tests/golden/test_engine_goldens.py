"""Tables of counts and their ratings that an inspector can check by hand."""

from __future__ import annotations

import csv
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from inspections.framework import load_edition
from inspections.framework.rating import Rating
from inspections.framework.reading import RATINGS
from inspections.framework.schema import Edition, Group
from ratings.engine import Discretion, EvidenceError, NotRateable, Tally, rate

HERE = Path(__file__).parent
WITH_RATING = {0: Tally(4, 6), 1: Tally(5, 5), 2: Tally(7, 3), 3: Tally(8, 2)}


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def key_questions(edition: Edition) -> list[str]:
    """The codes of every key question that cases answer."""
    return [
        question.code
        for standard in edition.standards
        if not standard.is_qualitative
        for question in standard.key_questions
    ]


@pytest.mark.parametrize("row", rows("key_questions.csv"), ids=lambda row: "-".join(row.values()))
def test_counts_give_the_percentage_and_rating(row: dict[str, str]) -> None:
    tally = Tally(int(row["yes"]), int(row["no"]), int(row["not_applicable"]))
    edition = load_edition(row["edition"])
    if row["rating"] == "refused":
        with pytest.raises(EvidenceError, match="allows Yes and No alone"):
            rate(edition, {"2.1.1": tally}, {}, {}, ())
        return
    question = rate(edition, {"2.1.1": tally}, {}, {}, ()).key_questions_by_code["2.1.1"]
    if not row["percent"]:
        assert tally.fraction is None
        assert isinstance(question.computed, NotRateable)
        assert question.computed.reason.lower() == row["rating"]
        return
    exact = Decimal(100 * tally.yes) / Decimal(tally.relevant)
    assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(row["exact"])
    assert tally.percent == int(row["percent"])
    assert question.computed == RATINGS[row["rating"]]


@pytest.mark.parametrize("row", rows("scores.csv"), ids=lambda row: "".join(row.values()))
@pytest.mark.parametrize("code", ["2018", "2021"])
def test_twelve_ratings_give_the_score_and_overall_rating(code: str, row: dict[str, str]) -> None:
    edition = load_edition(code)
    tallies = {
        question: WITH_RATING[int(row[edition.standard_of_question[question].code])]
        for question in key_questions(edition)
    }
    judgements = {
        standard.code: Rating(int(row[standard.code]))
        for standard in edition.scored_standards
        if standard.is_qualitative
    }
    outcome = rate(edition, tallies, {}, judgements, ())
    assert outcome.score == int(row["score"])
    assert outcome.highest_score == 36
    assert outcome.overall == RATINGS[row["overall"]]


def inspections() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((HERE / "outcomes.toml").read_text())["inspection"]
    return found


def word(rating: Rating | NotRateable) -> str:
    return rating.reason.value if isinstance(rating, NotRateable) else rating.key


@pytest.mark.parametrize("given", inspections(), ids=lambda given: given["name"])
def test_an_inspection_gives_its_outcome(given: dict[str, Any]) -> None:
    edition = load_edition(given["edition"])
    counts = dict.fromkeys(
        key_questions(edition), given.get("every_key_question", {"yes": 7, "no": 3})
    )
    judgements = {s.code: Rating.GOOD for s in edition.standards if s.is_qualitative}
    judgements |= {code: RATINGS[key] for code, key in given.get("judgements", {}).items()}
    outcome = rate(
        edition,
        {code: Tally(**count) for code, count in (counts | given.get("key_questions", {})).items()},
        {Group(group): count for group, count in given.get("inspected", {}).items()},
        {c: rating for c, rating in judgements.items() if c not in given.get("unrated", [])},
        [
            Discretion(
                one["standard"],
                one.get("key_question"),
                RATINGS[one["from"]],
                RATINGS[one["to"]],
            )
            for one in given.get("discretion", [])
        ],
    )

    expected = given["expected"]
    assert outcome.score == expected.get("score")
    assert outcome.computed_score == expected.get("computed_score", expected.get("score"))
    assert (None if outcome.overall is None else outcome.overall.key) == expected.get("overall")
    assert list(outcome.missing) == expected.get("missing", [])
    assert [decision.target for decision in outcome.stale] == expected.get("stale", [])
    if "before_limit" in expected:
        assert outcome.limit is not None
        assert outcome.overall_before_limit == RATINGS[expected["before_limit"]]
    else:
        assert outcome.limit is None
    for rated in outcome.standards:
        listed = expected.get("standards", {}).get(
            rated.code, {"computed": expected.get("others", "good")}
        )
        assert word(rated.computed) == listed["computed"], rated.code
        assert word(rated.decided) == listed.get("decided", listed["computed"]), rated.code
        if "deciding" in listed:
            assert list(rated.deciding) == listed["deciding"], rated.code
