"""When a result was published, for how long its case content is kept, and what was removed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.loading import load_set_up
from inspections.models import DeletionCertificate, Inspection, User
from ratings.results.retention import actions
from ratings.results.retention.certificate import certificate_file, head_after
from ratings.results.retention.forms import MonthsForm, PublicationForm
from ratings.results.retention.standing import counts_in_words, standing_of
from ratings.retention_permissions import (
    PUBLISH,
    SEE_CERTIFICATE,
    SEE_RETENTION,
    SET_MONTHS,
)


def _crumbs(inspection: Inspection, here: str) -> list[tuple[str, str]]:
    return [
        ("Publication and retention", reverse("ratings:retention", args=[inspection.pk])),
        (here, ""),
    ]


@require_safe
def retention(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """What holds now, and what was recorded about it."""
    inspection = load_set_up(request.user, inspection_id, to=SEE_RETENTION)
    context = {
        "inspection": inspection,
        "standing": standing_of(inspection),
        "certificate": inspection.certificate,
        "exports": inspection.exports.select_related("exported_by"),
        "crumbs": [("Publication and retention", "")],
    }
    return render(request, "ratings/retention/retention.html", context)


@accepts_form
def publication(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Record when the sealed result was published."""
    inspection = load_set_up(request.user, inspection_id, to=PUBLISH)
    form = PublicationForm(posted(request))
    if form.is_valid():
        try:
            actions.record_publication(
                inspection=inspection,
                published_date=form.cleaned_data["published_date"],
                by=request.user,
            )
        except actions.NotADate as refused:
            form.add_error("published_date", str(refused))
        else:
            messages.success(request, "The date of publication is saved.")
            return redirect("ratings:retention", inspection.pk)
    context = {
        "inspection": inspection,
        "form": form,
        "standing": standing_of(inspection),
        "crumbs": _crumbs(inspection, "Publication"),
    }
    return render(request, "ratings/retention/publication.html", context)


@accepts_form
def months(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """An administrator changes for how long case content is kept."""
    inspection = load_set_up(request.user, inspection_id, to=SET_MONTHS)
    form = MonthsForm(posted(request))
    if form.is_valid():
        actions.set_months(inspection=inspection, by=request.user, **form.cleaned_data)
        messages.success(request, "The number of months is saved.")
        return redirect("ratings:retention", inspection.pk)
    context = {
        "inspection": inspection,
        "form": form,
        "standing": standing_of(inspection),
        "crumbs": _crumbs(inspection, "Months"),
    }
    return render(request, "ratings/retention/months.html", context)


def _certificate(user: User, inspection_id: int) -> DeletionCertificate:
    inspection = load_set_up(user, inspection_id, to=SEE_CERTIFICATE)
    if inspection.certificate is None:
        raise Http404
    return inspection.certificate


@require_safe
def certificate(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """What was removed, when, by whom and by what rule."""
    found = _certificate(request.user, inspection_id)
    context = {
        "inspection": found.inspection,
        "certificate": found,
        "counts": counts_in_words(found),
        "head_after": head_after(found),
        "crumbs": [("Deletion certificate", "")],
    }
    return render(request, "ratings/retention/certificate.html", context)


@require_safe
def certificate_as_file(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    found = _certificate(request.user, inspection_id)
    return HttpResponse(
        certificate_file(found),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{found.file_name}"'},
    )
