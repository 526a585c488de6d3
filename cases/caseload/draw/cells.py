"""The cells of a caseload: cases that no margin tells apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cases.caseload.margins import category
from cases.caseload.rows import CaseRow


@dataclass(frozen=True, slots=True)
class Cell:
    """Cases of the same categories, all with the same chance.

    ``categories`` has one for each margin, in their order. ``guard`` names the case manager whose
    cases must not become too many, and is empty elsewhere. ``expected`` is how many are drawn on
    average: ``whole`` of them in every draw, and one more with probability ``rest``.
    """

    categories: tuple[str, ...]
    guard: str
    rows: tuple[CaseRow, ...]
    expected: Fraction

    @property
    def whole(self) -> int:
        return self.expected.numerator // self.expected.denominator

    @property
    def rest(self) -> Fraction:
        return self.expected - self.whole


def cells_of(
    rows: Sequence[CaseRow],
    chances: Sequence[Fraction],
    guards: Sequence[str],
    margins: Sequence[str],
) -> list[Cell]:
    """The cells of ``rows``, in a fixed order. Chances and guards are those of the rows; cases of
    one guard have one chance."""
    places: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for place, (row, guard) in enumerate(zip(rows, guards, strict=True)):
        categories = tuple(category(row, margin) for margin in margins)
        places.setdefault((categories, guard), []).append(place)
    return [
        Cell(
            categories,
            guard,
            tuple(rows[place] for place in members),
            chances[members[0]] * len(members),
        )
        for (categories, guard), members in sorted(places.items())
    ]
