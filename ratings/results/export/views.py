"""The page on which the lead inspector exports everything that an inspection holds."""

from __future__ import annotations

from tempfile import TemporaryFile

from crispy_forms_gds.choices import Choice
from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.forms import LaidOutForm, Paragraphs
from inspections.loading import load_inspection
from ratings.results.export.actions import READY_FOR, record_export
from ratings.results.export.archive import write_export
from ratings.retention_permissions import EXPORT

AS_RECORDED, REDACTED = "AS_RECORDED", "REDACTED"


class ExportForm(LaidOutForm):
    button = "Make the export"
    notes = forms.ChoiceField(
        label="Notes and other free texts",
        choices=(
            Choice(
                REDACTED, "Redact them", hint="Each is replaced by [redacted], in histories too"
            ),
            Choice(AS_RECORDED, "Leave them as they were recorded"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether notes are redacted"},
    )
    purpose = Paragraphs(
        label="What is the export for?",
        help_text="Such as the number of a request or of a court’s order. Name nobody whom the "
        "cases are about: this is kept when their content is gone.",
        max_length=2_000,
        missing="Enter what the export is for",
        called="what it is for",
    )


@accepts_form
def export(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Asks what for, records it, and leads to the file."""
    inspection = load_inspection(request.user, inspection_id, to=EXPORT, shows_what_stays=True)
    form = ExportForm(posted(request))
    if form.is_valid():
        record_export(
            inspection=inspection,
            redacted=form.cleaned_data["notes"] == REDACTED,
            purpose=form.cleaned_data["purpose"],
            by=request.user,
        )
        messages.success(request, "The export is recorded. Download it within an hour.")
        return redirect("ratings:export", inspection.pk)
    made = inspection.exports.select_related("exported_by")
    since = timezone.now() - READY_FOR
    context = {
        "inspection": inspection,
        "form": form,
        "ready": made.filter(exported_by=request.user, exported_at__gt=since),
        "exports": made,
        "crumbs": [("Export", "")],
    }
    return render(request, "ratings/retention/export.html", context)


@require_safe
def export_file(
    request: SignedInRequest, inspection_id: int, export_id: int
) -> FileResponse | HttpResponse:
    """The file, for whoever asked for it and for an hour; written to the disc and sent from there,
    so that a slow line holds no connection to the database."""
    inspection = load_inspection(request.user, inspection_id, to=EXPORT, shows_what_stays=True)
    since = timezone.now() - READY_FOR
    own = inspection.exports.filter(exported_by=request.user, exported_at__gt=since)
    asked = get_object_or_404(own, pk=export_id)
    # It has no name on the disc, and goes when it is closed.
    file = TemporaryFile()  # noqa: SIM115  # the response closes it
    write_export(inspection, file, redacted=asked.redacted)
    file.seek(0)
    name = f"inspection-{inspection.pk}{'-redacted' if asked.redacted else ''}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
