"""The history of a team: who joined, who changed their role and who left."""

from __future__ import annotations

from inspections.changes import Entry, Tracked, entries
from inspections.history import events_of
from inspections.models import Inspection, Membership


def changes_of_team(inspection: Inspection) -> list[Entry]:
    """The latest first, an entry for each person; two queries."""
    events = events_of(Membership).filter(inspection=inspection.pk)
    return entries(
        Tracked(
            events,
            called=lambda event, names: names(event.user_id),
            labels=lambda event: {"role": "Role"},
        )
    )
