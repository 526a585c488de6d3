"""Reserves are like for like, in order."""

from __future__ import annotations

from fractions import Fraction

from cases.caseload.draw import draw, most_alike
from cases.caseload.margins import DEFAULT_MARGINS, category
from cases.caseload.rows import CaseRow
from tests.unit.caseload.caseloads import case, caseload, references


def categories(row: CaseRow) -> tuple[str, ...]:
    return tuple(category(row, margin) for margin in DEFAULT_MARGINS)


def test_where_alike_cases_are_left_every_reserve_is_exactly_like_a_sampled_one() -> None:
    rows = [
        case(place, gender=("MALE", "FEMALE")[place % 2], serious_harm_level=level)
        for place, level in enumerate(["LOW", "MEDIUM", "HIGH"] * 20)
    ]
    drawn = draw(rows, size=30, seed=1)
    sampled = {categories(row) for row in drawn.selected}
    assert len(drawn.reserves) == 6
    assert all(categories(row) in sampled for row in drawn.reserves)
    # They have the sample's shares, too: one of each kind.
    assert len({categories(row) for row in drawn.reserves}) == 6


def test_the_share_of_reserves_can_be_set_and_is_rounded_up() -> None:
    rows = caseload(60)
    for share, number in [(Fraction(0), 0), (Fraction(1, 5), 5), (Fraction(1, 2), 11)]:
        assert len(draw(rows, size=21, seed=1, reserve_share=share).reserves) == number


def test_there_can_be_more_reserves_than_sampled_cases() -> None:
    drawn = draw(caseload(60), size=5, seed=1, reserve_share=Fraction(3))
    assert len(set(references(drawn.reserves))) == 15


def test_fewer_reserves_than_wanted_are_said() -> None:
    rows = caseload(12)
    said = {size: draw(rows, size=size, seed=1).adjustments for size in (9, 10, 11, 12)}
    assert said == {
        9: (),
        10: (),
        11: ("3 in reserve were wanted, but only 1 case is left.",),
        12: ("3 in reserve were wanted, but no case is left.",),
    }


def test_other_reserves_do_not_change_the_sample() -> None:
    rows = caseload(60)
    without = draw(rows, size=21, seed=1, reserve_share=Fraction(0))
    assert draw(rows, size=21, seed=1).selected == without.selected


def test_the_reserve_most_like_a_case_comes_first_and_the_order_decides_among_equals() -> None:
    row = case(1, serious_harm_level="LOW")
    reserves = [
        case(2, gender="FEMALE", disposal_type="LICENCE"),
        case(3, serious_harm_level=""),
        case(4, serious_harm_level="HIGH"),
        case(5, serious_harm_level="MEDIUM"),
        case(6, serious_harm_level="LOW"),
        case(7, serious_harm_level="LOW"),
    ]
    assert [name[-1] for name in references(most_alike(row, reserves))] == list("675432")
