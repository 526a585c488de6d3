"""The draw of a group: its sample beside the population, drawing, and earlier draws."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cases.caseload.eligibility import Exclusion
from cases.caseload.sizes import RULES, NoSize, rules_that_give, size_of
from cases.models import Draw
from cases.permissions import (
    DRAW_SAMPLE,
    SEE_SAMPLING,
)
from cases.sampling.actions import (
    DRAWN_SINCE,
    draw_sample,
)
from cases.sampling.comparison import compare, largest_words
from cases.sampling.eligible import Caseload, latest_draw, load_caseload
from cases.sampling.forms.draws import (
    DrawForm,
)
from cases.sampling.views.groups import SLUGS, crumbs, group_crumb, group_of, left_out_words
from cases.words import counted
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.loading import load_inspection
from inspections.models import GroupChoice, Inspection
from inspections.versions import Conflict


def draw(request: SignedInRequest, inspection_id: int, group: str) -> HttpResponse:
    """The draw that stands with its sample beside the population, and drawing, again too."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    of = group_of(group)
    caseload = load_caseload(inspection)
    latest = latest_draw(inspection, of)
    form = _draw_form(caseload, of, latest)
    if request.method != "POST":
        return _show_draw(request, caseload, of, latest, form)
    DRAW_SAMPLE.check(request.user, inspection)
    seen = request.POST.get("instead_of", "")
    if seen and seen != str(latest.number if latest else 0):
        return _show_conflict(request, inspection, of, Conflict(latest, DRAWN_SINCE))
    form = _draw_form(caseload, of, latest, request.POST)
    if not form.is_valid():
        return _show_draw(request, caseload, of, latest, form)
    try:
        made = draw_sample(
            inspection=inspection,
            group=of,
            request=form.request(),
            instead_of=form.cleaned_data["instead_of"],
            eligible_seen=form.cleaned_data["eligible"],
            by=request.user,
        )
    except Conflict as conflict:
        return _show_conflict(request, inspection, of, conflict)
    except NoSize as error:
        form.add_error("own_number" if form.cleaned_data["own_number"] else "rule", str(error))
        return _show_draw(request, caseload, of, latest, form)
    messages.success(request, f"{counted(made.selected_cases, 'case')} drawn.")
    return redirect("cases:draw", inspection.pk, group)


def _show_conflict(
    request: SignedInRequest, inspection: Inspection, group: Group, conflict: Conflict
) -> HttpResponse:
    """How it stands by now, with what was entered; sending that again is about what stands."""
    caseload, latest = load_caseload(inspection), latest_draw(inspection, group)
    again = request.POST.copy()
    again["instead_of"] = str(latest.number if latest else 0)
    again["eligible"] = caseload.version(group)
    form = _draw_form(caseload, group, latest, again)
    return _show_draw(request, caseload, group, latest, form, conflict=str(conflict), status=409)


def _draw_form(caseload: Caseload, group: Group, latest: Draw | None, data: Any = None) -> DrawForm:
    return DrawForm(
        data,
        group=group,
        eligible=caseload.version(group),
        drawn=latest.number if latest else 0,
    )


def _show_draw(
    request: SignedInRequest,
    caseload: Caseload,
    group: Group,
    latest: Draw | None,
    form: DrawForm,
    *,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    inspection = caseload.inspection
    number = len(caseload.eligible(group))
    drawn = list(latest.drawn.select_related("listed")) if latest else []
    cases = {
        case.source.service_reference: case
        for case in inspection.cases.filter(group=group, source__isnull=False).select_related(
            "source"
        )
    }
    context = {
        "inspection": inspection,
        "group": group,
        "slug": SLUGS[group],
        "crumbs": crumbs(inspection, (GroupChoice(group).label, "")),
        "window": caseload.windows[group],
        "eligible": number,
        "listed": number + caseload.left_out(group).total(),
        "left_out": left_out_words(caseload, group),
        "sizes": list(_sizes(caseload, group)),
        "latest": latest,
        "margins": list(compare(latest)) if latest else [],
        "largest": largest_words(latest) if latest else "",
        "selected": [(one, cases.get(one.listed.reference)) for one in drawn if not one.is_reserve],
        "reserves": [(one, cases.get(one.listed.reference)) for one in drawn if one.is_reserve],
        "explained": rules_that_give(latest.size, latest.eligible_cases, group=group)
        if latest
        else (),
        "earlier": list(
            Draw.objects.filter(sample__inspection=inspection, sample__group=group)
            .exclude(number=latest.number if latest else 0)
            .select_related("drawn_by")
        ),
        "form": form,
        "conflict": conflict,
        "refused": DRAW_SAMPLE.why_not(request.user, inspection),
    }
    return render(request, "cases/sampling/draw.html", context, status=status)


def _sizes(caseload: Caseload, group: Group) -> Any:
    """For each rule that gives a size here: its name, the size, and how it comes to it."""
    eligible = len(caseload.eligible(group))
    for rule in RULES.values():
        try:
            size = size_of(rule, eligible=eligible, group=group, beside=caseload.beside(group))
        except NoSize:
            continue
        yield f"{rule.name} ({rule.version})", size


def one_draw(request: SignedInRequest, inspection_id: int, group: str, number: int) -> HttpResponse:
    """An earlier draw as it was made."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_SAMPLING)
    of = group_of(group)
    found = get_object_or_404(
        Draw.objects.select_related("drawn_by"),
        sample__inspection=inspection,
        sample__group=of,
        number=number,
    )
    drawn = list(found.drawn.select_related("listed"))
    context = {
        "inspection": inspection,
        "group": of,
        "slug": group,
        "crumbs": crumbs(inspection, group_crumb(inspection, of), (str(found), "")),
        "draw": found,
        "margins": list(compare(found)),
        "largest": largest_words(found),
        "left_out": [
            (Exclusion(reason).words, number) for reason, number in found.left_out.items()
        ],
        "selected": [(one, None) for one in drawn if not one.is_reserve],
        "reserves": [(one, None) for one in drawn if one.is_reserve],
    }
    return render(request, "cases/sampling/one_draw.html", context)
