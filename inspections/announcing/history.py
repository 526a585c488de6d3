"""The history of a service, an announcement and a checklist, from the events of their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model

from inspections.changes import Entry, Tracked, entries
from inspections.history import events_of
from inspections.models import (
    GroupChoice,
    Inspection,
    RequestedItem,
    SamplingWindow,
    Service,
)

MOST = 50
"""Changes that a page lists."""

SERVICE = {"name": "Name", "area": "Area", "contact_emails": "Addresses of contact"}
ANNOUNCEMENT = {
    "state": "State",
    "announced_date": "Announced",
    "fieldwork_start_date": "Fieldwork starts",
    "fieldwork_end_date": "Fieldwork ends",
    "gives_ratings": "Gives ratings",
}
WINDOW = {"start_date": "first day", "end_date": "last day"}
ITEM = {
    "asked_date": "asked",
    "due_date": "due",
    "received_date": "received",
    "note": "note",
}


def changes_of_service(service: Service) -> list[Entry]:
    return entries(_labelled(Service, {"pgh_obj": service.pk}, lambda event: SERVICE))[:MOST]


def changes_of_announcement(inspection: Inspection) -> list[Entry]:
    """Of the announcement and of the windows, the latest first."""
    return entries(
        _labelled(Inspection, {"pgh_obj": inspection.pk}, lambda event: ANNOUNCEMENT),
        _labelled(
            SamplingWindow,
            {"inspection": inspection.pk},
            lambda event: _named(GroupChoice(event.group).label, WINDOW),
        ),
    )[:MOST]


def changes_of_checklist(inspection: Inspection) -> list[Entry]:
    return entries(
        _labelled(
            RequestedItem,
            {"inspection": inspection.pk},
            lambda event: _named(RequestedItem.Kind(event.kind).label, ITEM),
        )
    )[:MOST]


def _named(name: str, labels: Mapping[str, str]) -> Mapping[str, str]:
    return {field: f"{name}: {label}" for field, label in labels.items()}


def _labelled(
    model: type[Model], of: Mapping[str, Any], labels: Callable[[Any], Mapping[str, str]]
) -> Tracked:
    """Events whose record the page is about, so that the labels say enough."""
    return Tracked(events_of(model).filter(**of), called=lambda event, names: "", labels=labels)
