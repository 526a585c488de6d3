"""Judgements on the qualitative standards."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from inspections.framework import Rating, Standard
from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS
from inspections.presenters import rating_tag
from ratings.evidence.actions import JudgementOutdated, record_judgement
from ratings.evidence.judgement_forms import JudgementForm
from ratings.evidence.matrix_presenters import matrix_part
from ratings.evidence.reading import matrix_of
from ratings.models import Judgement
from ratings.permissions import JUDGE


def judgements(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Every qualitative standard with its rating, for those who may see ratings."""
    inspection = _load(request.user, inspection_id)
    SEE_RATINGS.check(request.user, inspection)
    known = {j.standard: j for j in inspection.judgements.select_related("saved_by")}
    context = {
        "inspection": inspection,
        "crumbs": [("Judgements", "")],
        "why_not": JUDGE.why_not(request.user, inspection),
        "rows": [
            {
                "standard": standard,
                "judgement": known.get(standard.code),
                "rating": rating_tag(_rating(known.get(standard.code))),
            }
            for standard in inspection.framework.standards
            if standard.is_qualitative
        ],
    }
    return render(request, "ratings/evidence/judgements.html", context)


def judgement(request: SignedInRequest, inspection_id: int, standard: str) -> HttpResponse:
    """One qualitative standard: to judge for the lead inspector, to read for others."""
    inspection = _load(request.user, inspection_id)
    SEE_RATINGS.check(request.user, inspection)
    found = _qualitative(inspection, standard)
    stands = inspection.judgements.filter(standard=standard).select_related("saved_by").first()
    if request.method != "POST":
        return _show(request, inspection, found, _form(stands), stands)
    form = JudgementForm(request.POST)
    if not form.is_valid() or not JUDGE.can(request.user, inspection):
        return _show(request, inspection, found, form, stands)
    try:
        record_judgement(
            inspection=inspection,
            standard=standard,
            rating=form.rating_chosen,
            rationale=form.cleaned_data["rationale"],
            base_version=form.cleaned_data["base_version"],
            by=request.user,
        )
    except Refused:
        return _show(request, _load(request.user, inspection_id), found, form, stands)
    except JudgementOutdated as outdated:
        return _show_conflict(request, inspection, found, outdated.current)
    messages.success(request, f"Your judgement on {found.code} {found.name} is saved.")
    return redirect(reverse("ratings:judgements", args=[inspection.pk]))


def _load(user: User, inspection_id: int) -> Inspection:
    inspections = Inspection.objects.visible_to(user).select_related("service")
    return get_object_or_404(inspections, pk=inspection_id)


def _qualitative(inspection: Inspection, code: str) -> Standard:
    standard = inspection.framework.standards_by_code.get(code)
    if standard is None or not standard.is_qualitative:
        raise Http404
    return standard


def _rating(judgement: Judgement | None) -> Rating | None:
    return Rating[judgement.rating] if judgement else None


def _form(stands: Judgement | None) -> JudgementForm:
    if stands is None:
        return JudgementForm(initial={"base_version": 0})
    return JudgementForm(
        initial={
            "rating": stands.rating,
            "rationale": stands.rationale,
            "base_version": stands.version,
        }
    )


def _show_conflict(
    request: SignedInRequest,
    inspection: Inspection,
    standard: Standard,
    current: Judgement,
) -> HttpResponse:
    """The page again with what was typed, beside what stands; saving it now replaces that."""
    data = request.POST.copy()
    data["base_version"] = str(current.version)
    return _show(request, inspection, standard, JudgementForm(data), current, conflict=True)


def _show(
    request: SignedInRequest,
    inspection: Inspection,
    standard: Standard,
    form: JudgementForm,
    stands: Judgement | None,
    *,
    conflict: bool = False,
) -> HttpResponse:
    title = f"{standard.code} {standard.name}"
    why_not = JUDGE.why_not(request.user, inspection)
    context = {
        "inspection": inspection,
        "standard": standard,
        "title": title,
        "form": form,
        "judgement": stands,
        "rating": rating_tag(_rating(stands)),
        "why_not": why_not,
        "unsaved": form.data.get("rationale", "") if why_not else "",
        "is_own": stands is not None and stands.saved_by_id == request.user.pk,
        "conflict": conflict,
        "matrix": matrix_part(inspection, standard, matrix_of(inspection), sees_findings=True),
        "crumbs": [
            ("Judgements", reverse("ratings:judgements", args=[inspection.pk])),
            (title, ""),
        ],
    }
    status = 409 if conflict else 403 if form.is_bound and why_not else 200
    return render(request, "ratings/evidence/judgement.html", context, status=status)
