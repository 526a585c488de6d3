"""Professional discretion: decisions of the ratings panel, as the engine needs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition


class DiscretionError(ValueError):
    """A decision that the panel can't have taken; the message says why, in words."""


@dataclass(frozen=True, slots=True)
class Discretion:
    """The panel moves ``standard``, or one ``key_question`` of it, by one band.

    ``from_rating`` is the computed rating that the panel had before it.
    """

    standard: str
    key_question: str | None
    from_rating: Rating
    to_rating: Rating

    @property
    def target(self) -> str:
        """The code of what is moved: the key question if there is one, else the standard."""
        return self.standard if self.key_question is None else self.key_question


def discretions_by_target(
    edition: Edition, discretions: Iterable[Discretion]
) -> dict[str, Discretion]:
    """The decisions by the code of the standard or key question that they move.

    Raises ``DiscretionError`` for a code that the edition doesn't have, a key
    question of another standard, a key question without a rating of its own, a
    move of more or less than one band, and two decisions about one target.
    """
    found: dict[str, Discretion] = {}
    for discretion in discretions:
        _check(edition, discretion)
        if discretion.target in found:
            raise DiscretionError(
                f"There are two decisions about {discretion.target}; only one can apply"
            )
        found[discretion.target] = discretion
    return found


def _check(edition: Edition, discretion: Discretion) -> None:
    standard = edition.standards_by_code.get(discretion.standard)
    if standard is None:
        raise DiscretionError(
            f"A decision names standard {discretion.standard}, "
            f"which edition {edition.code} doesn't have"
        )
    code = discretion.key_question
    if code is not None:
        if all(question.code != code for question in standard.key_questions):
            raise DiscretionError(
                f"A decision names key question {code}, which standard {standard.code} doesn't have"
            )
        if standard.is_qualitative:
            raise DiscretionError(
                f"Key question {code} carries no rating of its own: "
                f"a decision can only move standard {standard.code}"
            )
    if abs(discretion.from_rating - discretion.to_rating) != 1:
        raise DiscretionError(
            f"The decision about {discretion.target} goes from {discretion.from_rating.label} "
            f"to {discretion.to_rating.label}; discretion moves a rating by one band"
        )
