"""Agreeing to an inspection's result, its seals, and reopening it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from inspections.access.requests import SignedInRequest
from inspections.models import Inspection
from ratings.loading import load_inspection
from ratings.results import actions, policies
from ratings.results.agreements import Readiness, readiness
from ratings.results.export import file_name, file_of
from ratings.results.forms import AgreeForm, ReopenForm
from ratings.results.gather import latest_seal
from ratings.results.presenters import seal_page

READ_OR_SEND = ["GET", "HEAD", "POST"]


@require_http_methods(READ_OR_SEND)
def seal(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """How near the result is to its seal, or the seal; lead inspector and chair agree here."""
    inspection = load_inspection(request.user, inspection_id)
    if request.method != "POST":
        return _show(request, inspection, readiness(inspection))
    policies.check_agree(request.user, inspection)
    form = AgreeForm(request.POST)
    # A digest that is none is not that of the result: the action says so.
    digest = form.cleaned_data["result_sha256"] if form.is_valid() else ""
    try:
        sealed = actions.agree_to_seal(inspection=inspection, result_sha256=digest, by=request.user)
    except actions.ResultChanged as changed:
        return _show(request, inspection, changed.current, problem=str(changed))
    except (actions.NotSealable, actions.SealsNotHeld) as refused:
        return _show(request, inspection, readiness(inspection), problem=str(refused))
    if sealed is None:
        messages.success(request, "You have agreed to this result.")
    else:
        messages.success(request, f"The result is sealed. This is seal {sealed.number}.")
    return redirect("ratings:seal", inspection.pk)


def _show(
    request: SignedInRequest, inspection: Inspection, now: Readiness, problem: str = ""
) -> HttpResponse:
    context = {
        "inspection": inspection,
        "page": seal_page(inspection, now, request.user),
        "problem": problem,
        "crumbs": [("Seal", "")],
    }
    return render(request, "ratings/results/seal.html", context, status=409 if problem else 200)


@require_safe
def seal_file(request: SignedInRequest, inspection_id: int, number: int) -> HttpResponse:
    """The file that ``manage.py verify_seal`` checks."""
    inspection = load_inspection(request.user, inspection_id)
    sealed = get_object_or_404(inspection.sealed_results.all(), number=number)
    return HttpResponse(
        file_of(sealed),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{file_name(sealed)}"'},
    )


@require_http_methods(READ_OR_SEND)
def reopen(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The chair gives a sealed inspection back to the panel, with a reason."""
    inspection = load_inspection(request.user, inspection_id)
    policies.check_reopen(request.user, inspection)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    stands = latest_seal(inspection)
    assert stands is not None, "a sealed inspection has a seal"
    if form.is_valid():
        actions.reopen(sealed_result=stands, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request, f"The result is reopened. Seal {stands.number} stays in the record."
        )
        return redirect("ratings:seal", inspection.pk)
    context = {
        "inspection": inspection,
        "number": stands.number,
        "form": form,
        "crumbs": [("Seal", reverse("ratings:seal", args=[inspection.pk])), ("Reopen", "")],
    }
    return render(request, "ratings/results/reopen.html", context)
