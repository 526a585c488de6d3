"""The matrix of evidence, the page of one key question, and judgements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.changes import page_of
from inspections.framework import Rating, Standard
from inspections.loading import load_inspection
from inspections.models import Inspection
from inspections.versions import Conflict, based_on, differences
from ratings.evidence import actions
from ratings.evidence.figures import Figure, figures_beside, question_figure
from ratings.evidence.forms import JudgementForm
from ratings.evidence.history import changes_of_evidence, changes_of_judgement
from ratings.evidence.judged import not_judged, qualitative, why_not_judged
from ratings.evidence.matrix import load_matrix
from ratings.evidence.tallies import CaseCounts, count_cases
from ratings.models import Evidence, Judgement
from ratings.permissions import CHANGE_EVIDENCE, JUDGE, SEE_EVIDENCE, SEE_FINDINGS
from ratings.unrated import load_rated, says_if_unrated


@require_safe
def evidence(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The matrix of key questions and kinds of evidence, and a list of all evidence."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    sees_findings = SEE_FINDINGS.can(request.user, inspection)
    context = {
        "inspection": inspection,
        "crumbs": [("Evidence", "")],
        "matrix": load_matrix(inspection, sees_findings=sees_findings),
        "sees_findings": sees_findings,
        "kinds": Evidence.Kind,
    }
    return render(request, "ratings/evidence/evidence.html", context)


@require_safe
def key_question(request: SignedInRequest, inspection_id: int, code: str) -> HttpResponse:
    """Findings and evidence of one key question, and related case data."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    context = key_question_context(inspection, code)
    sees_findings = SEE_FINDINGS.can(request.user, inspection)
    matrix = load_matrix(inspection, sees_findings=sees_findings)
    row = matrix.rows[code]
    counts = count_cases(inspection) if sees_findings else None
    context |= {
        "sees_findings": sees_findings,
        "findings": row.supported_findings,
        "used": [(item, live_figure(item, counts)) for item in row.evidence],
        "others": matrix.by_standard(
            item
            for item in matrix.evidence
            if code not in item.used_under and CHANGE_EVIDENCE.can(request.user, item)
        ),
        "kinds": Evidence.Kind,
        "figures": figures_beside(inspection, code, counts) if counts else [],
        "counted_at": timezone.now(),
    }
    return render(request, "ratings/evidence/key_question.html", context)


