"""The samples of an inspection, and the listed cases of each group."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.caseload.eligibility import Exclusion
from cases.models import Case, LeadChoice, ListedCase
from cases.permissions import (
    CHANGE_SAMPLE,
    LOAD_LISTS,
    SEE_SAMPLING,
)
from cases.sampling.actions import (
    choose_case,
)
from cases.sampling.actions.changes import reserves_left
from cases.sampling.eligible import latest_draw, load_caseload
from cases.sampling.forms.lists import (
    ChoiceForm,
    EligibleFilterForm,
)
from cases.sampling.views.groups import SLUGS, crumbs, group_crumb, group_of, left_out_words, sent
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.loading import load_inspection

ROWS_A_PAGE = 50


def sample(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """All groups: what is eligible, what was drawn, and every case with the service's reference."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    caseload = load_caseload(inspection)
    cases = list(
        inspection.cases.select_related("source__replaces", "taken_out", "allocated_to").in_order()
    )
    groups = []
    for group in Group:
        draw = latest_draw(inspection, group)
        of_group = [case for case in cases if case.group == group]
        groups.append(
            {
                "group": group,
                "slug": SLUGS[group],
                "window": caseload.windows[group],
                "eligible": len(caseload.eligible(group)),
                "listed": len(caseload.eligible(group)) + caseload.left_out(group).total(),
                "draw": draw,
                "cases": [case for case in of_group if case.state != Case.State.TAKEN_OUT],
                "taken_out": [case for case in of_group if case.state == Case.State.TAKEN_OUT],
                "reserves": len(reserves_left(inspection, group)) if draw else 0,
            }
        )
    context = {
        "inspection": inspection,
        "crumbs": [("Samples", "")],
        "groups": groups,
        "has_lists": bool(caseload.rows),
        "waiting": inspection.case_lists.waiting().exists(),
        "may_load": LOAD_LISTS.can(request.user, inspection),
        "refused": LOAD_LISTS.why_not(request.user, inspection),
        "may_change": CHANGE_SAMPLE.can(request.user, inspection),
    }
    return render(request, "cases/sampling/sample.html", context)


def eligible(request: SignedInRequest, inspection_id: int, group: str) -> HttpResponse:
    """Every listed case of a group, whether it can be sampled, and if not why."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    of = group_of(group)
    caseload = load_caseload(inspection)
    form = EligibleFilterForm(request.GET)
    chosen = form.chosen(caseload.listed(of))
    context = {
        "inspection": inspection,
        "group": of,
        "slug": group,
        "crumbs": crumbs(inspection, group_crumb(inspection, of), ("Listed cases", "")),
        "form": form,
        "window": caseload.windows[of],
        "left_out": left_out_words(caseload, of),
        "eligible": len(caseload.eligible(of)),
        "page": Paginator(chosen, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "cases/sampling/eligible.html", context)


def listed_case(
    request: SignedInRequest, inspection_id: int, group: str, row_id: int
) -> HttpResponse:
    """One listed case: what the list says, and leaving it out or keeping it, with a reason."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    of = group_of(group)
    caseload = load_caseload(inspection)
    found = next((one for one in caseload.listed(of) if one.case.pk == row_id), None)
    if found is None:
        raise Http404
    siblings = [
        one
        for one in caseload.listed(of)
        if found.case.child_hash
        and one.case.child_hash == found.case.child_hash
        and one.case.pk != row_id
    ]
    form = ChoiceForm(sent(request))
    if request.method == "POST":
        LOAD_LISTS.check(request.user, inspection)
        if form.is_valid():
            choose_case(
                inspection=inspection,
                case=found.case,
                kind=LeadChoice.Kind(form.cleaned_data["kind"]),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            messages.success(request, f"Your choice about {found.case.reference} is saved.")
            return redirect("cases:eligible", inspection.pk, group)
    context = {
        "inspection": inspection,
        "group": of,
        "slug": group,
        "crumbs": crumbs(
            inspection,
            group_crumb(inspection, of),
            ("Listed cases", reverse("cases:eligible", args=[inspection.pk, group])),
            (found.case.reference, ""),
        ),
        "one": found,
        "details": list(_details(found.case)),
        "siblings": siblings,
        "can_be_kept": found.exclusion
        in {None, Exclusion.DUPLICATE, Exclusion.SENSITIVE, Exclusion.BY_LEAD},
        "form": form,
        "refused": LOAD_LISTS.why_not(request.user, inspection),
    }
    return render(request, "cases/sampling/listed_case.html", context)


def _details(listed: ListedCase) -> list[dict[str, Any]]:
    """What the list says of a case, in words."""
    case = Case(**_as_details(listed))
    rows: list[tuple[str, Any]] = [
        ("Disposal type", case.get_disposal_type_display()),
        ("Local name", listed.disposal_local_name),
        ("Disposal date", listed.disposal_date),
        ("Start date", listed.start_date),
        ("Release date", listed.release_date),
        ("Offence category", case.get_offence_category_display()),
        ("Offence", listed.offence_detail),
        ("Age at disposal", listed.age),
        ("Gender", case.get_gender_display()),
        ("Ethnicity", case.get_ethnicity_display()),
        ("Risk of serious harm", case.get_serious_harm_level_display()),
        ("Safety and wellbeing", case.get_safety_level_display()),
        ("Sensitive", "Yes" if listed.is_sensitive else ""),
        ("Case manager", listed.case_manager),
        ("Team", listed.team),
    ]
    return [{"key": key, "value": value} for key, value in rows if value not in (None, "")]


def _as_details(listed: ListedCase) -> dict[str, Any]:
    return {
        "disposal_type": listed.disposal_type,
        "offence_category": listed.offence,
        "gender": listed.gender,
        "ethnicity": listed.ethnicity,
        "serious_harm_level": listed.serious_harm_level,
        "safety_level": listed.safety_level,
    }
