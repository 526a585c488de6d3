"""Writing, changing, ordering and removing strengths and areas for improvement."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from ratings.evidence.actions import (
    FindingOutdated,
    add_finding,
    change_finding,
    move_finding,
    remove_finding,
)
from ratings.evidence.forms import FINDING_KINDS, FindingForm, VersionForm
from ratings.evidence.presenters import a_finding
from ratings.evidence.views.loading import About, about, load_inspection, not_saved
from ratings.models import Evidence, Finding
from ratings.permissions import WRITE_FINDINGS

GONE = "This has been removed since you opened it. Add it again if it still holds."


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, inspection_id: int, code: str, kind: str) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id)
    here = about(inspection, code)
    if kind not in FINDING_KINDS:
        raise Http404
    which = FINDING_KINDS[kind]
    if request.method != "POST":
        WRITE_FINDINGS.check(request.user, inspection)
        form = FindingForm(kind=which, pieces=_pieces(here), initial={"base_version": 0})
        return _show(request, here, form, f"Add {a_finding(which)}")
    form = FindingForm(request.POST, kind=which, pieces=_pieces(here))
    if refused := WRITE_FINDINGS.why_not(request.user, inspection):
        return not_saved(request, inspection, refused, form)
    if not form.is_valid():
        return _show(request, here, form, f"Add {a_finding(which)}")
    try:
        finding = add_finding(
            inspection=inspection,
            key_question=code,
            kind=which,
            text=form.cleaned_data["text"],
            rests_on=form.pieces_chosen,
            by=request.user,
        )
    except Refused as refusal:
        return not_saved(request, inspection, str(refusal), form)
    return _saved(request, here, finding)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, inspection_id: int, finding_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id)
    finding = inspection.findings.filter(pk=finding_id).select_related("saved_by").first()
    if finding is None:
        if request.method == "POST" and request.POST.get("text"):
            form = FindingForm(request.POST, kind=Finding.Kind.STRENGTH, pieces=[])
            form.fields["text"].label = "What you wrote"
            return not_saved(request, inspection, GONE, form, status=404)
        raise Http404
    here = about(inspection, finding.key_question)
    heading = f"Change {a_finding(finding.kind)}"
    if request.method != "POST":
        WRITE_FINDINGS.check(request.user, inspection)
        return _show(request, here, _form_of(finding, here), heading, finding)
    form = FindingForm(request.POST, kind=finding.kind, pieces=_pieces(here))
    if refused := WRITE_FINDINGS.why_not(request.user, inspection):
        return not_saved(request, inspection, refused, form)
    if not form.is_valid():
        return _show(request, here, form, heading, finding)
    try:
        changed = change_finding(
            finding=finding,
            text=form.cleaned_data["text"],
            rests_on=form.pieces_chosen,
            base_version=form.cleaned_data["base_version"],
            by=request.user,
        )
    except Refused as refusal:
        return not_saved(request, inspection, str(refusal), form)
    except FindingOutdated as outdated:
        if outdated.current is None:
            return not_saved(request, inspection, GONE, form, status=404)
        return _show_conflict(request, here, outdated.current)
    return _saved(request, here, changed)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, inspection_id: int, finding_id: int) -> HttpResponse:
    """Asks once more; what was changed meanwhile is shown before it is removed."""
    inspection = load_inspection(request.user, inspection_id)
    finding = get_object_or_404(inspection.findings, pk=finding_id)
    here = about(inspection, finding.key_question)
    WRITE_FINDINGS.check(request.user, inspection)
    was_changed = False
    if request.method == "POST":
        form = VersionForm(request.POST)
        try:
            if form.is_valid():
                base_version = form.cleaned_data["base_version"]
                remove_finding(finding=finding, base_version=base_version, by=request.user)
                messages.success(request, f"The {finding.get_kind_display().lower()} is removed.")
                return redirect(here.address)
        except FindingOutdated as outdated:
            if outdated.current is None:
                return redirect(here.address)
            finding = outdated.current
        was_changed = True
    context = {
        "about": here,
        "inspection": inspection,
        "finding": finding,
        "one": Finding.Kind(finding.kind).label.lower(),
        "was_changed": was_changed,
        "crumbs": here.crumbs("Remove"),
    }
    status = 409 if was_changed else 200
    return render(request, "ratings/evidence/remove_finding.html", context, status=status)


@require_POST
def move(request: SignedInRequest, inspection_id: int, finding_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id)
    finding = get_object_or_404(inspection.findings, pk=finding_id)
    move_finding(finding=finding, up=request.POST.get("to") == "up", by=request.user)
    return redirect(f"{about(inspection, finding.key_question).address}#finding-{finding.pk}")


def _pieces(here: About) -> list[Evidence]:
    """The evidence used under the key question."""
    used = here.inspection.evidence.filter(uses__key_question=here.question.code)
    return list(used.order_by("kind", "title", "pk"))


def _form_of(finding: Finding, here: About) -> FindingForm:
    return FindingForm(
        kind=finding.kind,
        pieces=_pieces(here),
        initial={
            "text": finding.text,
            "rests_on": list(finding.supports.values_list("use__evidence", flat=True)),
            "base_version": finding.version,
        },
    )


def _saved(request: SignedInRequest, here: About, finding: Finding) -> HttpResponse:
    messages.success(request, f"The {finding.get_kind_display().lower()} is saved.")
    return redirect(f"{here.address}#finding-{finding.pk}")


def _show_conflict(request: SignedInRequest, here: About, current: Finding) -> HttpResponse:
    """The page again with what was typed, beside what stands; saving it now replaces that."""
    data = request.POST.copy()
    data["base_version"] = str(current.version)
    form = FindingForm(data, kind=current.kind, pieces=_pieces(here))
    heading = f"Change {a_finding(current.kind)}"
    return _show(request, here, form, heading, current, conflict=True)


def _show(
    request: SignedInRequest,
    here: About,
    form: FindingForm,
    heading: str,
    finding: Finding | None = None,
    *,
    conflict: bool = False,
) -> HttpResponse:
    context = {
        "about": here,
        "inspection": here.inspection,
        "form": form,
        "heading": heading,
        "finding": finding,
        "conflict": conflict,
        "is_own": finding is not None and finding.saved_by_id == request.user.pk,
        "names": list(finding.supports.values_list("use__evidence__title", flat=True))
        if finding is not None and conflict
        else [],
        "crumbs": here.crumbs(heading),
    }
    return render(
        request, "ratings/evidence/finding.html", context, status=409 if conflict else 200
    )
