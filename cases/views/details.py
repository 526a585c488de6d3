"""A case's details."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cases.actions import DetailsOutdated, record_details
from cases.details import SECTIONS
from cases.forms import DetailsForm
from cases.history import latest_details_words
from cases.models import Case
from cases.permissions import RECORD
from cases.presenters import detail_words
from cases.views.loading import crumbs_to, load_case
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest


def details(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    case = load_case(request.user, inspection_id, case_id)
    if request.method != "POST":
        RECORD.check(request.user, case)
        return _show(request, case, DetailsForm(instance=case))
    form = DetailsForm(request.POST, instance=case)
    refused = RECORD.why_not(request.user, case)
    if refused or not form.is_valid():
        return _show(request, case, form, refused=refused)
    try:
        record_details(
            case=case,
            details=form.details(),
            base_version=form.cleaned_data["base_version"],
            by=request.user,
        )
    except Refused as refusal:
        return _show(request, case, form, refused=str(refusal))
    except DetailsOutdated as outdated:
        return _show_conflict(request, form, outdated)
    messages.success(request, f"The details of case {case} are saved.")
    return redirect(case)


def _show_conflict(
    request: SignedInRequest, form: DetailsForm, outdated: DetailsOutdated
) -> HttpResponse:
    """The page again with what was typed, beside what stands; saving it now replaces that."""
    mine, current = form.instance, outdated.current
    differences = [
        {
            "label": detail.label,
            "mine": detail_words(mine, detail.field) or "Not recorded",
            "saved": detail_words(current, detail.field) or "Not recorded",
        }
        for section in SECTIONS
        for detail in section.details
        if getattr(mine, detail.field) != getattr(current, detail.field)
    ]
    data = request.POST.copy()
    data["base_version"] = str(current.version)
    again = DetailsForm(data, instance=mine)
    saved = latest_details_words(outdated.latest) if outdated.latest else ""
    return _show(request, current, again, differences=differences, saved=saved)


def _show(
    request: SignedInRequest,
    case: Case,
    form: DetailsForm,
    *,
    refused: str | None = None,
    differences: list[dict[str, str]] | None = None,
    saved: str = "",
) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "refused": refused,
        "differences": differences,
        "saved": saved,
        "crumbs": crumbs_to(case, "Details"),
    }
    status = 403 if refused else 409 if differences is not None else 200
    return render(request, "cases/details.html", context, status=status)
