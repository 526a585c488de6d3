"""The history of a service, an announcement and a checklist, from the events of their records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format

from inspections.history import events_of
from inspections.models import (
    GroupChoice,
    Inspection,
    RequestedItem,
    SamplingWindow,
    Service,
    User,
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


@dataclass(frozen=True, slots=True)
class Change:
    """What one save changed, each as a label with the values before and after, in words."""

    at: datetime
    who: str
    """Empty where no person did it."""
    what: tuple[str, ...]


def changes_of_service(service: Service) -> list[Change]:
    return _latest(_changes(Service, {"pgh_obj": service.pk}, lambda event: SERVICE))


def changes_of_announcement(inspection: Inspection) -> list[Change]:
    """Of the announcement and of the windows, the latest first."""
    own = _changes(Inspection, {"pgh_obj": inspection.pk}, lambda event: ANNOUNCEMENT)
    windows = _changes(
        SamplingWindow,
        {"inspection": inspection.pk},
        lambda event: _named(GroupChoice(event.group).label, WINDOW),
    )
    return _latest([*own, *windows])


def changes_of_checklist(inspection: Inspection) -> list[Change]:
    return _latest(
        _changes(
            RequestedItem,
            {"inspection": inspection.pk},
            lambda event: _named(RequestedItem.Kind(event.kind).label, ITEM),
        )
    )


def _named(name: str, labels: Mapping[str, str]) -> Mapping[str, str]:
    return {field: f"{name}: {label}" for field, label in labels.items()}


def _latest(changes: Any) -> list[Change]:
    """The latest first; what was written by one person in one transaction is one change."""
    together: dict[tuple[datetime, str], list[str]] = {}
    for change in changes:
        together.setdefault((change.at, change.who), []).extend(change.what)
    found = [Change(at, who, tuple(what)) for (at, who), what in together.items()]
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def _changes(model: type[Model], of: Mapping[str, Any], labels_of: Any) -> Iterator[Change]:
    events = list(events_of(model).filter(**of).order_by("pgh_id"))
    numbers = {(event.pgh_context or {}).get("user", 0) for event in events}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=numbers)}
    before: dict[int, Any] = {}
    for event in events:
        earlier = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = event
        what = tuple(
            _said(label, earlier and getattr(earlier, field), getattr(event, field))
            for field, label in labels_of(event).items()
            if (getattr(earlier, field) if earlier else None) != getattr(event, field)
            and not (earlier is None and getattr(event, field) in ("", [], None))
        )
        if what:
            who = people.get((event.pgh_context or {}).get("user", 0), "")
            yield Change(event.pgh_created_at, who, what)


def _said(label: str, before: Any, after: Any) -> str:
    if before in ("", [], None):
        return f"{label}: {_words(after)}"
    return f"{label}: {_words(after)} (before: {_words(before)})"


def _words(value: Any) -> str:
    if value in ("", [], None):
        return "nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, list):
        return ", ".join(value)
    if value in Inspection.State.values:
        return str(Inspection.State(value).label)
    return str(value)
