"""Giving a case to the inspector who records it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cases import policies
from cases.actions.locking import lock_case
from cases.models import Case, CaseMove
from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.models import Membership, User

HOLDERS = (Membership.Role.LEAD_INSPECTOR, Membership.Role.INSPECTOR)
"""The parts in an inspection that may hold its cases."""


@transaction.atomic
def allocate_case(*, case: Case, to: User, by: User) -> Case:
    """Allocate ``case`` to an inspector of its team, whatever has been recorded so far.

    Raises ``Refused`` in words when it isn't ``by``'s to do, not now, or ``to`` is neither
    inspector nor lead inspector of the inspection.
    """
    locked = lock_case(case.pk)
    policies.check(policies.Action.ALLOCATE, by, locked)
    if locked.inspection.role_of(to) not in HOLDERS:
        raise Refused(f"{to} is not an inspector of this inspection's team.")
    locked.allocated_to = to
    locked.save(update_fields=["allocated_to"])
    locked.moves.create(
        kind=CaseMove.Kind.ALLOCATED, given_to=to, moved_at=timezone.now(), moved_by=by
    )
    announce(locked.inspection_id)
    return locked
