"""An invented inspection in the middle of its fieldwork.

Two oddities are intended: nearly every out-of-court case meets key question 3.2.3 while few meet
its prompts, and the last court standard has so few answers that one case is worth twenty points.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from cases.models import Case
from config.demonstration.findings import store_findings
from config.demonstration.invented import (
    SIGNED_OFF,
    SUBMITTED,
    UNTOUCHED,
    InspectionPlan,
    Met,
    SamplePlan,
    store_invented,
)
from config.demonstration.words import JUDGEMENTS
from inspections.framework import Group
from inspections.models import Inspection, User

SERVICE_NAME = "Northmere Youth Justice Service"

SEED = 2

MET = {
    "2.1": (0.9, 0.65, 0.7),
    "2.2": (0.85, 0.7, 0.6),
    "2.3": (0.9, 0.8, 0.85),
    "2.4": (0.8, 0.6, 0.6),
    "3.1": (0.75, 0.45, 0.6),
    "3.2": (0.8, 0.7, 0.9),
    "3.3": (0.9, 0.75, 0.8),
}
"""In what share of cases each key question of a standard is met, roughly."""


def _met(cases: Sequence[Case], chance: Random) -> Met:
    known: dict[tuple[str, str], bool] = {}

    def met(case: Case, key_question: str) -> bool:
        standard, _, number = key_question.rpartition(".")
        at = case.reference, key_question
        if at not in known:
            known[at] = chance.random() < MET[standard][int(number) - 1]
        return known[at]

    return met


NORTHMERE = InspectionPlan(
    state=Inspection.State.FIELDWORK,
    samples={
        Group.COURT: SamplePlan(
            eligible=14,
            wanted=11,
            size_reason="The calculated size is 13. Two children have moved away and a court holds "
            "one file, so 11 can be inspected.",
            longest_ago=9,
            shortest_ago=6,
            progress=(
                *(SIGNED_OFF, SUBMITTED, 0.8, SIGNED_OFF, 0.7, UNTOUCHED, SUBMITTED),
                *(0.5, SIGNED_OFF, 0.4, UNTOUCHED),
            ),
        ),
        Group.OUT_OF_COURT: SamplePlan(
            eligible=18,
            wanted=17,
            longest_ago=5,
            shortest_ago=3,
            progress=(
                *(SIGNED_OFF, SUBMITTED, SIGNED_OFF, 0.8, SUBMITTED, SIGNED_OFF, 0.6, UNTOUCHED),
                *(SUBMITTED, SIGNED_OFF, 0.5, UNTOUCHED, SUBMITTED, 0.35, SIGNED_OFF, 0.2),
                UNTOUCHED,
            ),
        ),
        Group.RESETTLEMENT: SamplePlan(
            eligible=2, wanted=2, longest_ago=12, shortest_ago=4, progress=(0.5, UNTOUCHED)
        ),
    },
    judgements=JUDGEMENTS,
    contradicted="3.2.3",
    met=_met,
)


def store_northmere(inspection: Inspection, *, lead: User, inspectors: Sequence[User]) -> None:
    """Fill ``inspection``, which has its team already."""
    dates = fieldwork_around(timezone.localdate())
    chance = Random(SEED)  # nosec B311  # invented, and the same each time
    judged_at = store_invented(
        inspection, NORTHMERE, dates, lead=lead, inspectors=inspectors, chance=chance
    )
    store_findings(
        inspection, lead=lead, inspector=inspectors[0], start=dates[0], saved_at=judged_at
    )


def fieldwork_around(today: date) -> tuple[date, date]:
    """A Monday at least three days before ``today``, and the Friday of the week after it."""
    begun = today - timedelta(days=3)
    monday = begun - timedelta(days=begun.weekday())
    return monday, monday + timedelta(days=11)
