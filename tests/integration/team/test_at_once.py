"""Two changes of a team at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from cases.actions import allocate_case
from cases.models import Case
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.models import Membership
from inspections.team.actions import change_team, team_version
from inspections.team.invitations import invite
from inspections.versions import Conflict
from tests import scenes

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def at_once(*writes: Callable[[], object]) -> list[str]:
    """What became of each, run at the same moment: ``done``, or the name of its exception."""
    start = Barrier(len(writes))

    def run(write: Callable[[], object]) -> str:
        try:
            start.wait()
            write()
        except (Conflict, Refused) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(writes)) as pool:
        return list(pool.map(run, writes))


def test_of_two_changes_one_is_a_conflict_and_there_is_one_lead() -> None:
    administrator = builder.user("Alex Administrator", is_staff=True)
    for _ in range(ROUNDS):
        scene = scenes.scene()
        version = team_version(scene.fresh())
        lead, inspector, joins = scene.lead.pk, scene.inspector.pk, builder.user().pk
        handed_over = {inspector: "LEAD_INSPECTOR", lead: "INSPECTOR"}
        writes = [
            partial(
                change_team,
                inspection=scene.inspection,
                roles=roles,
                base_version=version,
                by=administrator,
            )
            for roles in (handed_over, {lead: "LEAD_INSPECTOR", joins: "INSPECTOR"})
        ]
        assert sorted(at_once(*writes)) == ["Conflict", "done"]
        leads = Membership.objects.filter(inspection=scene.inspection, role="LEAD_INSPECTOR")
        assert leads.count() == 1


def test_nobody_is_given_a_case_while_they_leave() -> None:
    """Whichever comes first: the case ends with somebody of the team, and each is told in words."""
    for _ in range(ROUNDS):
        scene = scenes.scene()
        case = builder.case(scene.inspection)
        leave = partial(
            change_team,
            inspection=scene.inspection,
            roles={scene.lead.pk: "LEAD_INSPECTOR"},
            base_version=team_version(scene.fresh()),
            by=scene.lead,
        )
        give = partial(allocate_case, case=case, to=scene.inspector, by=scene.lead)
        assert "done" in at_once(give, leave)
        held = Case.objects.get(pk=case.pk)
        team = set(scene.fresh().memberships.values_list("user", flat=True))
        assert held.allocated_to_id in team | {None}


def test_cases_are_given_while_roles_are_exchanged() -> None:
    administrator = builder.user("Alex Administrator", is_staff=True)
    for _ in range(ROUNDS):
        scene = scenes.scene()
        case, leaves = builder.case(scene.inspection), scene.colleague
        roles = {scene.lead.pk: "INSPECTOR", scene.inspector.pk: "LEAD_INSPECTOR"}
        exchange = partial(
            change_team,
            inspection=scene.inspection,
            roles=roles,
            base_version=team_version(scene.fresh()),
            by=administrator,
        )
        give = partial(allocate_case, case=case, to=leaves, by=scene.lead)
        given, exchanged = at_once(give, exchange)
        assert exchanged == "done"
        # Given before the exchange, it went to the new lead; after it, nobody was given it.
        held = Case.objects.get(pk=case.pk).allocated_to
        assert held == (scene.inspector if given == "done" else None)


def test_one_address_invited_twice_makes_one_account() -> None:
    for number in range(ROUNDS):
        email = f"nia{number}@fieldwork.example"
        writes = [
            partial(
                invite,
                inspection=scene.inspection,
                name="Nia New",
                email=email,
                role="INSPECTOR",
                by=scene.lead,
            )
            for scene in (scenes.scene(), scenes.scene())
        ]
        assert at_once(*writes) == ["done", "done"]
        assert Membership.objects.filter(user__email=email).count() == 2
