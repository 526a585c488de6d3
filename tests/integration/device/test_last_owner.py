"""What a device is told about the person whose it was, when nobody is signed in on it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from config.demonstration import builder
from inspections.models import User
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return builder.user("Ada Inspector")


def token_of(browser: Client) -> str:
    """As a page of somebody who is signed in gives it to their device."""
    found = re.search(r'data-token="([^"]+)"', browser.get("/").content.decode())
    assert found
    return found[1]


def leaves(browser: Client, token: str) -> bool:
    answer: Any = browser.get("/last-owner/", {"of": token})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return bool(answer.json()["leaves"])


def test_copies_leave_after_signing_out_in_this_browser_alone(ada: User) -> None:
    browser, other = signed_in(ada), signed_in(ada)
    token = token_of(browser)
    browser.post("/accounts/logout/")
    assert leaves(browser, token)
    assert not leaves(Client(), token)
    assert not leaves(other, token)


def test_copies_leave_everywhere_once_the_account_is_closed(ada: User) -> None:
    browser = signed_in(ada)
    token = token_of(browser)
    User.objects.update(is_active=False)
    assert leaves(browser, token) and leaves(Client(), token)


def test_copies_stay_when_a_session_expires_or_a_password_changes(ada: User) -> None:
    expired, changed = signed_in(ada), signed_in(ada)
    token = token_of(expired)
    ada.set_password("another-harbour-lantern")
    ada.save()
    assert not leaves(changed, token)
    Session.objects.all().delete()
    assert not leaves(expired, token)


def test_copies_stay_while_somebody_is_signed_in(ada: User) -> None:
    browser = signed_in(ada)
    token = token_of(browser)
    browser.post("/accounts/logout/")
    browser.force_login(ada)
    assert not leaves(browser, token)
    Session.objects.all().delete()
    assert not leaves(browser, token)


def test_of_others_copies_nothing_is_told(ada: User) -> None:
    ben = builder.user("Ben Inspector")
    browser = signed_in(ben)
    token = token_of(browser)
    browser.post("/accounts/logout/")
    assert not leaves(browser, token_of(signed_in(ada)))
    User.objects.filter(pk=ada.pk).update(is_active=False)
    for forged in ("", str(ada.pk), token.replace(str(ben.pk), str(ada.pk), 1), "a:b"):
        assert not leaves(Client(), forged)
