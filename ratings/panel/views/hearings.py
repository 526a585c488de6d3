"""An inspection before the panel: its page, submitting it, and what is said in the hearing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.loading import load_set_up
from inspections.models import Inspection
from inspections.versions import Conflict, differences, digest
from ratings.hearing_members import possible_chairs, why_chair_cannot_act
from ratings.models import PanelHearing, PanelMeeting, current_hearing, hearings, standing_reopening
from ratings.panel import actions
from ratings.panel.forms.hearings import (
    AttendanceForm,
    GiveBackForm,
    NameChairForm,
    OutcomeForm,
    ReleaseForm,
    StepAsideForm,
    SubmitForm,
)
from ratings.panel.page import ORDERS, earlier_hearings, givings_back, left_since, why_no_chair
from ratings.panel.readiness import (
    NotReady,
    blockers,
    heard_before,
    interests_in,
    panel_again,
    stale_decisions,
    why_meeting_cannot_hear,
    why_no_panel_can_hear,
    why_too_few,
)
from ratings.panel.views.loading import (
    HAS_BEGUN,
    crumbs_to,
    crumbs_to_meeting,
    load_for_panel,
    load_heard,
)
from ratings.permissions import (
    GIVE_BACK,
    NAME_CHAIR,
    RECORD_ATTENDANCE,
    RECORD_OUTCOME,
    RELEASE,
    STEP_ASIDE,
    SUBMIT,
)
from ratings.service import rate_inspection
from ratings.unrated import says_if_unrated


@require_safe
@says_if_unrated
def panel(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The panel's page, for everyone who may see it.

    ``order`` is one of ``ORDERS``.
    """
    inspection = load_for_panel(request.user, inspection_id, also=HAS_BEGUN)
    rated = rate_inspection(inspection)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else "standard"
    context = {
        "inspection": inspection,
        "rated": rated,
        "hearing": current_hearing(inspection),
        "earlier_hearings": earlier_hearings(inspection),
        "left_since": left_since(inspection),
        "reopening": standing_reopening(inspection),
        "why_no_chair": why_no_chair(inspection),
        "givings_back": givings_back(inspection),
        "order": order,
        "standards": ORDERS[order](rated),
        "stale": list(stale_decisions(rated)),
        "crumbs": [("Panel", "")],
    }
    return render(request, "ratings/panel/panel.html", context)


