"""A person sees where they are signed in, and signs out everywhere else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from config.demonstration import builder
from inspections.models import User
from tests.pages import words

PAGE = "/accounts/sessions/"


@pytest.fixture
def person(db: None) -> User:
    return builder.user("Ada Inspector")


def browser(person: User, name: str, address: str) -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": name})
    client.post("/accounts/login/", {"login": person.email, "password": builder.PASSWORD})
    return client


def test_the_page_lists_ones_own_browsers_alone(person: User) -> None:
    desk = browser(person, "Desk 1.0", "192.0.2.1")
    browser(person, "Tablet 2.0", "198.51.100.7")
    browser(builder.user("Grace Inspector"), "Watch 3.0", "203.0.113.5")
    page = words(desk.get(PAGE))
    assert "This browser" in page and "Desk 1.0" in page
    assert "Another browser" in page and "from 198.51.100.7 Tablet 2.0" in page
    assert "203.0.113.5" not in page and "Watch 3.0" not in page


def test_signing_out_everywhere_else_ends_those_and_keeps_this_one(person: User) -> None:
    desk = browser(person, "Desk 1.0", "192.0.2.1")
    tablet = browser(person, "Tablet 2.0", "198.51.100.7")
    colleague = browser(builder.user(), "Watch 3.0", "203.0.113.5")
    page = desk.post(PAGE, follow=True)
    assert "You are signed out everywhere else" in words(page)
    assert "You are signed in nowhere else." in words(page)
    for client, status in ((desk, 200), (tablet, 401), (colleague, 200)):
        assert client.get("/session/").status_code == status


def test_a_browser_that_signed_out_is_not_listed(person: User) -> None:
    desk = browser(person, "Desk 1.0", "192.0.2.1")
    tablet = browser(person, "Tablet 2.0", "198.51.100.7")
    tablet.post("/accounts/logout/")
    assert "Tablet 2.0" not in words(desk.get(PAGE))


def test_a_request_of_one_who_is_signed_in_asks_nothing_more(
    person: User, django_assert_num_queries: Any
) -> None:
    desk = browser(person, "Desk 1.0", "192.0.2.1")
    with django_assert_num_queries(2):  # the session and the account
        desk.get("/session/")
