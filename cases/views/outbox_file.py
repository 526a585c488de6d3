"""Loading what waited on a device that is lost, or can't reach the service any more."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cases import presenters
from cases.actions import load_outbox_file
from cases.forms import OutboxFileForm
from cases.permissions import LOAD_OUTBOX
from cases.views.loading import load_inspection
from inspections.access.requests import SignedInRequest


def outbox_file(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The form, and after it what became of each save; loading a file twice does no harm."""
    inspection = load_inspection(request.user, inspection_id)
    LOAD_OUTBOX.check(request.user, inspection)
    sent = request.method == "POST"
    form = OutboxFileForm(
        request.POST if sent else None, request.FILES if sent else None, inspection=inspection
    )
    loaded = None
    if sent and form.is_valid() and form.read:
        loaded = load_outbox_file(
            inspection=inspection,
            saves=form.read.saves,
            made_by=form.read.made_by,
            by=request.user,
        )
    context = {
        "inspection": inspection,
        "crumbs": [("Load what waited on a device", "")],
        "form": form,
        "made_by": form.read and form.read.made_by,
        "elsewhere": form.read and form.read.elsewhere,
        "rows": None if loaded is None else [presenters.loaded_row(*one) for one in loaded],
    }
    return render(request, "cases/device/outbox_file.html", context)
