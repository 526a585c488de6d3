"""Help for each role, and whom to ask."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.demonstration import builder
from config.site.help.abilities import DOES, PAGE_OF, PAGES, SEES, RoleHelp, may
from inspections.access.permissions import ADMINISTRATOR, TABLE
from inspections.models import Inspection, Membership, User
from inspections.team.parts import PARTS
from ratings.permissions import CHAIR
from tests.pages import read, signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

Role = Membership.Role
State = Inspection.State

HELP = "/help/"


def page_of(slug: str) -> str:
    return reverse("site:help-of", args=[slug])


def joins(person: User, inspection: Inspection, role: Role) -> None:
    Membership.objects.create(inspection=inspection, user=person, role=role)


# --- Which page


def test_every_role_has_one_page() -> None:
    roles = [role for page in PAGES for role in page.roles]
    assert sorted(roles) == sorted([*Role.values, ADMINISTRATOR, CHAIR])


@pytest.mark.parametrize("role", Role.values)
def test_help_opens_on_the_readers_own_role(scene: Scene, role: str) -> None:
    person = scene.lead if role == Role.LEAD_INSPECTOR else builder.member(scene.inspection, role)
    (page,) = [one for one in PAGES if role in one.roles]
    said = read(person, HELP)
    assert f"Help {page.title}" in said
    assert PARTS[Role(role)] in said


def test_help_opens_on_the_administrators_page(scene: Scene) -> None:
    administrator = builder.user("Alex Administrator", is_staff=True)
    assert "Help Administrators" in read(administrator, HELP)


def test_somebody_with_several_roles_finds_the_page_of_each(scene: Scene) -> None:
    joins(scene.inspector, builder.inspection(), Role.OBSERVER)
    html = signed_in(scene.inspector).get(HELP).content.decode()
    own = html[html.index("Your roles") : html.index("Other roles")]
    assert page_of("inspector") in own
    assert page_of("observer") in own
    assert page_of("lead") not in own


def test_somebody_without_a_role_is_told_how_they_get_one() -> None:
    said = read(builder.user(), HELP)
    assert "You have no role in an inspection yet" in said
    assert "Your roles" not in said


def test_everybody_reads_the_help_of_every_role(scene: Scene) -> None:
    for page in PAGES:
        assert f"Help {page.title}" in read(scene.inspector, page_of(page.slug))
    read(scene.inspector, page_of("somebody"), expect=404)


def test_help_is_for_people_who_are_signed_in(scene: Scene) -> None:
    assert Client().get(HELP).status_code == 302
    assert f'href="{HELP}"' not in Client().get("/accounts/login/").content.decode()
    assert f'href="{HELP}"' in signed_in(scene.lead).get("/").content.decode()


# --- What it says, as the table has it


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_it_says_what_the_table_permits_and_nothing_else(page: RoleHelp) -> None:
    roles = (*page.roles, *page.as_well)
    for rows, said in ((DOES, page.does), (SEES, page.sees)):
        permitted = [words for row, words in rows if any(may(role, row) for role in roles)]
        lines = [re.sub(r" \((the .*)\)$", "", line) for _, group in said for line in group]
        assert sorted(lines) == sorted(permitted)


def test_single_pages_as_a_person_would_check_them() -> None:
    lead, inspector, panel = (dict(PAGE_OF[slug].does) for slug in ("lead", "inspector", "panel"))
    with_the_panel = "While the ratings panel has the inspection"
    assert inspector == {
        "Until the result is sealed": ["declare an interest in the service"],
        "From the preparation on, until fieldwork closes": ["plan interviews with case managers"],
        "From the preparation on, until submitted to the ratings panel": ["add evidence"],
        "During fieldwork": [
            "record in the cases that are allocated to you",
            "submit these cases",
            "reply to comments",
        ],
    }
    assert "confirm the result (the lead inspector alone)" in lead[with_the_panel]
    assert lead["In preparation"] == ["load lists of cases", "draw samples"]
    assert "record who is present (the chair)" in panel[with_the_panel]
    assert "decide professional discretion" in panel[with_the_panel]
    assert PAGE_OF["observer"].does == []
    assert PAGE_OF["observer"].sees == [
        ("At any time", ["ratings, and what the panel decided on each"])
    ]
    assert PAGE_OF["publisher"].sees == [
        (
            "Once the result is sealed",
            ["the seal and its file", "for how long case content is kept"],
        )
    ]
    assert dict(PAGE_OF["administrator"].sees)["At any time"] == [
        "how an inspection is set up, and its team",
        "for how long case content is kept",
    ]


def test_no_row_leaves_out_a_state_between_two_others() -> None:
    order = list(State)
    for row, _ in (*DOES, *SEES):
        for states in filter(None, row.who.values()):
            places = sorted(order.index(State(state)) for state in states)
            assert places == list(range(places[0], places[-1] + 1)), row.action


def test_every_row_of_the_table_that_is_named_is_of_the_table() -> None:
    assert all(TABLE[row.action] is row for row, _ in (*DOES, *SEES))


def test_who_records_finds_the_shortcuts_and_the_words_of_saving(scene: Scene) -> None:
    for page in PAGES:
        said = read(scene.inspector, page_of(page.slug))
        is_there = page.slug in ("lead", "inspector", "local-assessor")
        assert ("Keyboard shortcuts for recording" in said) == is_there
        assert ("Waiting It is kept on this device and nowhere else" in said) == is_there
    record = signed_in(scene.inspector).get(scene.record_page()).content.decode()
    listed = re.findall(r"<kbd>(.)</kbd>", record)
    assert listed
    assert (
        re.findall(
            r"<kbd>(.)</kbd>", signed_in(scene.inspector).get(page_of("inspector")).content.decode()
        )
        == listed
    )


# --- Whom to ask


def test_it_names_the_lead_of_each_of_the_readers_inspections_and_no_other(scene: Scene) -> None:
    other = builder.inspection()
    other_lead = builder.lead_inspector(other)
    elsewhere = builder.lead_inspector(builder.inspection())
    joins(scene.inspector, other, Role.OBSERVER)
    said = read(scene.inspector, HELP)
    for lead in (scene.lead, other_lead):
        assert lead.name in said
        assert lead.email in said
    assert elsewhere.email not in said
    assert scene.lead.email not in read(scene.outsider, HELP)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PUBLISHER, Role.PANEL_MEMBER])
def test_everybody_who_sees_the_inspection_sees_who_leads_it(scene: Scene, role: Role) -> None:
    assert scene.lead.email in read(builder.member(scene.inspection, role), HELP)


def test_an_administrator_without_a_part_is_told_of_no_lead(scene: Scene) -> None:
    administrator = builder.user("Alex Administrator", is_staff=True)
    assert scene.lead.email not in read(administrator, HELP)


def test_the_lead_reads_that_it_is_them(scene: Scene) -> None:
    said = read(scene.lead, HELP)
    assert "You" in said[said.index("Whom to ask") :]
    assert scene.lead.email not in said


def test_an_inspection_without_a_lead_says_so() -> None:
    inspection = builder.inspection()
    person = builder.member(inspection, Role.INSPECTOR)
    said = read(person, HELP)
    assert "Not assigned" in said[said.index("Whom to ask") :]


def test_it_takes_as_many_queries_however_many_inspections(
    scene: Scene,
) -> None:
    client = signed_in(scene.inspector)
    client.get(HELP)
    with CaptureQueriesContext(connection) as few:
        client.get(HELP)
    for _ in range(5):
        other = builder.inspection()
        builder.lead_inspector(other)
        joins(scene.inspector, other, Role.INSPECTOR)
    with CaptureQueriesContext(connection) as many:
        client.get(HELP)
    assert len(many) == len(few)
