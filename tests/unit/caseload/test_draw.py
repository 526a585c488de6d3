"""What every draw keeps to, whatever the list."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cases.caseload.draw import Count, Drawn, draw
from cases.caseload.margins import DEFAULT_MARGINS
from cases.caseload.rows import CaseRow
from tests.unit.caseload.caseloads import case, caseload, references

WITH_TEAM = (*DEFAULT_MARGINS, "team")


@st.composite
def draws(drawing: st.DrawFn) -> tuple[list[CaseRow], dict[str, Any]]:
    """A list and what to draw from it."""
    rows = caseload(drawing(st.integers(1, 60)), drawing(st.integers(0, 10**6)))
    how = {
        "size": drawing(st.integers(1, 70)),
        "seed": drawing(st.integers(0, 10**6)),
        "margins": drawing(st.sampled_from([DEFAULT_MARGINS, WITH_TEAM, ("gender",)])),
        "cap": drawing(st.none() | st.integers(1, 9)),
    }
    return rows, how


@given(draws(), st.randoms())
@hypothesis_settings(max_examples=60)
def test_every_draw_keeps_its_size_and_the_same_seed_gives_the_same_draw(
    given_: tuple[list[CaseRow], dict[str, Any]], random: Any
) -> None:
    rows, how = given_
    drawn = draw(rows, **how)
    selected, reserves = references(drawn.selected), references(drawn.reserves)
    everyone = references(rows)
    # The size is kept, unless the list or the caps are too small for it.
    assert len(selected) <= min(how["size"], len(rows))
    assert len(selected) == min(how["size"], len(rows)) or how["cap"]
    assert len(selected) == sum(drawn.chances.values())
    # Nobody is drawn twice, or from elsewhere.
    assert len({*selected, *reserves}) == len(selected) + len(reserves)
    assert {*selected, *reserves} <= set(everyone) == set(drawn.chances)
    # A fifth more in reserve, rounded up, or what is left.
    assert len(reserves) == min(-(-len(selected) // 5), len(rows) - len(selected))
    if how["cap"]:
        managers = [row.case_manager for row in drawn.selected]
        assert max(map(managers.count, managers)) <= how["cap"]
    assert selected == sorted(selected)
    # Repeatable, in whatever order the list came.
    again = list(rows)
    random.shuffle(again)
    assert draw(again, **how) == drawn


@given(st.integers(1, 40), st.integers(0, 100), st.integers(0, 100))
@hypothesis_settings(max_examples=30)
def test_a_sample_as_large_as_the_population_takes_all(number: int, more: int, seed: int) -> None:
    rows = caseload(number, seed)
    drawn = draw(rows, size=number + more, seed=seed)
    assert references(drawn.selected) == references(rows)
    assert not drawn.reserves
    assert drawn.largest_difference == 0
    assert drawn.largest_at == ("", "")
    assert set(drawn.chances.values()) == {1}


def test_another_seed_gives_another_draw() -> None:
    rows = caseload(120)
    drawn = {tuple(references(draw(rows, size=70, seed=seed).selected)) for seed in range(20)}
    assert len(drawn) == 20


def numbers(rows: Sequence[CaseRow]) -> str:
    return " ".join(name[-2:] for name in references(rows))


def test_a_draw_is_the_same_on_every_machine_and_in_every_version() -> None:
    """Worked out once, and never to change: people repeat draws of years ago."""
    rows = [
        case(
            place,
            gender="FEMALE" if place % 5 == 0 else "MALE",
            disposal_type="YOUTH_REHABILITATION_ORDER" if place % 3 == 0 else "REFERRAL_ORDER",
            serious_harm_level=("LOW", "MEDIUM", "HIGH", "")[place * place % 4],
            safety_level=("LOW", "MEDIUM", "HIGH", "VERY_HIGH")[place * 7 % 11 % 4],
            case_manager=f"CM-{place % 3}",
        )
        for place in range(1, 31)
    ]
    drawn = draw(rows, size=10, seed=4711)
    assert numbers(drawn.selected) == "05 07 08 11 12 18 20 23 26 27"
    assert numbers(drawn.reserves) == "10 01"


def test_a_draw_does_not_depend_on_how_a_process_orders_its_sets() -> None:
    code = (
        "from tests.unit.caseload.caseloads import caseload, references\n"
        "from cases.caseload.draw import draw\n"
        "drawn = draw(caseload(60), size=20, seed=3, cap=4)\n"
        "print(references(drawn.selected), references(drawn.reserves), drawn.adjustments)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=settings.BASE_DIR,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1


def test_every_margin_is_set_beside_the_population() -> None:
    rows = [case(1, gender="FEMALE"), *(case(place) for place in range(2, 6))]
    drawn = draw(rows, size=4, seed=1)
    girls = sum(row.gender == "FEMALE" for row in drawn.selected)
    assert drawn.margins == {
        "gender": {"FEMALE": Count(1, girls), "MALE": Count(4, 4 - girls)},
        "disposal_type": {"REFERRAL_ORDER": Count(5, 4)},
        "risk_of_serious_harm": {"MEDIUM": Count(5, 4)},
        "safety_and_wellbeing": {"MEDIUM": Count(5, 4)},
    }
    assert drawn.largest_difference == (5 if girls else 20)
    assert drawn.largest_at == ("gender", "FEMALE")


def test_a_level_that_is_missing_is_counted_as_not_classified() -> None:
    rows = [case(1, serious_harm_level=""), case(2, serious_harm_level="NOT_CLASSIFIED")]
    drawn = draw(rows, size=2, seed=1)
    assert drawn.margins["risk_of_serious_harm"] == {"NOT_CLASSIFIED": Count(2, 2)}


def test_a_team_can_be_a_margin_and_stays_near_its_share() -> None:
    rows = caseload(120)
    for seed in range(5):
        teams = draw(rows, size=70, seed=seed, margins=WITH_TEAM).margins["team"]
        for count in teams.values():
            assert abs(count.sample - Fraction(70 * count.population, 120)) < 2


def test_teams_that_differ_in_case_alone_are_one_shown_as_first_written() -> None:
    spellings = ("North East", "north east", "NORTH EAST", "South")
    rows = [case(place, team=spellings[place % 4]) for place in range(40)]
    for listed in (rows, rows[::-1]):
        drawn = draw(listed, size=12, seed=3, margins=WITH_TEAM)
        assert drawn.margins["team"] == {"North East": Count(30, 9), "South": Count(10, 3)}
    shown = [replace(row, row=100 - row.row) for row in rows]
    other = draw(shown, size=12, seed=3, margins=WITH_TEAM)
    assert other.margins["team"] == {"NORTH EAST": Count(30, 9), "South": Count(10, 3)}
    assert references(other.selected) == references(drawn.selected)


def test_an_even_population_is_matched_exactly() -> None:
    rows = [
        case(place, gender=gender, disposal_type=disposal)
        for place, (gender, disposal) in enumerate(
            [(g, d) for g in ("MALE", "FEMALE") for d in ("REFERRAL_ORDER", "LICENCE")] * 10
        )
    ]
    for seed in range(10):
        assert draw(rows, size=20, seed=seed).largest_difference == 0


def test_from_no_case_none_is_drawn() -> None:
    drawn = draw([], size=10, seed=1)
    assert not (drawn.selected or drawn.reserves or drawn.largest_difference)
    assert drawn.adjustments == ("There is no eligible case, and 10 were asked for.",)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"size": -1}, "size"),
        ({"seed": -1}, "seed"),
        ({"cap": 0}, "cap"),
        ({"reserve_share": Fraction(-1, 5)}, "reserves"),
        ({"margins": ()}, "Margins"),
        ({"margins": ("ethnicity",)}, "Margins"),
        ({"margins": ("gender", "gender")}, "Margins"),
    ],
)
def test_what_makes_no_sense_is_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        draw(caseload(10), **{"size": 5, "seed": 1} | more)


def test_a_reference_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same reference"):
        draw([case(1), case(1)], size=1, seed=1)


MANAGERS = "AAAAAAAAAA" + "BBB" + "CCC" + "DDDD"


def drawn_with(cap: int | None, managers: str, size: int, seed: int = 1) -> Drawn:
    """From cases that differ only in their case managers; a dot is none."""
    rows = [case(place, case_manager=manager.strip(".")) for place, manager in enumerate(managers)]
    return draw(rows, size=size, seed=seed, cap=cap)


def test_a_cap_says_whose_chances_it_changes() -> None:
    drawn = drawn_with(3, MANAGERS, 10)
    assert drawn.adjustments == (
        "Each of the 10 cases of case manager A has a chance of 30% in place of 50%, "
        "as at most 3 are drawn.",
        "Each of the other 10 cases has a chance of 70% in place of 50%.",
    )
    assert list(drawn.changed_chances.values()) == [Fraction(3, 10)] * 10 + [Fraction(7, 10)] * 10


def test_a_case_manager_whom_the_raised_chances_would_bring_over_the_cap_is_held_to_it_too() -> (
    None
):
    drawn = drawn_with(4, "A" * 12 + "B" * 8 + "CCDDEEFF", 12)
    # First A is held to 4 of 12; the others' chance of 8 in 16 would give B its 4 exactly.
    assert set(drawn.chances.values()) == {Fraction(1, 3), Fraction(1, 2)}
    drawn = drawn_with(4, "A" * 12 + "B" * 8 + "CCDDEEFF", 14)
    assert set(drawn.chances.values()) == {Fraction(1, 3), Fraction(1, 2), Fraction(3, 4)}


def test_a_cap_counts_a_case_manager_once_whatever_the_case_of_the_reference() -> None:
    rows = [case(place, case_manager=("CM1", "cm1")[place % 2]) for place in range(1, 9)]
    assert len(draw(rows, size=6, seed=1, cap=2).selected) == 2


def test_a_cap_that_is_never_reached_says_so() -> None:
    drawn = drawn_with(6, MANAGERS, 10)
    assert drawn.changed_chances == {}
    assert drawn.adjustments == (
        "The cap of 6 cases of one case manager changes no case’s chance.",
    )


def test_a_cap_that_leaves_too_few_cases_gives_a_smaller_sample_and_says_so() -> None:
    drawn = drawn_with(3, MANAGERS, 15)
    assert len(drawn.selected) == 12
    assert drawn.adjustments[0] == (
        "With at most 3 cases of one case manager, 12 cases can be drawn: "
        "the sample has 12 in place of 15."
    )


def test_cases_without_a_case_manager_have_no_cap_and_that_is_said() -> None:
    drawn = drawn_with(1, "AAAA" + "......", 7)
    assert len(drawn.selected) == 7
    assert drawn.adjustments[-1] == "6 cases without a case manager: the cap does not hold there."


def test_without_a_cap_no_chance_is_changed() -> None:
    drawn = drawn_with(None, MANAGERS, 10)
    assert (drawn.changed_chances, drawn.adjustments) == ({}, ())
