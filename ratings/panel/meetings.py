"""Meetings of the panel as their pages tell of them, to each reader what is theirs to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.urls import reverse

from inspections.models import Inspection, User
from inspections.presenters import Tag, state_tag
from ratings.models import PanelHearing, PanelMeeting
from ratings.panel.presenters import BeforeAfter, before_after
from ratings.policies import can_see_ratings
from ratings.service import rate_inspection


@dataclass(frozen=True)
class MeetingRow:
    meeting_date: date
    url: str
    chair: str
    members: str
    inspections: int


def meeting_rows(meetings: Iterable[PanelMeeting]) -> list[MeetingRow]:
    found = list(meetings)
    heard = dict(
        PanelHearing.objects.filter(meeting__in=[one.pk for one in found])
        .order_by()
        .values_list("meeting")
        .annotate(Count("inspection", distinct=True))
    )
    return [
        MeetingRow(
            one.meeting_date,
            reverse("ratings:meeting", args=[one.pk]),
            str(one.chair),
            ", ".join(str(member) for member in one.members.all() if member.pk != one.chair_id),
            heard.get(one.pk, 0),
        )
        for one in found
    ]


@dataclass(frozen=True)
class HeardRow:
    """An inspection that the meeting hears.

    ``aside`` is why the reader takes no part. ``url`` and all below it are empty for a
    reader who is not on the inspection; ``result`` also where a later hearing took the
    place of this one.
    """

    service: str
    aside: str
    url: str
    state: Tag | None
    stepped_aside: tuple[tuple[str, str], ...]
    moved: str
    result: BeforeAfter | None
    outcome_notes: str


@dataclass(frozen=True)
class Heard:
    """``others`` counts the inspections that are not the reader's to know of."""

    rows: tuple[HeardRow, ...]
    others: int


def heard_at(meeting: PanelMeeting, reader: User) -> Heard:
    hearings = list(
        meeting.hearings.select_related("inspection__service")
        .prefetch_related("stepped_aside__member")
        .order_by("submitted_at", "pk")
    )
    # Submitted twice to one meeting, an inspection is told of once, by its latest hearing.
    latest = {hearing.inspection_id: hearing for hearing in hearings}
    visible = set(
        Inspection.objects.visible_to(reader).filter(pk__in=latest).values_list("pk", flat=True)
    )
    rows = []
    for hearing in latest.values():
        aside = next(
            (row.reason for row in hearing.stepped_aside.all() if row.member_id == reader.pk), ""
        )
        if hearing.inspection_id in visible:
            rows.append(_row(hearing, aside, reader))
        elif aside:
            service = str(hearing.inspection.service)
            rows.append(HeardRow(service, aside, "", None, (), "", None, ""))
    return Heard(tuple(rows), len(latest) - len(rows))


def _row(hearing: PanelHearing, aside: str, reader: User) -> HeardRow:
    inspection = hearing.inspection
    moved = [
        decision.key_question or decision.standard
        for decision in hearing.discretions.standing().order_by("standard", "key_question")
    ]
    is_current = not inspection.hearings.filter(submitted_at__gt=hearing.submitted_at).exists()
    sees = can_see_ratings(reader, inspection)
    return HeardRow(
        service=str(inspection.service),
        aside=aside,
        url=reverse("ratings:panel", args=[inspection.pk]),
        state=state_tag(inspection),
        stepped_aside=tuple((str(row.member), row.reason) for row in hearing.stepped_aside.all()),
        moved="" if not sees else f"Moved: {', '.join(moved)}" if moved else "No rating moved",
        result=before_after(rate_inspection(inspection)) if sees and is_current else None,
        outcome_notes=hearing.outcome_notes if sees else "",
    )
