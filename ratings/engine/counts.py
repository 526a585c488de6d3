"""Counts of answers, and their percentage and band."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one question over the inspected cases of its group.

    Each inspected case is counted once: Yes, No, Not applicable, or not answered
    yet, which is not the same. Raises ``ValueError`` when a count is negative.
    """

    yes: int = 0
    no: int = 0
    not_applicable: int = 0
    unanswered: int = 0

    def __post_init__(self) -> None:
        if self.yes < 0 or self.no < 0 or self.not_applicable < 0 or self.unanswered < 0:
            raise ValueError(f"A count of answers can't be below zero: {self}")

    @property
    def relevant(self) -> int:
        """Cases answered Yes or No."""
        return self.yes + self.no

    @property
    def answered(self) -> int:
        """Cases answered in any way, Not applicable among them."""
        return self.yes + self.no + self.not_applicable

    @property
    def inspected(self) -> int:
        """All cases of the group, those not answered yet among them."""
        return self.yes + self.no + self.not_applicable + self.unanswered

    @property
    def fraction(self) -> Fraction | None:
        """Yes of the relevant cases, exactly; ``None`` when no case is relevant."""
        return Fraction(self.yes, self.relevant) if self.relevant else None

    @property
    def percent(self) -> int | None:
        """Yes of the relevant cases as a whole percentage, half up: the figure that is
        banded for a key question. ``None`` when no case is relevant."""
        return whole_percent(self.yes, self.relevant) if self.relevant else None

    @property
    def percent_of_answered(self) -> int | None:
        """Yes of the answered cases as a whole percentage, half up: the figure that
        reports print for a prompt. ``None`` when no case is answered."""
        return whole_percent(self.yes, self.answered) if self.answered else None


def whole_percent(part: int, whole: int) -> int:
    """``part`` of ``whole`` as a whole percentage, halves rounded up: 129 of 200 is 65.

    Integer arithmetic only: Python's ``round`` rounds halves to even, and a float may be
    on either side of a half. ``whole`` is above zero and ``part`` is in 0..``whole``.
    """
    return (200 * part + whole) // (2 * whole)


def least_yes(relevant: int, percent: int) -> int:
    """The fewest Yes of ``relevant`` cases that round to ``percent`` or more.

    More than ``relevant`` when ``percent`` is above 100.
    """
    if percent <= 0:
        return 0
    return -(-relevant * (2 * percent - 1) // 200)


def rating_of_counts(edition: Edition, yes: int, relevant: int) -> Rating:
    """The rating of a key question met in ``yes`` of ``relevant`` cases, at least one."""
    return edition.rating_of_percent(whole_percent(yes, relevant))
