"""Administrators keep accounts, and reach no case record by it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.models import Membership, User
from inspections.team.actions import change_team, team_version
from ratings.panel.actions import submit_to_panel
from ratings.permissions import AGREE
from tests import scenes
from tests.forms import forms_on
from tests.pages import signed_in, words
from tests.scenes import Scene

PANEL = Membership.Role.PANEL_MEMBER


@pytest.fixture
def alex(db: None) -> User:
    return builder.user("Alex Administrator", is_staff=True)


def page_of(person: User) -> str:
    return f"/admin/inspections/user/{person.pk}/change/"


def change(by: User, person: User, **changes: Any) -> Any:
    """Send the page of an account with some of it changed; ``False`` unticks a box."""
    client = signed_in(by)
    [form] = [one for one in forms_on(client, page_of(person)) if "base_version" in one.inputs]
    sent = {name: one.values[0] for name, one in form.inputs.items() if one.values} | changes
    sent = {name: value for name, value in sent.items() if value is not False}
    return client.post(page_of(person), sent | {"_save": "Save"}, follow=True)


# --- Passwords


def test_nobody_sets_another_persons_password(alex: User) -> None:
    person = builder.user("Priya Lead")
    page = signed_in(alex).get(page_of(person))
    assert "password/" not in re.sub(r"/accounts/password/\S*", "", page.text)
    assert person.password not in page.text
    sent = {
        "usable_password": "true",
        "password1": "seven-otters-in-a-boat",
        "password2": "seven-otters-in-a-boat",
        "set-password": "Set password",
    }
    signed_in(alex).post(f"/admin/inspections/user/{person.pk}/password/", sent)
    change(alex, person, password="seven-otters-in-a-boat", name="Priya Renamed")
    person.refresh_from_db()
    assert person.name == "Priya Renamed"
    assert person.check_password(builder.PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_an_administrator_sends_a_link_with_which_its_reader_chooses_a_password(
    alex: User,
) -> None:
    person = builder.user("Priya Lead")
    page = signed_in(alex).get(page_of(person))
    assert "Send a link to choose a new password" in page.text
    address = f"/admin/inspections/user/{person.pk}/send-link/"
    page = signed_in(alex).post(address, follow=True)
    assert f"An email with a link is on its way to {person.email}." in words(page)
    assert "/accounts/password/reset/key/" not in page.text
    [message] = mail.outbox
    assert message.to == [person.email]
    assert "Alex Administrator" in message.body
    assert "has made an account" not in message.body
    [link] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", str(message.body))
    assert "Choose a password" in words(Client().get(link, follow=True))


@pytest.mark.django_db(transaction=True)
def test_no_link_is_sent_to_a_closed_account_or_by_somebody_else(alex: User) -> None:
    closed = builder.user("Cleo Closed", is_active=False)
    address = f"/admin/inspections/user/{closed.pk}/send-link/"
    assert "Cleo Closed’s account is closed" in words(signed_in(alex).post(address, follow=True))
    lead = builder.lead_inspector(builder.inspection())
    assert signed_in(lead).post(address).status_code == 302
    assert signed_in(alex).get(address, follow=True).status_code in {200, 405}
    assert mail.outbox == []


# --- Panels


def panel_of(scene: Scene) -> set[User]:
    return {one.user for one in scene.inspection.memberships.filter(role=PANEL)}


def test_an_administrator_takes_no_part_by_their_own_hand(alex: User) -> None:
    scene = scenes.team()
    team = f"{scene.home}team/"
    client = signed_in(alex)
    before = set(scene.inspection.memberships.values_list("user", "role"))
    for role in Membership.Role:
        sent = {f"role-{one}": part for one, part in before} | {f"role-{alex.pk}": role}
        client.post(team, sent | {"add-0-person": alex.pk, "add-0-role": role})
        sent = {"name": "Alex Administrator", "email": alex.email, "role": role}
        client.post(f"{team}invite/", sent)
    assert set(scene.inspection.memberships.values_list("user", "role")) == before


def test_nobody_puts_an_administrator_in_a_panel(alex: User) -> None:
    scene = scenes.team()
    sent = {"name": "Alex Administrator", "email": alex.email, "role": PANEL}
    page = signed_in(scene.lead).post(f"{scene.home}team/invite/", sent)
    assert "sees no evidence and so sits in no panel" in words(page)
    for write in (Membership.objects.create, lambda **row: Membership(**row).save()):
        with pytest.raises(IntegrityError, match="sits in no ratings panel"), transaction.atomic():
            write(inspection=scene.inspection, user=alex, role=PANEL)
    scene.inspection.memberships.create(user=alex, role=Membership.Role.INSPECTOR)
    with pytest.raises(IntegrityError, match="sits in no ratings panel"), transaction.atomic():
        scene.inspection.memberships.filter(user=alex).update(role=PANEL)


def test_somebody_of_a_panel_is_not_made_administrator(alex: User) -> None:
    scene = scenes.before_panel()
    for person in (scene.chair, scene.member):
        page = change(alex, person, is_staff="on")
        assert "sits in a ratings panel, and an administrator sees no evidence" in words(page)
        person.refresh_from_db()
        assert not person.is_staff
        assert signed_in(person).get(scene.case_page).status_code == 200
        with pytest.raises(IntegrityError, match="is no administrator"), transaction.atomic():
            User.objects.filter(pk=person.pk).update(is_staff=True)
    # Whoever was in no panel may be.
    assert "was changed successfully" in words(change(alex, scene.outsider, is_staff="on"))


def test_nor_is_somebody_of_a_meeting_that_is_still_to_hear(alex: User) -> None:
    scene = scenes.in_review()
    scene.meeting.meeting_date = timezone.localdate() + timedelta(days=1)
    scene.meeting.save()
    assert "sits in a ratings panel" in words(change(alex, scene.chair, is_staff="on"))
    scene.chair.refresh_from_db()
    assert not scene.chair.is_staff


def test_a_meeting_with_an_administrator_hears_nothing(db: None) -> None:
    scene = scenes.in_review()
    User.objects.filter(pk=scene.member.pk).update(is_staff=True)
    with pytest.raises(Refused, match="is an administrator, who sees no evidence"):
        submit_to_panel(
            inspection=scene.inspection, meeting=scene.meeting, lead_view="Seen.", by=scene.lead
        )
    assert panel_of(scene) == set()


# --- The last administrator


@pytest.mark.parametrize("box", ["is_staff", "is_active"])
def test_the_last_administrator_stays(alex: User, box: str) -> None:
    builder.user("Cleo Closed", is_staff=True, is_active=False)
    page = change(alex, alex, **{box: False})
    assert "is the last administrator" in words(page)
    alex.refresh_from_db()
    assert (alex.is_staff, alex.is_active) == (True, True)
    # With another one, they may go.
    bo = builder.user("Bo Administrator", is_staff=True)
    change(bo, alex, **{box: False})
    alex.refresh_from_db()
    assert getattr(alex, box) is False


# --- What hangs on an account


def test_whoever_closes_an_account_is_told_what_hangs_on_the_person(alex: User) -> None:
    scene = scenes.before_panel()
    service = scene.inspection.service
    builder.case(scene.inspection, "COURT", scene.inspector)
    said = {
        scene.lead: f"Priya Lead leads the inspection of {service}. Make somebody else",
        scene.inspector: f"cases in the inspection of {service}. The lead inspector gives this",
        scene.chair: f"The chair chairs the hearing of the inspection of {service}. A member",
    }
    for person, sentence in said.items():
        assert sentence in words(change(alex, person, is_active=False))
    assert service.name not in words(change(alex, scene.member, is_active=False))


def test_another_change_of_an_account_says_none_of_that(alex: User) -> None:
    scene = scenes.before_panel()
    assert "leads the inspection" not in words(change(alex, scene.lead, name="Priya Renamed"))


def test_somebody_else_leads_and_confirms_once_the_leads_account_is_closed(alex: User) -> None:
    scene = scenes.before_panel()
    change(alex, scene.lead, is_active=False)
    roles = {one.user_id: str(one.role) for one in scene.inspection.memberships.all()}
    roles |= {scene.inspector.pk: Membership.Role.LEAD_INSPECTOR}
    del roles[scene.lead.pk]
    change_team(
        inspection=scene.fresh(), roles=roles, base_version=team_version(scene.fresh()), by=alex
    )
    assert AGREE.can(scene.inspector, scene.fresh())
