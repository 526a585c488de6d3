"""Meetings of the ratings panel, submitting an inspection to one, and the panel's decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inspections.access.permissions import Permission, Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS
from inspections.versions import Conflict, differences, digest
from ratings.engine import NotRateable
from ratings.models import (
    PanelHearing,
    PanelMeeting,
    PanelMeetingQuerySet,
    current_hearing,
    decisions_of,
    hearings,
)
from ratings.panel import actions
from ratings.panel.decisions import (
    DecisionTarget,
    RatingMoved,
    decide_discretion,
    find_target,
    withdraw_discretion,
)
from ratings.panel.forms import (
    DiscretionForm,
    GiveBackForm,
    MeetingForm,
    OutcomeForm,
    StepAsideForm,
    SubmitForm,
    WithdrawForm,
)
from ratings.panel.page import givings_back, inspections_heard
from ratings.panel.precedents import Precedents
from ratings.panel.readiness import NotReady, blockers, interests_in, stale_decisions
from ratings.permissions import (
    ARRANGE,
    DECIDE,
    GIVE_BACK,
    MEETINGS,
    RECORD_OUTCOME,
    SEE_MEETINGS,
    SEE_PANEL,
    STEP_ASIDE,
    SUBMIT,
)
from ratings.service import rate_inspection
from ratings.unrated import load_rated, says_if_unrated
from ratings.words import rated_as

MEETINGS_A_PAGE = 25


HAS_BEGUN = ("hearings__discretions", "seal_agreements")
"""Relations that GIVE_BACK needs besides the hearings."""


def _load(
    user: User,
    inspection_id: int,
    *to: Permission,
    also: Iterable[str] = (),
    see: Permission = SEE_PANEL,
) -> Inspection:
    """The inspection with its hearings, for people who may ``see`` that and do all of ``to``."""
    relations = [*hearings(), *also]
    inspection = load_rated(user, inspection_id, to=see, also=relations)
    for permission in to:
        permission.check(user, inspection)
    return inspection


def _load_heard(user: User, inspection_id: int, to: Permission) -> tuple[Inspection, PanelHearing]:
    inspection = _load(user, inspection_id)
    hearing = current_hearing(inspection)
    if hearing is None:
        raise Http404("No meeting hears this inspection.")
    to.check(user, inspection)
    return inspection, hearing


# --- Meetings


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
    context = {
        "meeting": found,
        "heard": heard,
        "others": others,
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
    return _arrange(request, _load(request.user, inspection_id, SUBMIT))


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
        return HttpResponseRedirect(f"{_url('submit', inspection)}?meeting={arranged.pk}")
    way = [("Panel meetings", reverse("ratings:meetings"))]
    if inspection is not None:
        way = [("Submit to the panel", _url("submit", inspection))]
    context = {"form": form, "inspection": inspection, "crumbs": [*way, ("Arrange a meeting", "")]}
    return render(request, "ratings/panel/arrange.html", context)


# --- An inspection before the panel


@require_safe
@says_if_unrated
def panel(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The panel's page, for everyone who may see it.

    ``order=closeness`` lists the ratings that the whole caseload would likeliest change first.
    """
    inspection = _load(request.user, inspection_id, also=HAS_BEGUN)
    rated = rate_inspection(inspection)
    precedents = Precedents(rated, viewer=request.user)
    by_closeness = request.GET.get("order") == "closeness"
    context = {
        "inspection": inspection,
        "rated": rated,
        "hearing": current_hearing(inspection),
        "givings_back": givings_back(inspection),
        "by_closeness": by_closeness,
        "standards": [
            (standard, precedents.of_standard(standard.rated.code))
            for standard in (rated.closest_first if by_closeness else rated.standards)
        ],
        "stale": list(stale_decisions(rated)),
        "crumbs": [("Panel", "")],
    }
    return render(request, "ratings/panel/panel.html", context)


