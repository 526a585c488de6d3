"""Interviews with case managers: their timetable, each of them, and their calendar."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from cases.allocation import actions
from cases.allocation.calendar import interview_calendar
from cases.allocation.clashes import clashes
from cases.allocation.forms import InterviewForm, holders_of
from cases.loading import cases_crumb, load_for_form
from cases.models import InterviewSlot
from cases.permissions import PLAN_INTERVIEWS, SEE_INTERVIEWS
from cases.words import what_notes_hold
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.forms import VersionForm
from inspections.loading import load_inspection
from inspections.models import Inspection
from inspections.versions import Conflict, based_on, differences

GONE = "Somebody removed this interview since you opened the page. Save again to plan it anew."


@require_safe
def interviews(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The timetable by day, with what clashes."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_INTERVIEWS)
    slots = list(inspection.interviews.in_order())
    found = clashes(slots)
    team = {one.user_id for one in inspection.memberships.all()}
    days = groupby(slots, key=lambda slot: timezone.localtime(slot.start_at).date())
    context = {
        "inspection": inspection,
        "crumbs": [cases_crumb(inspection), ("Interviews", "")],
        "days": [
            (day, [(slot, found.get(slot.pk, []), slot.inspector_id in team) for slot in of_day])
            for day, of_day in days
        ],
        "clashing": len(found),
        "has_own": any(slot.inspector_id == request.user.pk for slot in slots),
    }
    return render(request, "cases/allocation/interviews.html", context)


@require_safe
def interviews_calendar(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Every interview, or with ``?mine=on`` the reader’s own, as iCalendar."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_INTERVIEWS)
    slots = inspection.interviews.in_order()
    if is_own := "mine" in request.GET:
        slots = slots.of(request.user)
    name = slugify(f"{'my ' if is_own else ''}interviews {inspection.service}")
    return HttpResponse(
        interview_calendar(inspection, slots),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


@accepts_form
def add_interview(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """``?case=`` names a case that it is about."""
    inspection = load_for_form(request, inspection_id, PLAN_INTERVIEWS)
    return _edit(request, InterviewSlot(inspection=inspection, version=0))


@accepts_form
def change_interview(request: SignedInRequest, inspection_id: int, slot_id: int) -> HttpResponse:
    """One that was removed meanwhile is offered anew, as it was sent."""
    inspection = load_for_form(request, inspection_id, PLAN_INTERVIEWS)
    slot = inspection.interviews.filter(pk=slot_id).first()
    if slot is None:
        if request.method != "POST":
            raise Http404
        return _edit(request, InterviewSlot(inspection=inspection, version=0), gone=GONE)
    slot.inspection = inspection
    return _edit(request, slot)


def _edit(request: SignedInRequest, slot: InterviewSlot, *, gone: str = "") -> HttpResponse:
    inspection = slot.inspection
    form = _form(request, slot)
    context: dict[str, Any] = {}
    if gone:
        form.add_error(None, gone)
    elif form.is_valid():
        try:
            saved = _save(request, slot, form)
            _say_saved(request, inspection, saved)
            return redirect("cases:interviews", inspection.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Conflict as conflict:
            if conflict.current is None:
                again = InterviewSlot(inspection=inspection, version=0)
                return _edit(request, again, gone=GONE)
            slot = conflict.current
            slot.inspection = inspection
            form = _form(request, slot, is_based_on_it=True)
            context = {"conflict": slot, "differences": differences(form)}
    context |= {
        "inspection": inspection,
        "slot": slot,
        "title": "Change an interview" if slot.pk else "Plan an interview",
        "form": form,
        "crumbs": [
            cases_crumb(inspection),
            ("Interviews", reverse("cases:interviews", args=[inspection.pk])),
            ("Change" if slot.pk else "Plan", ""),
        ],
    }
    status = 409 if "conflict" in context else 200
    return render(request, "cases/allocation/interview.html", context, status=status)


def _form(
    request: SignedInRequest, slot: InterviewSlot, *, is_based_on_it: bool = False
) -> InterviewForm:
    inspection = slot.inspection
    sent = posted(request)
    asked = request.GET.get("case", "")
    initial = {"inspector": request.user.pk} if not slot.pk else {}
    if asked.isdecimal() and len(asked) < 19 and not slot.pk:
        initial["cases"] = [int(asked)]  # type: ignore[assignment]
    return InterviewForm(
        based_on(slot, request.POST) if is_based_on_it else sent,
        slot=slot,
        people=holders_of(inspection),
        cases=list(inspection.cases.in_sample().in_order()),
        initial=initial,
    )


def _save(request: SignedInRequest, slot: InterviewSlot, form: InterviewForm) -> InterviewSlot:
    sent = {"details": form.details(), "cases": form.cleaned_data.get("cases", [])}
    if slot.pk:
        version = form.cleaned_data["base_version"]
        return actions.change_interview(slot=slot, base_version=version, by=request.user, **sent)
    return actions.add_interview(inspection=slot.inspection, by=request.user, **sent)


def _say_saved(request: SignedInRequest, inspection: Inspection, saved: InterviewSlot) -> None:
    messages.success(request, "The interview is saved.")
    if words := what_notes_hold({"the interview’s note": saved.note}):
        messages.warning(request, words)
    if found := clashes(list(inspection.interviews.in_order())).get(saved.pk):
        messages.info(request, f"It clashes. {' '.join(found)}")


@accepts_form
def remove_interview(request: SignedInRequest, inspection_id: int, slot_id: int) -> HttpResponse:
    """A confirmation page; an interview that was changed meanwhile is shown again."""
    inspection = load_inspection(request.user, inspection_id, to=PLAN_INTERVIEWS)
    slot = inspection.interviews.in_order().filter(pk=slot_id).first()
    if slot is None:
        return _is_gone(request, inspection)
    form = VersionForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["base_version"]
        try:
            actions.remove_interview(slot=slot, base_version=version, by=request.user)
            messages.success(request, "The interview is removed.")
            return redirect("cases:interviews", inspection.pk)
        except Conflict as conflict:
            if conflict.current is None:
                return _is_gone(request, inspection)
            slot = conflict.current
    was_changed = request.method == "POST"
    context = {
        "inspection": inspection,
        "slot": slot,
        "was_changed": was_changed,
        "crumbs": [
            cases_crumb(inspection),
            ("Interviews", reverse("cases:interviews", args=[inspection.pk])),
            ("Remove", ""),
        ],
    }
    status = 409 if was_changed else 200
    return render(request, "cases/allocation/remove_interview.html", context, status=status)


def _is_gone(request: SignedInRequest, inspection: Inspection) -> HttpResponse:
    if request.method != "POST":
        raise Http404
    messages.info(request, "The interview was removed by somebody else already.")
    return redirect("cases:interviews", inspection.pk)
