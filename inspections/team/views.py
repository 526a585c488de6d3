"""The page of an inspection's team and ratings panel, and invitations into it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inspections.access.invitations import is_invited, send_link_after_commit
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.changes import page_of
from inspections.history import events_of
from inspections.loading import load_set_up
from inspections.models import Inspection, Membership, User
from inspections.permissions import SET_UP_TEAM
from inspections.team.actions import NotATeam, TeamChange, change_team
from inspections.team.forms import InvitationForm, TeamForm
from inspections.team.history import changes_of_team
from inspections.team.invitations import invite, withdraw_invitation
from inspections.team.parts import WORDS
from inspections.versions import Conflict

Role = Membership.Role


@accepts_form
def team(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Everybody's part, for the inspection's people to see and for lead and administrators to
    change, all at once."""
    inspection = load_set_up(request.user, inspection_id)
    form = TeamForm(posted(request), inspection=inspection, reader=request.user)
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            change = change_team(
                inspection=inspection,
                roles=form.roles,
                base_version=form.cleaned_data["base_version"],
                by=request.user,
            )
        except NotATeam as refusal:
            form.refuse(refusal)
        except Conflict:
            inspection = load_set_up(request.user, inspection_id)
            form = form.based_on(inspection, request.user)
            context = {"is_stale": True, "differences": form.differences()}
            context |= _latest_change(inspection)
        except Refused as refusal:
            context = {"refusal": str(refusal)}
        else:
            _say(request, change)
            return _onward(request.user, inspection)
    context |= {
        "inspection": inspection,
        "form": form,
        "why_not": SET_UP_TEAM.why_not(request.user, inspection),
        "invited": _invited(inspection),
        "parts": WORDS,
        "crumbs": [("Team", "")],
    }
    status = 409 if "is_stale" in context else 403 if "refusal" in context else 200
    return render(request, "inspections/team/team.html", context, status=status)


@require_safe
def history(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Who joined, changed their role and left, and by whom; for those who see the team."""
    inspection = load_set_up(request.user, inspection_id)
    team_page = reverse("inspections:team", args=[inspection.pk])
    context = {
        "inspection": inspection,
        "of": "Team and ratings panel",
        "page": page_of(changes_of_team(inspection), request.GET.get("page")),
        "crumbs": [("Team", team_page), ("History", "")],
    }
    return render(request, "inspections/history.html", context)


def _say(request: SignedInRequest, change: TeamChange) -> None:
    messages.success(request, "The team is saved.")
    _say_handed_over(request, change)


def _say_handed_over(request: SignedInRequest, change: TeamChange) -> None:
    for person, held in change.handed_over.items():
        messages.success(
            request,
            f"{person} held {held}. {change.lead}, the lead inspector, holds this now and can hand "
            "it over to others.",
        )
    for person, held in change.left_to_nobody.items():
        messages.success(
            request,
            f"{person} held {held}. {change.lead}, the lead inspector, declared an interest in "
            "this service and so isn’t given this. Nobody holds it now: allocate it to others.",
        )


def _onward(user: User, inspection: Inspection) -> HttpResponse:
    """The team's page again, or where somebody goes who is no longer on the inspection."""
    if Inspection.objects.set_up_by(user).filter(pk=inspection.pk).exists():
        return redirect("inspections:team", inspection.pk)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _latest_change(inspection: Inspection) -> dict[str, Any]:
    """Who changed the team last, and when."""
    event = events_of(Membership).filter(inspection=inspection.pk).order_by("-pgh_id").first()
    if event is None:
        return {}
    by = (event.pgh_context or {}).get("user", 0)
    return {"who": User.objects.filter(pk=by).first(), "at": event.pgh_created_at}


def _invited(inspection: Inspection) -> list[User]:
    """Those who have an account and have not chosen a password yet."""
    people = [one.user for one in inspection.memberships.all()]
    return [one for one in people if one.is_active and is_invited(one)]


@accepts_form
def invitation(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Invite somebody by e-mail who has no account."""
    inspection = load_set_up(request.user, inspection_id, to=SET_UP_TEAM)
    form = InvitationForm(posted(request), inspection=inspection, reader=request.user)
    if form.is_valid():
        try:
            invited = invite(inspection=inspection, by=request.user, **form.cleaned_data)
        except NotATeam as refusal:
            form.add_error("email", str(refusal))
        else:
            person = invited.person
            if not invited.is_new:
                messages.success(
                    request,
                    f"{person.email} has an account already, of {person.name}. "
                    "It is on the inspection now.",
                )
            else:
                messages.success(request, f"{person} is on the inspection.")
            if is_invited(person):
                _send(request, inspection, person)
            return redirect("inspections:team", inspection.pk)
    team_page = reverse("inspections:team", args=[inspection.pk])
    context = {
        "inspection": inspection,
        "form": form,
        "parts": WORDS,
        "crumbs": [("Team", team_page), ("Invite somebody", "")],
    }
    return render(request, "inspections/team/invite.html", context)


@require_POST
def send_again(request: SignedInRequest, inspection_id: int, user_id: int) -> HttpResponse:
    """Send the link again to somebody of the inspection who has not chosen a password yet."""
    inspection = load_set_up(request.user, inspection_id, to=SET_UP_TEAM)
    person = get_object_or_404(User, pk=user_id, memberships__inspection=inspection)
    if is_invited(person) and person.is_active:
        _send(request, inspection, person)
    else:
        messages.warning(
            request,
            f"No email was sent: {person} has signed in or chosen a password already. Whoever has "
            "forgotten it asks for a link where one signs in.",
        )
    return redirect("inspections:team", inspection.pk)


@require_POST
def withdraw(request: SignedInRequest, inspection_id: int, user_id: int) -> HttpResponse:
    """Take somebody off who was invited in error and never signed in."""
    inspection = load_set_up(request.user, inspection_id, to=SET_UP_TEAM)
    person = get_object_or_404(User, pk=user_id, memberships__inspection=inspection)
    try:
        done = withdraw_invitation(inspection=inspection, person=person, by=request.user)
    except NotATeam as refusal:
        messages.warning(request, f"Nothing was changed. {refusal}")
    else:
        also = " Their account is removed." if done.is_account_removed else ""
        messages.success(request, f"{person} is no longer on the inspection.{also}")
        _say_handed_over(request, done.change)
    return _onward(request.user, inspection)


def _send(request: SignedInRequest, inspection: Inspection, person: User) -> None:
    about = f"the inspection of {inspection.service}"
    send_link_after_commit(request, to=person, by=request.user, about=about)
