"""The four ratings, in their order."""

from __future__ import annotations

from enum import IntEnum


class Rating(IntEnum):
    """A rating; its integer value is what it adds to the score of 36.

    Source: Annexe 2 of the published reports, "scored on a 0–3 scale".
    """

    INADEQUATE = 0
    REQUIRES_IMPROVEMENT = 1
    GOOD = 2
    OUTSTANDING = 3

    @property
    def key(self) -> str:
        """The rating as files write it: ``requires_improvement``."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """The rating as reports print it: ``Requires improvement``."""
        return self.name.replace("_", " ").capitalize()


def key_or_none(rating: object) -> str | None:
    """The rating as files write it; ``None`` for what is no rating, such as not rateable."""
    return rating.key if isinstance(rating, Rating) else None
