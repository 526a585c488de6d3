"""What a draw gives. This module is pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cases.caseload.margins import category, shown_as
from cases.caseload.rows import CaseRow


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases of a category are eligible, and how many of them were drawn."""

    population: int
    sample: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sample with its reserves, set beside the eligible cases.

    ``selected`` is in the order of the references, ``reserves`` in the order in which they are
    used. ``margins`` has every category of each margin, by the names of ``cases.caseload.margins``.
    ``largest_difference`` is in percentage points: the largest distance, over all categories,
    between the category's share of the sample and its share of the eligible cases;
    ``largest_at`` names the margin and the category, both empty if nothing differs.
    ``adjustments`` are sentences about all that was not done as asked. ``chances`` has each
    eligible case's chance of being selected, by reference.
    """

    seed: int
    selected: tuple[CaseRow, ...]
    reserves: tuple[CaseRow, ...]
    margins: Mapping[str, Mapping[str, Count]]
    largest_difference: Fraction
    largest_at: tuple[str, str]
    adjustments: tuple[str, ...]
    chances: Mapping[str, Fraction]

    @property
    def eligible(self) -> int:
        return len(self.chances)

    @property
    def changed_chances(self) -> Mapping[str, Fraction]:
        """The chances that are not the size's share of the eligible cases, by reference."""
        equal = Fraction(len(self.selected), len(self.chances)) if self.chances else Fraction(0)
        return {name: chance for name, chance in self.chances.items() if chance != equal}


def count_margins(
    population: Sequence[CaseRow], sample: Iterable[CaseRow], margins: Sequence[str]
) -> dict[str, dict[str, Count]]:
    """Every category of each of ``margins`` in ``population``, as it is shown, in their order."""
    sample = tuple(sample)
    counts: dict[str, dict[str, Count]] = {}
    for margin in margins:
        all_of = [category(row, margin) for row in population]
        drawn = [category(row, margin) for row in sample]
        counts[margin] = {
            shown: Count(all_of.count(name), drawn.count(name))
            for name, shown in sorted(shown_as(population, margin).items())
        }
    return counts


def largest_difference(
    margins: Mapping[str, Mapping[str, Count]],
) -> tuple[Fraction, tuple[str, str]]:
    """The largest distance between a category's two shares, in percentage points, and where.

    Of several of one distance the first counts. Without any difference, and for an empty sample,
    it is 0 at no category.
    """
    largest, where = Fraction(0), ("", "")
    for margin, counts in margins.items():
        population = sum(count.population for count in counts.values())
        sample = sum(count.sample for count in counts.values())
        for name, count in counts.items():
            if not sample:
                continue
            distance = 100 * abs(
                Fraction(count.sample, sample) - Fraction(count.population, population)
            )
            if distance > largest:
                largest, where = distance, (margin, name)
    return largest, where
