"""The history of a meeting's arrangements."""

from __future__ import annotations

from inspections.changes import Entry, Links, Tracked, entries
from inspections.history import events_of
from ratings.models import PanelMeeting, PanelSeat

LABELS = {"meeting_date": "Date", "chair": "Chair", "cancelled_at": "Cancelled"}


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
