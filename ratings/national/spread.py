"""Distributes published counts over the cases of a sample.

A report prints counts and not the cases they come from, and every distribution gives the same
ratings. This one avoids cases that are answered all Yes or all No, which could be mistaken for
findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from ratings.engine import Tally


class Answered(Enum):
    YES = "YES"
    NO = "NO"
    NOT_APPLICABLE = "NOT_APPLICABLE"


Row = list[Answered | None]
"""The answers to one question, case by case; ``None`` is unanswered."""


def spread(counts: Mapping[str, Tally], cases: int) -> dict[str, Row]:
    """The answers to each question of ``counts`` in ``cases`` cases, case by case.

    Each Yes goes to the case with the fewest Yes so far, each No to the one of the rest
    with the fewest No, then Not applicable; ties rotate from question to question. So
    wherever nothing is Not applicable or unanswered, the Yes of any two cases differ by
    at most one. A case is left without a No only if there are fewer No than cases. The
    same counts, in the same order, always give the same answers.

    Raises ``ValueError`` when a question counts more cases than there are.
    """
    yes, no = [0] * cases, [0] * cases
    rows: dict[str, Row] = {}
    start = 0
    for code, tally in counts.items():
        if tally.inspected > cases:
            raise ValueError(f"Question {code} counts more than {cases} cases")
        turn = [(case - start) % cases for case in range(cases)]
        by_yes = sorted(range(cases), key=lambda case: (yes[case], -no[case], turn[case]))
        rest = sorted(by_yes[tally.yes :], key=lambda case: (no[case], turn[case]))
        row: Row = [None] * cases
        for case in by_yes[: tally.yes]:
            row[case] = Answered.YES
            yes[case] += 1
        for case in rest[: tally.no]:
            row[case] = Answered.NO
            no[case] += 1
        for case in rest[tally.no : tally.no + tally.not_applicable]:
            row[case] = Answered.NOT_APPLICABLE
        rows[code] = row
        start += tally.yes
    _give_each_case_one(Answered.YES, rows, cases)
    _give_each_case_one(Answered.NO, rows, cases)
    return rows


def _give_each_case_one(wanted: Answered, rows: Mapping[str, Row], cases: int) -> None:
    """Swap answers within questions until each case has ``wanted``, as far as there are enough.

    Where nothing is Not applicable the first distribution needs no swap.
    """
    held = [sum(row[case] is wanted for row in rows.values()) for case in range(cases)]
    for poor in range(cases):
        if held[poor]:
            continue
        spare = _spare(wanted, rows.values(), held)
        if spare is None:
            return
        row, rich = spare
        row[poor], row[rich] = row[rich], row[poor]
        held[poor] += 1
        held[rich] -= 1


def _spare(wanted: Answered, rows: Iterable[Row], held: list[int]) -> tuple[Row, int] | None:
    """A question and a case from which ``wanted`` can be taken, because the case has another."""
    for row in rows:
        for case, answer in enumerate(row):
            if answer is wanted and held[case] > 1:
                return row, case
    return None
