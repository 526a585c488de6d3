"""Open ratings pages hear of changes, share their work, and end when they should."""

from __future__ import annotations

import itertools
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from inspections.actions import move_inspection
from inspections.announcements import announce
from inspections.framework import Rating
from inspections.models import Inspection, Membership, User
from ratings.pages.live import broker as live
from ratings.pages.live import events, snapshot
from ratings.pages.live.broker import Broker
from ratings.panel.actions import give_back
from ratings.service import RatedInspection, rate_inspection
from tests import build
from tests.integration.ratings.conftest import AtPanel
from tests.integration.ratings.figures import decide, judge

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("live_pages_end")]

SOON = 5.0
"""Seconds within which anything that is to happen has happened, on the slowest machine."""


class OpenPage:
    """A page's stream of events, read as a browser reads it."""

    def __init__(self, user: User, inspection: Inspection) -> None:
        client = Client()
        client.force_login(user)
        self.response: Any = client.get(reverse("ratings:events", args=[inspection.pk]))
        assert self.response.status_code == 200
        self._received: queue.Queue[tuple[str, str] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for message in self.response.streaming_content:
                lines = message.decode().strip().split("\n")
                fields = dict(line.partition(": ")[::2] for line in lines)
                if "event" in fields:
                    self._received.put((fields["event"], fields["data"]))
        finally:
            connection.close()
            self._received.put(None)

    def next(self, timeout: float = SOON) -> tuple[str, str] | None:
        """The next event; ``None`` when the stream has ended."""
        return self._received.get(timeout=timeout)

    def next_html(self, timeout: float = SOON) -> str:
        event = self.next(timeout)
        assert event is not None and event[0] == "ratings"
        return str(json.loads(event[1])["html"])

    def until(self, condition: Callable[[str], bool]) -> str:
        """The first pushed HTML that meets ``condition``."""
        end = time.monotonic() + SOON
        while True:
            html = self.next_html(max(end - time.monotonic(), 0.01))
            if condition(html):
                return html

    def is_silent(self, seconds: float = 0.6) -> bool:
        try:
            self.next(seconds)
        except queue.Empty:
            return True
        return False

    def settle(self) -> OpenPage:
        """Read until nothing more comes: the first state, and the one after listening began."""
        self.next_html()
        while not self.is_silent():
            pass
        return self

    def last(self) -> tuple[str, str] | None:
        """The event before the stream ended; ``None`` if there was none."""
        event = None
        while (received := self.next()) is not None:
            event = received
        return event


@pytest.fixture
def fieldwork() -> tuple[Inspection, User, User]:
    inspection = build.inspection()
    return inspection, build.lead_inspector(inspection), build.inspector(inspection)


Fieldwork = tuple[Inspection, User, User]


def test_a_page_gets_the_whole_state_at_once(fieldwork: Fieldwork) -> None:
    inspection, lead, _ = fieldwork

    html = OpenPage(lead, inspection).next_html()

    assert "No score yet" in html
    assert 'id="standard-2.1"' in html and 'data-live="4.1-rating"' in html


def test_an_answer_reaches_the_page_with_the_parts_that_changed_alone(
    fieldwork: Fieldwork,
) -> None:
    inspection, lead, inspector = fieldwork
    case = build.case(inspection, "COURT", inspector)
    page = OpenPage(lead, inspection).settle()

    build.answers(case, inspector, **{"2.1.1": "YES"})
    html = page.until(lambda html: "100%" in html)

    assert 'data-live="2.1.1"' in html
    assert 'data-live="2.2.1"' not in html


def test_pages_of_another_inspection_get_nothing(fieldwork: Fieldwork) -> None:
    inspection, lead, _ = fieldwork
    other = build.inspection()
    page = OpenPage(lead, inspection).settle()

    announce(other.pk)

    assert page.is_silent()


def test_fifty_changes_in_a_burst_are_rendered_a_few_times(fieldwork: Fieldwork) -> None:
    inspection, lead, inspector = fieldwork
    case = build.case(inspection, "COURT", inspector)
    page = OpenPage(lead, inspection).settle()
    codes = inspection.framework.case_questions("COURT")[:50]

    begun = time.monotonic()
    for code in codes:
        build.answers(case, inspector, **{code: "YES"})
    took = time.monotonic() - begun
    pushes = 0
    while not page.is_silent():
        pushes += 1

    assert 1 <= pushes <= 2 + (took + 1) / live.RENDER_INTERVAL < len(codes)


def test_two_viewers_share_one_rendering(fieldwork: Fieldwork, at_panel: AtPanel) -> None:
    inspection, people = at_panel.inspection, at_panel.people
    pages = [OpenPage(who, inspection).settle() for who in (people.lead, people.inspector)]
    channel = live.broker._channels[inspection.pk]
    rendered = []
    before = channel._rendered_at

    announce(inspection.pk)
    for page in pages:
        page.next()
        rendered.append(channel._rendered_at)

    assert rendered[0] == rendered[1] > before


def test_the_panel_gets_links_to_decide_and_the_lead_does_not(at_panel: AtPanel) -> None:
    inspection, people = at_panel.inspection, at_panel.people

    assert "Decide discretion" in OpenPage(people.panel, inspection).next_html()
    assert "Decide discretion" not in OpenPage(people.lead, inspection).next_html()


def test_a_page_changes_when_the_inspection_goes_back_from_the_panel(at_panel: AtPanel) -> None:
    inspection, people = at_panel.inspection, at_panel.people
    page = OpenPage(people.panel, inspection).settle()

    give_back(inspection=inspection, by=people.panel)

    page.until(lambda html: 'data-live="2.1-why"' in html and "Decide discretion" not in html)


def test_a_decision_reaches_the_page(at_panel: AtPanel) -> None:
    inspection, people = at_panel.inspection, at_panel.people
    page = OpenPage(people.lead, inspection).settle()

    decide(inspection, people.panel, "3.1", Rating.REQUIRES_IMPROVEMENT, Rating.INADEQUATE)

    html = page.until(lambda html: "Score 29" in html)
    assert "Computed: Inadequate. Decided:" in html


def test_an_inspector_hears_nothing_more_once_fieldwork_is_open_again(at_panel: AtPanel) -> None:
    inspection, people = at_panel.inspection, at_panel.people
    give_back(inspection=inspection, by=people.panel)
    page = OpenPage(people.inspector, inspection).settle()

    move_inspection(inspection=inspection, to="FIELDWORK", by=people.lead)

    ended = page.last()
    assert ended is not None and ended[0] == "ended"
    assert "You can no longer see these ratings" in ended[1]


def test_a_page_ends_for_someone_taken_off_the_inspection(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    monkeypatch.setattr(events, "HEARTBEAT", 0.2)
    page = OpenPage(lead, inspection)
    page.next()

    Membership.objects.filter(user=lead).delete()

    ended = page.last()
    assert ended is not None and ended[0] == "ended"


def test_a_page_ends_for_someone_who_signed_out(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    monkeypatch.setattr(events, "HEARTBEAT", 0.2)
    page = OpenPage(lead, inspection)
    page.next()

    page.response.wsgi_request.session.delete()

    ended = page.last()
    assert ended is not None and ended[0] == "ended"


def test_pages_end_at_once_when_the_server_stops(fieldwork: Fieldwork) -> None:
    inspection, lead, _ = fieldwork
    page = OpenPage(lead, inspection).settle()

    begun = time.monotonic()
    live.broker.stop()

    page.last()
    assert time.monotonic() - begun < 3


def test_a_lost_listening_connection_is_made_again_and_what_was_missed_is_shown(
    fieldwork: Fieldwork,
) -> None:
    inspection, lead, inspector = fieldwork
    case = build.case(inspection, "COURT", inspector)
    page = OpenPage(lead, inspection).settle()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN %%'"
        )
        assert cursor.fetchall() == [(True,)]
    build.answers(case, inspector, **{"2.1.1": "YES"})

    assert "100%" in page.until(lambda html: "100%" in html)


@pytest.fixture
def rechecks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.2)


def test_a_change_that_nobody_announced_is_found_within_a_few_seconds(
    fieldwork: Fieldwork, rechecks_often: None
) -> None:
    inspection, lead, _ = fieldwork
    pages = [OpenPage(lead, inspection).settle() for _ in range(2)]

    # As a process killed between its commit and its announcement leaves it.
    judge(inspection, lead, "1.1", Rating.OUTSTANDING)

    for page in pages:
        html = page.until(lambda html: "Outstanding" in html)
        assert 'data-live="1.1-rating"' in html


def test_someone_who_may_see_nothing_since_an_unannounced_change_is_told(
    at_panel: AtPanel, rechecks_often: None
) -> None:
    page = OpenPage(at_panel.people.inspector, at_panel.inspection).settle()

    Inspection.objects.update(state="FIELDWORK")

    ended = page.last()
    assert ended is not None and ended[0] == "ended"


def test_rating_again_what_is_the_same_sends_nothing(
    fieldwork: Fieldwork, rechecks_often: None
) -> None:
    inspection, lead, _ = fieldwork

    assert OpenPage(lead, inspection).settle().is_silent(1.5)


def test_pages_are_rated_again_together(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    pages = [OpenPage(lead, inspection).settle() for _ in range(3)]
    rated_at: list[float] = []

    def rate(inspection: Inspection) -> RatedInspection:
        rated_at.append(time.monotonic())
        return rate_inspection(inspection)

    monkeypatch.setattr(snapshot, "rate_inspection", rate)
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.5)

    announce(inspection.pk)
    for page in pages:
        page.next()
    assert all(page.is_silent(0.7) for page in pages)

    apart = [later - sooner for sooner, later in itertools.pairwise(rated_at)]
    assert len(rated_at) >= 2 and all(gap > 0.4 for gap in apart[1:])


def test_an_open_page_holds_no_database_connection_while_it_waits(fieldwork: Fieldwork) -> None:
    inspection, lead, _ = fieldwork

    pool: Any = getattr(connection, "pool")  # noqa: B009

    def in_use() -> int:
        stats = pool.get_stats()
        return int(stats["pool_size"] - stats["pool_available"])

    before = in_use()
    pages = [OpenPage(lead, inspection) for _ in range(5)]
    for page in pages:
        page.settle()

    # A page that is rated again just now borrows one for a moment.
    end = time.monotonic() + SOON
    while in_use() > before:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_events_are_neither_compressed_nor_kept(fieldwork: Fieldwork) -> None:
    inspection, lead, _ = fieldwork
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(lead)

    response = client.get(reverse("ratings:events", args=[inspection.pk]))

    assert response["Content-Type"] == "text/event-stream"
    assert response["Content-Encoding"] == "identity"
    assert response["Cache-Control"] == "no-cache"
    response.close()


def test_a_process_takes_no_more_pages_than_it_has_threads_for(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    monkeypatch.setattr(live, "MAX_PAGES", 1)
    OpenPage(lead, inspection).next()
    client = Client()
    client.force_login(lead)

    response = client.get(reverse("ratings:events", args=[inspection.pk]))

    assert response.status_code == 503


def test_a_channel_is_dropped_when_its_last_page_is_closed() -> None:
    broker = Broker()

    def pages() -> Iterator[int]:
        with broker.open_page(7):
            with broker.open_page(7):
                yield broker.pages
            yield broker.pages

    assert [*pages(), broker.pages] == [2, 1, 0]
    assert not broker._channels
    broker.stop()


def test_parts_that_stay_the_same_are_not_rendered_again(at_panel: AtPanel) -> None:
    first = snapshot.take_snapshot(at_panel.inspection.pk, 0, False, None)
    second = snapshot.take_snapshot(at_panel.inspection.pk, 1, False, first)

    assert all(second.parts[code] is first.parts[code] for code in first.rows)
    assert list(second.differing_from(first)) == []
