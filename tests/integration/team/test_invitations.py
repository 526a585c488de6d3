"""People without an account are invited by e-mail, and choose their password with its link."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone

from config.demonstration import builder
from inspections.history import events_of
from inspections.models import User
from tests import scenes
from tests.forms import forms_on, read_page
from tests.integration.team.test_team import page_of, team_of
from tests.pages import signed_in, words
from tests.scenes import Scene

# The e-mail leaves once the invitation is committed.
pytestmark = pytest.mark.django_db(transaction=True)

NIA = {"name": "Nia New", "email": "Nia.New@Fieldwork.example", "role": "INSPECTOR"}
PASSWORD = "seven-otters-in-a-boat"


class NoMail(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, email_messages: Any) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.team()


def invite(scene: Scene, by: User | None = None, **changes: str) -> Any:
    client = signed_in(by or scene.lead)
    return client.post(f"{page_of(scene)}invite/", NIA | changes, follow=True)


def link() -> str:
    """The path of the link in the last e-mail."""
    body = str(mail.outbox[-1].body)
    [found] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", body)
    return str(found)


def choose_password(address: str, password: str = PASSWORD) -> Any:
    """Follow the link as its reader does."""
    client = Client()
    page = client.get(address, follow=True)
    assert page.status_code == 200
    at = page.redirect_chain[-1][0] if page.redirect_chain else address
    [form] = [one for one in read_page(at, page.content.decode())[0] if one.has_password]
    return client.post(form.address, {"password1": password, "password2": password}, follow=True)


def test_an_invited_person_chooses_a_password_and_sees_the_inspection(scene: Scene) -> None:
    page = invite(scene)
    said = words(page)
    assert "Nia New is on the inspection." in said
    assert "An email with a link is on its way to nia.new@fieldwork.example." in said
    person = User.objects.get(email="nia.new@fieldwork.example")
    assert not person.has_usable_password()
    [message] = mail.outbox
    assert message.to == [person.email]
    assert "Nia New, nia.new@fieldwork.example" in said and "Send the link again" in said
    chosen = choose_password(link())
    assert "Your password is saved" in words(chosen)
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert str(scene.inspection.service) in words(client.get("/"))
    assert client.get(scene.home).status_code == 200


def test_the_email_says_who_invites_into_what_and_for_how_long(scene: Scene) -> None:
    invite(scene)
    [message] = mail.outbox
    assert settings.SERVICE_NAME in message.subject
    for part in (
        "Dear Nia New,",
        f"Priya Lead ({scene.lead.email}) has made an account for you",
        f"“{settings.SERVICE_NAME}”",
        f"the inspection of {scene.inspection.service}",
        "The link works once, until",
    ):
        assert part in message.body
    until = timezone.localtime() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    assert f"{until:%-d %B %Y}" in message.body
    assert message.message().get_content_type() == "text/plain"


def test_a_link_works_once(scene: Scene) -> None:
    invite(scene)
    choose_password(link())
    page = Client().get(link(), follow=True)
    assert "This link no longer works" in words(page)
    assert "Ask for a new link" in words(page)


def test_an_expired_link_says_so_and_another_can_be_asked_for(scene: Scene, settings: Any) -> None:
    invite(scene)
    settings.PASSWORD_RESET_TIMEOUT = -1
    expired = Client()
    page = expired.get(link(), follow=True)
    assert "This link no longer works" in words(page)
    settings.PASSWORD_RESET_TIMEOUT = 600
    expired.post("/accounts/password/reset/", {"email": NIA["email"]})
    assert len(mail.outbox) == 2
    assert "Your password is saved" in words(choose_password(link()))


def test_the_link_can_be_sent_again(scene: Scene) -> None:
    invite(scene)
    person = User.objects.get(name="Nia New")
    again = f"{page_of(scene)}{person.pk}/send-again/"
    page = signed_in(scene.lead).post(again, follow=True)
    assert "An email with a link is on its way" in words(page)
    assert len(mail.outbox) == 2
    choose_password(link())
    # Not to somebody who has chosen a password.
    page = signed_in(scene.lead).post(again, follow=True)
    assert "No email was sent: Nia New has signed in or chosen a password already." in words(page)
    assert "Invited, and not signed in yet" not in words(page)
    assert len(mail.outbox) == 2


def test_the_link_is_sent_to_people_of_the_inspection_alone(scene: Scene) -> None:
    person = User.objects.create_user("else@fieldwork.example", name="Somebody Else")
    address = f"{page_of(scene)}{person.pk}/send-again/"
    assert signed_in(scene.lead).post(address).status_code == 404
    address = f"{page_of(scene)}{scene.lead.pk}/send-again/"
    assert signed_in(scene.inspector).post(address).status_code == 403
    assert not mail.outbox


def test_an_email_that_could_not_be_sent_loses_nothing(scene: Scene, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.NoMail"
    page = invite(scene)
    assert page.status_code == 200
    said = words(page)
    assert "The email to nia.new@fieldwork.example could not be sent. Nothing is lost" in said
    person = User.objects.get(name="Nia New")
    assert team_of(scene)[person] == "INSPECTOR"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert "Send the link again" in said
    signed_in(scene.lead).post(f"{page_of(scene)}{person.pk}/send-again/")
    assert "Your password is saved" in words(choose_password(link()))


def test_an_address_with_an_account_uses_that_account(scene: Scene) -> None:
    known = builder.user("Kay Known")
    page = invite(scene, name="K. Nown", email=known.email.upper())
    assert f"{known.email} has an account already, of Kay Known." in words(page)
    known.refresh_from_db()
    assert (known.name, team_of(scene)[known]) == ("Kay Known", "INSPECTOR")
    assert known.has_usable_password()
    assert not mail.outbox


def test_somebody_on_the_inspection_is_not_invited_again(scene: Scene) -> None:
    page = invite(scene, email=scene.inspector.email)
    assert "Ada Inspector is on this inspection already, as inspector." in words(page)


def test_a_closed_account_is_not_opened_by_an_invitation(scene: Scene) -> None:
    closed = builder.user("Cleo Closed", is_active=False)
    page = invite(scene, email=closed.email)
    assert "Cleo Closed’s account is closed. An administrator can open it again." in words(page)
    assert closed not in team_of(scene)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Enter the person’s full name"),
        ({"name": "\u200b \u00a0"}, "Enter the person’s full name"),
        ({"email": ""}, "Enter the person’s email address"),
        ({"email": "nia.new"}, "Enter an email address such as name@example.org"),
        ({"role": ""}, "Choose what the person is to be"),
        ({"role": "LEAD_INSPECTOR"}, "Choose what the person is to be from the list"),
    ],
)
def test_what_is_missing_is_said(scene: Scene, changes: dict[str, str], said: str) -> None:
    page = invite(scene, None, **changes)
    assert said in words(page)
    assert not User.objects.filter(email=NIA["email"].lower()).exists()
    assert not mail.outbox


def test_a_name_is_kept_without_invisible_or_doubled_spaces(scene: Scene) -> None:
    invite(scene, name="  Nia \u200b  New ")
    assert User.objects.filter(name="Nia New").exists()


def test_the_history_says_who_invited(scene: Scene) -> None:
    invite(scene)
    person = User.objects.get(name="Nia New")
    made = events_of(User).get(pgh_obj=person.pk, pgh_label="insert")
    assert made.pgh_context["user"] == scene.lead.pk


def test_the_first_lead_can_be_invited(db: None) -> None:
    administrator = builder.user("Alex Administrator", is_staff=True)
    inspection = builder.inspection()
    made = Scene(inspection, administrator, administrator)
    page = invite(made, by=administrator, role="LEAD_INSPECTOR")
    assert page.status_code == 200
    assert team_of(made) == {User.objects.get(name="Nia New"): "LEAD_INSPECTOR"}


def test_nobody_invites_who_does_not_set_up_the_team(scene: Scene) -> None:
    assert invite(scene, by=scene.inspector).status_code == 403
    assert invite(scene, by=scene.outsider).status_code == 404
    assert not User.objects.filter(name="Nia New").exists()


def test_an_administrator_makes_an_account_without_a_password(db: None) -> None:
    administrator = builder.user("Alex Administrator", is_staff=True)
    client = signed_in(administrator)
    [form] = [
        one for one in forms_on(client, "/admin/inspections/user/add/") if "email" in one.inputs
    ]
    assert not form.has_password
    page = client.post(
        "/admin/inspections/user/add/",
        {"email": "Bo.Admin@Fieldwork.example", "name": "Bo Admin", "is_staff": "on"},
        follow=True,
    )
    assert "An email with a link is on its way to bo.admin@fieldwork.example." in words(page)
    made = User.objects.get(name="Bo Admin")
    assert (made.is_staff, made.has_usable_password()) == (True, False)
    assert "Alex Administrator" in mail.outbox[0].body
    assert "Your password is saved" in words(choose_password(link()))


def withdraw(scene: Scene, person: User, by: User | None = None) -> str:
    client = signed_in(by or scene.lead)
    address = f"{page_of(scene)}{person.pk}/withdraw/"
    return words(client.post(address, follow=True))


def test_an_invitation_sent_in_error_is_withdrawn_with_its_account(scene: Scene) -> None:
    assert "Withdraw the invitation of Nia New" in words(invite(scene))
    person = User.objects.get(email="nia.new@fieldwork.example")
    said = withdraw(scene, person)
    assert "Nia New is no longer on the inspection. Their account is removed." in said
    assert not User.objects.filter(pk=person.pk).exists()
    assert events_of(User).filter(pgh_obj=person.pk, pgh_label="delete").exists()
    # The link that was sent leads nowhere, and the address can be invited again.
    assert "This link no longer works" in words(Client().get(link(), follow=True))
    assert "Nia New is on the inspection." in words(invite(scene))


def test_an_account_that_somebody_else_made_or_that_holds_more_stays(scene: Scene) -> None:
    made = builder.user("Nia New")
    made.set_unusable_password()
    made.save()
    scene.inspection.memberships.create(user=made, role="INSPECTOR")
    said = withdraw(scene, made)
    assert "Nia New is no longer on the inspection." in said
    assert "Their account is removed." not in said
    invite(scene, email="other@fieldwork.example")
    other = User.objects.get(email="other@fieldwork.example")
    elsewhere = builder.inspection()
    elsewhere.memberships.create(user=other, role="INSPECTOR")
    assert "Their account is removed." not in withdraw(scene, other)
    assert [one.inspection for one in other.memberships.all()] == [elsewhere]


def test_what_an_invited_person_holds_goes_to_the_lead(scene: Scene) -> None:
    invite(scene)
    person = User.objects.get(email="nia.new@fieldwork.example")
    case = builder.case(scene.inspection, "COURT", person)
    said = withdraw(scene, person)
    assert "Nia New held 1 case." in said
    case.refresh_from_db()
    assert case.allocated_to == scene.lead
    assert not User.objects.filter(pk=person.pk).exists()


def test_whoever_has_signed_in_is_not_withdrawn(scene: Scene) -> None:
    invite(scene)
    person = User.objects.get(email="nia.new@fieldwork.example")
    choose_password(link())
    assert "Nia New has signed in or left since you opened the page." in withdraw(scene, person)
    assert person in team_of(scene)
    page = signed_in(scene.inspector).post(f"{page_of(scene)}{person.pk}/withdraw/")
    assert page.status_code == 403
