"""One case: its details, its standards, and its way from allocation to sign-off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cases import policies, presenters
from cases.actions import Incomplete, allocate_case, move_case
from cases.forms import AllocationForm
from cases.models import Case
from cases.policies import Action
from cases.progress import Progress, answered_codes, case_progress
from cases.views.loading import crumbs_to, load_case
from inspections.editions import Group
from inspections.requests import SignedInRequest


def case(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    found = load_case(request.user, inspection_id, case_id)
    policies.check(Action.READ, request.user, found)
    return _show(request, found)


@require_POST
def move(
    request: SignedInRequest, inspection_id: int, case_id: int, action: Action
) -> HttpResponse:
    """Submit, return or sign off; shows what is missing where that stands in the way."""
    found = load_case(request.user, inspection_id, case_id)
    try:
        move_case(case=found, action=action, by=request.user)
    except Incomplete as incomplete:
        return _show(request, found, problem=str(incomplete), status=409)
    messages.success(request, presenters.CASE_MOVED[action].format(case=found))
    return redirect(found)


@require_POST
def allocate(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    found = load_case(request.user, inspection_id, case_id)
    policies.check(Action.ALLOCATE, request.user, found)
    form = AllocationForm(request.POST, inspection=found.inspection)
    if not form.is_valid():
        return _show(request, found, form=form)
    to = form.cleaned_data["to"]
    allocate_case(case=found, to=to, by=request.user)
    messages.success(request, f"Case {found} is allocated to {to}.")
    return redirect(found)


def _show(
    request: SignedInRequest,
    case: Case,
    *,
    form: AllocationForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    inspection = case.inspection
    standards = case_progress(inspection.framework, Group(case.group), answered_codes(case))
    if form is None and policies.can(Action.ALLOCATE, request.user, case):
        form = AllocationForm(inspection=inspection, initial={"to": case.allocated_to_id})
    total = sum((standard.progress for standard in standards), Progress())
    context = {
        "case": case,
        "inspection": inspection,
        "crumbs": crumbs_to(case),
        "group": presenters.group_words(case.group),
        "state": presenters.case_tag(case),
        "standards": [
            {
                "title": presenters.standard_title(standard.standard),
                "href": presenters.record_url(case, standard.standard),
                "tag": presenters.standard_tag(standard),
                "progress": standard.progress,
            }
            for standard in standards
        ],
        "progress": total,
        "missing": presenters.missing_links(case, standards),
        "sections": presenters.detail_sections(case),
        "why_read_only": policies.why_not(Action.RECORD, request.user, case),
        "form": form,
        "problem": problem,
        **_steps(request, case, total),
    }
    return render(request, "cases/case.html", context, status=status)


def _steps(request: SignedInRequest, case: Case, progress: Progress) -> Mapping[str, Any]:
    """The buttons that the reader has, and which of them wait for answers."""
    allowed = [
        action for action in presenters.CASE_MOVES if policies.can(action, request.user, case)
    ]
    waiting = [action for action in allowed if action is not Action.RETURN]
    if progress.is_complete:
        waiting = []
    return {
        "moves": [
            {"name": action.name.lower(), "label": presenters.CASE_MOVES[action]}
            for action in allowed
            if action not in waiting
        ],
        "waiting": [presenters.CASE_MOVES[action] for action in waiting],
    }
