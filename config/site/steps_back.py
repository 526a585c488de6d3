"""Why an inspection is where it was before: what its home says until that is put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.permissions import SEE_CASES
from inspections.models import Inspection, User
from ratings.models import standing_reopening
from ratings.panel.page import givings_back
from ratings.permissions import BEFORE_THE_PANEL, SEE_PANEL

State = Inspection.State


@dataclass(frozen=True, slots=True)
class StepBack:
    """What was done, in words that “by” follows, by whom, when and why."""

    said: str
    by: User
    at: datetime
    reason: str


def steps_back(inspection: Inspection, user: User) -> list[StepBack]:
    """Those that ``user`` may read of, the latest first: fieldwork that was reopened, what the
    panel gave back until it is submitted again, a seal that was reopened until the next one."""
    return sorted(_found(inspection, user), key=lambda step: step.at, reverse=True)


def _found(inspection: Inspection, user: User) -> Iterator[StepBack]:
    at, by = inspection.moved_back_at, inspection.moved_back_by
    if inspection.state == State.FIELDWORK and at and by and SEE_CASES.can(user, inspection):
        yield StepBack("Fieldwork was reopened", by, at, inspection.moved_back_reason)
    if inspection.state not in {*BEFORE_THE_PANEL, State.PANEL}:
        return
    if not SEE_PANEL.can(user, inspection):
        return
    # Reopening fieldwork for what was given back takes the place of it on the inspection's row.
    if inspection.state in BEFORE_THE_PANEL and (each := givings_back(inspection)):
        last = each[-1]
        yield StepBack(
            "The inspection was given back to the lead inspector",
            last.moved_back_by,
            last.moved_back_at,
            last.moved_back_reason,
        )
    if reopening := standing_reopening(inspection):
        yield StepBack(
            "The sealed result was reopened",
            reopening.reopened_by,
            reopening.reopened_at,
            reopening.reason,
        )
