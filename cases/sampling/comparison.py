"""A draw's sample set beside its population, for the table and the chart of the draw's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cases.caseload.margins import LEVELS, NAMES, NOT_CLASSIFIED
from cases.models import DisposalType, Draw, Gender, Level

WORDS = {
    "gender": dict(Gender.choices),
    "disposal_type": dict(DisposalType.choices),
    "risk_of_serious_harm": dict(Level.choices),
    "safety_and_wellbeing": dict(Level.choices),
}

IN_ORDER = (*LEVELS, NOT_CLASSIFIED)


@dataclass(frozen=True, slots=True)
class Share:
    """``number`` of ``total`` cases. ``percent`` is whole, half up; ``bar`` is of 100, to a tenth,
    as a chart's length."""

    number: int
    total: int

    @property
    def percent(self) -> int:
        return int(self.of_100 + Fraction(1, 2))

    @property
    def of_100(self) -> Fraction:
        return Fraction(100 * self.number, self.total) if self.total else Fraction(0)

    @property
    def bar(self) -> str:
        return f"{float(self.of_100):.1f}"


@dataclass(frozen=True, slots=True)
class Compared:
    """One category of a margin. ``is_largest`` marks the largest difference of the draw."""

    margin: str
    category: str
    population: Share
    sample: Share
    is_largest: bool

    @property
    def difference(self) -> Fraction:
        """Of the sample's share from the population's, in percentage points."""
        return self.sample.of_100 - self.population.of_100

    @property
    def difference_words(self) -> str:
        return points(self.difference)


def points(difference: Fraction) -> str:
    """“+1.2 points”, “−0.4 points”, “none”, to a tenth."""
    tenths = int(abs(difference) * 10 + Fraction(1, 2))
    if not tenths:
        return "none"
    number = f"{tenths // 10}.{tenths % 10}".removesuffix(".0")
    return f"{'+' if difference > 0 else '−'}{number} point{'' if number == '1' else 's'}"


def compare(draw: Draw) -> Iterator[tuple[str, list[Compared]]]:
    """Each margin's name and its categories: levels from the lowest, others by frequency."""
    for margin, counts in draw.counts.items():
        population = sum(number for number, _ in counts.values())
        sample = sum(number for _, number in counts.values())
        rows = [
            Compared(
                margin,
                category_words(margin, category),
                Share(all_of, population),
                Share(drawn, sample),
                [margin, category] == draw.largest_at,
            )
            for category, (all_of, drawn) in sorted(
                counts.items(), key=lambda item: (_place(item[0]), -item[1][0], item[0])
            )
        ]
        yield NAMES[margin], rows


def _place(category: str) -> int:
    return IN_ORDER.index(category) if category in IN_ORDER else -1


def category_words(margin: str, category: str) -> str:
    known = WORDS.get(margin, {})
    return str(known.get(category, category)) or ("No team" if margin == "team" else "Not known")


def largest_words(draw: Draw) -> str:
    """The largest difference and where it is: “1.2 points, Gender: Female”."""
    if not draw.largest_at or not draw.largest_at[0]:
        return "none"
    margin, category = draw.largest_at
    number = f"{draw.largest_difference.normalize():f}"
    unit = "point" if number == "1" else "points"
    return f"{number} {unit}, {NAMES[margin]}: {category_words(margin, category)}"
