"""The page of a team: roles are changed at once, are valid as a whole, and versioned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.actions import allocate_case, move_case
from cases.allocation.actions import declare_interest
from cases.models import Case, InterviewSlot
from cases.permissions import RECORD, SIGN_OFF_CASE
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.history import events_of
from inspections.models import Inspection, Membership, User
from inspections.team.actions import change_team, team_version
from inspections.versions import Conflict
from tests import scenes
from tests.forms import Form, forms_on
from tests.integration.results.test_seal import sealed
from tests.pages import signed_in, words
from tests.scenes import Scene

Role = Membership.Role


@pytest.fixture
def administrator(db: None) -> User:
    return builder.user("Alex Administrator", is_staff=True)


def page_of(scene: Scene) -> str:
    return f"{scene.home}team/"


def team_form(client: Client, scene: Scene) -> Form:
    [form] = [one for one in forms_on(client, page_of(scene)) if "base_version" in one.inputs]
    return form


def opened(client: Client, scene: Scene) -> dict[str, Any]:
    """What the page sends as it was opened."""
    form = team_form(client, scene)
    return {name: one.values[0] for name, one in form.inputs.items() if one.values}


def role(person: User) -> str:
    return f"role-{person.pk}"


def save(client: Client, scene: Scene, **changes: Any) -> Any:
    sent = opened(client, scene) | {name.replace("_", "-"): one for name, one in changes.items()}
    return client.post(page_of(scene), sent)


def team_of(scene: Scene) -> dict[User, str]:
    members = Membership.objects.filter(inspection=scene.inspection).select_related("user")
    return {one.user: str(one.role) for one in members}


def change(scene: Scene, by: User, roles: dict[User, str]) -> Any:
    return change_team(
        inspection=scene.inspection,
        roles={person.pk: role for person, role in roles.items()},
        base_version=team_version(scene.fresh()),
        by=by,
    )


# --- Valid as a whole


def test_the_lead_is_handed_to_an_inspector_of_the_team(scene: Scene) -> None:
    client = signed_in(scene.lead)
    sent = opened(client, scene) | {
        role(scene.lead): "INSPECTOR",
        role(scene.inspector): Role.LEAD_INSPECTOR,
    }
    page = client.post(page_of(scene), sent, follow=True)
    assert "The team is saved." in words(page)
    team = team_of(scene)
    assert (team[scene.lead], team[scene.inspector]) == ("INSPECTOR", "LEAD_INSPECTOR")


def test_two_people_exchange_their_roles(scene: Scene, administrator: User) -> None:
    client = signed_in(administrator)
    sent = opened(client, scene) | {
        role(scene.panel): "LEAD_INSPECTOR",
        role(scene.lead): "PANEL_MEMBER",
    }
    assert client.post(page_of(scene), sent).status_code == 302
    team = team_of(scene)
    assert (team[scene.panel], team[scene.lead]) == ("LEAD_INSPECTOR", "PANEL_MEMBER")


def test_everything_is_changed_at_once(scene: Scene, administrator: User) -> None:
    client = signed_in(administrator)
    new, other = builder.user("Nia New"), builder.user("Omar Other")
    sent = opened(client, scene) | {
        role(scene.lead): "LEAVES",
        role(scene.colleague): "LEAVES",
        "add-0-person": new.pk,
        "add-0-role": "LEAD_INSPECTOR",
        "add-2-person": other.pk,
        "add-2-role": "PANEL_MEMBER",
    }
    assert client.post(page_of(scene), sent).status_code == 302
    assert team_of(scene) == {
        new: "LEAD_INSPECTOR",
        scene.inspector: "INSPECTOR",
        scene.panel: "PANEL_MEMBER",
        other: "PANEL_MEMBER",
    }


@pytest.mark.parametrize(
    ("lead", "inspector", "said"),
    [
        ("INSPECTOR", "INSPECTOR", "Choose one lead inspector."),
        ("LEAVES", "INSPECTOR", "Choose one lead inspector."),
        (
            "LEAD_INSPECTOR",
            "LEAD_INSPECTOR",
            "Choose one lead inspector. You chose Priya Lead and Ada Inspector.",
        ),
    ],
)
def test_a_team_has_one_lead_inspector(
    scene: Scene, administrator: User, lead: str, inspector: str, said: str
) -> None:
    client = signed_in(administrator)
    before = team_of(scene)
    sent = opened(client, scene) | {role(scene.lead): lead, role(scene.inspector): inspector}
    page = client.post(page_of(scene), sent)
    assert page.status_code == 200
    assert said in words(page)
    assert team_of(scene) == before
    # What was chosen is still chosen.
    kept = {name: one.values for name, one in _sent_form(page, scene).inputs.items()}
    assert kept[role(scene.lead)] == [lead]


def test_a_lead_named_in_error_leaves_while_the_inspection_is_only_announced(
    scene: Scene, administrator: User
) -> None:
    Inspection.objects.filter(pk=scene.inspection.pk).update(state="ANNOUNCED")
    client = signed_in(administrator)
    assert save(client, scene, **{role(scene.lead): "LEAVES"}).status_code == 302
    assert scene.lead not in team_of(scene)
    assert "LEAD_INSPECTOR" not in team_of(scene).values()


def _sent_form(page: Any, scene: Scene) -> Form:
    from tests.forms import read_page

    forms, _ = read_page(page_of(scene), page.content.decode())
    [form] = [one for one in forms if "base_version" in one.inputs]
    return form


def test_each_person_is_added_once(scene: Scene, administrator: User) -> None:
    client = signed_in(administrator)
    new = builder.user("Nia New")
    page = save(client, scene, add_0_person=new.pk, add_1_person=new.pk)
    assert page.status_code == 200
    assert "This person is chosen above already." in words(page)
    assert new not in team_of(scene)


def test_a_closed_account_is_not_added(scene: Scene, administrator: User) -> None:
    closed = builder.user("Cleo Closed", is_active=False)
    client = signed_in(administrator)
    page = save(client, scene, add_0_person=closed.pk)
    assert "Choose somebody who has an open account" in words(page)
    with pytest.raises(Exception, match="account is closed"):
        change(scene, administrator, team_of(scene) | {closed: "INSPECTOR"})


# --- Who may do it


def test_inspectors_and_the_panel_see_the_team_and_change_nothing(scene: Scene) -> None:
    for person in (scene.inspector, scene.panel):
        client = signed_in(person)
        page = client.get(page_of(scene))
        assert "Only the lead inspector and administrators set up the team" in words(page)
        assert forms_on(client, page_of(scene))[1:] == []
        assert client.get(f"{page_of(scene)}invite/").status_code == 403
        with pytest.raises(Refused):
            change(scene, person, {scene.inspector: "LEAD_INSPECTOR"})


def test_for_people_outside_there_is_no_team(scene: Scene) -> None:
    client = signed_in(scene.outsider)
    for address in ("", "invite/"):
        assert client.get(f"{page_of(scene)}{address}").status_code == 404


def test_an_administrator_sets_up_a_team_and_sees_nothing_else(
    scene: Scene, administrator: User
) -> None:
    client = signed_in(administrator)
    assert client.get(page_of(scene)).status_code == 200
    assert client.get(scene.home).status_code == 404
    assert client.get(scene.case_page).status_code == 404


@pytest.mark.parametrize("own_role", ["LEAD_INSPECTOR", "INSPECTOR", "PANEL_MEMBER"])
def test_an_administrator_cannot_add_themselves(
    scene: Scene, administrator: User, own_role: str
) -> None:
    client = signed_in(administrator)
    options = team_form(client, scene).inputs["add-0-person"].options
    assert str(administrator.pk) not in options
    roles = team_of(scene) | {administrator: own_role}
    if own_role == "LEAD_INSPECTOR":
        del roles[scene.lead]
    with pytest.raises(Exception, match="Nobody gives themselves a role in an inspection"):
        change(scene, administrator, roles)
    assert administrator not in team_of(scene)


def test_an_administrator_on_the_team_cannot_give_themselves_another_part(scene: Scene) -> None:
    User.objects.filter(pk=scene.inspector.pk).update(is_staff=True)
    staff = User.objects.get(pk=scene.inspector.pk)
    client = signed_in(staff)
    sent = opened(client, scene) | {role(staff): "LEAD_INSPECTOR", role(scene.lead): "INSPECTOR"}
    page = client.post(page_of(scene), sent)
    assert "Nobody gives themselves a role in an inspection" in words(page)
    assert team_of(scene)[scene.lead] == "LEAD_INSPECTOR"


def test_an_administrator_sits_in_no_panel(scene: Scene, administrator: User) -> None:
    other = builder.user("Bo Administrator", is_staff=True)
    page = save(signed_in(administrator), scene, add_0_person=other.pk, add_0_role="PANEL_MEMBER")
    assert "Bo Administrator is an administrator, who sees no evidence" in words(page)


def test_the_panel_stays_while_it_has_the_inspection(administrator: User) -> None:
    at_panel = scenes.before_panel()
    client = signed_in(administrator)
    form = team_form(client, at_panel)
    assert form.inputs[role(at_panel.member)].options == ["PANEL_MEMBER"]
    assert "PANEL_MEMBER" not in form.inputs["add-0-role"].options
    team = team_of(at_panel)
    with pytest.raises(Exception, match="The ratings panel has this inspection"):
        change(at_panel, administrator, {p: r for p, r in team.items() if p != at_panel.member})
    # The team itself can change.
    change(at_panel, administrator, team | {builder.user(): "INSPECTOR"})


def test_the_team_of_a_sealed_inspection_stays(administrator: User) -> None:
    made = scenes.before_panel()
    client = signed_in(administrator)
    stale = opened(client, made)
    sealed(made)
    said = "The result is sealed, with its team"
    assert said in words(client.get(page_of(made)))
    page = client.post(page_of(made), stale | {role(made.inspector): "LEAVES"})
    assert page.status_code == 403
    assert "Nothing was changed" in words(page) and said in words(page)
    assert made.inspector in team_of(made)


# --- Versions


def test_a_stale_page_shows_both_and_names_who_was_removed(
    scene: Scene, administrator: User
) -> None:
    leaves = builder.inspector(scene.inspection, "Lou Leaves")
    joins, new = builder.user("Jo Joins"), builder.user("Nia New")
    lead, admin = signed_in(scene.lead), signed_in(administrator)
    stale = opened(lead, scene) | {"add-0-person": new.pk, "add-0-role": "INSPECTOR"}
    sent = opened(admin, scene) | {role(leaves): "LEAVES", "add-0-person": joins.pk}
    assert admin.post(page_of(scene), sent).status_code == 302
    page = lead.post(page_of(scene), stale)
    assert page.status_code == 409
    said = words(page)
    assert "Alex Administrator saved another version" in said
    assert "Lou Leaves Inspector Not on this inspection: taken off by Alex Administrator" in said
    assert "Nia New Inspector Not on this inspection" in said
    assert new not in team_of(scene) and joins in team_of(scene)
    # Saving again makes it as chosen; whoever joined meanwhile stays.
    form = _sent_form(page, scene)
    again = {name: one.values[0] for name, one in form.inputs.items() if one.values}
    assert lead.post(page_of(scene), again).status_code == 302
    assert {leaves, joins, new} <= team_of(scene).keys()


def test_somebody_whom_both_added_is_added_once(scene: Scene, administrator: User) -> None:
    new = builder.user("Nia New")
    lead, admin = signed_in(scene.lead), signed_in(administrator)
    stale = opened(lead, scene) | {"add-0-person": new.pk, "add-0-role": "INSPECTOR"}
    save(admin, scene, add_0_person=new.pk, add_0_role="PANEL_MEMBER")
    page = lead.post(page_of(scene), stale)
    assert page.status_code == 409
    assert "Nia New Inspector Ratings panel member" in words(page)
    form = _sent_form(page, scene)
    again = {name: one.values[0] for name, one in form.inputs.items() if one.values}
    assert lead.post(page_of(scene), again).status_code == 302
    assert team_of(scene)[new] == "INSPECTOR"


def test_the_action_refuses_a_stale_version(scene: Scene, administrator: User) -> None:
    version = team_version(scene.fresh())
    change(scene, administrator, team_of(scene) | {builder.user(): "INSPECTOR"})
    with pytest.raises(Conflict):
        change_team(
            inspection=scene.inspection,
            roles={scene.lead.pk: "LEAD_INSPECTOR"},
            base_version=version,
            by=scene.lead,
        )


# --- People with cases


def test_what_somebody_holds_who_leaves_goes_to_the_lead(scene: Scene) -> None:
    assert scene.case and scene.second_case
    builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})
    Case.objects.filter(pk=scene.second_case.pk).update(state=Case.State.SIGNED_OFF)
    client = signed_in(scene.lead)
    page = client.get(page_of(scene))
    assert "2 cases" in words(page)
    sent = opened(client, scene) | {role(scene.inspector): "LEAVES"}
    page = client.post(page_of(scene), sent, follow=True)
    assert "Ada Inspector held 2 cases. Priya Lead, the lead inspector, holds this now" in words(
        page
    )
    assert scene.inspector not in team_of(scene)
    for case in (scene.case, scene.second_case):
        case.refresh_from_db()
        assert case.allocated_to == scene.lead
    assert scene.second_case.state == Case.State.SIGNED_OFF
    assert scene.case.answers.get(question="2.1.1").answered_by == scene.inspector
    event = events_of(Case).filter(pgh_obj=scene.case.pk).latest("pgh_id")
    assert event.pgh_context["user"] == scene.lead.pk
    # The inspection is closed to them from that moment on.
    for address in (scene.home, scene.case_page, page_of(scene)):
        assert signed_in(scene.inspector).get(address).status_code == 404


def test_cases_go_to_nobody_if_the_lead_declared_an_interest(scene: Scene) -> None:
    assert scene.case
    declare_interest(
        inspection=scene.inspection, person=scene.lead, reason="Worked there.", by=scene.lead
    )
    client = signed_in(scene.lead)
    sent = opened(client, scene) | {role(scene.inspector): "LEAVES"}
    page = words(client.post(page_of(scene), sent, follow=True))
    assert (
        "Ada Inspector held 1 case. Priya Lead, the lead inspector, declared an interest in this "
        "service and so isn’t given this. Nobody holds it now: allocate it to others." in page
    )
    scene.case.refresh_from_db()
    assert scene.case.allocated_to is None


def test_interviews_to_come_go_to_the_lead_and_past_ones_stay(scene: Scene) -> None:
    def interview(at: datetime) -> InterviewSlot:
        return InterviewSlot.objects.create(
            inspection=scene.inspection,
            inspector=scene.inspector,
            case_manager="CM-4",
            start_at=at,
            minutes=60,
            saved_at=timezone.now(),
            saved_by=scene.lead,
        )

    over = interview(timezone.now() - timedelta(hours=2))
    to_come = interview(timezone.now() + timedelta(hours=2))
    changed = change(scene, scene.lead, {scene.lead: "LEAD_INSPECTOR"})
    assert changed.handed_over[scene.inspector] == "1 case and 1 interview"
    for slot in (over, to_come):
        slot.refresh_from_db()
    assert (over.inspector, over.version) == (scene.inspector, 1)
    assert (to_come.inspector, to_come.version) == (scene.lead, 2)


def test_what_an_old_lead_holds_goes_to_the_new_one(scene: Scene, administrator: User) -> None:
    allocate_case(case=scene.case, to=scene.lead, by=scene.lead)
    new = builder.user("Nia New")
    roles = team_of(scene) | {new: "LEAD_INSPECTOR"}
    del roles[scene.lead]
    changed = change(scene, administrator, roles)
    scene.case.refresh_from_db()
    assert scene.case.allocated_to == new
    assert changed.handed_over == {scene.lead: "1 case"}


def test_who_joins_the_panel_holds_no_case(scene: Scene, administrator: User) -> None:
    assert scene.case
    change(scene, administrator, team_of(scene) | {scene.inspector: "PANEL_MEMBER"})
    scene.case.refresh_from_db()
    assert scene.case.allocated_to == scene.lead


def test_the_lead_is_handed_over_in_the_middle_of_fieldwork(scene: Scene) -> None:
    """The new lead reviews; the old one, now an inspector, keeps their cases and no more."""
    old, new = scene.lead, scene.colleague
    allocate_case(case=scene.case, to=old, by=old)
    builder.answers(scene.case, old, **{"2.1.1": "YES"})
    change(scene, old, team_of(scene) | {old: "INSPECTOR", new: "LEAD_INSPECTOR"})
    case = Case.objects.get(pk=scene.case.pk)
    assert case.allocated_to == old
    assert RECORD.can(old, case)
    builder.answers(case, old, **{"2.1.2": "NO"})
    submitted = builder.case(scene.inspection, to=scene.inspector, state=Case.State.SUBMITTED)
    assert SIGN_OFF_CASE.can(new, submitted) and not SIGN_OFF_CASE.can(old, submitted)
    with pytest.raises(Refused):
        move_case(case=submitted, to=Case.State.RETURNED, by=old, comment="Why?")
    move_case(case=submitted, to=Case.State.RETURNED, by=new, comment="Why?")
    assert signed_in(old).get(f"{scene.home}move/REVIEW/").status_code == 403
    assert signed_in(new).get(f"{scene.home}move/REVIEW/").status_code == 200
    page = signed_in(old).post(page_of(scene), {})
    assert "Only the lead inspector and administrators set up the team" in words(page)


def test_a_lead_who_hands_over_and_leaves_is_led_to_their_inspections(scene: Scene) -> None:
    client = signed_in(scene.lead)
    sent = opened(client, scene) | {
        role(scene.lead): "LEAVES",
        role(scene.inspector): "LEAD_INSPECTOR",
    }
    page = client.post(page_of(scene), sent, follow=True)
    assert page.redirect_chain[-1][0] == "/"
    assert "The team is saved." in words(page)


def test_each_change_is_in_the_history_with_its_person(scene: Scene, administrator: User) -> None:
    change(
        scene,
        administrator,
        team_of(scene) | {scene.lead: "INSPECTOR", scene.inspector: "LEAD_INSPECTOR"},
    )
    events = events_of(Membership).filter(inspection=scene.inspection.pk, pgh_label="update")
    assert {(one.user_id, one.role) for one in events} == {
        (scene.lead.pk, "INSPECTOR"),
        (scene.inspector.pk, "LEAD_INSPECTOR"),
    }
    assert {one.pgh_context["user"] for one in events} == {administrator.pk}


def test_what_is_saved_while_its_inspector_leaves_is_kept_or_refused(scene: Scene) -> None:
    """After the hand-over, a save of whoever left is refused as after any other allocation."""
    assert scene.case
    change(scene, scene.lead, {scene.lead: "LEAD_INSPECTOR"})
    with pytest.raises(Refused):
        builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})


def test_an_inspection_without_a_team_gets_one(administrator: User) -> None:
    inspection: Inspection = builder.inspection()
    lead = builder.user("Lena Lead")
    scene = Scene(inspection, lead, lead)
    page = save(signed_in(administrator), scene, add_0_person=lead.pk, add_0_role="LEAD_INSPECTOR")
    assert page.status_code == 302
    assert team_of(scene) == {lead: "LEAD_INSPECTOR"}
