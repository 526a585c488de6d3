"""Allocating many cases on one page."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cases.actions import Allocated, NotAllocated, allocate_cases
from cases.allocation import actions
from cases.allocation.forms import holders_of
from cases.allocation.many_form import Asked, ManyForm, read_asked, read_many
from cases.allocation.minutes import expected_minutes
from cases.allocation.overview import overview
from cases.loading import cases_crumb, load_for_form
from cases.models import Case
from cases.permissions import ALLOCATE_CASES
from cases.words import counted
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form
from inspections.framework import Group
from inspections.loading import load_inspection
from inspections.models import Inspection, User
from inspections.permissions import LEADS
from inspections.team.work import RECORDING_ROLES


@accepts_form
def allocation(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """All cases with who is to record each; saved as a whole or not at all."""
    inspection = load_for_form(request, inspection_id, ALLOCATE_CASES)
    people = list(holders_of(inspection))
    expected = _expected(inspection)
    asked = read_asked(request.GET, expected, _takers(inspection))
    form = ManyForm()
    status = 200
    if request.method == "POST":
        # What was sent stands, not a proposal that it was made from.
        asked = replace(asked, wanted=False)
        form = read_many(request.POST, inspection)
        if not form.errors:
            try:
                with transaction.atomic():
                    done = allocate_cases(
                        inspection=inspection, allocations=form.allocations, by=request.user
                    )
                    # As the page showed them when the allocation was chosen.
                    others = dict(asked.minutes.items() - expected.items())
                    actions.expect_minutes(inspection=inspection, minutes=others, by=request.user)
            except NotAllocated as error:
                form.refuse(error)
                status = 409
            except Refused as refusal:
                form.errors[""] = str(refusal)
                status = 403
            else:
                _say_what_changed(request, done, has_other_minutes=bool(others))
                return redirect(request.path)
        inspection = load_inspection(request.user, inspection_id)
    return _show_allocation(request, inspection, people, asked, form, status)


def _show_allocation(
    request: SignedInRequest,
    inspection: Inspection,
    people: list[User],
    asked: Asked,
    form: ManyForm,
    status: int,
) -> HttpResponse:
    seen = overview(inspection, request.user, people, asked, form)
    shown = {f"to-{row.case.pk}" for row in seen.rows} | {"", "ticked_to"}
    context = {
        "inspection": inspection,
        "crumbs": [cases_crumb(inspection), ("Allocate cases", "")],
        "choices": [(str(one.pk), str(one)) for one in people],
        "gone": [words for name, words in form.errors.items() if name not in shown],
        "asked": asked,
        "groups": [
            {
                "group": group,
                "name": f"minutes_{group.lower()}",
                "typed": asked.typed[group],
                "error": asked.errors.get(f"minutes_{group.lower()}", ""),
            }
            for group in Group
        ],
        "form": form,
        "seen": seen,
    }
    return render(request, "cases/allocation/allocation.html", context, status=status)


def _takers(inspection: Inspection) -> list[int]:
    """Those who take cases unless others are chosen: inspectors and local assessors, or those who
    lead without any."""
    members = inspection.memberships.all()
    inspectors = [one.user_id for one in members if one.role in RECORDING_ROLES]
    leads = [one.user_id for one in members if one.role in LEADS]
    return inspectors or leads


def _expected(inspection: Inspection) -> dict[Group, int]:
    """The minutes that the lead entered earlier, and for other groups those of the table."""
    kept = {Group(one.group): one.minutes for one in inspection.expected_minutes.all()}
    return expected_minutes(inspection.framework) | kept


def _say_what_changed(
    request: SignedInRequest, done: list[Allocated], *, has_other_minutes: bool
) -> None:
    if not done and not has_other_minutes:
        messages.info(request, "Nothing was changed, so nothing was saved.")
    if done:
        messages.success(request, f"{counted(len(done), 'case')} allocated anew.")
    if has_other_minutes:
        messages.success(request, "The expected minutes are kept.")
    started: dict[User, list[str]] = {}
    for one in done:
        if one.before and one.case.state != Case.State.NOT_STARTED:
            started.setdefault(one.before, []).append(str(one.case))
    if started:
        whose = "; ".join(f"{', '.join(found)} by {person}" for person, found in started.items())
        messages.info(
            request,
            f"Some of these had been started: {whose}. What was not sent by then stays on that "
            "person’s device. They can download it as a file, and you can load it.",
        )
