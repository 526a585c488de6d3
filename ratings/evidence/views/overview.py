"""The matrix of an inspection's evidence, and the page of one key question."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from inspections.framework import Edition
from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS
from ratings.engine import Outcome
from ratings.evidence.actions import stop_using_evidence, use_evidence
from ratings.evidence.bearings import bearings_on
from ratings.evidence.figures import Details, Figures, figures_on
from ratings.evidence.matrix_presenters import by_note, matrix_parts
from ratings.evidence.presenters import add_links, findings_view, piece_view
from ratings.evidence.reading import matrix_of
from ratings.evidence.views.loading import About, about, load_inspection
from ratings.models import Evidence, Finding
from ratings.permissions import ADD_EVIDENCE, CHANGE_EVIDENCE, WRITE_FINDINGS
from ratings.service import rate_inspection


@require_safe
def evidence(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Key questions by kinds of evidence, and every piece there is."""
    inspection = load_inspection(request.user, inspection_id)
    sees_findings = SEE_RATINGS.can(request.user, inspection)
    outcome = outcome_for(request.user, inspection)
    parts = matrix_parts(inspection, matrix_of(inspection), sees_findings=sees_findings)
    context = {
        "inspection": inspection,
        "crumbs": [("Evidence", "")],
        "sees_findings": sees_findings,
        "parts": parts,
        "kinds": Evidence.Kind.labels,
        "look_at": by_note(parts),
        "pieces": [
            piece_view(piece, request.user, outcome)
            for piece in inspection.evidence.select_related("added_by")
            .prefetch_related("uses")
            .order_by("kind", "title", "pk")
        ],
        "add": add_links(inspection) if ADD_EVIDENCE.can(request.user, inspection) else [],
        "why_not": ADD_EVIDENCE.why_not(request.user, inspection),
    }
    return render(request, "ratings/evidence/evidence.html", context)


@require_safe
def key_question(request: SignedInRequest, inspection_id: int, code: str) -> HttpResponse:
    """What was found under one key question, from which evidence, and what cases show."""
    inspection = load_inspection(request.user, inspection_id)
    here = about(inspection, code)
    user = request.user
    outcome = outcome_for(user, inspection)
    pieces = list(
        inspection.evidence.select_related("added_by")
        .prefetch_related("uses")
        .order_by("kind", "title", "pk")
    )
    used: list[Evidence] = []
    others: list[Evidence] = []
    for piece in pieces:
        is_used = any(use.key_question == code for use in piece.uses.all())
        (used if is_used else others).append(piece)
    context = {
        "about": here,
        "inspection": inspection,
        "crumbs": here.crumbs(),
        "used": [piece_view(piece, user, outcome) for piece in used],
        "others": [piece for piece in others if CHANGE_EVIDENCE.can(user, piece)],
        "add": add_links(inspection, code) if ADD_EVIDENCE.can(user, inspection) else [],
        "rated_at": timezone.now(),
        **_found(here, user, pieces, outcome),
    }
    return render(request, "ratings/evidence/key_question.html", context)


def _found(
    here: About, user: User, pieces: list[Evidence], outcome: Outcome | None
) -> dict[str, object]:
    """Findings and figures, for those who may see them."""
    if not SEE_RATINGS.can(user, here.inspection):
        return {"sees_findings": False}
    code = here.question.code
    findings = list(here.inspection.findings.filter(key_question=code).select_related("saved_by"))
    titles = {piece.pk: piece.title for piece in pieces}
    row = matrix_of(here.inspection)[code]
    return {
        "sees_findings": True,
        "findings": [
            findings_view(here.inspection, kind, row, findings, titles)
            for kind in Finding.Kind.values
        ],
        "why_not_write": WRITE_FINDINGS.why_not(user, here.inspection),
        "figures": _figures(here, outcome),
    }


def _figures(here: About, outcome: Outcome | None) -> tuple[Figures, ...]:
    edition: Edition = here.inspection.framework
    bearings = bearings_on(edition.code, here.question.code)
    if outcome is None or not bearings:
        return ()
    return figures_on(bearings, outcome, Details(here.inspection))


def outcome_for(user: User, inspection: Inspection) -> Outcome | None:
    """The figures of cases as they are now, for those who may see them."""
    if not SEE_RATINGS.can(user, inspection):
        return None
    return rate_inspection(inspection).outcome


@require_POST
def use(request: SignedInRequest, inspection_id: int, code: str) -> HttpResponse:
    """Use pieces that are there already under this key question too."""
    inspection = load_inspection(request.user, inspection_id)
    here = about(inspection, code)
    numbers = [number for number in request.POST.getlist("pieces") if number.isdecimal()]
    pieces = list(inspection.evidence.filter(pk__in=[int(n) for n in numbers if len(n) < 19]))
    for piece in pieces:
        use_evidence(evidence=piece, key_question=code, by=request.user)
    if pieces:
        names = ", ".join(f"“{piece}”" for piece in pieces)
        messages.success(request, f"{names} is used under {code} now.")
    else:
        messages.warning(request, "Select the evidence to use here first. Nothing has changed.")
    return redirect(f"{here.address}#evidence")


@require_POST
def stop(request: SignedInRequest, inspection_id: int, code: str, evidence_id: int) -> HttpResponse:
    """Use a piece under this key question no longer; it stays where else it is used."""
    inspection = load_inspection(request.user, inspection_id)
    here = about(inspection, code)
    piece = get_object_or_404(inspection.evidence, pk=evidence_id)
    try:
        stop_using_evidence(evidence=piece, key_question=code, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"“{piece}” is no longer used under {code}.")
    return redirect(f"{here.address}#evidence")
