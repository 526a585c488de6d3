"""An invented inspection in preparation, and the list of cases that its service would send.

The list is made, not stored: ``manage.py demonstration_list`` writes it, with dates that lie in the
windows of the inspection. It has what real lists have: case-system codes, a column of names that is
dropped, a few problems, a sensitive case, and a child with two cases.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from config.demonstration import words
from inspections.framework import Group
from inspections.models import Inspection, SamplingWindow, Service
from inspections.windows import default_window

SERVICE_NAME = "Westmere Youth Justice Service"

SEED = 11

ANNOUNCED_DAYS_AGO = 10
FIELDWORK_IN_DAYS = 25

NUMBERS = {Group.COURT: 34, Group.OUT_OF_COURT: 26, Group.RESETTLEMENT: 4}

GROUP_WORDS = {
    Group.COURT: "Court",
    Group.OUT_OF_COURT: "Out of court",
    Group.RESETTLEMENT: "Resettlement",
}
DISPOSALS = {
    Group.COURT: ("Referral order", "Referral order", "YRO"),
    Group.OUT_OF_COURT: ("Community resolution", "Youth caution", "YCC", "Outcome 22"),
    Group.RESETTLEMENT: ("DTO",),
}
HARM = ("RLRH", "RMRH", "RMRH", "RHRH")
SAFETY = ("Low", "Medium", "Medium", "High")
HEADINGS = (
    "Case reference",
    "Child name",
    "Child reference",
    "Group",
    "Disposal type",
    "Disposal date",
    "Offence",
    "Age at disposal",
    "Gender",
    "Ethnicity",
    "Risk of serious harm",
    "Safety and wellbeing",
    "Sensitive",
    "Case manager",
    "Team",
)


def store_westmere() -> Inspection:
    """An inspection that was announced lately and is in preparation, without a team yet."""
    announced = timezone.localdate() - timedelta(days=ANNOUNCED_DAYS_AGO)
    starts = announced + timedelta(days=FIELDWORK_IN_DAYS)
    starts += timedelta(days=-starts.weekday() % 7)
    inspection = Inspection.objects.create(
        service=Service.objects.create(name=SERVICE_NAME, area="Westmere"),
        edition_id="2021",
        state=Inspection.State.PREPARATION,
        announced_date=announced,
        fieldwork_start_date=starts,
        fieldwork_end_date=starts + timedelta(days=11),
    )
    SamplingWindow.objects.bulk_create(
        SamplingWindow(
            inspection=inspection,
            group=group,
            start_date=window.start_date,
            end_date=window.end_date,
        )
        for group in Group
        for window in [default_window(group, announced)]
    )
    return inspection


def list_of_cases(announced: date) -> bytes:
    """The list that Westmere would send, as CSV; the same for the same day."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS)
    writer.writeheader()
    writer.writerows(_rows(announced, Random(SEED)))  # nosec B311  # invented, and the same each time
    return text.getvalue().encode("utf-8-sig")


def _rows(announced: date, chance: Random) -> Iterator[dict[str, object]]:
    number = 0
    for group, cases in NUMBERS.items():
        window = default_window(group, announced)
        days = (window.end_date - window.start_date).days
        for place in range(cases):
            number += 1
            made = window.start_date + timedelta(days=chance.randint(0, days))
            if place == 0:
                # Before the window.
                made = window.start_date - timedelta(days=20)
            yield {
                "Case reference": f"WM-{1000 + number}",
                "Child name": "left out here",
                "Child reference": f"K{500 + (number - 1 if place == 3 else number)}",
                "Group": GROUP_WORDS[group],
                "Disposal type": chance.choice(DISPOSALS[group]),
                "Disposal date": "30/02/2026" if number == 40 else f"{made:%d/%m/%Y}",
                "Offence": chance.choice(words.OFFENCES),
                "Age at disposal": "4" if number == 50 else chance.randint(12, 17),
                "Gender": chance.choice(("M", "M", "M", "F")),
                "Ethnicity": chance.choice(("White", "White", "Black", "Asian", "Mixed")),
                "Risk of serious harm": chance.choice(HARM),
                "Safety and wellbeing": chance.choice(SAFETY),
                "Sensitive": "Yes" if number in {9, 45} else "",
                "Case manager": f"CM{chance.randint(1, 8):02}",
                "Team": chance.choice(("North", "South")),
            }