@accepts_form
@says_if_unrated
def submit(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The lead inspector submits the inspection to a future meeting."""
    inspection = load_for_panel(request.user, inspection_id, SUBMIT)
    missing = [*blockers(rate_inspection(inspection))]
    again = panel_again(inspection)
    interests = interests_in(inspection)
    meetings = _meetings_to_submit_to(again)
    # Whose chair has an interest is offered with the reason to choose another.
    too_few = {
        one: why
        for one in meetings
        if one.chair_id not in interests and (why := why_too_few(one, interests))
    }
    offered = [one for one in meetings if one not in too_few]
    form = _submit_form(request, inspection, offered, interests)
    if form.is_valid():
        try:
            actions.submit_to_panel(inspection=inspection, by=request.user, **form.cleaned_data)
        except NotReady as not_ready:
            missing = [*not_ready.blockers]
            form.add_error(None, "The inspection is not ready for the panel. See what is missing.")
        except Refused as refused:
            form.add_error("meeting", str(refused))
        else:
            messages.success(request, "The inspection is with the ratings panel.")
            return redirect("ratings:panel", inspection.pk)
    context = {
        "inspection": inspection,
        "missing": missing,
        # What was typed is shown again, whatever is missing.
        "form": form if form.is_bound or not missing else None,
        "again": None if again is None else heard_before(again),
        "too_few": too_few.items(),
        "why_none": why_no_panel_can_hear(inspection),
        "crumbs": [("Submit to the panel", "")],
    }
    return render(request, "ratings/panel/submit.html", context)


def _meetings_to_submit_to(again: PanelHearing | None) -> list[PanelMeeting]:
    """Of today or later, and that of the panel which has to hear it ``again``."""
    offered = PanelMeeting.objects.from_date(timezone.localdate())
    if again is not None:
        offered |= PanelMeeting.objects.filter(pk=again.meeting_id)
    meetings = offered.that_can_hear().with_people().order_by("meeting_date", "pk")
    return [one for one in meetings if why_meeting_cannot_hear(one, again) is None]


def _submit_form(
    request: SignedInRequest,
    inspection: Inspection,
    meetings: Sequence[PanelMeeting],
    interests: Mapping[int, str],
) -> SubmitForm:
    earlier = current_hearing(inspection)
    return SubmitForm(
        posted(request),
        meetings=meetings,
        interests=interests,
        initial={
            "meeting": request.GET.get("meeting", ""),
            "lead_view": "" if earlier is None else earlier.lead_view,
        },
    )


@accepts_form
@says_if_unrated
def give_back(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The page says what follows, and asks for the reason."""
    inspection = load_for_panel(request.user, inspection_id, GIVE_BACK, also=HAS_BEGUN)
    form = GiveBackForm(posted(request))
    if form.is_valid():
        actions.give_back(inspection=inspection, by=request.user, **form.cleaned_data)
        messages.success(request, "The lead inspector has the inspection again.")
        return redirect(inspection)
    return _form_page(request, inspection, form, "Give back", "ratings/panel/give_back.html")


@accepts_form
def chair(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """A member of the panel or an administrator names another chair, with the reason.

    Administrators see nothing else of the inspection here.
    """
    inspection = load_set_up(
        request.user, inspection_id, to=NAME_CHAIR, also=[*hearings(), "memberships"]
    )
    hearing = current_hearing(inspection)
    assert hearing is not None, "the permission lets nobody name a chair without a hearing"
    form = NameChairForm(posted(request), people=possible_chairs(hearing, inspection))
    if form.is_valid():
        actions.name_chair(inspection=inspection, by=request.user, **form.cleaned_data)
        messages.success(request, f"{form.cleaned_data['chair']} chairs this hearing now.")
        return redirect("ratings:meeting", hearing.meeting_id)
    context = {
        "inspection": inspection,
        "why": why_chair_cannot_act(hearing, inspection) or f"{hearing.chair} chairs this hearing.",
        "form": form,
        "crumbs": crumbs_to_meeting(hearing.meeting, "Name another chair"),
    }
    return render(request, "ratings/panel/chair.html", context)


@accepts_form
def release(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """An administrator lets another panel hear an inspection that was given back."""
    inspection = load_set_up(request.user, inspection_id, to=RELEASE, also=hearings())
    hearing = panel_again(inspection)
    if hearing is None:
        raise Refused(actions.ANY_PANEL)
    form = ReleaseForm(posted(request))
    if form.is_valid():
        actions.release_from_panel(inspection=inspection, by=request.user, **form.cleaned_data)
        messages.success(request, f"Another panel can hear the inspection of {inspection.service}.")
        return redirect("ratings:meeting", hearing.meeting_id)
    context = {
        "inspection": inspection,
        "hearing": hearing,
        "form": form,
        "crumbs": crumbs_to_meeting(hearing.meeting, "Let another panel hear it"),
    }
    return render(request, "ratings/panel/release.html", context)


@accepts_form
@says_if_unrated
def step_aside(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection, hearing = load_heard(request.user, inspection_id, STEP_ASIDE)
    form = StepAsideForm(posted(request))
    if form.is_valid():
        actions.step_aside(inspection=inspection, by=request.user, **form.cleaned_data)
        messages.success(request, f"You take no part in the hearing of {inspection.service}.")
        return redirect("ratings:meeting", hearing.meeting_id)
    return _form_page(request, inspection, form, "Step aside", "ratings/panel/step_aside.html")


@accepts_form
@says_if_unrated
def attendance(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The chair records who is present, sent apologies or steps aside."""
    inspection, hearing = load_heard(request.user, inspection_id, RECORD_ATTENDANCE)
    form = AttendanceForm(posted(request), hearing=hearing)
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            actions.record_attendance(inspection=inspection, by=request.user, **form.attendance())
        except Refused as refused:
            form.add_error(None, str(refused))
        except Conflict as conflict:
            form = _attendance_again(request, cast(PanelHearing, conflict.current))
            context = {"differences": differences(form), "is_stale": True}
        else:
            messages.success(request, "Who is present is saved.")
            return redirect("ratings:panel", inspection.pk)
    title = "Who is present"
    context |= {"inspection": inspection, "hearing": hearing, "form": form}
    context |= {"crumbs": crumbs_to(inspection, title)}
    context |= {"quorum": hearing.quorum or settings.PANEL_QUORUM}
    status = 409 if "is_stale" in context else 200
    return render(request, "ratings/panel/attendance.html", context, status=status)


def _attendance_again(request: SignedInRequest, hearing: PanelHearing) -> AttendanceForm:
    """What was sent, based on the attendance that stands by now."""
    sent = request.POST.copy()
    sent["seen"] = actions.attendance_digest(hearing)
    return AttendanceForm(sent, hearing=hearing)


@accepts_form
@says_if_unrated
def outcome(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The chair records the panel's conclusions besides its decisions."""
    inspection, hearing = load_heard(request.user, inspection_id, RECORD_OUTCOME)
    notes = hearing.outcome_notes
    form = OutcomeForm(
        posted(request), initial={"outcome_notes": notes, "instead_of": digest([notes])}
    )
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            actions.record_outcome(inspection=inspection, by=request.user, **form.cleaned_data)
        except Conflict as conflict:
            form = _outcome_again(request, str(conflict.current))
            context = {"differences": differences(form), "is_stale": True}
        else:
            messages.success(request, "The outcome of the hearing is saved.")
            return redirect("ratings:panel", inspection.pk)
    context |= {"inspection": inspection, "form": form, "crumbs": crumbs_to(inspection, "Outcome")}
    status = 409 if "is_stale" in context else 200
    return render(request, "ratings/panel/outcome.html", context, status=status)


def _outcome_again(request: SignedInRequest, notes: str) -> OutcomeForm:
    """What was sent, based on the notes that stand by now."""
    sent = request.POST.copy()
    sent["instead_of"] = digest([notes])
    return OutcomeForm(sent, initial={"outcome_notes": notes})


def _form_page(
    request: SignedInRequest, inspection: Inspection, form: Form, title: str, template: str
) -> HttpResponse:
    context = {"inspection": inspection, "form": form, "crumbs": crumbs_to(inspection, title)}
    return render(request, template, context)
