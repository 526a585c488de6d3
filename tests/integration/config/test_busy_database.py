"""Whoever waited too long for the database is told so in words, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests import scenes
from tests.forms import forms_on
from tests.pages import signed_in, words
from tests.scenes import Scene
from tests.server.conftest import a_save

pytestmark = pytest.mark.django_db(transaction=True)

HERE = {"origin": "http://testserver"}
REASON = "Why the panel <moves> it"


@pytest.fixture
def scene() -> Scene:
    return scenes.before_panel()


@pytest.fixture
def elsewhere() -> Iterator[psycopg.Connection]:
    """Another process's connection, in a transaction of its own; ours waits for it briefly."""
    settings = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    with psycopg.connect(**{name: settings[name] for name in names if settings.get(name)}) as other:
        yield other
        other.rollback()
    with connection.cursor() as cursor:  # the pool keeps it for what comes next
        cursor.execute("RESET lock_timeout")
        cursor.execute("RESET statement_timeout")


def browser_of(person: object) -> Client:
    """As a browser, which sees an error's page and not the error."""
    browser = signed_in(person)  # type: ignore[arg-type]
    browser.raise_request_exception = False
    return browser


def test_a_form_that_waited_too_long_is_shown_with_what_was_entered_and_can_be_sent_again(
    scene: Scene, elsewhere: psycopg.Connection
) -> None:
    browser = browser_of(scene.member)
    page = f"{scene.home}ratings/discretion/3.1/"
    [form] = [one for one in forms_on(browser, page) if "reason" in one.inputs]
    typed = {"reason": [REASON], "to_rating": ["GOOD"], "footnote": ["Two\r\nlines"]}
    entered = form.filled() | typed
    elsewhere.execute("LOCK ratings_discretion IN ACCESS EXCLUSIVE MODE")

    refused = browser.post(form.address, entered, headers=HERE)
    assert refused.status_code == 503
    assert refused["Retry-After"] == "5"
    assert "no-store" in refused["Cache-Control"]
    assert "The service is busy" in words(refused)
    assert "nothing of it was saved" in words(refused)
    assert "Reason Why the panel &lt;moves&gt; it" in words(refused)

    elsewhere.rollback()
    assert browser.post(form.address, entered, headers=HERE).status_code != 503


def test_a_page_that_waited_too_long_says_so_even_if_it_can_t_ask_who_is_signed_in(
    scene: Scene, elsewhere: psycopg.Connection
) -> None:
    browser = browser_of(scene.member)
    elsewhere.execute("LOCK inspections_user IN ACCESS EXCLUSIVE MODE")
    answer = browser.get(scene.home)
    assert answer.status_code == 503
    assert "Load it again in a minute" in words(answer)


def test_a_statement_that_took_too_long_is_said_in_the_same_words(
    scene: Scene, elsewhere: psycopg.Connection
) -> None:
    browser = browser_of(scene.member)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SET statement_timeout = '200ms'")
    elsewhere.execute("LOCK inspections_membership IN ACCESS EXCLUSIVE MODE")
    answer = browser.get(scene.home)
    assert answer.status_code == 503
    assert "The service is busy" in words(answer)


def test_a_script_is_told_in_json_and_sends_again(
    scene: Scene, elsewhere: psycopg.Connection
) -> None:
    browser = browser_of(scene.inspector)
    path = f"{scene.home}cases/{scene.case.pk}/saves/"
    sent = {"saves": [a_save("2.1.1", "YES", base_version=0)]}
    elsewhere.execute("LOCK cases_case IN ACCESS EXCLUSIVE MODE")
    answer = browser.post(path, sent, content_type="application/json")
    assert answer.status_code == 503
    assert "nothing was saved" in answer.json()["error"]
    assert answer["Retry-After"] == "5"
