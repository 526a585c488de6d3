"""Guessing is limited, and nobody is kept out by what strangers do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client

from config.demonstration import builder
from inspections.models import User
from tests.benchmarks.server import url_of
from tests.pages import words

OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.7"
TOO_MANY = "Too many attempts to sign in. Wait 5 minutes and try again"
MISMATCH = "That email address and password do not match an account"


@pytest.fixture
def person(db: None) -> User:
    return builder.user("Ada Inspector")


def sign_in(
    email: str, password: str, address: str = OFFICE, headers: dict[str, str] | None = None
) -> Any:
    """The page that answers an attempt from ``address``."""
    sent = {"login": email, "password": password}
    client = Client(REMOTE_ADDR=address)
    return client.post("/accounts/login/", sent, follow=True, headers=headers)


def is_in(page: Any) -> bool:
    return bool(page.wsgi_request.user.is_authenticated)


def ask_for_a_link(email: str, address: str = OFFICE) -> Any:
    return Client(REMOTE_ADDR=address).post(
        "/accounts/password/reset/", {"email": email}, follow=True
    )


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    *_, now = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def test_wrong_passwords_for_one_account_are_limited_for_five_minutes(person: User) -> None:
    for _ in range(5):
        assert MISMATCH in words(sign_in(person.email, "not the password"))
    assert TOO_MANY in words(sign_in(person.email, "not the password"))
    assert not is_in(sign_in(person.email, builder.PASSWORD))


@pytest.mark.django_db(transaction=True)
def test_all_processes_count_together(person: User) -> None:
    for _ in range(5):
        sign_in(person.email, "not the password")
    attempt = f"""
import django
django.setup()
from tests.integration.access.test_limits import sign_in
print(sign_in({person.email!r}, "not the password").text)
"""
    another = subprocess.run(
        [sys.executable, "-c", attempt],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
            "ALLOWED_HOSTS": "testserver",
        },
        capture_output=True,
        text=True,
    )
    assert TOO_MANY in another.stdout, another.stderr


def test_another_port_or_case_gives_no_further_guesses(person: User) -> None:
    for port in range(5):
        sign_in(person.email, "not the password", headers={"host": f"testserver:{port + 1}"})
    assert TOO_MANY in words(sign_in(person.email.upper(), "not the password"))


def test_strangers_who_guess_keep_nobody_of_their_office_out(person: User) -> None:
    for number in range(60):
        sign_in(f"nobody{number % 20}@fieldwork.example", "not the password")
    assert is_in(sign_in(person.email, builder.PASSWORD))


def test_guesses_from_elsewhere_keep_nobody_out_of_their_account(person: User) -> None:
    for _ in range(8):
        sign_in(person.email, "not the password", ELSEWHERE)
    assert not is_in(sign_in(person.email, builder.PASSWORD, ELSEWHERE))
    assert is_in(sign_in(person.email, builder.PASSWORD, OFFICE))


def test_an_address_that_a_client_claims_counts_for_nothing(person: User) -> None:
    for number in range(6):
        page = sign_in(
            person.email, "not the password", headers={"x-forwarded-for": f"203.0.113.{number}"}
        )
    assert TOO_MANY in words(page)


def test_behind_a_proxy_the_address_that_it_names_counts(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 1)
    for number in range(6):
        # The proxy adds the address that it sees to what the client claimed.
        claimed = {"x-forwarded-for": f"203.0.113.{number}, {ELSEWHERE}"}
        page = sign_in(person.email, "not the password", headers=claimed)
    assert TOO_MANY in words(page)
    assert is_in(
        sign_in(person.email, builder.PASSWORD, headers={"x-forwarded-for": "203.0.113.9"})
    )


def test_strangers_keep_nobody_from_a_link_to_choose_a_password(person: User) -> None:
    for number in range(60):
        assert ask_for_a_link(f"nobody{number}@fieldwork.example").status_code == 200
    mail.outbox.clear()
    assert ask_for_a_link(person.email).status_code == 200
    assert [one.to for one in mail.outbox] == [[person.email]]


def test_nobody_floods_a_person_with_links(person: User) -> None:
    for number in range(8):
        page = ask_for_a_link(person.email, f"198.51.100.{number}")
    assert len(mail.outbox) == 5
    assert page.status_code == 429
    assert "Wait 5 minutes and try again" in words(page)
    assert "a link to choose a password" in words(page)
    # It works all the same, and so whoever asked for the rest keeps them out of nothing.
    [address] = re.findall(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert "Choose a password" in words(Client().get(address, follow=True))


def test_many_people_of_one_office_choose_their_passwords_at_once(person: User) -> None:
    ask_for_a_link(person.email)
    [address] = re.findall(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    for _ in range(40):
        Client(REMOTE_ADDR=OFFICE).post(address)
    client = Client(REMOTE_ADDR=OFFICE)
    page = client.get(address, follow=True)
    sent = {"password1": "seven-otters-in-a-boat", "password2": "seven-otters-in-a-boat"}
    page = client.post(page.redirect_chain[-1][0], sent, follow=True)
    assert "Your password is saved" in words(page)


def test_a_code_works_once(person: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    clients = Client(), Client()
    for client in clients:
        client.post("/accounts/login/", {"login": person.email, "password": builder.PASSWORD})
    code = code_of(secret)
    pages = [
        client.post("/accounts/2fa/authenticate/", {"code": code}, follow=True)
        for client in clients
    ]
    assert [is_in(page) for page in pages] == [True, False]
