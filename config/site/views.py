"""My inspections, and the home page of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.models import InterviewSlot
from cases.permissions import PLAN_INTERVIEWS, SEE_CASES
from cases.progress import (
    Progress,
    inspection_progress,
    progress_of_inspections,
)
from config.site.moving import moves_of
from config.site.next_steps import next_steps
from config.site.steps_back import steps_back
from inspections.access.requests import SignedInRequest
from inspections.announcing.checklist import Checklist, checklist_of
from inspections.forms import FilterForm
from inspections.loading import load_inspection
from inspections.models import Inspection, InspectionQuerySet, Membership, Service, User
from inspections.permissions import BEFORE_FIELDWORK, SEE_SET_UP, Part
from ratings.meeting_permissions import MEETINGS, SEE_MEETINGS

State = Inspection.State
Role = Membership.Role

INSPECTIONS_A_PAGE = 25
INTERVIEWS_SHOWN = 5


class InspectionFilter(FilterForm):
    """Which inspections to list."""

    service = forms.CharField(label="Service")
    year = forms.TypedChoiceField(label="Year of fieldwork", coerce=int)
    state = forms.ChoiceField(label="State", choices=[("", "Any state"), *State.choices])

    def __init__(self, *args: Any, inspections: InspectionQuerySet) -> None:
        super().__init__(*args)
        years = [day.year for day in inspections.dates("fieldwork_start_date", "year", "DESC")]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            ("", "Any year"),
            *((year, str(year)) for year in years),
        ]

    def chosen_of(self, inspections: InspectionQuerySet) -> InspectionQuerySet:
        if name := self.asked.get("service"):
            inspections = inspections.of_service(name)
        lookups = {
            "year": "fieldwork_start_date__year",
            "state": "state",
        }
        asked = {lookups[name]: value for name, value in self.asked.items() if name in lookups}
        return inspections.filter(**asked)


def inspections(request: SignedInRequest) -> HttpResponse:
    """The reader's inspections; those that are not sealed come first."""
    mine = Inspection.objects.visible_to(request.user)
    form = InspectionFilter(request.GET, inspections=mine)
    found = form.chosen_of(mine).under_way_first().with_role()
    found = found.select_related("service", "deletion_certificate")
    page = Paginator(found, INSPECTIONS_A_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    prefetch_related_objects(
        [one for one in listed if one.state in BEFORE_FIELDWORK], "requested_items"
    )
    progress = progress_of_inspections(listed)
    context = {
        "form": form,
        "page": page,
        "rows": [_row(one, request.user, progress) for one in listed],
        "sees_meetings": SEE_MEETINGS.can(request.user, MEETINGS),
        "has_services": Service.objects.exists,
    }
    return render(request, "site/inspections.html", context)


def _row(
    inspection: Any, user: User, progress: Mapping[int, Progress]
) -> tuple[Inspection, Progress | None, Checklist | None]:
    """An inspection with its progress and checklist, for those whose part in it shows them. It was
    loaded ``with_role``."""
    part = Part(inspection.role, inspection.state)
    sees_cases = inspection.certificate is None and SEE_CASES.can(user, part)
    checklist = _checklist_before_fieldwork(inspection, part, user)
    return inspection, progress[inspection.pk] if sees_cases else None, checklist


def _checklist_before_fieldwork(inspection: Inspection, part: Part, user: User) -> Checklist | None:
    if inspection.state not in BEFORE_FIELDWORK or not SEE_SET_UP.can(user, part):
        return None
    return checklist_of(inspection, timezone.localdate())


def home(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The inspection's state and progress, and what the reader can do next."""
    inspection = load_inspection(request.user, inspection_id, shows_what_stays=True)
    sees_cases = inspection.certificate is None and SEE_CASES.can(request.user, inspection)
    progress = inspection_progress(inspection) if sees_cases else None
    context = {
        "inspection": inspection,
        "crumbs": [],
        "role": inspection.role_of(request.user),
        "progress": progress,
        "next": next_steps(inspection, request.user, progress),
        "interviews": own_interviews(inspection, request.user),
        "moves": moves_of(inspection, request.user),
        "steps_back": steps_back(inspection, request.user),
    }
    return render(request, "site/home.html", context)


def own_interviews(inspection: Inspection, user: User) -> list[InterviewSlot]:
    """The next interviews of ``user``, while they are to come."""
    if not PLAN_INTERVIEWS.can(user, inspection):
        return []
    slots = inspection.interviews.of(user).ending_after(timezone.now())
    return list(slots.in_order()[:INTERVIEWS_SHOWN])
