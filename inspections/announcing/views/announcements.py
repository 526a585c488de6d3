"""Announcing an inspection: its dates, its windows, and where it stands before fieldwork."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.announcing import actions
from inspections.announcing.checklist import checklist_of
from inspections.announcing.forms.announcements import (
    AnnouncementFilter,
    AnnouncementForm,
    NewInspectionForm,
    WindowsForm,
)
from inspections.announcing.history import changes_of_announcement
from inspections.announcing.holdings import holdings
from inspections.announcing.steps import set_up_steps
from inspections.forms import VersionForm
from inspections.loading import load_set_up
from inspections.models import Inspection, Service
from inspections.permissions import (
    ANNOUNCE,
    CHANGE_ANNOUNCEMENT,
    REMOVE_INSPECTION,
    SET_WINDOWS,
    SETUP,
)
from inspections.versions import Conflict, based_on, differences

INSPECTIONS_A_PAGE = 25


@require_safe
def announcements(request: SignedInRequest) -> HttpResponse:
    """Every inspection with where it stands, for administrators; nothing of what is recorded."""
    ANNOUNCE.check(request.user, SETUP)
    form = AnnouncementFilter(request.GET)
    found = Inspection.objects.set_up_by(request.user)
    if name := form.asked.get("service"):
        found = found.of_service(name)
    if state := form.asked.get("state"):
        found = found.filter(state=state)
    found = found.under_way_first().with_team().prefetch_related("requested_items")
    page = Paginator(found, INSPECTIONS_A_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "form": form,
        "page": page,
        "rows": [(one, checklist_of(one, today)) for one in page.object_list],
        "has_services": Service.objects.exists(),
        "crumbs": [("All inspections", "")],
    }
    return render(request, "inspections/announcing/announcements.html", context)


@accepts_form
def announce(request: SignedInRequest) -> HttpResponse:
    """Announce an inspection; ``?service=`` is the number of the service to choose."""
    ANNOUNCE.check(request.user, SETUP)
    form = NewInspectionForm(
        posted(request), service=request.GET.get("service", ""), reader=request.user
    )
    if form.is_valid():
        try:
            inspection = actions.announce_inspection(**form.announcement(), by=request.user)
        except Conflict as removed:
            form.add_error("service", f"{removed} Select another one.")
        else:
            messages.success(request, f"The inspection of {inspection.service} is announced.")
            return redirect("inspections:announcement", inspection.pk)
    context = {
        "form": form,
        "has_services": Service.objects.exists(),
        "crumbs": [
            ("All inspections", reverse("inspections:announcements")),
            ("Announce an inspection", ""),
        ],
    }
    return render(request, "inspections/announcing/announce.html", context)


@require_safe
def announcement(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """How an inspection is set up, for its people and administrators."""
    inspection = load_set_up(
        request.user, inspection_id, also=("windows", "requested_items", "saved_by")
    )
    context = {
        "inspection": inspection,
        "steps": list(set_up_steps(inspection, request.user, timezone.localdate())),
        "windows": inspection.windows.all(),
        "all_drawn": inspection.windows.all()
        and all(one.drawn_at for one in inspection.windows.all()),
        "may_remove": REMOVE_INSPECTION.can(request.user, inspection) and not holdings(inspection),
        "checklist": checklist_of(inspection, timezone.localdate()),
        "changes": changes_of_announcement(inspection),
        "crumbs": [("Set-up", "")],
    }
    return render(request, "inspections/announcing/announcement.html", context)


@accepts_form
def change(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = load_set_up(request.user, inspection_id, to=CHANGE_ANNOUNCEMENT)
    form = AnnouncementForm(posted(request), inspection=inspection)
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            actions.change_announcement(inspection=inspection, by=request.user, **form.cleaned_data)
        except Conflict as conflict:
            current = conflict.current or inspection
            form = AnnouncementForm(based_on(current, request.POST), inspection=current)
            context = {"conflict": current, "differences": differences(form)}
        except actions.WasSealed:
            did = "with ratings, so it gives ratings"
            if not inspection.gives_ratings:
                did = "without ratings, so it gives none"
            form.add_error("gives_ratings", f"Its result was sealed {did}.")
        else:
            messages.success(request, "The announcement is saved.")
            return redirect("inspections:announcement", inspection.pk)
    context |= {"title": "Change the announcement", "text": ""}
    return _form_page(request, inspection, form, context)


@accepts_form
def windows(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = load_set_up(request.user, inspection_id, to=SET_WINDOWS, also=("windows",))
    form = WindowsForm(posted(request), inspection=inspection)
    context: dict[str, Any] = {}
    if form.is_valid():
        version = form.cleaned_data["base_version"]
        try:
            actions.set_windows(
                inspection=inspection, windows=form.windows, base_version=version, by=request.user
            )
        except Conflict as conflict:
            current = conflict.current or inspection
            form = WindowsForm(based_on(current, request.POST), inspection=current)
            context = {"conflict": current, "differences": differences(form)}
        except actions.Drawn:
            # At this moment; the form as it is now says so.
            inspection = load_set_up(request.user, inspection_id, also=("windows",))
            form = WindowsForm(request.POST, inspection=inspection)
        else:
            messages.success(request, "The windows for sampling are saved.")
            return redirect("inspections:announcement", inspection.pk)
    context |= {
        "title": "Windows for sampling",
        "text": "A case is sampled if its disposal lies in the window of its group; a resettlement "
        "case by the date of the sentence or of the release. Both days count.",
        "kept": form.kept,
        "nothing_left": not form.open,
    }
    return _form_page(request, inspection, form, context)


def _form_page(
    request: SignedInRequest, inspection: Inspection, form: Any, context: dict[str, Any]
) -> HttpResponse:
    context |= {
        "inspection": inspection,
        "form": form,
        "crumbs": [
            ("Set-up", reverse("inspections:announcement", args=[inspection.pk])),
            (context["title"], ""),
        ],
    }
    status = 409 if "conflict" in context else 200
    return render(request, "inspections/announcing/form.html", context, status=status)


@accepts_form
def remove(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """A confirmation page; an inspection in which something is recorded stays."""
    inspection = load_set_up(request.user, inspection_id, to=REMOVE_INSPECTION)
    form = VersionForm(posted(request))
    was_changed, holds = False, ""
    if form.is_valid():
        version = form.cleaned_data["base_version"]
        try:
            actions.remove_inspection(inspection=inspection, base_version=version, by=request.user)
        except Conflict as conflict:
            was_changed, inspection = True, conflict.current or inspection
        except actions.HoldsRecords as refusal:
            holds = str(refusal)
        else:
            messages.success(request, f"The inspection of {inspection.service} is removed.")
            return redirect("inspections:announcements")
    context = {
        "inspection": inspection,
        "was_changed": was_changed,
        "holds": holds or ", ".join(holdings(inspection)),
        "crumbs": [
            ("Set-up", reverse("inspections:announcement", args=[inspection.pk])),
            ("Remove", ""),
        ],
    }
    status = 409 if was_changed or holds else 200
    return render(request, "inspections/announcing/remove_inspection.html", context, status=status)
