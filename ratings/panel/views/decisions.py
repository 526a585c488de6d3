"""Professional discretion: the panel's decisions on one rating."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS
from inspections.versions import Conflict
from ratings.engine import NotRateable
from ratings.evidence.matrix import load_matrix
from ratings.models import current_hearing, decisions_of
from ratings.pages.rights import rights_of
from ratings.panel.decisions import (
    WITHDRAWN_ALREADY,
    DecisionTarget,
    RatingMoved,
    decide_discretion,
    find_target,
    withdraw_discretion,
)
from ratings.panel.effects import effects_of
from ratings.panel.forms.decisions import DiscretionForm, WithdrawForm
from ratings.panel.precedents import Precedents
from ratings.panel.views.loading import load_for_panel, url_of
from ratings.permissions import DECIDE, SEE_FINDINGS, SEE_PANEL
from ratings.service import RatedInspection, rate_inspection
from ratings.unrated import says_if_unrated
from ratings.words import rated_as


@accepts_form
@says_if_unrated
def discretion(request: SignedInRequest, inspection_id: int, target: str) -> HttpResponse:
    """One rating that the panel can move: what a decision rests on, what it would change, the form,
    and every decision on it."""
    inspection = load_for_panel(request.user, inspection_id, see=SEE_RATINGS)
    about = _target(inspection, target)
    if request.method != "POST":
        return _show_discretion(request, inspection, about, None)
    DECIDE.check(request.user, inspection)
    computed = rate_inspection(inspection).outcome.rating_of(about.code).computed
    form = DiscretionForm(request.POST, computed=computed)
    if not form.is_valid():
        return _show_discretion(request, inspection, about, form)
    try:
        decide_discretion(
            inspection=inspection,
            standard=about.standard.code,
            key_question=about.key_question,
            by=request.user,
            **form.decision(),
        )
    except RatingMoved as moved:
        form.start_again_from(moved.computed)
        return _show_discretion(request, inspection, about, form)
    except Conflict as conflict:
        return _show_discretion(request, inspection, about, form, conflict)
    messages.success(request, f"The panel’s decision on {about.title} is saved.")
    return redirect("ratings:panel", inspection.pk)


def _show_discretion(
    request: SignedInRequest,
    inspection: Inspection,
    about: DecisionTarget,
    form: DiscretionForm | None,
    conflict: Conflict | None = None,
) -> HttpResponse:
    rated = rate_inspection(inspection)
    rating = rated.outcome.rating_of(about.code)
    current = rated.discretions.get((about.standard.code, about.key_question))
    why_not = DECIDE.why_not(request.user, inspection)
    may_withdraw = why_not is None
    if may_withdraw and isinstance(rating.computed, NotRateable):
        why_not = f"There is no rating to move: {about.title} is {rated_as(rating.computed)}."
    if form is None and why_not is None:
        hearing = current_hearing(inspection)
        form = DiscretionForm(
            computed=rating.computed,
            initial={
                "lead_view": "" if hearing is None else hearing.lead_view,
                "in_place_of": None if current is None else current.pk,
            },
        )
    differences = None
    if form is not None and conflict is not None:
        differences = form.start_again_beside(conflict.current)
    standard = next(row for row in rated.standards if row.rated.standard == about.standard)
    context = {
        "inspection": inspection,
        "about": about,
        "rating": rating,
        "standard": standard,
        "effects": [] if why_not else list(effects_of(rated, about)),
        "rated": rated,
        "rights": rights_of(request.user, inspection),
        "overriding": about.overriding_decision(rated.outcome),
        "current": current,
        "why_not": why_not,
        "may_withdraw": may_withdraw,
        "form": form,
        "conflict": conflict and conflict.current,
        "differences": differences,
        "decisions": [
            decision
            for decision in reversed(decisions_of(inspection))
            if decision.target == about.code
        ],
    } | _weighed(request.user, rated, about)
    status = 200 if conflict is None else 409
    return render(request, "ratings/panel/discretion.html", context, status=status)


def _weighed(user: User, rated: RatedInspection, about: DecisionTarget) -> dict[str, Any]:
    """What a decision is weighed from, besides the figures, and the parts that ``user`` sees."""
    inspection = rated.inspection
    is_judged = about.standard.is_qualitative and SEE_FINDINGS.can(user, inspection)
    weighed: dict[str, Any] = {
        "rows": load_matrix(inspection, sees_findings=True).rows_of(about.standard)
        if is_judged
        else [],
        "crumbs": [("Ratings", url_of("ratings", inspection))],
    }
    if SEE_PANEL.can(user, inspection):
        found = Precedents(rated, viewer=user)
        weighed |= {
            "precedents": found.of(about.standard.code, about.key_question)
            if about.key_question
            else found.of_standard(about.standard.code),
            "hearing": current_hearing(inspection),
            "crumbs": [("Panel", url_of("panel", inspection))],
        }
    weighed["crumbs"] += [(f"Discretion on {about.code}", "")]
    return weighed


@accepts_form
@says_if_unrated
def withdraw(request: SignedInRequest, inspection_id: int, discretion_id: int) -> HttpResponse:
    inspection = load_for_panel(request.user, inspection_id, DECIDE)
    decision = get_object_or_404(inspection.discretions, pk=discretion_id)
    if decision.withdrawn_at is not None:
        raise Refused(WITHDRAWN_ALREADY)
    about = _target(inspection, decision.target)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        withdraw_discretion(discretion=decision, by=request.user, **form.cleaned_data)
        messages.success(request, f"The panel’s decision on {about.title} is withdrawn.")
        return redirect("ratings:panel", inspection.pk)
    context = {
        "inspection": inspection,
        "about": about,
        "decision": decision,
        "form": form,
        "crumbs": [
            ("Panel", url_of("panel", inspection)),
            (f"Discretion on {about.code}", url_of("discretion", inspection, about.code)),
            ("Withdraw", ""),
        ],
    }
    return render(request, "ratings/panel/withdraw.html", context)


def _target(inspection: Inspection, code: str) -> DecisionTarget:
    about = find_target(inspection.framework, code)
    if about is None:
        raise Http404(f"Discretion moves no rating {code}.")
    return about
