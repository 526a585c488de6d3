"""The cases of an inspection."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cases import policies, presenters
from cases.forms import CaseFilterForm
from cases.progress import Progress
from cases.views.loading import load_inspection
from inspections.editions import Group
from inspections.navigation import crumbs, navigation
from inspections.requests import SignedInRequest


def cases(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id)
    form = CaseFilterForm(request.GET)
    chosen = form.chosen(
        inspection.cases.select_related("allocated_to").with_answered(), request.user
    ).order_by("reference")
    totals = {group: len(inspection.framework.case_questions(group)) for group in Group}
    rows = [
        {
            "case": case,
            "group": presenters.GROUPS[case.group],
            "disposal": case.get_disposal_type_display() or "Not recorded",
            "state": presenters.case_tag(case),
            "progress": Progress(case.answered, totals[Group(case.group)]),
        }
        for case in chosen
    ]
    context = {
        "inspection": inspection,
        "navigation": navigation(inspection, request.user, "cases:cases"),
        "crumbs": crumbs(inspection, ("Cases", "")),
        "form": form,
        "rows": rows,
        "can_load_outbox": policies.can_load_outbox(request.user, inspection),
        "count": presenters.counted(len(rows), "case", "cases"),
    }
    return render(request, "cases/cases.html", context)
