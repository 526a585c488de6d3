"""All cases of an inspection: their list, progress, contradictions, and loading the file of a
device's unsent saves."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from cases.actions import load_outbox_file
from cases.forms.cases import CaseFilterForm, OutboxFileForm
from cases.loading import contradictions_by_case, note_shown
from cases.models import Case
from cases.permissions import LOAD_OUTBOX, OVERSEE_CASES, SEE_CASES, SEE_CONTRADICTIONS
from cases.progress import Progress, progress_by_case
from cases.progress_by_day import progress_by_day
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.loading import load_inspection

WORK = (Case.State.RETURNED, Case.State.IN_PROGRESS, Case.State.NOT_STARTED)
"""What is an inspector's to do, most urgent first."""


def _filters(request: SignedInRequest, inspection_id: int) -> QueryDict:
    """What is asked for; if nothing is, what this person chose here last since signing in."""
    kept = f"cases-filter-{inspection_id}"
    if "remember" in request.GET:
        request.session[kept] = request.GET.urlencode()
    return request.GET or QueryDict(request.session.get(kept, ""))


def _order_of_work(row: dict[str, Any]) -> int:
    state = row["case"].state
    return WORK.index(state) if state in WORK else len(WORK)


def cases(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The reader's own cases first, in the order of what is to do; then all others."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_CASES)
    form = CaseFilterForm(_filters(request, inspection.pk))
    found = inspection.cases.select_related("allocated_to").with_answered().with_open_comments()
    chosen = list(form.chosen(found, request.user).in_order())
    taken_out = [case for case in chosen if case.state == Case.State.TAKEN_OUT]
    chosen = [case for case in chosen if case.state != Case.State.TAKEN_OUT]
    oversees = OVERSEE_CASES.can(request.user, inspection)
    contradictions = contradictions_by_case(inspection, chosen) if oversees else {}
    totals = {group: len(inspection.framework.case_questions(group)) for group in Group}
    rows: list[dict[str, Any]] = [
        {
            "case": case,
            "progress": Progress(case.answered, totals[Group(case.group)]),
            "contradictions": len(contradictions.get(case.pk, ())),
        }
        for case in chosen
    ]
    own = [row for row in rows if row["case"].allocated_to_id == request.user.pk]
    context = {
        "inspection": inspection,
        "crumbs": [("Cases", "")],
        "form": form,
        "rows": rows,
        "lists": [
            ("Allocated to you", sorted(own, key=_order_of_work)),
            (
                "Other cases",
                [row for row in rows if row["case"].allocated_to_id != request.user.pk],
            ),
        ],
        "oversees": oversees,
        "next_submitted": inspection.cases.next_submitted() if oversees else None,
        "taken_out": taken_out,
    }
    return render(request, "cases/cases.html", context)


def progress(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Progress by case and standard, for everyone who reads cases; for its lead also by day."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_CASES)
    cases = list(inspection.cases.in_sample().select_related("allocated_to").in_order())
    by_case = progress_by_case(inspection, cases)
    oversees = OVERSEE_CASES.can(request.user, inspection)
    groups = [
        {
            "group": group,
            "standards": inspection.framework.case_standards(group),
            "rows": [(case, by_case[case.pk]) for case in cases if case.group == group],
        }
        for group in Group
        if inspection.framework.case_standards(group)
    ]
    context = {
        "inspection": inspection,
        "crumbs": [("Progress by case", "")],
        "groups": [group for group in groups if group["rows"]],
        "oversees": oversees,
        "by_day": progress_by_day(inspection, timezone.localdate()) if oversees else None,
    }
    return render(request, "cases/progress.html", context)


def contradictions(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Contradictions in each case, for those who don't judge cases now."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_CONTRADICTIONS)
    cases = list(inspection.cases.in_sample().select_related("allocated_to").in_order())
    found = contradictions_by_case(inspection, cases)
    note_shown(request, [case for case in cases if found[case.pk]])
    context = {
        "inspection": inspection,
        "crumbs": [("Possible inconsistencies", "")],
        "rows": [(case, found[case.pk]) for case in cases if found[case.pk]],
    }
    return render(request, "cases/contradictions.html", context)


def outbox_file(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The form, and then the result for each save; loading a file twice changes nothing."""
    inspection = load_inspection(request.user, inspection_id, to=LOAD_OUTBOX)
    sent = request.method == "POST"
    form = OutboxFileForm(
        request.POST if sent else None, request.FILES if sent else None, inspection=inspection
    )
    rows = None
    if sent and form.is_valid() and form.read:
        rows = load_outbox_file(
            inspection=inspection,
            saves=form.read.saves,
            made_by=form.read.made_by,
            by=request.user,
        )
        note_shown(request, [case for case, _ in rows])
    context = {
        "inspection": inspection,
        "crumbs": [("Upload unsent answers", "")],
        "form": form,
        "made_by": form.read and form.read.made_by,
        "elsewhere": form.read and form.read.elsewhere,
        "rows": rows,
    }
    return render(request, "cases/device/outbox_file.html", context)
