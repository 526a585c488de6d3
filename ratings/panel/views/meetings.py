"""Meetings of the ratings panel: their list, one meeting, and arranging one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.changes import page_of
from inspections.models import Inspection, User
from inspections.versions import Conflict, differences
from ratings.meeting_permissions import ARRANGE, CHANGE_MEETING, MEETINGS, SEE_MEETINGS
from ratings.models import PanelMeeting, PanelMeetingQuerySet
from ratings.panel import meeting_actions as actions
from ratings.panel.forms.meetings import CancelForm, MeetingChangeForm, MeetingForm
from ratings.panel.history import history_of_meeting
from ratings.panel.page import administrated, inspections_heard
from ratings.panel.readiness import interests_in
from ratings.panel.views.loading import crumbs_to_meeting, load_for_panel, url_of
from ratings.permissions import SUBMIT
from ratings.unrated import says_if_unrated

MEETINGS_A_PAGE = 25


def _meetings(user: User, *, may_arrange: bool) -> PanelMeetingQuerySet:
    """The meetings that ``user`` may see: all of them for leads and administrators, who choose."""
    meetings = PanelMeeting.objects.with_people()
    if may_arrange:
        return meetings
    return meetings.filter(pk__in=PanelMeeting.objects.of(user).order_by().values("pk"))


@require_safe
def meetings(request: SignedInRequest) -> HttpResponse:
    """The meetings to come and those held, the latest first."""
    SEE_MEETINGS.check(request.user, MEETINGS)
    today = timezone.localdate()
    may_arrange = ARRANGE.can(request.user, MEETINGS)
    known = _meetings(request.user, may_arrange=may_arrange).with_inspections()
    held = known.filter(meeting_date__lt=today).order_by("-meeting_date", "pk")
    context = {
        "to_come": known.from_date(today).order_by("meeting_date", "pk"),
        "held": Paginator(held, MEETINGS_A_PAGE).get_page(request.GET.get("page")),
        "may_arrange": may_arrange,
        "crumbs": [("Panel meetings", "")],
    }
    return render(request, "ratings/panel/meetings.html", context)


@require_safe
def meeting(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """One meeting: its members, and those of its inspections that the reader may see."""
    found = _load(request.user, meeting_id)
    heard, others = inspections_heard(found, request.user)
    context = {
        "meeting": found,
        "heard": heard,
        "others": others,
        "administrated": administrated(found, request.user) if request.user.is_staff else [],
        "may_change": CHANGE_MEETING.can(request.user, found),
        "crumbs": [
            ("Panel meetings", reverse("ratings:meetings")),
            (f"{found.meeting_date:%-d %B %Y}", ""),
        ],
    }
    return render(request, "ratings/panel/meeting.html", context)


@require_safe
def history(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """What was arranged, changed and cancelled, who else chairs a hearing, by whom and why."""
    found = _load(request.user, meeting_id)
    context = {
        "inspection": None,
        "of": f"Panel meeting on {found.meeting_date:%-d %B %Y}",
        "page": page_of(history_of_meeting(found, request.user), request.GET.get("page")),
        "crumbs": crumbs_to_meeting(found, "History"),
    }
    return render(request, "inspections/history.html", context)


def _load(user: User, meeting_id: int) -> PanelMeeting:
    """The meeting, for those who may see it."""
    SEE_MEETINGS.check(user, MEETINGS)
    may_arrange = ARRANGE.can(user, MEETINGS)
    return get_object_or_404(_meetings(user, may_arrange=may_arrange), pk=meeting_id)


@accepts_form
def change(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Another day or other people, with the reason, until the meeting has heard something."""
    meeting = _load(request.user, meeting_id)
    CHANGE_MEETING.check(request.user, meeting)
    form = _change_form(posted(request), meeting)
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            actions.change_meeting(meeting=meeting, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("chair", str(refused))
        except Conflict:
            meeting = _load(request.user, meeting_id)
            CHANGE_MEETING.check(request.user, meeting)
            sent = request.POST.copy()
            sent["base_version"] = actions.meeting_version(meeting)
            form = _change_form(sent, meeting)
            context = {"is_stale": True, "differences": differences(form)}
            context |= {"who": meeting.changed_by, "at": meeting.changed_at}
        else:
            messages.success(request, "The meeting is saved.")
            return redirect("ratings:meeting", meeting.pk)
    context |= {
        "meeting": meeting,
        "form": form,
        "crumbs": crumbs_to_meeting(meeting, "Change the meeting"),
    }
    status = 409 if "is_stale" in context else 200
    return render(request, "ratings/panel/change_meeting.html", context, status=status)


def _change_form(data: Any, meeting: PanelMeeting) -> MeetingChangeForm:
    return MeetingChangeForm(
        data,
        people=_people(),
        interests={},
        initial={
            "meeting_date": meeting.meeting_date,
            "chair": meeting.chair_id,
            "members": [one.pk for one in meeting.other_members],
            "base_version": actions.meeting_version(meeting),
        },
    )


def _people() -> QuerySet[User]:
    """Those who can sit in a panel."""
    return User.objects.filter(is_active=True, is_staff=False, home_service=None)


@accepts_form
def cancel(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """The page says what follows, and asks for the reason."""
    meeting = _load(request.user, meeting_id)
    CHANGE_MEETING.check(request.user, meeting)
    form = CancelForm(posted(request))
    if form.is_valid():
        actions.cancel_meeting(meeting=meeting, by=request.user, **form.cleaned_data)
        messages.success(request, "The meeting is cancelled.")
        return redirect("ratings:meeting", meeting.pk)
    context = {
        "meeting": meeting,
        "form": form,
        "crumbs": crumbs_to_meeting(meeting, "Cancel the meeting"),
    }
    return render(request, "ratings/panel/cancel_meeting.html", context)


@accepts_form
def arrange(request: SignedInRequest) -> HttpResponse:
    """Arrange a meeting without an inspection."""
    ARRANGE.check(request.user, MEETINGS)
    return _arrange(request, None)


@accepts_form
@says_if_unrated
def arrange_for(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Arrange a meeting for this inspection; the form says who would have to step aside."""
    return _arrange(request, load_for_panel(request.user, inspection_id, SUBMIT))


def _arrange(request: SignedInRequest, inspection: Inspection | None) -> HttpResponse:
    form = MeetingForm(
        posted(request),
        people=_people(),
        interests={} if inspection is None else interests_in(inspection),
    )
    if form.is_valid():
        arranged = actions.arrange_meeting(by=request.user, **form.cleaned_data)
        messages.success(request, f"The meeting on {arranged} is arranged.")
        if inspection is None:
            return redirect("ratings:meeting", arranged.pk)
        return HttpResponseRedirect(f"{url_of('submit', inspection)}?meeting={arranged.pk}")
    way = [("Panel meetings", reverse("ratings:meetings"))]
    if inspection is not None:
        way = [("Submit to the panel", url_of("submit", inspection))]
    context = {"form": form, "inspection": inspection, "crumbs": [*way, ("Arrange a meeting", "")]}
    return render(request, "ratings/panel/arrange.html", context)