@accepts_form
@says_if_unrated
def submit(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The lead inspector submits the inspection to a future meeting."""
    inspection = _load(request.user, inspection_id, SUBMIT)
    missing = [*blockers(rate_inspection(inspection))]
    form = _submit_form(request, inspection)
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
        "crumbs": [("Submit to the panel", "")],
    }
    return render(request, "ratings/panel/submit.html", context)


def _submit_form(request: SignedInRequest, inspection: Inspection) -> SubmitForm:
    to_come = PanelMeeting.objects.from_date(timezone.localdate()).with_people()
    earlier = current_hearing(inspection)
    return SubmitForm(
        posted(request),
        meetings=to_come.order_by("meeting_date", "pk"),
        interests=interests_in(inspection),
        initial={
            "meeting": request.GET.get("meeting", ""),
            "lead_view": "" if earlier is None else earlier.lead_view,
        },
    )


@accepts_form
@says_if_unrated
def give_back(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The page says what follows, and asks for the reason."""
    inspection = _load(request.user, inspection_id, GIVE_BACK, also=HAS_BEGUN)
    form = GiveBackForm(posted(request))
    if form.is_valid():
        actions.give_back(inspection=inspection, by=request.user, **form.cleaned_data)
        messages.success(request, "The lead inspector has the inspection again.")
        return redirect(inspection)
    return _form_page(request, inspection, form, "Give back", "ratings/panel/give_back.html")


@accepts_form
@says_if_unrated
def step_aside(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection, hearing = _load_heard(request.user, inspection_id, STEP_ASIDE)
    form = StepAsideForm(posted(request))
    if form.is_valid():
        actions.step_aside(inspection=inspection, by=request.user, **form.cleaned_data)
        messages.success(request, f"You take no part in the hearing of {inspection.service}.")
        return redirect("ratings:meeting", hearing.meeting_id)
    return _form_page(request, inspection, form, "Step aside", "ratings/panel/step_aside.html")


@accepts_form
@says_if_unrated
def outcome(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The chair records the panel's conclusions besides its decisions."""
    inspection, hearing = _load_heard(request.user, inspection_id, RECORD_OUTCOME)
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
    context |= {"inspection": inspection, "form": form, "crumbs": _crumbs(inspection, "Outcome")}
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
    context = {"inspection": inspection, "form": form, "crumbs": _crumbs(inspection, title)}
    return render(request, template, context)


def _crumbs(inspection: Inspection, title: str) -> list[tuple[str, str]]:
    return [("Panel", _url("panel", inspection)), (title, "")]


def _url(name: str, inspection: Inspection, *more: object) -> str:
    return reverse(f"ratings:{name}", args=[inspection.pk, *more])


# --- Decisions


@accepts_form
@says_if_unrated
def discretion(request: SignedInRequest, inspection_id: int, target: str) -> HttpResponse:
    """One rating that the panel can move: its figures, every decision on it, and the form."""
    inspection = _load(request.user, inspection_id, see=SEE_RATINGS)
    about = _target(inspection, target)
    if request.method != "POST":
        return _show_discretion(request, inspection, about, None)
    DECIDE.check(request.user, inspection)
    computed = rate_inspection(inspection).outcome.rating_of(about.code).computed
    form = DiscretionForm(request.POST, computed=computed)
    if not form.is_valid():
        return _show_discretion(request, inspection, about, form)
    try:
        decide_discretion(
            inspection=inspection,
            standard=about.standard.code,
            key_question=about.key_question,
            by=request.user,
            **form.decision(),
        )
    except RatingMoved as moved:
        form.start_again_from(moved.computed)
        return _show_discretion(request, inspection, about, form)
    except Conflict as conflict:
        return _show_discretion(request, inspection, about, form, conflict)
    messages.success(request, f"The panel’s decision on {about.title} is saved.")
    return HttpResponseRedirect(f"{_url('ratings', inspection)}#standard-{about.standard.code}")


def _show_discretion(
    request: SignedInRequest,
    inspection: Inspection,
    about: DecisionTarget,
    form: DiscretionForm | None,
    conflict: Conflict | None = None,
) -> HttpResponse:
    rated = rate_inspection(inspection)
    rating = rated.outcome.rating_of(about.code)
    current = rated.discretions.get((about.standard.code, about.key_question))
    why_not = DECIDE.why_not(request.user, inspection)
    may_withdraw = why_not is None
    if may_withdraw and isinstance(rating.computed, NotRateable):
        why_not = f"There is no rating to move: {about.title} is {rated_as(rating.computed)}."
    if form is None and why_not is None:
        hearing = current_hearing(inspection)
        form = DiscretionForm(
            computed=rating.computed,
            initial={
                "lead_view": "" if hearing is None else hearing.lead_view,
                "in_place_of": None if current is None else current.pk,
            },
        )
    differences = None
    if form is not None and conflict is not None:
        differences = form.start_again_beside(conflict.current)
    standard = next(row for row in rated.standards if row.rated.standard == about.standard)
    context = {
        "inspection": inspection,
        "about": about,
        "rating": rating,
        "standard": standard,
        "key_questions": about.key_questions(standard),
        "overriding": about.overriding_decision(rated.outcome),
        "current": current,
        "why_not": why_not,
        "may_withdraw": may_withdraw,
        "form": form,
        "conflict": conflict and conflict.current,
        "differences": differences,
        "decisions": [
            decision
            for decision in reversed(decisions_of(inspection))
            if decision.target == about.code
        ],
        "crumbs": [("Ratings", _url("ratings", inspection)), (f"Discretion on {about.code}", "")],
    }
    status = 200 if conflict is None else 409
    return render(request, "ratings/panel/discretion.html", context, status=status)


@accepts_form
@says_if_unrated
def withdraw(request: SignedInRequest, inspection_id: int, discretion_id: int) -> HttpResponse:
    inspection = _load(request.user, inspection_id, DECIDE)
    decision = get_object_or_404(inspection.discretions.current(), pk=discretion_id)
    about = _target(inspection, decision.target)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        withdraw_discretion(discretion=decision, by=request.user, **form.cleaned_data)
        messages.success(request, f"The panel’s decision on {about.title} is withdrawn.")
        return redirect("ratings:ratings", inspection.pk)
    context = {
        "inspection": inspection,
        "about": about,
        "decision": decision,
        "form": form,
        "crumbs": [
            ("Ratings", _url("ratings", inspection)),
            (f"Discretion on {about.code}", _url("discretion", inspection, about.code)),
            ("Withdraw", ""),
        ],
    }
    return render(request, "ratings/panel/withdraw.html", context)


def _target(inspection: Inspection, code: str) -> DecisionTarget:
    about = find_target(inspection.framework, code)
    if about is None:
        raise Http404(f"Discretion moves no rating {code}.")
    return about
