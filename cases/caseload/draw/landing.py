"""The landing phase of the cube method: the best way to decide the cells that are left.

Every choice of as many undecided cells as take one more case has a cost: how far the sample's
shares would be from the population's. Linear programming finds probabilities of these choices that
keep each cell's own probability and have the lowest cost on average (J.-C. Deville and Y. Tillé,
Biometrika 91, 2004); one choice is then made with these probabilities. All numbers are whole, so
the outcome is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import lcm
from operator import add

from cases.caseload.draw.basis import Basis
from cases.caseload.draw.chance import Chance
from cases.caseload.draw.flight import Undecided

LARGEST_COUNTS = 20
"""A choice costs its largest difference this many times, and once the sum of all differences."""

LOOK_AT = 200
"""How many choices are looked at before the best of them that is an improvement is taken."""

SLOT = 192
"""Bits of their own for each cell's part of a weight: twice the longest coordinate and more.

With 40 cells a coordinate has at most 70 bits (Hadamard's bound for zeros and ones)."""


@dataclass(slots=True)
class Choices:
    """The choices that are allowed, by the places of their cells, and the cost of each.

    If ``left_out``, the places are those of the cells that take no case more.
    """

    left_out: bool
    members: list[tuple[int, ...]] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)


def land(undecided: Undecided, cap: int | None, chance: Chance) -> None:
    """Decide all that is undecided. ``cap`` is the most cases of one guard."""
    left = chance.shuffled(undecided.open)
    if not left:
        return
    choices = weigh(undecided, left, cap)
    shares = [undecided.rest[cell] for cell in left]
    if choices.left_out:
        shares = [1 - share for share in shares]
    together = lcm(*(share.denominator for share in shares))
    weights = cheapest(choices, [int(share * together) for share in shares])
    chosen = choices.members[chance.one_of(weights)]
    for place, cell in enumerate(left):
        undecided.decide(cell, (place in chosen) != choices.left_out)


def weigh(undecided: Undecided, left: Sequence[int], cap: int | None) -> Choices:
    """The choices among the cells ``left`` that keep to ``cap``, with their costs.

    A difference is counted in cases times the number of all eligible cases.
    """
    cells = undecided.cells
    population = sum(len(cell.rows) for cell in cells)
    more = int(sum(undecided.rest[cell] for cell in left))
    size = int(sum(cell.whole + rest for cell, rest in zip(cells, undecided.rest, strict=True)))
    choices = Choices(left_out=2 * more > len(left))
    categories = sorted({name for cell in cells for name in enumerate(cell.categories)})
    guards = sorted({cell.guard for cell in cells if cell.guard})
    margins = len(categories)
    places = {name: place for place, name in enumerate(categories)}
    places |= {(-1, guard): margins + place for place, guard in enumerate(guards)}
    # What each choice starts from: all cells of ``left`` take one more, or none.
    start = [0] * len(places)
    steps: dict[int, list[int]] = {}
    for number, cell in enumerate(cells):
        drawn = cell.whole + (choices.left_out if number in left else int(undecided.rest[number]))
        step = [0] * len(places)
        for name in enumerate(cell.categories):
            start[places[name]] += drawn * population - size * len(cell.rows)
            step[places[name]] = -population if choices.left_out else population
        if cell.guard:
            start[places[-1, cell.guard]] += drawn
            step[places[-1, cell.guard]] = -1 if choices.left_out else 1
        steps[number] = step
    in_order = [steps[cell] for cell in left]

    def extend(chosen: tuple[int, ...], beyond: list[int], missing: int, first: int) -> None:
        if missing:
            for place in range(first, len(in_order) - missing + 1):
                there = list(map(add, beyond, in_order[place]))
                extend((*chosen, place), there, missing - 1, place + 1)
        elif cap is None or all(drawn <= cap for drawn in beyond[margins:]):
            differences = list(map(abs, beyond[:margins]))
            choices.members.append(chosen)
            choices.costs.append(LARGEST_COUNTS * max(differences) + sum(differences))

    extend((), start, len(left) - more if choices.left_out else more, 0)
    return choices


def cheapest(choices: Choices, wanted: Sequence[int]) -> Mapping[int, int]:
    """Weights of choices, of the least cost, of which those with a place add up to its ``wanted``.

    All weights are multiplied by one number. The simplex method: it starts with a column for each
    place alone that costs far more than any choice. What is wanted is increased by amounts of
    which each is infinitely small beside the one before (in lower bits), so no two weights are
    ever in the same ratio and the search always ends.
    """
    size = len(wanted)
    basis = Basis(size)
    held = [-1] * size
    prices = [1000 * size * (1 + max(choices.costs))] * size
    weights = [
        (weight << SLOT * (size + 1)) + (1 << SLOT * place) for place, weight in enumerate(wanted)
    ]
    at = 0
    while True:
        entering, gain = _better(choices, basis.scale, prices, at)
        if not gain:
            break
        at = entering
        coordinates = basis.coordinates(choices.members[entering])
        leaving = -1
        for place, coordinate in enumerate(coordinates):
            if coordinate > 0 and (
                leaving < 0 or weights[place] * coordinates[leaving] < weights[leaving] * coordinate
            ):
                leaving = place
        pivot, lost = coordinates[leaving], weights[leaving]
        weights = [
            weight if place == leaving else (weight * pivot - coordinate * lost) // basis.scale
            for place, (weight, coordinate) in enumerate(zip(weights, coordinates, strict=True))
        ]
        prices = basis.carried(prices, gain, leaving, coordinates)
        basis.enter(leaving, coordinates)
        held[leaving] = entering
    exact = (sum(map(int.__mul__, row, wanted)) for row in basis.rows)
    return {choice: weight for choice, weight in zip(held, exact, strict=True) if weight}


def _better(choices: Choices, scale: int, prices: list[int], start: int) -> tuple[int, int]:
    """A choice that costs less than its places are worth, and by how much; 0 if there is none."""
    worth = prices.__getitem__
    number = len(choices.costs)
    best, gain = -1, 0
    for looked_at in range(number):
        if looked_at % LOOK_AT == 0 and gain:
            break
        choice = (start + looked_at) % number
        found = sum(map(worth, choices.members[choice])) - scale * choices.costs[choice]
        if found > gain:
            best, gain = choice, found
    return best, gain
