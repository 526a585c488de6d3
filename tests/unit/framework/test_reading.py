"""How faults found by pydantic are reported: path, value, and what was expected."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field

from inspections.framework import NotValid, Rating
from inspections.framework.reading import (
    Count,
    Expected,
    OneLine,
    RatingKey,
    RatingOrNull,
    Section,
    read,
    refuse,
    shown,
)


class Item(Section, extra="forbid"):
    code: Annotated[str, OneLine(5)]
    yes: Count = 0


class Whole(Section):
    name: Annotated[str, OneLine(5, shortest=0)] = ""
    rating: RatingKey = Rating.GOOD
    decided: RatingOrNull = None
    percent: Annotated[int | None, Field(le=100), Expected("at most 100, or null")] = None
    items: list[Item] = []
    by_rating: dict[RatingKey, Item] = {}


GOOD = {
    "name": " a b ",
    "rating": "inadequate",
    "decided": None,
    "percent": 100,
    "items": [{"code": "1.1", "yes": 3}],
    "by_rating": {"good": {"code": "1.2"}},
    "unknown to us": [],
}


def test_valid_data_is_read() -> None:
    whole = read(Whole, GOOD, "file")
    assert (whole.name, whole.rating, whole.decided) == ("a b", Rating.INADEQUATE, None)
    assert whole.by_rating[Rating.GOOD].code == "1.2"


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"name": "a\u0085b"}, "name", "no control characters"),
        ({"name": "a\ud800"}, "name", "no control characters"),
        ({"name": "a" * 6}, "name", "of 0 to 5 characters"),
        ({"rating": 0}, "rating", "requires_improvement, good, outstanding, not 0"),
        ({"decided": "GOOD"}, "decided", 'or null, not "GOOD"'),
        ({"percent": True}, "percent", "at most 100, or null, not true"),
        ({"items": {}}, "items", "a list, not an object"),
        ({"items": [{"code": "1.1", "yes": "3"}]}, "items › 1.1 › yes", 'not "3"'),
        ({"items": [{"code": "1"}, {}]}, "items › 2 › code", "missing"),
        ({"items": [{"code": " "}]}, "items › 1 › code", "of 1 to 5"),
        ({"items": [{"code": "1", "no": 1}]}, "items › 1 › no", "only code, yes"),
        ({"items": [{"code": "1", "n\t": 1}]}, "items › 1 › 'n\\t'", "only code, yes"),
        ({"by_rating": {"fair": {"code": "1"}}}, "by_rating › fair", 'not "fair"'),
        ({"by_rating": {"good": {}}}, "by_rating › good › code", "missing"),
    ],
)
def test_a_fault_is_reported_with_its_path(change: dict[str, object], path: str, said: str) -> None:
    with pytest.raises(NotValid) as refused:
        read(Whole, GOOD | change, "file.json")
    ((found, expected),) = refused.value.faults
    assert found == path
    assert said in expected
    assert str(refused.value) == f"file.json: {path}: {expected}"


def test_own_rules_are_reported_in_the_same_way_and_nothing_is_raised_without_a_fault() -> None:
    refuse("file.json", GOOD, [])
    with pytest.raises(NotValid, match="^file.json: items › 1.1 › yes: expected 4$"):
        refuse("file.json", GOOD, [(("items", 0, "yes"), "expected 4")])


def test_a_value_is_shown_as_json_and_cut_short() -> None:
    values: list[object] = [None, True, 1.0, "Zoë", "\ud800", {}, []]
    as_json = ["null", "true", "1.0", '"Zoë"', '"\\ud800"', "an object", "a list"]
    assert [shown(value) for value in values] == as_json
    assert len(shown("a" * 1000)) == 61
