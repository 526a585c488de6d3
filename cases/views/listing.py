"""The cases of an inspection."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cases import presenters
from cases.consistency import contradictions_by_case
from cases.forms import CaseFilterForm
from cases.permissions import LOAD_OUTBOX
from cases.progress import Progress
from cases.threads import open_comments
from cases.views.loading import load_inspection
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.models import Membership
from inspections.permissions import SEE_RATINGS


def cases(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id)
    form = CaseFilterForm(request.GET)
    chosen = form.chosen(
        inspection.cases.select_related("allocated_to").with_answered(), request.user
    ).order_by("reference")
    found = list(chosen)
    for case in found:
        case.inspection = inspection
    looks_over = inspection.role_of(request.user) == Membership.Role.LEAD_INSPECTOR
    contradictions = contradictions_by_case(inspection, found) if looks_over else {}
    comments = open_comments(inspection) if looks_over else {}
    totals = {group: len(inspection.framework.case_questions(group)) for group in Group}
    rows = [
        {
            "case": case,
            "group": presenters.GROUPS[case.group],
            "disposal": case.get_disposal_type_display() or "Not recorded",
            "state": presenters.case_tag(case),
            "progress": Progress(case.answered, totals[Group(case.group)]),
            "to_look_at": presenters.to_look_at(
                len(contradictions.get(case.pk, ())), comments.get(case.pk, 0)
            ),
        }
        for case in found
    ]
    context = {
        "inspection": inspection,
        "crumbs": [("Cases", "")],
        "form": form,
        "rows": rows,
        "looks_over": looks_over,
        "sees_contradictions": SEE_RATINGS.can(request.user, inspection),
        "can_load_outbox": LOAD_OUTBOX.can(request.user, inspection),
        "count": presenters.counted(len(rows), "case", "cases"),
    }
    return render(request, "cases/cases.html", context)
