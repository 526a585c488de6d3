"""Single cases of a sample: added by hand, taken out and replaced, or put back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.loading import crumbs_to, load_case
from cases.models import Case
from cases.permissions import CHANGE_SAMPLE, PUT_BACK_CASE, TAKE_OUT_CASE
from cases.sampling.actions import (
    AlreadySampled,
    NoReserve,
    add_case,
    came_in_place_of,
    next_reserve,
    put_back_case,
    replace_case,
)
from cases.sampling.actions.changes import alike, reserves_left
from cases.sampling.forms.changes import AddCaseForm, PutBackForm, ReplaceForm
from cases.sampling.views.groups import crumbs, group_of, sent
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.loading import load_inspection
from inspections.versions import Conflict


def add(request: SignedInRequest, inspection_id: int, group: str) -> HttpResponse:
    """One case by hand, with a reason."""
    inspection = load_inspection(request.user, inspection_id, to=CHANGE_SAMPLE)
    of = group_of(group)
    form = AddCaseForm(sent(request), group=of)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_case(
                inspection=inspection,
                group=of,
                new=form.case(),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except AlreadySampled as error:
            form.add_error("service_reference", str(error))
        else:
            messages.success(request, f"The case is added as {made}.")
            return redirect("cases:sample", inspection.pk)
    context = {
        "inspection": inspection,
        "group": of,
        "crumbs": crumbs(inspection, ("Add a case by hand", "")),
        "form": form,
        "back": reverse("cases:sample", args=[inspection.pk]),
    }
    return render(request, "cases/sampling/add.html", context)


def replace(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    """Take a wrongly sampled case out; the next reserve or no other case comes in its place."""
    case = load_case(request, inspection_id, case_id, to=TAKE_OUT_CASE)
    reserve = next_reserve(case)
    initial = {"reserve": reserve.pk if reserve else None, "how": "RESERVE" if reserve else ""}
    words = _reserve_words(case, reserve) if reserve else ""
    form = ReplaceForm(sent(request), reserve=words, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        is_from_reserves = form.cleaned_data["how"] == "RESERVE"
        try:
            made = replace_case(
                case=case,
                reason=form.cleaned_data["reason"],
                reserve=(form.cleaned_data["reserve"] or 0) if is_from_reserves else None,
                by=request.user,
            )
        except NoReserve as error:
            form.add_error("how", str(error))
        except Conflict as conflict:
            again = request.POST.copy()
            again["reserve"] = str(reserve.pk if reserve else "")
            form = ReplaceForm(again, reserve=words, initial=initial)
            form.add_error("how", str(conflict))
            status = 409
        else:
            messages.success(request, _replaced_words(case, made))
            return redirect("cases:sample", inspection_id)
    context = {
        "inspection": case.inspection,
        "case": case,
        "crumbs": crumbs_to(case, "Replace"),
        "form": form,
        "reserves": len(reserves_left(case.inspection, Group(case.group))),
    }
    return render(request, "cases/sampling/replace.html", context, status=status)


def _reserve_words(case: Case, reserve: Any) -> str:
    return (
        f"{reserve.listed.reference}, reserve {reserve.place}; like this case in "
        f"{alike(case, reserve)} of 4 margins."
    )


def _replaced_words(case: Case, made: Case | None) -> str:
    if made is None:
        return f"{case} is taken out of the sample."
    return f"{case} is taken out of the sample, and {made} comes in its place."


def replace_by_hand(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    """Take a wrongly sampled case out, and add one by hand in its place."""
    case = load_case(request, inspection_id, case_id, to=TAKE_OUT_CASE)
    group = Group(case.group)
    form = AddCaseForm(sent(request), group=group, replaces=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = replace_case(
                case=case, reason=form.cleaned_data["reason"], new=form.case(), by=request.user
            )
        except AlreadySampled as error:
            form.add_error("service_reference", str(error))
        else:
            messages.success(request, _replaced_words(case, made))
            return redirect("cases:sample", inspection_id)
    context = {
        "inspection": case.inspection,
        "group": group,
        "case": case,
        "crumbs": crumbs_to(case, "Replace by hand"),
        "form": form,
        "back": reverse("cases:replace", args=[inspection_id, case.pk]),
    }
    return render(request, "cases/sampling/add.html", context)


def put_back(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    """Put a case back that was taken out; what came in its place stays or leaves."""
    case = load_case(request, inspection_id, case_id, to=PUT_BACK_CASE)
    instead = came_in_place_of(case)
    form = PutBackForm(sent(request), instead=instead)
    if request.method == "POST" and form.is_valid():
        takes_out = instead if form.takes_it_out else None
        try:
            put_back_case(
                case=case, reason=form.cleaned_data["reason"], takes_out=takes_out, by=request.user
            )
        except AlreadySampled as error:
            form.add_error(None, f"{error} Take that one out first.")
        else:
            left = f", and {takes_out} is taken out" if takes_out else ""
            messages.success(request, f"{case} is back in the sample{left}.")
            return redirect("cases:sample", inspection_id)
    context = {
        "inspection": case.inspection,
        "case": case,
        "crumbs": crumbs_to(case, "Put back"),
        "form": form,
    }
    return render(request, "cases/sampling/put_back.html", context)
