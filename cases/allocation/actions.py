"""Every write to declared interests, linked cases, expected minutes and interviews."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils import timezone

from cases.models import (
    Case,
    DeclaredInterest,
    InterviewSlot,
    LinkedCase,
    LinkedCases,
)
from cases.permissions import (
    ALLOCATE_CASES,
    DECLARE_FOR_OTHERS,
    DECLARE_INTEREST,
    PLAN_INTERVIEWS,
)
from inspections.access.permissions import Refused
from inspections.framework import Group
from inspections.history import action
from inspections.models import Inspection, Service, User
from inspections.team.work import HOLDING_ROLES
from inspections.versions import lock_version

CASE_GONE = "A case that you chose was removed since you opened the page."


@action
def declare_interest(
    *, inspection: Inspection, person: User, reason: str, by: User
) -> DeclaredInterest:
    """Record that ``person`` has an interest in the service of ``inspection``.

    Declaring it again keeps the first one. Raises ``Refused`` when ``by`` may not do this, and when
    ``person`` is no inspector of the inspection.
    """
    locked = _locked_for_interests(inspection, person, by)
    if locked.role_of(person) not in HOLDING_ROLES:
        raise Refused(f"{person} is not an inspector of this inspection's team.")
    interest, _ = DeclaredInterest.objects.get_or_create(
        person=person,
        service_id=locked.service_id,
        defaults={"reason": reason, "declared_at": timezone.now(), "declared_by": by},
    )
    return interest


@action
def withdraw_interest(*, inspection: Inspection, person: User, by: User) -> None:
    """Whether there was one or not. Raises ``Refused``."""
    locked = _locked_for_interests(inspection, person, by)
    DeclaredInterest.objects.filter(person=person, service=locked.service_id).delete()


def _locked_for_interests(inspection: Inspection, person: User, by: User) -> Inspection:
    """The inspection, once nobody is allocating a case of this service any more."""
    service = Service.objects.select_for_update(no_key=True).get(pk=inspection.service_id)
    inspections = Inspection.objects.filter(service=service).order_by("pk").select_for_update()
    locked = next(one for one in inspections if one.pk == inspection.pk)
    DECLARE_INTEREST.check(by, locked)
    if person != by:
        DECLARE_FOR_OTHERS.check(by, locked)
    return locked


@action
def link_cases(
    *, inspection: Inspection, why: str, cases: Collection[int], by: User
) -> LinkedCases:
    """Mark the cases with these numbers as linked.

    Raises ``Refused``, also when a case was removed or is linked to others already.
    """
    locked = _locked(inspection)
    ALLOCATE_CASES.check(by, locked)
    linked = LinkedCases(inspection=locked, why=why, version=0)
    return _save_links(linked, cases, by)


@action
def change_links(
    *, linked: LinkedCases, why: str, cases: Collection[int], base_version: int, by: User
) -> LinkedCases:
    """Raises ``Refused`` as ``link_cases`` does, and ``Conflict`` when another save came first."""
    locked = _locked(linked.inspection)
    ALLOCATE_CASES.check(by, locked)
    current = lock_version(locked.linked_cases.filter(pk=linked.pk), base_version)
    members = {member.case_id for member in current.members.all()}
    if current.fill({"why": why}) or members != {*cases}:
        current.members.exclude(case__in=cases).delete()
        _save_links(current, cases, by)
    return current


@action
def unlink_cases(*, linked: LinkedCases, base_version: int, by: User) -> None:
    """Raises ``Refused``, and ``Conflict`` when it was changed or removed first."""
    locked = _locked(linked.inspection)
    ALLOCATE_CASES.check(by, locked)
    lock_version(locked.linked_cases.filter(pk=linked.pk), base_version).delete()


def _save_links(linked: LinkedCases, cases: Collection[int], by: User) -> LinkedCases:
    chosen = _cases(linked.inspection, cases)
    linked.mark_saved(by=by)
    linked.save()
    known = dict(LinkedCase.objects.filter(case__in=chosen).values_list("case", "linked"))
    for case in chosen:
        if known.get(case.pk, linked.pk) != linked.pk:
            raise Refused(f"Case {case} is linked to other cases already. Change that link.")
        if case.pk not in known:
            LinkedCase.objects.create(linked=linked, case=case)
    return linked


def _cases(inspection: Inspection, numbers: Collection[int]) -> list[Case]:
    found = list(inspection.cases.filter(pk__in=numbers).in_order())
    if len(found) < len(set(numbers)):
        raise Refused(CASE_GONE)
    return found


@action
def expect_minutes(*, inspection: Inspection, minutes: Mapping[Group, int], by: User) -> None:
    """Keep how long a case of each of these groups is expected to take. Raises ``Refused``."""
    locked = _locked(inspection)
    ALLOCATE_CASES.check(by, locked)
    for group, number in minutes.items():
        locked.expected_minutes.update_or_create(group=group.value, defaults={"minutes": number})


@action
def add_interview(
    *, inspection: Inspection, details: Mapping[str, Any], cases: Collection[int], by: User
) -> InterviewSlot:
    """Plan an interview; ``details`` are its fields. Clashes don't stand in the way.

    Raises ``Refused``, also when its inspector is not on the team, or a case was removed.
    """
    locked = _locked(inspection)
    PLAN_INTERVIEWS.check(by, locked)
    slot = InterviewSlot(inspection=locked, version=0)
    return _save_interview(slot, details, cases, by)


@action
def change_interview(
    *,
    slot: InterviewSlot,
    details: Mapping[str, Any],
    cases: Collection[int],
    base_version: int,
    by: User,
) -> InterviewSlot:
    """Raises ``Refused`` as ``add_interview``, and ``Conflict`` when another save came first."""
    locked = _locked(slot.inspection)
    PLAN_INTERVIEWS.check(by, locked)
    current = lock_version(locked.interviews.filter(pk=slot.pk), base_version)
    current.inspection = locked
    return _save_interview(current, details, cases, by)


@action
def remove_interview(*, slot: InterviewSlot, base_version: int, by: User) -> None:
    """Raises ``Refused``, and ``Conflict`` when it was changed or removed first."""
    locked = _locked(slot.inspection)
    PLAN_INTERVIEWS.check(by, locked)
    lock_version(locked.interviews.filter(pk=slot.pk), base_version).delete()


def _save_interview(
    slot: InterviewSlot, details: Mapping[str, Any], cases: Collection[int], by: User
) -> InterviewSlot:
    inspector: User = details["inspector"]
    if slot.inspection.role_of(inspector) not in HOLDING_ROLES:
        raise Refused(f"{inspector} is not an inspector of this inspection's team.")
    chosen = _cases(slot.inspection, cases)
    if slot.fill(details) or {*slot.cases.all()} != {*chosen}:
        slot.mark_saved(by=by)
        slot.save()
        slot.cases.set(chosen)
    return slot


def _locked(inspection: Inspection) -> Inspection:
    """Writes to what is planned exclude each other; answers can still be saved."""
    return Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
