"""Declared interests in the service."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cases.allocation import actions
from cases.allocation.forms import InterestForm, holders_of
from cases.loading import cases_crumb, load_for_form
from cases.models import DeclaredInterest
from cases.permissions import DECLARE_FOR_OTHERS, DECLARE_INTEREST
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.loading import load_inspection
from inspections.models import Inspection, User
from inspections.names import NameOrder


@accepts_form
def interests(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Who declared an interest in the service; inspectors see and declare their own alone."""
    inspection = load_for_form(request, inspection_id, DECLARE_INTEREST)
    sees_others = DECLARE_FOR_OTHERS.can(request.user, inspection)
    form = InterestForm(posted(request), people=holders_of(inspection) if sees_others else None)
    why_not = ""
    if form.is_valid():
        person = form.cleaned_data.get("person", request.user)
        try:
            actions.declare_interest(
                inspection=inspection,
                person=person,
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except Refused as refusal:
            why_not = str(refusal)
        else:
            _say_declared(request, inspection, person)
            return redirect("cases:interests", inspection.pk)
    declared = DeclaredInterest.objects.filter(
        service=inspection.service_id, person__memberships__inspection=inspection
    ).select_related("person", "declared_by")
    if not sees_others:
        declared = declared.filter(person=request.user)
    context = {
        "inspection": inspection,
        "crumbs": [cases_crumb(inspection), ("Declared interests", "")],
        "form": form,
        "sees_others": sees_others,
        "why_not": why_not,
        "declared": declared.order_by(NameOrder("person__name"), "person__email"),
    }
    status = 403 if why_not else 200
    return render(request, "cases/allocation/interests.html", context, status=status)


def _say_declared(request: SignedInRequest, inspection: Inspection, person: User) -> None:
    messages.success(
        request,
        f"The interest is declared. No further case of {inspection.service} can be "
        f"allocated to {person}.",
    )
    held = inspection.cases.allocated_to(person).in_order()
    if references := ", ".join(map(str, held)):
        messages.info(
            request,
            f"{person} still holds {references}. The lead inspector hands them over.",
        )


@require_POST
def withdraw_interest(request: SignedInRequest, inspection_id: int, person: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=DECLARE_INTEREST)
    members = inspection.memberships.select_related("user")
    found = get_object_or_404(members, user=person)
    actions.withdraw_interest(inspection=inspection, person=found.user, by=request.user)
    messages.success(request, f"{found.user} has no declared interest in {inspection.service}.")
    return redirect("cases:interests", inspection.pk)
