"""How many cases a sample takes, and which rules explain a size."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cases.caseload.sizes import (
    DEFAULT_RULES,
    RULES,
    Beside,
    NoSize,
    OwnNumber,
    Size,
    rules_that_give,
    size_of,
)
from cases.caseload.sizes.rules import FILE, Formula, parse_rules
from inspections.framework import Group, NotValid

COURT, OUT_OF_COURT, RESETTLEMENT = Group.COURT, Group.OUT_OF_COURT, Group.RESETTLEMENT


def size(
    key: str,
    eligible: int,
    group: Group = COURT,
    beside: Beside | None = None,
    own: OwnNumber | None = None,
) -> Size:
    return size_of(RULES[key], eligible=eligible, group=group, beside=beside, own=own)


@pytest.mark.parametrize(
    ("eligible", "number"),
    [
        (0, 0),
        (1, 1),
        (7, 7),
        (11, 11),
        (15, 14),
        (16, 15),
        (27, 24),
        (28, 25),
        (51, 40),
        (120, 70),
        (500, 124),
        (2000, 152),
        (100_000, 164),
    ],
)
def test_the_formula_gives_the_sizes_that_anybody_can_work_out(eligible: int, number: int) -> None:
    assert size("formula/2021", eligible).number == number


def test_the_formulas_size_for_an_endless_population_is_the_printed_one() -> None:
    assert cast(Formula, RULES["formula/2021"]).endless_size == Fraction("164.2")


@given(st.integers(1, 200_000))
def test_the_formula_is_rounded_up_exactly(eligible: int) -> None:
    exact = Fraction("164.2") / (1 + Fraction("163.2") / eligible)
    assert 0 <= size("formula/2021", eligible).number - exact < 1


def test_each_group_has_its_rule() -> None:
    assert {group: rule.key for group, rule in DEFAULT_RULES.items()} == {
        COURT: "formula/2021",
        OUT_OF_COURT: "share/2021",
        RESETTLEMENT: "all/2021",
    }


@given(st.sampled_from(sorted(set(RULES) - {"own/2021"})), st.integers(0, 3000), st.data())
def test_no_rule_gives_more_than_there_are_and_none_gives_nothing_of_something(
    key: str, eligible: int, data: st.DataObject
) -> None:
    others = data.draw(st.integers(0, 300))
    beside = Beside(others, data.draw(st.integers(min(others, 1), others)))
    found = size(key, eligible, OUT_OF_COURT, beside)
    assert min(eligible, 1) <= found.number <= eligible
    assert found.rule == key
    assert found.version == key.split("/")[1]
    assert found.words.endswith(".")


@pytest.mark.parametrize(
    ("beside", "eligible", "number"),
    [
        # Wirral 2021: 7 and 20 cases.
        (Beside(7, 7), 20, 20),
        (Beside(51, 40), 20, 16),
        (Beside(51, 40), 1, 1),
        (Beside(27, 24), 9, 8),
    ],
)
def test_a_share_is_held_beside_the_other_groups_sample_rounded_up(
    beside: Beside, eligible: int, number: int
) -> None:
    assert size("share/2021", eligible, OUT_OF_COURT, beside).number == number


def test_without_an_eligible_case_in_the_other_group_a_share_is_taken_by_the_formula() -> None:
    found = size("share/2021", 27, OUT_OF_COURT, Beside(0, 0))
    assert found.number == 24
    assert found.words.startswith("No case of the other group is eligible; 80 per cent")


@pytest.mark.parametrize(
    ("key", "eligible", "number"),
    [
        ("children/2025", 10, 10),
        ("children/2025", 15, 14),
        ("children/2025", 27, 24),
        ("children/2025", 500, 91),
        ("victims/2025", 8, 8),
        ("victims/2025", 100_000, 24),
        ("table/2019", 20, 20),
        ("table/2019", 60, 24),
        ("all/2021", 60, 60),
    ],
)
def test_floors_ceilings_tables_and_all(key: str, eligible: int, number: int) -> None:
    assert size(key, eligible).number == number


def test_what_was_used_is_said_in_words() -> None:
    assert size("formula/2021", 51).words == (
        "80 per cent confidence, 5 points give 40 of 51 eligible cases."
    )
    assert size("children/2025", 500).words == (
        "14 to 91 children (2025): 80 per cent confidence, 5 points give 124 of 500, held to 91."
    )
    assert size("table/2019", 12).words == (
        "Sizes published in 2019: 24 from 1 eligible on, which is all of them."
    )
    assert size("formula/2021", 0).words == "There is no eligible case."


def test_a_leads_own_number_is_kept_with_its_reason() -> None:
    found = size("own/2021", 51, own=OwnNumber(30, " Two inspectors are ill. "))
    assert (found.number, found.reason) == (30, "Two inspectors are ill.")
    assert found.words == "30 of 51, the lead inspector’s own number."


@pytest.mark.parametrize(
    ("own", "why"),
    [
        (None, "needs a reason"),
        (OwnNumber(30, "  "), "needs a reason"),
        (OwnNumber(0, "None at all"), "1 or more"),
        (OwnNumber(52, "All and one"), "more than the 51"),
    ],
)
def test_a_leads_own_number_is_refused_with_words(own: OwnNumber | None, why: str) -> None:
    with pytest.raises(NoSize, match=why):
        size("own/2021", 51, own=own)


def test_a_share_needs_another_group_and_a_table_its_own() -> None:
    with pytest.raises(NoSize, match="another group"):
        size("share/2021", 20, OUT_OF_COURT)
    with pytest.raises(NoSize, match="another group"):
        size("share/2021", 20, COURT, Beside(7, 7))
    with pytest.raises(NoSize, match="no size for this group"):
        size("table/2019", 20, RESETTLEMENT)


def test_the_sizes_of_2019_are_explained_by_a_table_or_by_one_number_of_cases() -> None:
    court = {found.rule.key: found.ranges for found in rules_that_give(24)}
    assert court["table/2019"] == ((24, None),)
    assert court["formula/2021"] == ((27, 27),)
    assert court["all/2021"] == ((24, 24),)
    outside = {found.rule.key: found.ranges for found in rules_that_give(15, group=OUT_OF_COURT)}
    assert outside["table/2019"] == ((15, None),)
    assert outside["formula/2021"] == ((16, 16),)


def test_with_a_known_number_of_eligible_cases_only_the_rules_that_fit_it_are_named() -> None:
    assert "formula/2021" not in {found.rule.key for found in rules_that_give(24, 40)}
    assert {found.rule.key for found in rules_that_give(24, 24)} >= {"all/2021", "table/2019"}
    assert rules_that_give(50, 40) == ()


def test_explanations_are_words() -> None:
    words = [found.words for found in rules_that_give(24)]
    assert "80 per cent confidence, 5 points: from exactly 27 eligible cases" in words
    assert "Sizes published in 2019: from 24 or more eligible cases" in words


@given(st.integers(1, 200))
@hypothesis_settings(max_examples=20)
def test_an_explanation_holds_where_it_says(number: int) -> None:
    for found in rules_that_give(number):
        for first, last in found.ranges:
            for eligible in {first, last or first + 50}:
                assert size(found.rule.key, eligible).number == number


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('z = "1.2816"', "z = 1.2816", "rules › formula › formula › z: expected a decimal number"),
        ('court = "formula/2021"', 'court = "formula/2022"', "defaults › court: expected a rule"),
        ("floor = 14", "floor = 92", "floor: expected at most the ceiling, 91"),
        ('of = "formula/2021"', 'of = "share/2021"', "of: expected a formula"),
        ("eligible_from = 1,", "eligible_from = 2,", "expected rows from 1 eligible case on"),
        ('code = "all"', 'code = "formula"', "expected formula/2021 once"),
        ('kind = "all"', 'kind = "some"', "kind"),
    ],
)
def test_a_file_of_rules_that_is_wrong_is_refused_with_the_place(
    old: str, new: str, why: str
) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(NotValid, match=why):
        parse_rules(text.replace(old, new, 1))
