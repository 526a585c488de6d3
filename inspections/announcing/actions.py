"""Every write to services, announcements, windows and checklists.

Those about an inspection lock its row first, so that its state can't change meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.announcing.holdings import holdings
from inspections.framework import Group
from inspections.history import action, events_of
from inspections.models import (
    Inspection,
    Membership,
    RequestedItem,
    SamplingWindow,
    Service,
    User,
)
from inspections.permissions import (
    ANNOUNCE,
    CHANGE_ANNOUNCEMENT,
    KEEP_CHECKLIST,
    KEEP_SERVICES,
    REMOVE_INSPECTION,
    SET_WINDOWS,
    SETUP,
)
from inspections.versions import Conflict, lock_version
from inspections.windows import Window, default_window


class NameTaken(Exception):
    """Another service has this name, whatever its case and spaces."""


class Drawn(Exception):
    """A sample was drawn from the window of ``group``, so it stays as it is."""

    def __init__(self, group: Group) -> None:
        super().__init__(group)
        self.group = group


class WasSealed(Exception):
    """A result was sealed, so whether the inspection gives ratings stays."""


class HoldsRecords(Exception):
    """What is to be removed holds something; the message says what."""


# --- Services


@action
def add_service(*, name: str, area: str, contact_emails: Sequence[str], by: User) -> Service:
    """Raises ``Refused`` and ``NameTaken``."""
    KEEP_SERVICES.check(by, SETUP)
    service = Service(version=0)
    _save_service(service, name, area, contact_emails, by)
    return service


@action
def change_service(
    *,
    service: Service,
    name: str,
    area: str,
    contact_emails: Sequence[str],
    base_version: int,
    by: User,
) -> Service:
    """Raises ``Refused``, ``NameTaken``, and ``Conflict`` when another save came first."""
    KEEP_SERVICES.check(by, SETUP)
    current = lock_version(Service.objects.filter(pk=service.pk), base_version)
    _save_service(current, name, area, contact_emails, by)
    return current


def _save_service(
    service: Service, name: str, area: str, contact_emails: Sequence[str], by: User
) -> None:
    if not service.fill({"name": name, "area": area, "contact_emails": [*contact_emails]}):
        return
    service.mark_saved(by=by)
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as error:
        if "service_name_once" not in str(error):
            raise
        raise NameTaken(name) from None


@action
def remove_service(*, service: Service, base_version: int, by: User) -> None:
    """Remove a service that was added in error.

    Raises ``Refused``, ``HoldsRecords`` if it has an inspection or people on loan from it, and
    ``Conflict`` when it was changed or removed first.
    """
    KEEP_SERVICES.check(by, SETUP)
    current = lock_version(Service.objects.filter(pk=service.pk), base_version)
    # An inspection that is being announced holds the row, so none comes in between.
    Service.objects.select_for_update().get(pk=current.pk)
    if number := current.inspections.count():
        raise HoldsRecords(f"{number} inspection{'s' if number > 1 else ''}")
    if User.objects.filter(home_service=current).exists():
        raise HoldsRecords("people on loan from it")
    current.delete()


# --- Announcements


@action
def announce_inspection(
    *,
    service: Service,
    edition: str,
    announced_date: date,
    fieldwork_start_date: date,
    fieldwork_end_date: date,
    gives_ratings: bool,
    lead: User | None,
    by: User,
) -> Inspection:
    """A new inspection with the usual windows, counted back from the announcement.

    Raises ``Refused``, also when ``by`` would lead it, as nobody gives themselves a role, or
    somebody on loan from a service; and ``Conflict`` when the service was removed meanwhile.
    """
    ANNOUNCE.check(by, SETUP)
    if lead == by:
        raise Refused("Nobody gives themselves a role in an inspection.")
    if lead is not None and lead.home_service_id is not None:
        raise Refused(f"{lead} is on loan from a service, and so local assessor and nothing else.")
    # Held until the inspection is there, so that nobody removes the service in between.
    held = Service.objects.select_for_update(no_key=True).filter(pk=service.pk).first()
    if held is None:
        raise Conflict(None, "This service was removed meanwhile.")
    inspection = Inspection(
        service=held,
        edition_id=edition,
        state=Inspection.State.ANNOUNCED,
        announced_date=announced_date,
        fieldwork_start_date=fieldwork_start_date,
        fieldwork_end_date=fieldwork_end_date,
        gives_ratings=gives_ratings,
        version=0,
    )
    inspection.mark_saved(by=by)
    inspection.save()
    _write_windows(inspection, usual_windows(announced_date))
    if lead is not None:
        role = Membership.Role.LEAD_INSPECTOR
        inspection.memberships.create(user=lead, role=role)
    return inspection


@action
def change_announcement(
    *,
    inspection: Inspection,
    announced_date: date,
    fieldwork_start_date: date,
    fieldwork_end_date: date,
    gives_ratings: bool,
    base_version: int,
    by: User,
) -> Inspection:
    """Change the dates, and whether ratings are given.

    The usual windows are counted back from the new day of announcement; others stay. Raises
    ``Refused``, ``WasSealed`` if a reopened inspection would give ratings or no longer give them,
    and ``Conflict`` when another save came first.
    """
    current = _at_version(inspection, base_version)
    CHANGE_ANNOUNCEMENT.check(by, current)
    if gives_ratings != current.gives_ratings and _was_sealed(current):
        raise WasSealed
    windows, before = current.sampling_windows, current.announced_date
    if before and before != announced_date and windows == usual_windows(before):
        kept = current.windows.exclude(drawn_at=None)
        _write_windows(
            current,
            {
                group: window
                for group, window in usual_windows(announced_date).items()
                if not kept.filter(group=group).exists()
            },
        )
    values = {
        "announced_date": announced_date,
        "fieldwork_start_date": fieldwork_start_date,
        "fieldwork_end_date": fieldwork_end_date,
        "gives_ratings": gives_ratings,
    }
    if current.fill(values):
        _save(current, by)
    return current


@action
def set_windows(
    *, inspection: Inspection, windows: Mapping[Group, Window], base_version: int, by: User
) -> Inspection:
    """Set the windows from which cases are sampled.

    Raises ``Refused``, ``Drawn`` if the window of a sample that is drawn would change, and
    ``Conflict`` when another save came first.
    """
    current = _at_version(inspection, base_version)
    SET_WINDOWS.check(by, current)
    for row in current.windows.exclude(drawn_at=None):
        group = Group(row.group)
        if group in windows and windows[group] != Window(row.start_date, row.end_date):
            raise Drawn(group)
    if current.sampling_windows != current.sampling_windows | dict(windows):
        _write_windows(current, windows)
        _save(current, by)
    return current


def usual_windows(announced_date: date) -> dict[Group, Window]:
    return {group: default_window(group, announced_date) for group in Group}


def _write_windows(inspection: Inspection, windows: Mapping[Group, Window]) -> None:
    for group, window in windows.items():
        SamplingWindow.objects.update_or_create(
            inspection=inspection,
            group=group.value,
            defaults={"start_date": window.start_date, "end_date": window.end_date},
        )


@action
def remove_inspection(*, inspection: Inspection, base_version: int, by: User) -> None:
    """Remove an inspection that was announced in error, with its team and checklist.

    Raises ``Refused``, ``HoldsRecords`` if anything was recorded in it, and ``Conflict`` when it
    was changed or removed first.
    """
    # The lock keeps out whoever would record something in between.
    locked = Inspection.objects.select_for_update(of=("self",)).filter(pk=inspection.pk).first()
    if locked is None or locked.version != base_version:
        raise Conflict(locked)
    REMOVE_INSPECTION.check(by, locked)
    if found := holdings(locked):
        raise HoldsRecords(", ".join(found))
    locked.delete()


# --- What the service is asked to send


@action
def ask_for(
    *,
    inspection: Inspection,
    kinds: Collection[str],
    asked_date: date,
    due_date: date | None,
    by: User,
) -> None:
    """Record that the service was asked for ``kinds``; those asked for already stay.

    Raises ``Refused``.
    """
    locked = _locked(inspection)
    KEEP_CHECKLIST.check(by, locked)
    known = {item.kind: item for item in locked.requested_items.all()}
    for kind in kinds:
        item = known.get(kind) or RequestedItem(inspection=locked, kind=kind, version=0)
        if item.asked_date is None and item.received_date is None:
            item.asked_date, item.due_date = asked_date, due_date
            item.mark_saved(by=by)
            item.save()


@action
def record_requested_item(
    *,
    inspection: Inspection,
    kind: str,
    asked_date: date | None,
    due_date: date | None,
    received_date: date | None,
    note: str,
    base_version: int,
    by: User,
) -> RequestedItem:
    """Write when the service was asked for something, and when it came.

    ``base_version`` is the version that ``by`` saw, 0 for none. Raises ``Refused``, and
    ``Conflict`` when another save came first.
    """
    locked = _locked(inspection)
    KEEP_CHECKLIST.check(by, locked)
    stored = locked.requested_items.filter(kind=kind)
    if base_version or stored.exists():
        item = lock_version(stored, base_version)
    else:
        item = RequestedItem(inspection=locked, kind=kind, version=0)
    values = {
        "asked_date": asked_date,
        "due_date": due_date,
        "received_date": received_date,
        "note": note,
    }
    if item.fill(values):
        item.mark_saved(by=by)
        item.save()
    return item


def _was_sealed(inspection: Inspection) -> bool:
    events = events_of(Inspection).filter(pgh_obj=inspection.pk)
    return bool(events.filter(state=Inspection.State.SEALED).exists())


def _locked(inspection: Inspection) -> Inspection:
    return Inspection.objects.select_for_update(of=("self",), no_key=True).get(pk=inspection.pk)


def _at_version(inspection: Inspection, base_version: int) -> Inspection:
    return lock_version(Inspection.objects.filter(pk=inspection.pk), base_version)


def _save(inspection: Inspection, by: User) -> None:
    inspection.mark_saved(by=by)
    inspection.save()
    announce(inspection.pk)
