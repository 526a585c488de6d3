"""An invented inspection that is ready for the ratings panel, and a meeting that can hear it.

Its score is one point below Good, and 3.1 is one case below Requires improvement, so there is
something to decide. One member of the meeting inspected its cases and has to step aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from cases.models import Case
from config.demonstration.invented import InspectionPlan, Met, SamplePlan, store_invented
from inspections.framework import Group
from inspections.models import Inspection, User
from ratings.panel.meeting_actions import arrange_meeting

SERVICE_NAME = "Southmere Youth Justice Service"

SEED = 3

MET: Mapping[str, tuple[int, int, int]] = {
    "2.1": (9, 8, 8),
    "2.2": (8, 7, 6),
    "2.3": (10, 8, 8),
    "2.4": (8, 6, 7),
    "3.1": (14, 9, 13),
    "3.2": (16, 14, 15),
    "3.3": (18, 14, 15),
}
"""In how many cases each key question of a standard is met."""

JUDGEMENTS: Mapping[str, tuple[str, str]] = {
    "1.1": (
        "GOOD",
        "The board meets every six weeks, with every partner at the right level. It knows its "
        "children's needs from data and changed the offer to girls because of it.",
    ),
    "1.2": (
        "REQUIRES_IMPROVEMENT",
        "Case managers are skilled and stay. Supervision took place as planned in half of the "
        "cases, and nobody checked what it changed.",
    ),
    "1.3": (
        "REQUIRES_IMPROVEMENT",
        "Speech and language therapy is on site. Children wait eleven weeks for mental health "
        "support, and education places are found too late.",
    ),
    "1.4": (
        "GOOD",
        "Staff see health and social care records on the day they need them. The two buildings "
        "are safe and children helped to furnish them.",
    ),
    "3.4": (
        "GOOD",
        "The joint panel decides from a full assessment and hears the victim. Its policy is "
        "reviewed each year with the police.",
    ),
}


def _met(cases: Sequence[Case], chance: Random) -> Met:
    """As many cases meet each key question as ``MET`` says."""
    framework = cases[0].inspection.framework
    met: dict[str, frozenset[str]] = {}
    for standard, counts in MET.items():
        group = framework.standards_by_code[standard].group
        references = [case.reference for case in cases if case.group == group]
        for number, count in enumerate(counts, start=1):
            met[f"{standard}.{number}"] = frozenset(chance.sample(references, count))
    return lambda case, key_question: case.reference in met[key_question]


SOUTHMERE = InspectionPlan(
    state=Inspection.State.REVIEW,
    samples={
        Group.COURT: SamplePlan(eligible=11, wanted=11, longest_ago=9, shortest_ago=6),
        Group.OUT_OF_COURT: SamplePlan(
            eligible=23,
            wanted=20,
            size_reason="The calculated size is 21. Another service holds one of the files.",
            longest_ago=5,
            shortest_ago=3,
        ),
        # Nobody left custody in the window, so resettlement is not rated.
        Group.RESETTLEMENT: SamplePlan(eligible=0, wanted=0, longest_ago=12, shortest_ago=4),
    },
    judgements=JUDGEMENTS,
    met=_met,
)


def store_southmere(
    inspection: Inspection,
    *,
    lead: User,
    inspectors: Sequence[User],
    panel: Sequence[User],
) -> None:
    """Fill ``inspection``, which has its team already, and arrange a meeting today.

    The first of ``panel`` chairs it; the last of ``inspectors`` is a member too.
    """
    today = timezone.localdate()
    dates = fieldwork_before(today)
    chance = Random(SEED)  # nosec B311  # invented, and the same each time
    store_invented(inspection, SOUTHMERE, dates, lead=lead, inspectors=inspectors, chance=chance)
    arrange_meeting(meeting_date=today, chair=panel[0], members=[*panel, inspectors[-1]], by=lead)


def fieldwork_before(today: date) -> tuple[date, date]:
    """Two weeks from a Monday to a Friday that ended at least three days ago."""
    friday = today - timedelta(days=3)
    friday -= timedelta(days=(friday.weekday() - 4) % 7)
    return friday - timedelta(days=11), friday