@require_safe
@says_if_unrated
def judgements(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Every qualitative standard with its rating, for those who may see judgements."""
    inspection = load_rated(request.user, inspection_id, to=SEE_FINDINGS)
    known = {one.standard: one for one in inspection.judgements.select_related("saved_by")}
    without = not_judged(inspection)
    context = {
        "inspection": inspection,
        "crumbs": [("Judgements", "")],
        "judgements": [
            (
                standard,
                None if standard.code in without else known.get(standard.code),
                without.get(standard.code, ""),
            )
            for standard in qualitative(inspection.framework)
        ],
    }
    return render(request, "ratings/evidence/judgements.html", context)


@accepts_form
@says_if_unrated
def judgement(request: SignedInRequest, inspection_id: int, standard: str) -> HttpResponse:
    """One qualitative standard: a form for the lead inspector, text for others."""
    inspection = load_rated(request.user, inspection_id, to=SEE_FINDINGS)
    found = _qualitative(inspection, standard)
    title = f"{found.code} {found.name}"
    stored = inspection.judgements.filter(standard=standard).select_related("saved_by").first()
    current = stored or Judgement(standard=standard, version=0)
    no_case = why_not_judged(inspection, found)
    why_not = no_case or JUDGE.why_not(request.user, inspection)
    form = JudgementForm(posted(request), judgement=current)
    context: dict[str, Any] = {}
    if form.is_valid() and not why_not:
        try:
            actions.record_judgement(
                inspection=inspection,
                standard=standard,
                rating=Rating[form.cleaned_data["rating"]],
                rationale=form.cleaned_data["rationale"],
                base_version=form.cleaned_data["base_version"],
                by=request.user,
            )
            messages.success(request, f"Your judgement on {title} is saved.")
            return redirect("ratings:judgements", inspection.pk)
        except Refused as refusal:
            why_not = str(refusal)
        except Conflict as conflict:
            current = conflict.current or Judgement(standard=standard, version=0)
            form = JudgementForm(based_on(current, request.POST), judgement=current)
            context = {"conflict": current, "differences": differences(form)}
    context |= {
        "inspection": inspection,
        "standard": found,
        "title": title,
        "form": form,
        "judgement": stored,
        "why_not": why_not,
        "no_case": no_case,
        "needs": found.needs_cases_of,
        "unsaved": form.data.get("rationale", "") if why_not else "",
        "rows": load_matrix(inspection, sees_findings=True).rows_of(found),
        "crumbs": [
            ("Judgements", reverse("ratings:judgements", args=[inspection.pk])),
            (title, ""),
        ],
    }
    status = 409 if "conflict" in context else 403 if form.is_bound and why_not else 200
    return render(request, "ratings/evidence/judgement.html", context, status=status)


@require_safe
@says_if_unrated
def judgement_history(request: SignedInRequest, inspection_id: int, standard: str) -> HttpResponse:
    """Every version of the judgement of one standard, for those who see judgements."""
    inspection = load_rated(request.user, inspection_id, to=SEE_FINDINGS)
    found = _qualitative(inspection, standard)
    title = f"{found.code} {found.name}"
    context = {
        "inspection": inspection,
        "of": title,
        "page": page_of(changes_of_judgement(inspection, found), request.GET.get("page")),
        "crumbs": [
            ("Judgements", reverse("ratings:judgements", args=[inspection.pk])),
            (title, reverse("ratings:judgement", args=[inspection.pk, found.code])),
            ("History", ""),
        ],
    }
    return render(request, "inspections/history.html", context)


@require_safe
def history(request: SignedInRequest, inspection_id: int, standard: str = "") -> HttpResponse:
    """What was added, changed and removed of evidence, and of findings for those who see them; of
    one ``standard`` or of all."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    found = _qualitative(inspection, standard) if standard else None
    changes = changes_of_evidence(
        inspection, found, sees_findings=SEE_FINDINGS.can(request.user, inspection)
    )
    context = {
        "inspection": inspection,
        "of": f"Evidence for {found.code} {found.name}" if found else "All evidence",
        "page": page_of(changes, request.GET.get("page")),
        "crumbs": [evidence_crumb(inspection), ("History", "")],
    }
    return render(request, "inspections/history.html", context)


def _qualitative(inspection: Inspection, code: str) -> Standard:
    """The qualitative standard with this code. Raises ``Http404`` if there is none."""
    found = inspection.framework.standards_by_code.get(code)
    if found is None or not found.is_qualitative:
        raise Http404
    return found


def key_question_context(inspection: Inspection, code: str, *further: str) -> dict[str, Any]:
    """Context of every page of a key question; ``further`` names a page below its own.

    Raises ``Http404`` unless ``code`` is a key question of a qualitative standard.
    """
    edition = inspection.framework
    standard = edition.standard_of_question.get(code)
    question = edition.key_questions_by_code.get(code)
    if standard is None or question is None or not standard.is_qualitative:
        raise Http404
    address = reverse("ratings:key_question", args=[inspection.pk, code])
    return {
        "inspection": inspection,
        "standard": standard,
        "question": question,
        "address": address,
        "crumbs": [
            evidence_crumb(inspection),
            (f"Key question {code}", address),
            *((name, "") for name in further),
        ],
    }


def evidence_crumb(inspection: Inspection) -> tuple[str, str]:
    return "Evidence", reverse("ratings:evidence", args=[inspection.pk])


def live_figure(item: Evidence, counts: CaseCounts | None) -> Figure | None:
    """The current figure of case data, if ``counts`` are given."""
    return question_figure(counts, item.case_question) if counts and item.case_question else None
