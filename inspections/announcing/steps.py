"""What is to be done before fieldwork, by those who set an inspection up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from inspections.announcing.checklist import checklist_of
from inspections.models import Inspection, Membership, User
from inspections.permissions import BEFORE_FIELDWORK, CHANGE_ANNOUNCEMENT, KEEP_CHECKLIST

Role = Membership.Role


def set_up_steps(inspection: Inspection, user: User, today: date) -> Iterator[tuple[str, str]]:
    """The steps of ``user`` as text and address, most important first; none from fieldwork on.

    Reads the team and ``requested_items`` of the inspection.
    """
    if inspection.state not in BEFORE_FIELDWORK or not CHANGE_ANNOUNCEMENT.can(user, inspection):
        return
    team = reverse("inspections:team", args=[inspection.pk])
    roles = {member.role for member in inspection.memberships.all()}
    if Role.LEAD_INSPECTOR not in roles:
        yield "Name the lead inspector", team
    if Role.INSPECTOR not in roles:
        yield "Set up the team", team
    if KEEP_CHECKLIST.can(user, inspection):
        checklist = checklist_of(inspection, today)
        if left := len(checklist.not_asked):
            address = reverse("inspections:ask", args=[inspection.pk])
            things = f"{left} thing{'s' if left > 1 else ''}"
            yield f"Ask the service for {things} on the checklist", address
        if overdue := checklist.overdue:
            address = reverse("inspections:checklist", args=[inspection.pk])
            things = f"{overdue} thing{'s' if overdue > 1 else ''}"
            yield f"Remind the service of {things} overdue", address
