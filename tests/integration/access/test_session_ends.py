"""A session ends 30 minutes after its person last did something, and 12 hours after signing in."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.demonstration import builder
from inspections.access import session_ends
from tests import scenes
from tests.pages import signed_in
from tests.scenes import Scene

MINUTE, HOUR = 60, 3600


class Clock:
    """The time at which sessions are moved on; it goes only when it is told to."""

    def __init__(self) -> None:
        self.now = session_ends.time.time()

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(session_ends, "time", made)
    return made


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.team()


def minutes_left(client: Client, clock: Clock) -> int:
    """Until the end that the session has now, as the database has it."""
    end = client.session.get_expiry_date()
    return round((end.timestamp() - clock.now) / MINUTE)


def by_password(person: Any) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": builder.PASSWORD})
    return client


@pytest.mark.parametrize("sign_in", [signed_in, by_password])
def test_it_ends_after_half_an_hour_without_anything_done(
    scene: Scene, clock: Clock, sign_in: Any
) -> None:
    client = sign_in(scene.inspector)
    assert minutes_left(client, clock) == 30
    clock.now += 20 * MINUTE
    assert client.get(scene.case_page).status_code == 200
    assert minutes_left(client, clock) == 30
    # The cookie goes with it.
    clock.now += 2 * MINUTE
    cookie = client.get("/").cookies["sessionid"]
    assert int(cookie["max-age"]) > 0


def test_what_a_page_asks_by_itself_moves_nothing(scene: Scene, clock: Clock) -> None:
    client = signed_in(scene.inspector)
    clock.now += 20 * MINUTE
    for address in ("/session/", "/offline-cases/", "/sent-forms/"):
        client.get(address)
    client.get("/ratings/events/", headers={"accept": "text/event-stream"})
    assert minutes_left(client, clock) == 10
    # Somebody who says that they are there moves it.
    assert client.post("/session/stay/").json()["user"] == scene.inspector.pk
    assert minutes_left(client, clock) == 30


def test_it_ends_twelve_hours_after_signing_in_whatever_is_done(scene: Scene, clock: Clock) -> None:
    client = signed_in(scene.inspector)
    for _ in range(47):
        clock.now += 15 * MINUTE
        client.get("/")
    assert minutes_left(client, clock) == 15
    clock.now += 10 * MINUTE
    client.get("/")
    assert minutes_left(client, clock) == 5
    # Another change of the session gives it no longer.
    session = client.session
    session["anything"] = 1
    session.save()
    assert minutes_left(client, clock) == 5
    # Signing in again does.
    client.post("/accounts/logout/")
    assert minutes_left(signed_in(scene.inspector), clock) == 30


def test_an_ended_session_is_nobodys(scene: Scene, clock: Clock) -> None:
    clock.now -= 31 * MINUTE
    client = signed_in(scene.inspector)
    assert client.get("/session/").status_code == 401
    assert client.get(scene.case_page).status_code == 302


def test_a_save_costs_no_more_but_once_a_minute(scene: Scene, clock: Clock) -> None:
    client = signed_in(scene.inspector)

    def cost_of_a_save() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.post(f"{scene.case_page}saves/", '{"saves": []}', "application/json")
        return len([one for one in asked if 'UPDATE "django_session"' in str(one["sql"])])

    costs = []
    for seconds in (0, 30, 29, 5, 30):
        clock.now += seconds
        costs.append(cost_of_a_save())
    assert costs == [0, 0, 0, 1, 0]


def test_the_page_knows_when_the_session_ends(scene: Scene, clock: Clock) -> None:
    client = signed_in(scene.inspector)
    ends_in = client.get("/session/").json()["ends_in"]
    passed = time.time() - clock.now
    assert 30 * MINUTE - passed - 1 <= ends_in <= 30 * MINUTE


AFTER_A_SESSION_ENDED = ["/", "/session/", "/offline-cases/", "/ratings/events/"]


@pytest.mark.parametrize("address", AFTER_A_SESSION_ENDED)
def test_an_answer_that_comes_late_leaves_the_cookie_of_a_newer_session(
    scene: Scene, address: str
) -> None:
    client = signed_in(scene.inspector)
    client.session.delete()
    assert settings.SESSION_COOKIE_NAME not in client.get(address).cookies


def test_a_save_that_comes_late_leaves_it_too(scene: Scene) -> None:
    client = signed_in(scene.inspector)
    client.session.delete()
    refused = client.post(f"{scene.case_page}saves/", "{}", content_type="application/json")
    assert refused.status_code == 401
    assert settings.SESSION_COOKIE_NAME not in refused.cookies


def test_a_script_that_finds_the_password_changed_elsewhere_leaves_it_too(scene: Scene) -> None:
    client = signed_in(scene.inspector)
    scene.inspector.set_password("another-quiet-harbour")
    scene.inspector.save()
    assert settings.SESSION_COOKIE_NAME not in client.get("/session/").cookies


def test_the_cookie_of_an_ended_session_opens_nothing(scene: Scene) -> None:
    client = signed_in(scene.inspector)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/accounts/logout/")
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert client.get("/session/").status_code == 401
    signed_in(scene.inspector)
    assert client.get("/session/").status_code == 401
