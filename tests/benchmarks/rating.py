"""The engine's time for an inspection's counts, and the service's from the database."""

from __future__ import annotations

from collections.abc import Iterator

from inspections.framework import Group, Rating, load_edition
from ratings.engine import Tally, rate
from ratings.service import rate_inspection
from tests.benchmarks.clock import times
from tests.benchmarks.evidence import answered_inspection

CASES = 100


def engine() -> Iterator[str]:
    """One row: the counts of 40 court and 60 out-of-court cases, in memory."""
    edition = load_edition("2021")
    inspected = {Group.COURT: 40, Group.OUT_OF_COURT: 60, Group.RESETTLEMENT: 0}
    tallies = {
        question: Tally(yes=inspected[group] - 10, no=10)
        for group in (Group.COURT, Group.OUT_OF_COURT)
        for question in edition.case_questions(group)
    }
    judgements = {s.code: Rating.GOOD for s in edition.standards if s.is_qualitative}
    measured = times(lambda: rate(edition, tallies, inspected, judgements, []), runs=500)
    yield measured.line("engine: the counts of an inspection")


def service() -> Iterator[str]:
    """One row: the same size of inspection, from the rows of 100 cases fully answered."""
    inspection = answered_inspection(CASES)
    measured = times(lambda: rate_inspection(inspection), runs=100)
    yield measured.line(f"service: {CASES} cases fully answered, from the database")
