"""Checks what is rated: counts, judgements and the panel's decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition, Group
from ratings.engine.counts import Tally


class EvidenceError(ValueError):
    """Counts or judgements that are impossible in the edition; the message says which."""


def check_evidence(
    edition: Edition,
    tallies: Mapping[str, Tally],
    inspected: Mapping[Group, int],
    judgements: Mapping[str, Rating],
) -> None:
    """Raise ``EvidenceError`` unless every count and judgement fits ``edition``.

    Refused are a question that no case answers, Not applicable where the edition
    forbids it, more answers than cases, a count of cases below zero, and a judgement
    on anything but a qualitative standard.
    """
    for group, count in inspected.items():
        if count < 0:
            raise EvidenceError(f"The number of inspected cases of {group} is below zero")
    for code, tally in tallies.items():
        _check_tally(edition, code, tally, inspected)
    for code in judgements:
        standard = edition.standards_by_code.get(code)
        if standard is None:
            raise EvidenceError(
                f"There is a judgement on standard {code}, "
                f"which edition {edition.code} doesn't have"
            )
        if not standard.is_qualitative:
            raise EvidenceError(
                f"There is a judgement on standard {code}, which is rated from cases"
            )


def _check_tally(edition: Edition, code: str, tally: Tally, inspected: Mapping[Group, int]) -> None:
    standard = edition.standard_of_question.get(code)
    if standard is None:
        raise EvidenceError(
            f"There are answers to question {code}, which edition {edition.code} doesn't have"
        )
    if standard.group is None:
        raise EvidenceError(
            f"There are answers to question {code}, but standard {standard.code} "
            "is judged and not rated from cases"
        )
    if tally.not_applicable and not edition.allows_not_applicable(code):
        raise EvidenceError(
            f"Question {code} is answered Not applicable {tally.not_applicable} times; "
            f"edition {edition.code} allows Yes and No alone"
        )
    cases = inspected.get(standard.group)
    if cases is not None and tally.inspected > cases:
        raise EvidenceError(
            f"Question {code} is counted for {tally.inspected} cases, "
            f"but {cases} of {standard.group} are inspected"
        )


class DiscretionError(ValueError):
    """A decision that the panel can't take; the message says why."""


@dataclass(frozen=True, slots=True)
class Discretion:
    """The panel moves ``standard``, or one ``key_question`` of it, by one band.

    ``from_rating`` is the computed rating that the panel saw.
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
        _check_discretion(edition, discretion)
        if discretion.target in found:
            raise DiscretionError(
                f"There are two decisions about {discretion.target}; only one can apply"
            )
        found[discretion.target] = discretion
    return found


def _check_discretion(edition: Edition, discretion: Discretion) -> None:
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
