"""The exact arithmetic below a draw."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cases.caseload.draw.basis import Basis
from cases.caseload.draw.cells import cells_of
from cases.caseload.draw.chance import Chance
from cases.caseload.draw.chances import chances_of, percent
from cases.caseload.draw.flight import MOST_CHOICES, MOST_UNDECIDED, Undecided, fly, settle
from cases.caseload.draw.landing import Choices, cheapest, land, weigh
from cases.caseload.margins import DEFAULT_MARGINS
from cases.caseload.rows import CaseRow
from tests.unit.caseload.caseloads import caseload

WITH_TEAM = (*DEFAULT_MARGINS, "team")
Problem = tuple[Choices, list[int]]


@st.composite
def problems(drawing: st.DrawFn) -> Problem:
    """All choices of some of a few places, with costs, and weights that they can add up to."""
    size = drawing(st.integers(2, 5))
    number = drawing(st.integers(1, size - 1))
    members = list(combinations(range(size), number))
    costs = drawing(st.lists(st.integers(0, 50), min_size=len(members), max_size=len(members)))
    mix = drawing(st.lists(st.integers(0, 9), min_size=len(members), max_size=len(members)))
    mix[0] += 1
    wanted = [
        sum(weight for weight, some in zip(mix, members, strict=True) if place in some)
        for place in range(size)
    ]
    return Choices(left_out=False, members=members, costs=costs), wanted


def mean_cost(choices: Choices, weights: dict[int, Fraction]) -> Fraction:
    return sum((weight * choices.costs[choice] for choice, weight in weights.items()), Fraction(0))


def every_solution(choices: Choices, wanted: list[int]) -> list[dict[int, Fraction]]:
    """Every way to add up to ``wanted`` that rests on as few choices as there are places."""
    size = len(wanted)
    found = []
    for some in combinations(range(len(choices.members)), size):
        columns = [[Fraction(p in choices.members[c]) for c in some] for p in range(size)]
        solved = solve(columns, [Fraction(weight) for weight in wanted])
        if solved and min(solved) >= 0:
            found.append(dict(zip(some, solved, strict=True)))
    return found


def solve(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """By elimination; ``None`` where there is not exactly one solution."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for place in range(len(table)):
        pivot = next((row for row in table[place:] if row[place]), None)
        if pivot is None:
            return None
        table.remove(pivot)
        pivot = [value / pivot[place] for value in pivot]
        table = [[a - row[place] * b for a, b in zip(row, pivot, strict=True)] for row in table]
        table.insert(place, pivot)
    return [row[-1] for row in table]


@given(problems())
@hypothesis_settings(max_examples=60)
def test_the_cheapest_weights_add_up_exactly_and_nothing_is_cheaper(problem: Problem) -> None:
    choices, wanted = problem
    weights = cheapest(choices, wanted)
    number = len(choices.members[0])
    # All are multiplied by one number: that is how the parts compare with the whole.
    scale = Fraction(sum(weights.values()) * number, sum(wanted))
    assert min(weights.values()) > 0
    for place, weight in enumerate(wanted):
        together = sum(w for choice, w in weights.items() if place in choices.members[choice])
        assert together == scale * weight
    ours = mean_cost(choices, {choice: w / scale for choice, w in weights.items()})
    others = [mean_cost(choices, found) for found in every_solution(choices, wanted)]
    assert ours == min(others)


@given(st.integers(2, 5), st.data())
def test_a_basis_keeps_exact_coordinates(size: int, data: st.DataObject) -> None:
    basis = Basis(size)
    columns: list[tuple[int, ...]] = [(place,) for place in range(size)]
    for _ in range(data.draw(st.integers(0, 6))):
        ones = tuple(sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1))))
        coordinates = basis.coordinates(ones)
        places = [place for place in range(size) if coordinates[place]]
        place = data.draw(st.sampled_from(places))
        basis.enter(place, coordinates)
        columns[place] = ones
    assert basis.scale > 0
    for place, ones in enumerate(columns):
        expected = [basis.scale * (other == place) for other in range(size)]
        assert basis.coordinates(ones) == expected


def undecided_of(rows: list[CaseRow], size: int, cap: int | None = None) -> Undecided:
    chances = chances_of(rows, size, cap)
    return Undecided(cells_of(rows, chances.of, chances.guards, WITH_TEAM))


def expected_numbers(undecided: Undecided) -> dict[object, Fraction]:
    """How many cases of each category, and of each guard, are drawn on average."""
    numbers: dict[object, Fraction] = {}
    for cell, rest in zip(undecided.cells, undecided.rest, strict=True):
        for name in [*enumerate(cell.categories), cell.guard]:
            numbers[name] = numbers.get(name, Fraction(0)) + cell.whole + rest
    return numbers


@pytest.mark.parametrize("cap", [None, 7])
@pytest.mark.parametrize("seed", range(3))
def test_the_flight_changes_no_expected_number(seed: int, cap: int | None) -> None:
    undecided = undecided_of(caseload(150, seed), 78, cap)
    before = expected_numbers(undecided)
    fly(undecided, Chance(seed))
    assert expected_numbers(undecided) == before
    assert all(0 <= rest <= 1 for rest in undecided.rest)


def test_settling_leaves_few_enough_choices_and_landing_none() -> None:
    undecided = undecided_of(caseload(150), 78)
    chance = Chance(1)
    fly(undecided, chance)
    assert not undecided.can_land()
    settle(undecided, chance)
    assert undecided.can_land()
    choices = weigh(undecided, undecided.open, None)
    assert len(choices.costs) <= MOST_CHOICES
    assert len(undecided.open) <= MOST_UNDECIDED
    land(undecided, None, chance)
    assert undecided.open == []
    assert sum(cell.whole for cell in undecided.cells) + sum(undecided.rest) == 78


def test_few_cells_are_decided_by_the_landing_alone() -> None:
    undecided = undecided_of(caseload(20), 18)
    before = list(undecided.rest)
    fly(undecided, Chance(1))
    assert undecided.rest == before


def test_chance_is_even() -> None:
    chance = Chance(5)
    times = [0] * 7
    for _ in range(7000):
        times[chance.below(7)] += 1
    assert all(880 < count < 1120 for count in times)
    assert sorted(chance.shuffled(range(10))) == list(range(10))
    assert chance.some_of([1, 2, 3], 0) == []


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Fraction(1, 2), "50%"),
        (Fraction(2, 3), "66.7%"),
        (Fraction(1, 2000), "0.1%"),
        (Fraction(0), "0%"),
        (Fraction(1), "100%"),
    ],
)
def test_a_share_in_words_has_one_decimal_where_it_needs_it(share: Fraction, words: str) -> None:
    assert percent(share) == words
