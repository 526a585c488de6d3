"""The flight phase of the cube method: most cells are decided, and no share changes.

Source: J.-C. Deville and Y. Tillé, Efficient balanced sampling: the cube method, Biometrika 91
(2004), 893 to 912; with few units in play at a time as by G. Chauvet and Y. Tillé, A fast algorithm
for balanced sampling, Computational Statistics 21 (2006), 53 to 62. What is new here: units are
cells instead of cases, and the arithmetic is exact.

Each undecided cell takes one more case or none, with a probability. A direction in which the
probabilities can move together without changing the expected number of any category leads to two
places where one of them becomes 0 or 1. Which of the two is taken is left to chance, in such a
way that every probability stays the same on average. This ends when no direction is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import comb

from cases.caseload.draw.basis import Basis
from cases.caseload.draw.cells import Cell
from cases.caseload.draw.chance import Chance

MOST_CHOICES = 2500
MOST_UNDECIDED = 40
"""The landing weighs every choice that is left. It can take so many, among so many cells."""


class Undecided:
    """The probabilities of one more case, by cell, while they are being decided.

    ``rest`` has one for each cell; a whole number is decided. Their sum never changes.
    """

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self.rest = [cell.rest for cell in cells]
        self.more = int(sum(self.rest))
        """How many of the undecided cells take one more."""
        self._open = {number for number, rest in enumerate(self.rest) if rest}

    def __contains__(self, cell: object) -> bool:
        return cell in self._open

    @property
    def open(self) -> list[int]:
        """The undecided cells, in the order of the cells."""
        return sorted(self._open)

    def can_land(self) -> bool:
        """Whether so few cells are undecided that every choice can be weighed."""
        left = len(self._open)
        return left <= MOST_UNDECIDED and comb(left, self.more) <= MOST_CHOICES

    def decide(self, cell: int, takes_more: bool) -> None:
        self.rest[cell] = Fraction(int(takes_more))
        self.more -= takes_more
        self._open.remove(cell)

    def move(self, direction: Mapping[int, int], chance: Chance) -> None:
        """Move along ``direction``, or the other way, until a cell is decided."""
        rest = self.rest
        up = {cell: (1 - rest[cell]) / abs(by) for cell, by in direction.items()}
        down = {cell: rest[cell] / abs(by) for cell, by in direction.items()}
        forth = min(up[cell] if by > 0 else down[cell] for cell, by in direction.items())
        back = min(down[cell] if by > 0 else up[cell] for cell, by in direction.items())
        step = forth if chance.happens(back / (forth + back)) else -back
        for cell, by in direction.items():
            rest[cell] += step * by
            if rest[cell].denominator == 1:
                self.decide(cell, rest[cell] == 1)


def fly(undecided: Undecided, chance: Chance) -> None:
    """Decide cells until the landing can decide the others, or no direction is left.

    The expected numbers of all cases, of each category and of each guard stay as they are.
    """
    if undecided.can_land():
        return
    conditions = _conditions(undecided.cells)
    size = 1 + max(place for ones in conditions for place in ones)
    basis = Basis(size)
    held: list[int | None] = [None] * size
    """The undecided cell whose column the basis has at each place."""
    for cell in chance.shuffled(undecided.open):
        while cell in undecided:
            coordinates = basis.coordinates(conditions[cell])
            free = [place for place in range(size) if held[place] is None and coordinates[place]]
            if free:
                basis.enter(free[0], coordinates)
                held[free[0]] = cell
                break
            direction = {cell: basis.scale}
            for place, other in enumerate(held):
                if other is not None and coordinates[place]:
                    direction[other] = -coordinates[place]
            undecided.move(direction, chance)
            for place, other in enumerate(held):
                if other is not None and other not in undecided:
                    held[place] = None
            if undecided.can_land():
                return


def _conditions(cells: Sequence[Cell]) -> list[tuple[int, ...]]:
    """For each cell the conditions that it counts in: all cases, each category, each guard.

    The first category of a margin follows from the others and all cases.
    """
    numbers: dict[tuple[int, str], int] = {}
    first = dict(enumerate(cells[0].categories))
    found = []
    for cell in cells:
        names = [(margin, name) for margin, name in enumerate(cell.categories)]
        counted = [name for name in names if first[name[0]] != name[1]]
        if cell.guard:
            counted.append((-1, cell.guard))
        found.append((0, *(numbers.setdefault(name, len(numbers) + 1) for name in counted)))
    return found


def settle(undecided: Undecided, chance: Chance) -> None:
    """Decide more cells, where the flight has left too many for the landing.

    Two cells at a time decide between them which takes one more: of the same guard first, then the
    two that differ in the fewest margins. Other margins stay as they are.
    """
    left = chance.shuffled(undecided.open)
    pairs = sorted(
        (
            (_apart(undecided.cells[one], undecided.cells[other]), (one, other))
            for place, one in enumerate(left)
            for other in left[:place]
        ),
        key=lambda pair: pair[0],
    )
    while not undecided.can_land():
        one, other = next(
            pair for _, pair in pairs if pair[0] in undecided and pair[1] in undecided
        )
        undecided.move({one: 1, other: -1}, chance)


def _apart(one: Cell, other: Cell) -> tuple[bool, int]:
    differing = sum(a != b for a, b in zip(one.categories, other.categories, strict=True))
    return not one.guard or one.guard != other.guard, differing
