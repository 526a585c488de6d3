"""A person has one e-mail address: the account's and allauth's are the same."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core import mail
from django.test import Client

from config.demonstration import builder
from inspections.models import User
from tests.forms import forms_on
from tests.integration.access.test_limits import ask_for_a_link, code_of
from tests.pages import signed_in, words

OLD, NEW = "ada.old@fieldwork.example", "ada.new@fieldwork.example"


def addresses_of(person: User) -> list[tuple[str, bool, bool]]:
    return list(
        EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary")
    )


@pytest.fixture
def administrator(db: None) -> Client:
    return signed_in(builder.user("Alex Administrator", is_staff=True))


def change_address(administrator: Client, person: User, to: str) -> Any:
    page = f"/admin/inspections/user/{person.pk}/change/"
    [form] = [one for one in forms_on(administrator, page) if "base_version" in one.inputs]
    sent = {name: one.values[0] for name, one in form.inputs.items() if one.values}
    return administrator.post(page, sent | {"email": to, "_save": "Save"}, follow=True)


def test_every_account_has_its_address_and_no_other(db: None) -> None:
    person = User.objects.create_user(OLD, builder.PASSWORD, name="Ada")
    assert addresses_of(person) == [(OLD, True, True)]
    ask_for_a_link(OLD)
    User.objects.filter(pk=person.pk).update(email=NEW)
    assert addresses_of(person) == [(NEW, True, True)]
    person.refresh_from_db()
    person.email = OLD
    person.save()
    assert addresses_of(person) == [(OLD, True, True)]


def test_an_account_that_an_administrator_made_turns_on_its_second_step(
    administrator: Client,
) -> None:
    sent = {"email": NEW, "name": "Nia New"}
    assert administrator.post("/admin/inspections/user/add/", sent).status_code == 302
    person = User.objects.get(email=NEW)
    person.set_password(builder.PASSWORD)
    person.save()
    # Whoever asks for a link is no reason to distrust the address.
    ask_for_a_link(NEW)
    client = Client()
    client.post("/accounts/login/", {"login": NEW, "password": builder.PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    if page.request["PATH_INFO"] == "/accounts/reauthenticate/":
        page = client.post(
            page.request["PATH_INFO"] + "?next=/accounts/2fa/totp/activate/",
            {"password": builder.PASSWORD},
            follow=True,
        )
    assert "Set up an authenticator app" in words(page)
    code = code_of(client.session[SECRET_SESSION_KEY])
    page = client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True)
    assert Authenticator.objects.filter(user=person, type="totp").exists(), words(page)


def test_a_changed_address_ends_what_the_old_one_could_do(administrator: Client) -> None:
    person = User.objects.create_user(OLD, builder.PASSWORD, name="Ada")
    ask_for_a_link(OLD)
    link = str(mail.outbox[-1].body).split("http://testserver")[1].split()[0]
    assert "was changed successfully" in words(change_address(administrator, person, NEW))
    assert "This link no longer works" in words(Client().get(link, follow=True))
    mail.outbox.clear()
    ask_for_a_link(OLD)
    assert [one for one in mail.outbox if "password/reset/key" in one.body] == []
    mail.outbox.clear()
    ask_for_a_link(NEW)
    assert [one.to for one in mail.outbox] == [[NEW]]
    for address, may in ((OLD, False), (NEW, True)):
        page = Client().post(
            "/accounts/login/", {"login": address, "password": builder.PASSWORD}, follow=True
        )
        assert page.context["user"].is_authenticated is may


@pytest.mark.django_db(transaction=True)
def test_the_old_address_is_told_that_it_was_changed_and_by_whom(administrator: Client) -> None:
    person = User.objects.create_user(OLD, builder.PASSWORD, name="Ada")
    change_address(administrator, person, NEW)
    [told] = mail.outbox
    assert told.to == [OLD]
    assert "Alex Administrator" in told.body
    assert NEW in told.body


@pytest.mark.parametrize(
    "sent",
    [
        {"action_add": "", "email": NEW},
        {"action_remove": "", "email": OLD},
        {"action_primary": "", "email": OLD},
        {"action_send": "", "email": OLD},
    ],
)
def test_nobody_changes_their_address_themselves(db: None, sent: dict[str, str]) -> None:
    person = User.objects.create_user(OLD, builder.PASSWORD, name="Ada")
    page = signed_in(person).post("/accounts/email/", sent, follow=True)
    assert page.status_code == 200
    person.refresh_from_db()
    assert (person.email, addresses_of(person)) == (OLD, [(OLD, True, True)])
