"""Linked cases."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cases.allocation import actions
from cases.allocation.forms import LinkForm
from cases.loading import cases_crumb, load_for_form
from cases.models import Case, LinkedCases
from cases.permissions import ALLOCATE_CASES
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.forms import VersionForm
from inspections.loading import load_inspection
from inspections.models import Inspection
from inspections.versions import Conflict, based_on, differences

LINK_GONE = (
    "Somebody removed this link since you opened the page. Save again to link the cases anew."
)


@accepts_form
def linked_cases(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The sets of linked cases, and the form of a new one."""
    inspection = load_for_form(request, inspection_id, ALLOCATE_CASES)
    return _edit_link(request, LinkedCases(inspection=inspection, version=0))


@accepts_form
def change_link(request: SignedInRequest, inspection_id: int, linked_id: int) -> HttpResponse:
    """One that was removed meanwhile is offered anew, as it was sent."""
    inspection = load_for_form(request, inspection_id, ALLOCATE_CASES)
    linked = inspection.linked_cases.filter(pk=linked_id).first()
    if linked is None:
        if request.method != "POST":
            raise Http404
        return _edit_link(request, LinkedCases(inspection=inspection, version=0), gone=LINK_GONE)
    linked.inspection = inspection
    return _edit_link(request, linked)


def _edit_link(request: SignedInRequest, linked: LinkedCases, *, gone: str = "") -> HttpResponse:
    inspection = linked.inspection
    form = LinkForm(posted(request), linked=linked, cases=_linkable(inspection, linked))
    context: dict[str, Any] = {}
    if gone:
        form.add_error(None, gone)
    elif form.is_valid():
        try:
            _save_link(request, linked, form)
            messages.success(request, "The linked cases are saved.")
            return redirect("cases:linked-cases", inspection.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Conflict as conflict:
            if conflict.current is None:
                again = LinkedCases(inspection=inspection, version=0)
                return _edit_link(request, again, gone=LINK_GONE)
            linked = conflict.current
            form = LinkForm(
                based_on(linked, request.POST), linked=linked, cases=_linkable(inspection, linked)
            )
            context = {"conflict": linked, "differences": differences(form)}
    context |= {
        "inspection": inspection,
        "linked": linked,
        "links": inspection.linked_cases.with_cases(),
        "form": form,
        "crumbs": [
            cases_crumb(inspection),
            ("Allocate cases", reverse("cases:allocation", args=[inspection.pk])),
            ("Linked cases", ""),
        ],
    }
    status = 409 if "conflict" in context else 200
    return render(request, "cases/allocation/linked_cases.html", context, status=status)


def _save_link(request: SignedInRequest, linked: LinkedCases, form: LinkForm) -> None:
    sent = {"why": form.cleaned_data["why"], "cases": form.cleaned_data["cases"]}
    if linked.pk:
        version = form.cleaned_data["base_version"]
        actions.change_links(linked=linked, base_version=version, by=request.user, **sent)
    else:
        actions.link_cases(inspection=linked.inspection, by=request.user, **sent)


def _linkable(inspection: Inspection, linked: LinkedCases) -> list[Case]:
    """Its own cases, and those linked to no other."""
    cases = inspection.cases.in_sample().in_order()
    taken = inspection.cases.filter(linked__isnull=False)
    if linked.pk:
        taken = taken.exclude(linked__linked=linked)
    return list(cases.exclude(pk__in=taken.values("pk")))


@require_POST
def remove_link(request: SignedInRequest, inspection_id: int, linked_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=ALLOCATE_CASES)
    linked = inspection.linked_cases.filter(pk=linked_id).first()
    form = VersionForm(request.POST)
    if linked is not None and form.is_valid():
        version = form.cleaned_data["base_version"]
        try:
            actions.unlink_cases(linked=linked, base_version=version, by=request.user)
            messages.success(request, "The cases are not linked any more.")
        except Conflict:
            messages.info(
                request,
                "The linked cases were changed since you opened the page, and nothing was removed. "
                "Look at them again.",
            )
    return redirect("cases:linked-cases", inspection.pk)
