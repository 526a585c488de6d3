"""Meetings of the ratings panel, submitting an inspection to one, and the panel's page."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from inspections.models import Inspection, User
from ratings.loading import load_inspection
from ratings.models import PanelHearing, PanelMeeting
from ratings.panel import actions, policies
from ratings.panel.forms import MeetingForm, OutcomeForm, StepAsideForm, SubmitForm
from ratings.panel.hearings import current_hearing
from ratings.panel.interests import interests_in
from ratings.panel.meetings import heard_at, meeting_rows
from ratings.panel.presenters import lack_view, panel_page
from ratings.panel.readiness import lacking
from ratings.results.policies import can_agree
from ratings.service import rate_inspection

READ_OR_SEND = ["GET", "HEAD", "POST"]


def _meetings(user: User) -> QuerySet[PanelMeeting]:
    """Those that ``user`` may know of: leads and administrators all, as they choose among them."""
    meetings = PanelMeeting.objects.with_people()
    if policies.can_arrange(user):
        return meetings
    return meetings.filter(pk__in=PanelMeeting.objects.of(user).order_by().values("pk"))


@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    """The meetings to come and those held."""
    today = timezone.localdate()
    rows = meeting_rows(_meetings(request.user))
    context = {
        "to_come": sorted(
            (row for row in rows if row.meeting_date >= today), key=lambda row: row.meeting_date
        ),
        "held": [row for row in rows if row.meeting_date < today],
        "may_arrange": policies.can_arrange(request.user),
        "crumbs": [("Panel meetings", "")],
    }
    return render(request, "ratings/panel/meetings.html", context)


@require_safe
def meeting(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """One meeting: who sits in it, and of the inspections it hears those that are the reader's."""
    found = get_object_or_404(_meetings(request.user), pk=meeting_id)
    context = {
        "meeting": found,
        "heard": heard_at(found, request.user),
        "others": [one for one in found.members.all() if one.pk != found.chair_id],
        "crumbs": [
            ("Panel meetings", reverse("ratings:meetings")),
            (f"{found.meeting_date:%-d %B %Y}", ""),
        ],
    }
    return render(request, "ratings/panel/meeting.html", context)


@require_http_methods(READ_OR_SEND)
def arrange(request: SignedInRequest) -> HttpResponse:
    """A meeting that is for no inspection in particular."""
    policies.check_arrange(request.user)
    return _arrange(request, None)


