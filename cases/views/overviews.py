"""All cases of an inspection at once: how far each has come, and what looks contradictory."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from cases import places, presenters
from cases.consistency import contradictions_by_case
from cases.permissions import RECORD
from cases.progress import progress_by_case
from cases.views.loading import load_inspection
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.permissions import SEE_RATINGS


def progress(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Answered of all, by case and standard, for everyone on the inspection."""
    inspection = load_inspection(request.user, inspection_id)
    cases = list(inspection.cases.select_related("allocated_to").order_by("reference"))
    by_case = progress_by_case(inspection, cases)
    groups = [
        {
            "label": presenters.group_words(group),
            "standards": [standard.code for standard in inspection.framework.case_standards(group)],
            "rows": [
                {
                    "case": case,
                    "state": presenters.case_tag(case),
                    "cells": [
                        {
                            "code": one.standard.code,
                            "href": presenters.record_url(case, one.standard),
                            "progress": one.progress,
                        }
                        for one in by_case[case.pk]
                    ],
                }
                for case in cases
                if case.group == group
            ],
        }
        for group in Group
        if inspection.framework.case_standards(group)
    ]
    context = {
        "inspection": inspection,
        "crumbs": [("Progress by case", "")],
        "groups": [group for group in groups if group["rows"]],
    }
    return render(request, "cases/progress.html", context)


def contradictions(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """What looks contradictory in each case, for those who see judgements already."""
    inspection = load_inspection(request.user, inspection_id)
    SEE_RATINGS.check(request.user, inspection)
    cases = list(inspection.cases.select_related("allocated_to").order_by("reference"))
    for case in cases:
        case.inspection = inspection
    found = contradictions_by_case(inspection, cases)
    rows = [
        {
            "case": case,
            "links": [
                places.contradiction_link(case, one, can_record=RECORD.can(request.user, case))
                for one in found[case.pk]
            ],
        }
        for case in cases
        if found[case.pk]
    ]
    context = {
        "inspection": inspection,
        "crumbs": [("What looks contradictory", "")],
        "rows": rows,
        "count": presenters.counted(len(rows), "case", "cases"),
    }
    return render(request, "cases/contradictions.html", context)
