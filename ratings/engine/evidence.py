"""Whether counts and judgements can belong to an inspection under an edition."""

from __future__ import annotations

from collections.abc import Mapping

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition, Group
from ratings.engine.tally import Tally


class EvidenceError(ValueError):
    """Counts or judgements that the edition can't have; the message says which, in words."""


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
