"""Streams end for whoever is signed out or may no longer see; one person takes a few places."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import serve
from inspections.models import DeletionCertificate, Membership, User
from inspections.team.actions import change_team, team_version
from ratings.pages.live import broker as live
from ratings.pages.live import events, viewers
from tests.integration.ratings.test_live import OpenPage, open_stream, wait_until
from tests.pages import signed_in
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("live_pages_end")]

Role = Membership.Role


def session_of(page: OpenPage) -> str:
    return str(page.response.wsgi_request.session.session_key)


def sign_out(scene: Scene, page: OpenPage) -> None:
    other_tab = Client()
    other_tab.cookies["sessionid"] = session_of(page)
    assert other_tab.post("/accounts/logout/").status_code == 302


def expiry(scene: Scene, page: OpenPage) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))


def password_change(scene: Scene, page: OpenPage) -> None:
    person = User.objects.get(pk=scene.reviewer.pk)
    person.set_password("another-harbour-lantern")
    person.save()


def deactivation(scene: Scene, page: OpenPage) -> None:
    User.objects.filter(pk=scene.reviewer.pk).update(is_active=False)


def removal(scene: Scene, page: OpenPage) -> None:
    roles = {scene.lead.pk: Role.LEAD_INSPECTOR, scene.inspector.pk: Role.INSPECTOR}
    change(scene, roles)


def change_of_role(scene: Scene, page: OpenPage) -> None:
    """Inspectors see no ratings during fieldwork."""
    roles = {scene.lead.pk: Role.LEAD_INSPECTOR, scene.reviewer.pk: Role.INSPECTOR}
    change(scene, roles)


def removal_of_its_content(scene: Scene, page: OpenPage) -> None:
    """Nothing is left to rate once case content was removed (ADR 38)."""
    DeletionCertificate.objects.create(
        inspection=scene.inspection,
        removed_at=timezone.now(),
        removed_by="a test",
        published_date=timezone.localdate(),
        months=12,
        rows={},
        entries=0,
        head_number=1,
    )


def change(scene: Scene, roles: Mapping[int, str]) -> None:
    version = team_version(scene.fresh())
    change_team(inspection=scene.inspection, roles=roles, base_version=version, by=scene.lead)


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (sign_out, "You are not signed in any more"),
        (expiry, "You are not signed in any more"),
        (password_change, "You are not signed in any more"),
        (deactivation, "Your account is closed"),
        (removal, "You can no longer see these ratings"),
        (change_of_role, "You can no longer see these ratings"),
        (removal_of_its_content, "You can no longer see these ratings"),
    ],
)
def test_a_stream_ends_within_seconds_and_says_why(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Scene, OpenPage], None],
    why: str,
) -> None:
    # Neither a heartbeat nor another check is what ends it.
    monkeypatch.setattr(events, "HEARTBEAT", 1000.0)
    monkeypatch.setattr(viewers, "RIGHTS_SECONDS", 1000.0)
    assert viewers.CHECK_SECONDS <= 2
    page = OpenPage(scene.reviewer, scene.inspection).settled()
    end(scene, page)
    ended = page.last()
    assert ended is not None and ended[0] == "ended"
    assert why in json.loads(ended[1])["why"]


def test_all_streams_of_a_process_are_checked_by_one_query(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewers, "CHECK_SECONDS", 1000.0)
    watch = viewers.Watch()
    browsers = [signed_in(person) for person in (scene.lead, scene.reviewer, scene.lead)]
    people = [
        viewers.Viewer(int(browser.session["_auth_user_id"]), browser.session, scene.inspection.pk)
        for browser in browsers
    ]
    for person in people:
        person.check()
    Session.objects.filter(session_key=browsers[2].session.session_key).delete()
    with watch.over(people), CaptureQueriesContext(connection) as asked:
        assert watch.check_if_due()
        assert not watch.check_if_due(), "it was just done"
    assert len(asked) == 1
    assert [bool(person.why_ended) for person in people] == [False, False, True]


def test_one_person_has_a_few_streams_and_the_oldest_gives_way(scene: Scene) -> None:
    pages = [OpenPage(scene.lead, scene.inspection) for _ in range(live.MOST_A_PERSON)]
    other = OpenPage(scene.reviewer, scene.inspection)
    for page in [*pages, other]:
        page.settle()
    newest = OpenPage(scene.lead, scene.inspection).settled()
    ended = pages[0].last()
    assert ended is not None and events.SUPERSEDED in ended[1]
    wait_until(lambda: live.broker.streams == live.MOST_A_PERSON + 1)
    for page in (*pages[1:], newest, other):
        assert page.settle() == []


def test_two_hundred_streams_at_once_take_no_more_places_than_a_person_has(scene: Scene) -> None:
    browser = signed_in(scene.lead)
    start = threading.Barrier(20)
    answered: list[Any] = []

    def open_ten() -> None:
        mine = Client()
        mine.cookies.update(browser.cookies)
        start.wait()
        for _ in range(10):
            answered.append(open_stream(mine, scene.inspection))
        connection.close()

    threads = [threading.Thread(target=open_ten) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # None has been read yet, as when their connections wait for a thread.
    opened = [one for one in answered if one.status_code == 200]
    assert len(answered) == 200
    assert len(opened) == live.broker.streams == 2 * live.MOST_A_PERSON
    for one in answered:
        one.close()
    assert live.broker.streams == 0


def test_a_stream_that_nobody_reads_gives_its_place_back(scene: Scene) -> None:
    response = open_stream(signed_in(scene.lead), scene.inspection)
    assert live.broker.streams == 1
    response.close()
    assert live.broker.streams == 0
    open_stream(signed_in(scene.lead), scene.inspection)
    wait_until(lambda: gc.collect() >= 0 and live.broker.streams == 0)


def test_streams_leave_threads_for_requests() -> None:
    assert serve.THREADS - live.MAX_STREAMS >= 16
    assert 2 * live.MOST_A_PERSON < live.MAX_STREAMS / 2
