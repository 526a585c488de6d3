"""Adding, changing and removing a piece of evidence."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from inspections.models import Inspection
from ratings.evidence.actions import (
    EvidenceOutdated,
    QuestionTaken,
    add_evidence,
    change_evidence,
    remove_evidence,
)
from ratings.evidence.forms import EVIDENCE_KINDS, FIELDS, EvidenceForm, VersionForm
from ratings.evidence.presenters import piece_view, rows_of
from ratings.evidence.reading import qualitative_key_questions
from ratings.evidence.views.loading import load_inspection, not_saved
from ratings.evidence.views.overview import outcome_for
from ratings.models import Evidence
from ratings.permissions import ADD_EVIDENCE, CHANGE_EVIDENCE

GONE = "This evidence has been removed since you opened it. Add it again if it still counts."


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, inspection_id: int, kind: str) -> HttpResponse:
    """Add a piece; ``?key_question=`` names the one from whose page it is added."""
    inspection = load_inspection(request.user, inspection_id)
    if kind not in EVIDENCE_KINDS:
        raise Http404
    which, edition = EVIDENCE_KINDS[kind], inspection.framework
    back = _back(request, inspection)
    if request.method != "POST":
        ADD_EVIDENCE.check(request.user, inspection)
        known = [request.GET.get("key_question", "")]
        initial = {"base_version": 0, "key_questions": known}
        return _show(
            request, inspection, EvidenceForm(kind=which, edition=edition, initial=initial), back
        )
    form = EvidenceForm(request.POST, kind=which, edition=edition)
    if refused := ADD_EVIDENCE.why_not(request.user, inspection):
        return not_saved(request, inspection, refused, form)
    if not form.is_valid():
        return _show(request, inspection, form, back)
    try:
        piece = add_evidence(
            inspection=inspection,
            kind=which,
            details=form.details(),
            key_questions=form.cleaned_data["key_questions"],
            by=request.user,
        )
    except Refused as refusal:
        return not_saved(request, inspection, str(refusal), form)
    except QuestionTaken as taken:
        form.add_error("case_question", _taken(taken.piece))
        return _show(request, inspection, form, back)
    messages.success(request, f"{piece.get_kind_display()} “{piece}” is added.")
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
def piece(request: SignedInRequest, inspection_id: int, evidence_id: int) -> HttpResponse:
    """One piece: to change for those who may, to read for others."""
    inspection = load_inspection(request.user, inspection_id)
    found = inspection.evidence.select_related("added_by", "saved_by")
    stands = found.filter(pk=evidence_id).prefetch_related("uses").first()
    if stands is None:
        raise Http404
    refused = CHANGE_EVIDENCE.why_not(request.user, stands)
    back = _back(request, inspection)
    if request.method != "POST":
        form = None if refused else _form_of(stands)
        return _show(request, inspection, form, back, stands, refused=refused)
    form = EvidenceForm(request.POST, kind=stands.kind, edition=inspection.framework)
    if refused:
        return not_saved(request, inspection, refused, form)
    if not form.is_valid():
        return _show(request, inspection, form, back, stands)
    try:
        change_evidence(
            evidence=stands,
            details=form.details(),
            key_questions=form.cleaned_data["key_questions"],
            base_version=form.cleaned_data["base_version"],
            by=request.user,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, inspection, form, back, stands)
    except QuestionTaken as taken:
        form.add_error("case_question", _taken(taken.piece))
        return _show(request, inspection, form, back, stands)
    except EvidenceOutdated as outdated:
        if outdated.current is None:
            return not_saved(request, inspection, GONE, form, status=404)
        return _show_conflict(request, inspection, outdated.current, back)
    messages.success(request, f"“{form.details()['title']}” is saved.")
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, inspection_id: int, evidence_id: int) -> HttpResponse:
    """Asks once more; what was changed meanwhile is shown before it is removed."""
    inspection = load_inspection(request.user, inspection_id)
    stands = get_object_or_404(inspection.evidence.prefetch_related("uses"), pk=evidence_id)
    CHANGE_EVIDENCE.check(request.user, stands)
    why_not, was_changed = "", False
    if request.method == "POST":
        form = VersionForm(request.POST)
        was_changed = True
        try:
            if form.is_valid():
                base_version = form.cleaned_data["base_version"]
                remove_evidence(evidence=stands, base_version=base_version, by=request.user)
                messages.success(request, f"“{stands}” is removed.")
                return redirect("ratings:evidence", inspection.pk)
        except Refused as refusal:
            why_not, was_changed = str(refusal), False
        except EvidenceOutdated as outdated:
            if outdated.current is None:
                return redirect("ratings:evidence", inspection.pk)
            stands = outdated.current
    context = {
        "inspection": inspection,
        "piece": stands,
        "used_under": sorted(use.key_question for use in stands.uses.all()),
        "why_not": why_not,
        "was_changed": was_changed,
        "crumbs": _crumbs(inspection, (stands.title, stands.get_absolute_url()), ("Remove", "")),
    }
    status = 409 if was_changed or why_not else 200
    return render(request, "ratings/evidence/remove_piece.html", context, status=status)


def _back(request: SignedInRequest, inspection: Inspection) -> str:
    """Where to go on: the key question that the page was opened from, or the matrix."""
    code = request.GET.get("key_question", "")
    if code in qualitative_key_questions(inspection.framework):
        return reverse("ratings:key_question", args=[inspection.pk, code]) + "#evidence"
    return reverse("ratings:evidence", args=[inspection.pk])


def _taken(piece: Evidence) -> str:
    return (
        f"The figure of question {piece.case_question} is evidence already. "
        "Use that piece under your key question."
    )


def _form_of(piece: Evidence) -> EvidenceForm:
    initial = {name: getattr(piece, name) for name in FIELDS[piece.kind]}
    initial["key_questions"] = [use.key_question for use in piece.uses.all()]
    initial["base_version"] = piece.version
    return EvidenceForm(kind=piece.kind, edition=piece.inspection.framework, initial=initial)


def _crumbs(inspection: Inspection, *further: tuple[str, str]) -> list[tuple[str, str]]:
    home = ("Evidence", reverse("ratings:evidence", args=[inspection.pk]))
    return [home, *further]


def _show_conflict(
    request: SignedInRequest, inspection: Inspection, current: Evidence, back: str
) -> HttpResponse:
    """The page again with what was typed, beside what stands; saving it now replaces that."""
    data = request.POST.copy()
    data["base_version"] = str(current.version)
    form = EvidenceForm(data, kind=current.kind, edition=inspection.framework)
    return _show(request, inspection, form, back, current, conflict=True)


def _show(
    request: SignedInRequest,
    inspection: Inspection,
    form: EvidenceForm | None,
    back: str,
    stands: Evidence | None = None,
    *,
    refused: str | None = None,
    conflict: bool = False,
) -> HttpResponse:
    kind = Evidence.Kind(stands.kind if stands else form.kind)  # type: ignore[union-attr]
    labels = form or EvidenceForm(kind=kind, edition=inspection.framework)
    words = {name: str(labels.fields[name].label) for name in FIELDS[kind]}
    title = stands.title if stands else f"Add evidence: {kind.label.lower()}"
    view = None
    if stands is not None:
        view = piece_view(stands, request.user, outcome_for(request.user, inspection))
    context = {
        "inspection": inspection,
        "title": title,
        "kind": kind.label,
        "form": form,
        "piece": stands,
        "view": view,
        "rows": rows_of(stands, words) if stands and (conflict or refused) else [],
        "refused": refused,
        "conflict": conflict,
        "is_own": stands is not None and stands.saved_by_id == request.user.pk,
        "back": back,
        "crumbs": _crumbs(inspection, (title, "")),
    }
    status = 409 if conflict else 200
    return render(request, "ratings/evidence/piece.html", context, status=status)
