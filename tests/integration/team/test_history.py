"""The history of a team: who joined, changed their part and left, and by whom."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from config.demonstration import builder
from inspections.models import Membership, User
from inspections.team.actions import change_team, team_version
from inspections.team.history import changes_of_team
from tests import scenes
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

Role = Membership.Role


@pytest.fixture
def scene() -> Scene:
    return scenes.scene()


def change(scene: Scene, by: User, roles: dict[User, str]) -> None:
    inspection = scene.fresh()
    change_team(
        inspection=inspection,
        roles={person.pk: role for person, role in roles.items()},
        base_version=team_version(inspection),
        by=by,
    )


def test_joining_changing_and_leaving_are_entries_with_the_part_in_words(scene: Scene) -> None:
    newcomer = builder.user("Nora Newcomer")
    lead = {scene.lead: Role.LEAD_INSPECTOR}
    change(scene, scene.lead, {**lead, scene.inspector: Role.DEPUTY_LEAD, newcomer: Role.REVIEWER})
    change(scene, scene.lead, {**lead, scene.inspector: Role.DEPUTY_LEAD})
    found = [
        (entry.who, entry.record, entry.did, *entry.fields)
        for entry in changes_of_team(scene.inspection)
        if entry.who
    ]
    assert sorted(found) == [
        ("Priya Lead", "Ada Inspector", "Changed", ("Role", "Inspector", "Deputy lead inspector")),
        ("Priya Lead", "Nora Newcomer", "Added", ("Role", "", "Quality reviewer")),
        ("Priya Lead", "Nora Newcomer", "Removed", ("Role", "Quality reviewer", "")),
    ]


def test_whoever_sees_the_team_sees_its_history(scene: Scene) -> None:
    address = reverse("inspections:team-history", args=[scene.inspection.pk])
    administrator = builder.user("Alex Administrator", is_staff=True)
    for person in (scene.lead, scene.inspector, scene.panel, administrator):
        assert address in signed_in(person).get(f"{scene.home}team/").text
        assert "Ada Inspector: added" in words(signed_in(person).get(address))
    observer = builder.member(scene.inspection, Role.OBSERVER)
    assert signed_in(observer).get(address).status_code == 403
    assert signed_in(scene.outsider).get(address).status_code == 404


def test_it_shows_no_other_inspection(scene: Scene) -> None:
    elsewhere = builder.inspector(builder.inspection(), "Eve Elsewhere")
    assert str(elsewhere) not in words(scene.get(scene.lead, "team/history/"))


def test_people_are_named_as_elsewhere(scene: Scene) -> None:
    namesake = builder.inspector(scene.inspection, "Ada Inspector")
    page = words(scene.get(scene.lead, "team/history/"))
    assert f"Ada Inspector ({namesake.email}): added" in page or namesake.email in page


def test_a_longer_history_takes_no_more_queries(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        builder.inspector(scene.inspection, f"Person {number}")
    with django_assert_num_queries(2):
        assert len(changes_of_team(scene.inspection)) == 62
    first, second = (words(scene.get(scene.lead, f"team/history/?page={n}")) for n in (1, 2))
    assert "Person 59: added" in first
    assert "Ada Inspector: added" in second
