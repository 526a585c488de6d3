"""Exact linear algebra over whole numbers, for the flight and the landing of a draw."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter


class Basis:
    """Coordinates of columns of zeros and ones in a basis that changes a column at a time.

    It starts with the unit columns. ``scale`` is the common denominator: all coordinates are held
    multiplied by it, which keeps them whole (integer pivoting, Edmonds 1967; every division below
    leaves no remainder).
    """

    def __init__(self, size: int) -> None:
        self.rows = [[int(row == place) for place in range(size)] for row in range(size)]
        self.scale = 1

    def coordinates(self, ones: Iterable[int]) -> list[int]:
        """The coordinates, times ``scale``, of the column that has ones at these places."""
        ones = tuple(ones)
        if len(ones) == 1:
            return [row[ones[0]] for row in self.rows]
        pick = itemgetter(*ones)
        return [sum(pick(row)) for row in self.rows]

    def enter(self, place: int, coordinates: list[int]) -> None:
        """Replace the column at ``place`` by one whose ``coordinates`` these are.

        The coordinate at ``place`` must not be 0.
        """
        self.rows = [
            row if number == place else self.carried(row, coordinates[number], place, coordinates)
            for number, row in enumerate(self.rows)
        ]
        self.scale = coordinates[place]
        if self.scale < 0:
            self.scale = -self.scale
            self.rows = [[-value for value in row] for row in self.rows]

    def carried(self, values: list[int], by: int, place: int, coordinates: list[int]) -> list[int]:
        """``values`` after the column of ``coordinates`` enters at ``place``, of which they have
        ``by``. To be called before it enters, for what follows the basis from outside."""
        pivot, scale = coordinates[place], self.scale
        if not by:
            return values if pivot == scale else [value * pivot // scale for value in values]
        return [
            (value * pivot - by * other) // scale
            for value, other in zip(values, self.rows[place], strict=True)
        ]
