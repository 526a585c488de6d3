"""How the answers to one question are distributed over the inspected cases."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ratings.engine.percent import whole_percent


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
