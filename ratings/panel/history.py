"""The history of a meeting's arrangements, and of who chairs its hearings."""

from __future__ import annotations

from collections.abc import Iterator

from inspections.changes import Entry, FieldChange, Links, Tracked, entries
from inspections.history import events_of
from inspections.models import Inspection, User
from ratings.models import PanelMeeting, PanelSeat
from ratings.permissions import SEE_PANEL

LABELS = {"meeting_date": "Date", "chair": "Chair", "cancelled_at": "Cancelled"}


def history_of_meeting(meeting: PanelMeeting, reader: User) -> list[Entry]:
    """What changed, and who was named as another chair of a hearing, of those that ``reader`` may
    know of; the latest first."""
    found = [*changes_of_meeting(meeting), *_named_chairs(meeting, reader)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _named_chairs(meeting: PanelMeeting, reader: User) -> Iterator[Entry]:
    """Administrators name them, and see nothing else of the inspections."""
    known = (
        Inspection.objects.set_up_by(reader)
        if reader.is_staff
        else Inspection.objects.visible_to(reader, SEE_PANEL.who)
    )
    heard = meeting.hearings.filter(inspection__in=known.order_by())
    for hearing in heard.select_related("inspection__service", "meeting__chair").prefetch_related(
        "named_chairs__chair", "named_chairs__named_by"
    ):
        for row, before in hearing.chairs_replaced:
            yield Entry(
                row.named_at,
                str(row.named_by),
                f"The hearing of {hearing.inspection.service}",
                "Changed",
                (FieldChange("Chair", str(before), str(row.chair)),),
                row.reason,
            )


def changes_of_meeting(meeting: PanelMeeting) -> list[Entry]:
    """Of its day, its people and whether it takes place, with the reasons, the latest first; three
    queries."""
    return entries(
        Tracked(
            events_of(PanelMeeting).filter(pgh_obj=meeting.pk),
            called=lambda event, names: "The meeting",
            labels=lambda event: LABELS,
            reasons={"changed_reason": "changed_at", "cancelled_reason": "cancelled_at"},
            links=[
                Links(
                    events_of(PanelSeat).filter(meeting=meeting.pk),
                    of="meeting_id",
                    label="Members, with the chair",
                    item=lambda event, names: names(event.member_id),
                )
            ],
        )
    )
