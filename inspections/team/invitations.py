"""Inviting people into an inspection who have no account, or whose account isn't known, and
withdrawing what was sent in error."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import ProtectedError
from django.db.models.deletion import Collector

from inspections.access.invitations import account_for, is_invited
from inspections.announcements import announce
from inspections.history import action, events_of
from inspections.models import Inspection, Membership, Service, User
from inspections.names import clean_name
from inspections.permissions import SET_UP_TEAM
from inspections.team.actions import (
    NotATeam,
    Role,
    TeamChange,
    change_team,
    check_part,
    lock_team,
    team_version,
)


@dataclass(frozen=True, slots=True)
class Invited:
    """``is_new`` says that the account was made now."""

    person: User
    is_new: bool


@action
def invite(
    *,
    inspection: Inspection,
    name: str,
    email: str,
    role: str,
    home_service: Service | None = None,
    by: User,
) -> Invited:
    """Put the person with this address on the inspection, and make their account if there is none,
    of somebody on loan from ``home_service`` if that is given.

    An account that there is keeps its name and home service. Raises ``Refused`` when ``by`` may not
    do this, or not now, and ``NotATeam`` when this person may not have the role.
    """
    locked = lock_team(inspection)
    SET_UP_TEAM.check(by, locked)
    person, is_new = account_for(email=email, name=clean_name(name), home_service=home_service)
    was = locked.role_of(person)
    if was is not None:
        words = f"{person} is on this inspection already, as {Role(was).label.lower()}."
        raise NotATeam(words, person.pk)
    if role == Role.LEAD_INSPECTOR and locked.memberships.filter(role=role).exists():
        raise NotATeam(
            "This inspection has a lead inspector. Invite the person as inspector, and then hand "
            "over the lead on the team’s page.",
            person.pk,
        )
    check_part(locked, person, None, role, by)
    Membership.objects.create(inspection=locked, user=person, role=role)
    announce(locked.pk)
    return Invited(person, is_new)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """``is_account_removed`` says that the person has no account any more."""

    change: TeamChange
    is_account_removed: bool


@action
def withdraw_invitation(*, inspection: Inspection, person: User, by: User) -> Withdrawn:
    """Take somebody off the inspection who never signed in, and remove their account if it was made
    in error and holds nothing.

    Raises ``Refused`` when ``by`` may not change the team, or not now, and ``NotATeam`` for
    somebody who has signed in, isn't on it, or leads it.
    """
    locked = lock_team(inspection)
    SET_UP_TEAM.check(by, locked)
    roles = dict(locked.memberships.values_list("user", "role"))
    if roles.pop(person.pk, None) is None or not is_invited(person):
        raise NotATeam(f"{person} has signed in or left since you opened the page.", person.pk)
    version = team_version(locked)
    change = change_team(inspection=locked, roles=roles, base_version=version, by=by)
    is_error = may_remove_account(person, by) and not holds_anything(person)
    if is_error:
        person.delete()
    return Withdrawn(change, is_error)


def may_remove_account(person: User, by: User) -> bool:
    """Whether it was made in error, as far as can be told without asking what it holds: its person
    never signed in, and ``by`` made it or is an administrator."""
    if person.last_login is not None or person == by:
        return False
    made = events_of(User).filter(pgh_obj=person.pk, pgh_label="insert")
    return by.is_staff or made.filter(pgh_context__user=by.pk).exists()


def holds_anything(person: User) -> bool:
    """Whether a part in an inspection or anything recorded protects the account."""
    try:
        Collector(using="default").collect([person])
    except ProtectedError:
        return True
    return False
