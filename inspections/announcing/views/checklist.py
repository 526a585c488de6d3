"""What the service was asked to send before fieldwork."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.announcing import actions
from inspections.announcing.checklist import checklist_of
from inspections.announcing.forms.checklist import AskForm, RequestedItemForm
from inspections.announcing.history import changes_of_checklist
from inspections.loading import load_set_up
from inspections.models import Inspection, RequestedItem
from inspections.permissions import KEEP_CHECKLIST
from inspections.versions import Conflict, based_on, differences

KINDS = {kind.lower().replace("_", "-"): kind for kind in RequestedItem.Kind}
"""Kinds by their word in URLs."""


@require_safe
def checklist(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = load_set_up(request.user, inspection_id, also=("requested_items",))
    found = checklist_of(inspection, timezone.localdate())
    context = {
        "inspection": inspection,
        "checklist": found,
        "lines": [
            (line, line.item.kind.lower().replace("_", "-"), line.item.get_kind_display())
            for line in found.lines
        ],
        "changes": changes_of_checklist(inspection),
        "crumbs": _crumbs(inspection),
    }
    return render(request, "inspections/announcing/checklist.html", context)


@accepts_form
def ask(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Record that the service was asked for several things at once."""
    inspection = load_set_up(
        request.user, inspection_id, to=KEEP_CHECKLIST, also=("requested_items",)
    )
    today = timezone.localdate()
    left = [line.item.kind for line in checklist_of(inspection, today).not_asked]
    form = AskForm(posted(request), kinds=left, today=today)
    if form.is_valid():
        actions.ask_for(inspection=inspection, by=request.user, **form.cleaned_data)
        messages.success(request, "What the service was asked for is saved.")
        return redirect("inspections:checklist", inspection.pk)
    context = {
        "inspection": inspection,
        "form": form,
        "left": left,
        "crumbs": [*_crumbs(inspection), ("Ask the service", "")],
    }
    return render(request, "inspections/announcing/ask.html", context)


@accepts_form
def item(request: SignedInRequest, inspection_id: int, kind: str) -> HttpResponse:
    """One thing that the service is asked for."""
    inspection = load_set_up(request.user, inspection_id, to=KEEP_CHECKLIST)
    if kind not in KINDS:
        raise Http404
    of_kind = KINDS[kind]
    new = RequestedItem(inspection=inspection, kind=of_kind, version=0)
    current = inspection.requested_items.filter(kind=of_kind).first() or new
    form = RequestedItemForm(posted(request), item=current)
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            actions.record_requested_item(
                inspection=inspection, kind=of_kind, by=request.user, **form.cleaned_data
            )
        except Conflict as conflict:
            current = conflict.current or new
            form = RequestedItemForm(based_on(current, request.POST), item=current)
            context = {"conflict": current, "differences": differences(form)}
        else:
            messages.success(request, f"{of_kind.label} is saved.")
            return redirect("inspections:checklist", inspection.pk)
    context |= {
        "inspection": inspection,
        "form": form,
        "title": of_kind.label,
        "keep_href": reverse("inspections:checklist", args=[inspection.pk]),
        "crumbs": [*_crumbs(inspection), (of_kind.label, "")],
    }
    status = 409 if "conflict" in context else 200
    return render(request, "inspections/announcing/form.html", context, status=status)


def _crumbs(inspection: Inspection) -> list[tuple[str, str]]:
    return [
        ("Set-up", reverse("inspections:announcement", args=[inspection.pk])),
        ("Checklist", reverse("inspections:checklist", args=[inspection.pk])),
    ]
