"""Every write to the team and the ratings panel of an inspection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, connection

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.history import action
from inspections.models import Inspection, Membership, User
from inspections.permissions import HAND_OVER_LEAD, NAME_PANEL, SET_UP_TEAM
from inspections.team.work import HELD_WORK, HOLDING_ROLES, held_by
from inspections.versions import Conflict, digest

Role = Membership.Role

OWN_PART = (
    "Nobody gives themselves a role in an inspection. Ask another administrator, or the lead "
    "inspector."
)


GIVEN_BY = {Role.LEAD_INSPECTOR: HAND_OVER_LEAD, Role.PANEL_MEMBER: NAME_PANEL}
"""What permits to give or take single roles, besides ``SET_UP_TEAM``."""


class NotATeam(Exception):
    """These roles are not a team; ``person`` is the number of whoever the words are about, if it
    is one person."""

    def __init__(self, words: str, person: int | None = None) -> None:
        super().__init__(words)
        self.person = person


@dataclass(frozen=True, slots=True)
class TeamChange:
    """What was changed. ``handed_over`` has in words what people who left held, and the lead
    inspector holds now; ``left_to_nobody`` what the lead inspector may not be given. There may be
    no ``lead`` while the inspection is only announced, when nobody holds anything."""

    lead: User | None
    joined: tuple[User, ...]
    left: tuple[User, ...]
    handed_over: Mapping[User, str]
    left_to_nobody: Mapping[User, str]


def team_version(inspection: Inspection) -> str:
    """The version of the team: another one for other people or roles."""
    team = sorted((one.user_id, str(one.role)) for one in inspection.memberships.all())
    return digest(team)


@action
def change_team(
    *, inspection: Inspection, roles: Mapping[int, str], base_version: str, by: User
) -> TeamChange:
    """Make ``roles``, by each person's number, the whole team and ratings panel.

    ``base_version`` is the ``team_version`` that ``by`` saw. What people hold who leave, or join
    the panel, goes to the lead inspector of the new team. Raises ``Refused`` when ``by`` may not
    do this, or not now, ``NotATeam`` for roles that aren't valid as a whole, and ``Conflict``, with
    the inspection as it is now, when somebody changed the team meanwhile.
    """
    locked = lock_team(inspection)
    SET_UP_TEAM.check(by, locked)
    # All of them in one order: whoever allocates cases locks them, too, and waits or is waited for.
    team = locked.memberships.order_by("pk").select_for_update(of=("self",)).select_related("user")
    before = {one.user_id: one for one in team}
    if base_version != team_version(locked):
        raise Conflict(locked)
    people = User.objects.select_related("home_service").in_bulk({*before, *roles})
    _check(locked, before, roles, people, by)
    leads = (people[person] for person, role in roles.items() if role == Role.LEAD_INSPECTOR)
    lead = next(leads, None)
    stop_holding = {
        person
        for person, member in before.items()
        if member.role in HOLDING_ROLES and roles.get(person) not in HOLDING_ROLES
    }
    held = [(work, held_by(locked, [work])) for work in HELD_WORK]
    _write(locked, before, roles)
    handed_over: dict[User, list[str]] = {}
    left_to_nobody: dict[User, list[str]] = {}
    for work, words in held:
        if lead is None:
            break
        holder = work.hand_over(inspection=locked, people=stop_holding, to=lead, by=by)
        for person in stop_holding & words.keys():
            said = handed_over if holder else left_to_nobody
            said.setdefault(people[person], []).append(words[person])
    _check_deferred(locked)
    announce(locked.pk)
    return TeamChange(
        lead,
        joined=tuple(people[person] for person in roles if person not in before),
        left=tuple(one.user for person, one in before.items() if person not in roles),
        handed_over={person: " and ".join(words) for person, words in handed_over.items()},
        left_to_nobody={person: " and ".join(words) for person, words in left_to_nobody.items()},
    )


def lock_team(inspection: Inspection) -> Inspection:
    """The inspection as it is now; whoever else changes its team waits.

    People's saves go on meanwhile: they hold a key share lock of the inspection, which this one
    doesn't exclude, and what they hold is handed over once they have committed.
    """
    return Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)


def _check(
    inspection: Inspection,
    before: Mapping[int, Membership],
    roles: Mapping[int, str],
    people: Mapping[int, User],
    by: User,
) -> None:
    leads = [person for person, role in roles.items() if role == Role.LEAD_INSPECTOR]
    # Nobody holds anything yet in an inspection that is only announced.
    may_have_none = inspection.state == Inspection.State.ANNOUNCED
    if len(leads) != 1 and (leads or not may_have_none):
        named = " and ".join(str(people[person]) for person in leads if person in people)
        words = f" You chose {named}." if leads else ""
        raise NotATeam(f"Choose one lead inspector.{words}", leads[-1] if leads else None)
    for person in {*before, *roles}:
        was = before[person].role if person in before else None
        check_part(inspection, people.get(person), was, roles.get(person), by)


def check_part(
    inspection: Inspection, person: User | None, was: str | None, role: str | None, by: User
) -> None:
    """Whether ``by`` may give ``person`` this role, who had the role ``was``; ``None`` for none.

    Raises ``NotATeam``.
    """
    if person is None:
        raise NotATeam("Choose people who have an account.")
    if role == was:
        return
    if role is not None and role not in Role.values:
        raise NotATeam(f"Choose what {person} is to be.", person.pk)
    hands_over = was == Role.LEAD_INSPECTOR and role in (Role.DEPUTY_LEAD, Role.INSPECTOR)
    if person == by and role is not None and not hands_over:
        raise NotATeam(OWN_PART, person.pk)
    for part, permission in GIVEN_BY.items():
        if part in (role, was) and (words := permission.why_not(by, inspection)):
            raise NotATeam(f"{person}: {words}", person.pk)
    if role is not None and not person.is_active:
        raise NotATeam(
            f"{person}’s account is closed. An administrator can open it again.", person.pk
        )
    if role is not None and (words := _why_not_on_loan(inspection, person, role)):
        raise NotATeam(words, person.pk)
    if role == Role.PANEL_MEMBER and person.is_staff:
        raise NotATeam(
            f"{person} is an administrator, who sees no evidence and so sits in no panel.",
            person.pk,
        )


def _why_not_on_loan(inspection: Inspection, person: User, role: str) -> str | None:
    """Somebody on loan from a service is local assessor of others, and nobody else is one."""
    home = person.home_service
    if home is None and role == Role.LOCAL_ASSESSOR:
        return (
            f"{person} is not on loan from a service. A local assessor’s account says from which "
            "one they are: an administrator enters it there."
        )
    if home is None:
        return None
    if home.pk == inspection.service_id:
        return (
            f"{person} is on loan from {home}, and takes no part in an inspection of their own "
            "service."
        )
    if role != Role.LOCAL_ASSESSOR:
        return f"{person} is on loan from {home}, and so local assessor and nothing else."
    return None


def _write(inspection: Inspection, before: Mapping[int, Membership], to: Mapping[int, str]) -> None:
    """In an order in which there are never two leads, which the database refuses row by row."""
    team = inspection.memberships
    team.exclude(user__in=to).delete()
    changed = {
        person: role
        for person, role in to.items()
        if person in before and before[person].role != role
    }
    for person, role in _lead_last(changed):
        team.filter(user=person).update(role=role)
    added = {person: role for person, role in to.items() if person not in before}
    for person, role in _lead_last(added):
        Membership.objects.create(inspection=inspection, user_id=person, role=role)


def _lead_last(roles: Mapping[int, str]) -> Iterable[tuple[int, str]]:
    return sorted(roles.items(), key=lambda one: one[1] == Role.LEAD_INSPECTOR)


def _check_deferred(inspection: Inspection) -> None:
    """Let the database check now what it would check at the end of the transaction: somebody may
    have given work to a person who leaves, while they were leaving."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise Refused(
            "Nothing was changed: somebody is being given work in this inspection at this moment. "
            "Open the team’s page again."
        ) from error