@require_http_methods(READ_OR_SEND)
def arrange_for(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """A meeting to submit this inspection to: who has a part in it is told apart."""
    inspection = load_inspection(request.user, inspection_id)
    policies.check_submit(request.user, inspection)
    return _arrange(request, inspection)


def _arrange(request: SignedInRequest, inspection: Inspection | None) -> HttpResponse:
    form = MeetingForm(
        request.POST or None,
        people=User.objects.filter(is_active=True, is_staff=False).order_by("name", "pk"),
        interests={} if inspection is None else interests_in(inspection),
    )
    if request.method == "POST" and form.is_valid():
        arranged = actions.arrange_meeting(
            meeting_date=form.cleaned_data["meeting_date"],
            chair=form.cleaned_data["chair"],
            members=form.cleaned_data["members"],
            by=request.user,
        )
        messages.success(request, f"The meeting on {arranged} is arranged.")
        if inspection is None:
            return redirect("ratings:meeting", arranged.pk)
        return HttpResponseRedirect(f"{_url('submit', inspection)}?meeting={arranged.pk}")
    way = [("Panel meetings", reverse("ratings:meetings")), ("Arrange a meeting", "")]
    context = {
        "form": form,
        "inspection": inspection,
        "crumbs": [*way]
        if inspection is None
        else [("Submit to the panel", _url("submit", inspection)), way[1]],
    }
    return render(request, "ratings/panel/arrange.html", context)


@require_safe
def panel(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Everything that the panel weighs, for all who may see the inspection's ratings."""
    inspection = load_inspection(request.user, inspection_id)
    hearing = current_hearing(inspection)
    user = request.user
    context = {
        "inspection": inspection,
        "page": panel_page(rate_inspection(inspection), hearing, user),
        "may_submit": policies.can_submit(user, inspection),
        "may_give_back": policies.can_give_back(user, inspection),
        "may_step_aside": hearing is not None and policies.can_step_aside(user, hearing),
        "may_note": hearing is not None and policies.can_note_outcome(user, hearing),
        "may_agree": can_agree(user, inspection),
        "crumbs": [("Panel", "")],
    }
    return render(request, "ratings/panel/panel.html", context)


@require_http_methods(READ_OR_SEND)
def submit(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The lead inspector brings the inspection before a meeting that is still to come."""
    inspection = load_inspection(request.user, inspection_id)
    policies.check_submit(request.user, inspection)
    missing = [*lacking(rate_inspection(inspection))]
    form = _submit_form(request, inspection)
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit_to_panel(inspection=inspection, by=request.user, **form.cleaned_data)
        except actions.NotReady as not_ready:
            missing = [*not_ready.missing]
            form.add_error(None, "The inspection is not ready for the panel. See what is missing.")
        except Refused as refused:
            form.add_error("meeting", str(refused))
        else:
            messages.success(request, "The inspection is with the ratings panel.")
            return redirect("ratings:panel", inspection.pk)
    context = {
        "inspection": inspection,
        "missing": [lack_view(inspection, lack) for lack in missing],
        # What was typed stays to be seen, whatever is missing.
        "form": form if form.is_bound or not missing else None,
        "crumbs": [("Submit to the panel", "")],
    }
    return render(request, "ratings/panel/submit.html", context)


def _submit_form(request: SignedInRequest, inspection: Inspection) -> SubmitForm:
    to_come = PanelMeeting.objects.from_date(timezone.localdate()).with_people()
    earlier = current_hearing(inspection)
    return SubmitForm(
        request.POST if request.method == "POST" else None,
        meetings=to_come.order_by("meeting_date", "pk"),
        interests=interests_in(inspection),
        initial={
            "meeting": request.GET.get("meeting", ""),
            "lead_view": "" if earlier is None else earlier.lead_view,
        },
    )


@require_http_methods(READ_OR_SEND)
def give_back(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Asks once more, saying what follows, and then gives the inspection back to its lead."""
    inspection = load_inspection(request.user, inspection_id)
    policies.check_give_back(request.user, inspection)
    if request.method == "POST":
        actions.give_back(inspection=inspection, by=request.user)
        messages.success(request, "The lead inspector has the inspection again.")
        return redirect(inspection)
    context = {"inspection": inspection, "crumbs": _crumbs(inspection, "Give back")}
    return render(request, "ratings/panel/give_back.html", context)


@require_http_methods(READ_OR_SEND)
def step_aside(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection, hearing = _hearing(request.user, inspection_id)
    policies.check_step_aside(request.user, hearing)
    form = StepAsideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.step_aside(hearing=hearing, by=request.user, **form.cleaned_data)
        messages.success(request, f"You take no part in the hearing of {inspection.service}.")
        return redirect("ratings:meeting", hearing.meeting_id)
    return _form_page(request, inspection, form, "Step aside", "ratings/panel/step_aside.html")


@require_http_methods(READ_OR_SEND)
def outcome(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The chair notes what the panel came to beyond its decisions."""
    inspection, hearing = _hearing(request.user, inspection_id)
    policies.check_note_outcome(request.user, hearing)
    form = OutcomeForm(
        request.POST if request.method == "POST" else None,
        initial={"outcome_notes": hearing.outcome_notes},
    )
    if form.is_valid():
        actions.note_outcome(hearing=hearing, by=request.user, **form.cleaned_data)
        messages.success(request, "The outcome of the hearing is saved.")
        return redirect("ratings:panel", inspection.pk)
    return _form_page(request, inspection, form, "Outcome", "ratings/panel/outcome.html")


def _hearing(user: User, inspection_id: int) -> tuple[Inspection, PanelHearing]:
    inspection = load_inspection(user, inspection_id)
    hearing = current_hearing(inspection)
    if hearing is None:
        raise Http404("No meeting hears this inspection.")
    hearing.inspection = inspection
    return inspection, hearing


def _form_page(
    request: SignedInRequest, inspection: Inspection, form: Form, title: str, template: str
) -> HttpResponse:
    context = {"inspection": inspection, "form": form, "crumbs": _crumbs(inspection, title)}
    return render(request, template, context)


def _crumbs(inspection: Inspection, title: str) -> list[tuple[str, str]]:
    return [("Panel", _url("panel", inspection)), (title, "")]


def _url(name: str, inspection: Inspection) -> str:
    return reverse(f"ratings:{name}", args=[inspection.pk])
