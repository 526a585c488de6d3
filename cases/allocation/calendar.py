"""Interviews as a calendar that other programs read (iCalendar, RFC 5545).

It holds no detail of a child: only our own references of cases, the service's reference of the case
manager, the inspector, and the place. Notes stay in the service.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from icalendar import Calendar, Event

from cases.models import InterviewSlot
from inspections.models import Inspection

PRODUCT = "-//Record inspection fieldwork//Interviews//EN"


def interview_calendar(inspection: Inspection, slots: Iterable[InterviewSlot]) -> bytes:
    """Times are in UTC, so that no program has to know when clocks change here.

    An interview keeps its UID when it is changed, and its SEQUENCE rises.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Interviews, {inspection.service}")
    for slot in slots:
        calendar.add_component(_event(inspection, slot))
    return bytes(calendar.to_ical())


def _event(inspection: Inspection, slot: InterviewSlot) -> Event:
    event = Event()
    event.add("uid", f"interview-{slot.pk}@record-inspection-fieldwork")
    event.add("sequence", slot.version - 1)
    event.add("dtstamp", slot.saved_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", slot.start_at.astimezone(UTC))
    event.add("dtend", slot.end_at.astimezone(UTC))
    cases = f", {', '.join(slot.references)}" if slot.references else ""
    event.add("summary", f"Interview: case manager {slot.case_manager}{cases}")
    if slot.place:
        event.add("location", slot.place)
    event.add("description", f"{inspection.service}. Inspector: {slot.inspector}.")
    return event
