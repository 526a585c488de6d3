"""Meetings of the ratings panel: their list, one meeting, and arranging one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.models import Inspection, User
from ratings.meeting_permissions import ARRANGE, MEETINGS, SEE_MEETINGS
from ratings.models import PanelMeeting, PanelMeetingQuerySet
from ratings.panel import actions
from ratings.panel.forms.meetings import MeetingForm
from ratings.panel.page import hearings_to_name_a_chair_for, inspections_heard
from ratings.panel.readiness import interests_in
from ratings.panel.views.loading import load_for_panel, url_of
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
    SEE_MEETINGS.check(request.user, MEETINGS)
    may_arrange = ARRANGE.can(request.user, MEETINGS)
    found = get_object_or_404(_meetings(request.user, may_arrange=may_arrange), pk=meeting_id)
    heard, others = inspections_heard(found, request.user)
    administers = request.user.is_staff
    chairs = hearings_to_name_a_chair_for(found, request.user) if administers else []
    context = {
        "meeting": found,
        "heard": heard,
        "others": others,
        "chairs": chairs,
        "crumbs": [
            ("Panel meetings", reverse("ratings:meetings")),
            (f"{found.meeting_date:%-d %B %Y}", ""),
        ],
    }
    return render(request, "ratings/panel/meeting.html", context)


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
        people=User.objects.filter(is_active=True, is_staff=False, home_service=None),
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
