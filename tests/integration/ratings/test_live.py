"""Open ratings pages get changes, share stream and rendering, and end when they should."""

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

from config.demonstration import builder
from inspections.actions import move_inspection
from inspections.announcements import announce
from inspections.framework import Rating
from inspections.models import Inspection, Membership, User
from ratings.pages.live import broker as live
from ratings.pages.live import events, snapshot
from ratings.pages.live.broker import Broker
from ratings.pages.rights import Rights, rights_of
from ratings.panel.actions import give_back
from ratings.service import RatedInspection, rate_inspection
from tests.pages import signed_in
from tests.scenes import Scene, decide_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("live_pages_end")]

PATIENCE = 120.0
"""Seconds after which what was waited for does not come any more, however busy the machine."""


def wait_until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.005)


def open_stream(client: Client, *inspections: Inspection) -> Any:
    return client.get(reverse("ratings:events"), {"inspection": [one.pk for one in inspections]})


class OpenPage:
    """A browser's stream of events, read as the browser reads it; ``also`` are its other pages."""

    def __init__(self, user: User, inspection: Inspection, *also: Inspection) -> None:
        self.response: Any = open_stream(signed_in(user), inspection, *also)
        assert self.response.status_code == 200
        self._inspection = inspection.pk
        self._received: queue.Queue[tuple[str, str] | None] = queue.Queue()
        self._beats: queue.Queue[dict[str, Any]] = queue.Queue()
        self._shown = ""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for message in self.response.streaming_content:
                lines = message.decode().strip().split("\n")
                fields = dict(line.partition(": ")[::2] for line in lines)
                if fields.get("event") == "heartbeat":
                    self._beats.put(json.loads(fields["data"]))
                elif "event" in fields:
                    self._received.put((fields["event"], fields["data"]))
                    self._shown = fields.get("id", "")
        finally:
            connection.close()
            self._received.put(None)

    def next(self) -> tuple[str, str] | None:
        """The next event but for heartbeats; ``None`` when the stream has ended."""
        return self._received.get(timeout=PATIENCE)

    def next_html(self) -> str:
        event = self.next()
        assert event is not None and event[0] == "ratings"
        return str(json.loads(event[1])["html"])

    def next_beat(self) -> dict[str, Any]:
        return self._beats.get(timeout=PATIENCE)

    def next_about(self) -> tuple[str, int]:
        """The name of the next event, and the inspection that it is about."""
        event = self.next()
        assert event is not None
        return event[0], json.loads(event[1])["inspection"]

    def until(self, condition: Callable[[str], bool]) -> str:
        """The first pushed HTML that meets ``condition``."""
        while not condition(html := self.next_html()):
            pass
        return html

    @property
    def channel(self) -> live.Channel:
        return live.broker._channels[self._inspection]

    def settle(self) -> list[tuple[str, str] | None]:
        """Wait until the page shows all that was heard of, and return what came meanwhile.

        The first thing that is heard is that the process listens from now on.
        """

        def shows_the_latest() -> bool:
            return self.channel._version > 0 and any(
                known.version == self.channel._version
                and f"{known.rated_at:%Y%m%dT%H%M%S.%f}" == self._shown
                for drawing in self.channel._drawings.values()
                if (known := drawing.snapshot) is not None
            )

        wait_until(lambda: self._inspection in live.broker._channels)
        wait_until(shows_the_latest)
        return [self._received.get() for _ in range(self._received.qsize())]

    def settled(self) -> OpenPage:
        self.settle()
        return self

    def last(self) -> tuple[str, str] | None:
        """The event before the stream ended; ``None`` if there was none."""
        event = None
        while (received := self.next()) is not None:
            event = received
        return event


@pytest.fixture
def fieldwork() -> tuple[Inspection, User, User]:
    inspection = builder.inspection()
    return inspection, builder.lead_inspector(inspection), builder.inspector(inspection)


@pytest.fixture
def rechecks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.2)


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
    case = builder.case(inspection, "COURT", inspector)
    page = OpenPage(lead, inspection).settled()

    builder.answers(case, inspector, **{"2.1.1": "YES"})
    html = page.until(lambda html: "100%" in html)

    assert 'data-live="2.1.1"' in html
    assert 'data-live="2.2.1"' not in html


def test_pages_of_another_inspection_get_nothing(fieldwork: Fieldwork) -> None:
    inspection, lead, _ = fieldwork
    other = builder.inspection()
    page = OpenPage(lead, inspection).settled()

    version = page.channel._version
    announce(other.pk)
    announce(inspection.pk)  # Heard after the other.
    page.next()
    page.settle()

    assert page.channel._version == version + 1


def led_by(lead: User) -> Inspection:
    """Another inspection that this person leads."""
    other = builder.inspection()
    Membership.objects.create(inspection=other, user=lead, role=Membership.Role.LEAD_INSPECTOR)
    return other


def test_one_stream_carries_the_pages_of_several_inspections(fieldwork: Fieldwork) -> None:
    inspection, lead, _ = fieldwork
    other = led_by(lead)
    page = OpenPage(lead, inspection, other)
    begun = [page.next_about(), page.next_about()]

    builder.judge(other, lead, "1.1", Rating.OUTSTANDING)
    announce(other.pk)
    while page.next_about() != ("ratings", other.pk):
        pass
    announce(inspection.pk)
    while page.next_about() != ("ratings", inspection.pk):
        pass

    assert begun == [("ratings", inspection.pk), ("ratings", other.pk)]
    assert live.broker.streams == 1


def test_only_the_inspection_that_may_no_longer_be_seen_ends(
    fieldwork: Fieldwork, rechecks_often: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    other = led_by(lead)
    monkeypatch.setattr(events, "HEARTBEAT", 0.2)
    page = OpenPage(lead, inspection, other)
    assert page.next_beat() == {"inspections": [inspection.pk, other.pk]}

    Membership.objects.filter(inspection=other).delete()

    while page.next_about() != ("ended", other.pk):
        pass
    builder.judge(inspection, lead, "1.1", Rating.OUTSTANDING)
    assert page.next_about() == ("ratings", inspection.pk)
    while page.next_beat() != {"inspections": [inspection.pk]}:
        pass


@pytest.mark.parametrize("unseen", ["another team's", "none", "beyond all numbers"])
def test_what_a_person_may_not_see_is_ended_at_once(fieldwork: Fieldwork, unseen: str) -> None:
    inspection, lead, _ = fieldwork
    number = {"another team's": builder.inspection().pk, "none": 0}.get(unseen, 10**30)

    response: Any = signed_in(lead).get(
        reverse("ratings:events"), {"inspection": [inspection.pk, number]}
    )
    _, *sent = (next(response.streaming_content).decode() for _ in range(3))

    about_unseen = f'event: ended\ndata: {{"inspection": {number}, "why": "{events.ENDED}"}}\n\n'
    assert about_unseen in sent
    sent.remove(about_unseen)
    assert sent[0].startswith(f'event: ratings\ndata: {{"inspection": {inspection.pk}, ')
    response.close()


@pytest.mark.parametrize("asked", [{}, {"inspection": "2.1"}, {"inspection": ["1", ""]}])
def test_a_stream_of_no_inspection_is_refused(fieldwork: Fieldwork, asked: dict[str, Any]) -> None:
    assert signed_in(fieldwork[1]).get(reverse("ratings:events"), asked).status_code == 400


def test_heartbeats_come_however_much_else_is_sent(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    monkeypatch.setattr(live, "RECHECK_SECONDS", 10 * PATIENCE)
    monkeypatch.setattr(live, "RENDER_INTERVAL", 0.0)
    monkeypatch.setattr(events, "HEARTBEAT", 0.2)
    page = OpenPage(lead, inspection)

    # Nothing but announcements wakes the stream.
    while page._beats.empty():
        announce(inspection.pk)
        page.next()

    assert page.next_beat() == {"inspections": [inspection.pk]}


def test_fifty_changes_in_a_burst_are_rendered_a_few_times(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, inspector = fieldwork
    case = builder.case(inspection, "COURT", inspector)
    page = OpenPage(lead, inspection).settled()
    codes = inspection.framework.case_questions("COURT")[:50]

    monkeypatch.setattr(live, "RENDER_INTERVAL", 0.5)

    begun = time.monotonic()
    for code in codes:
        builder.answers(case, inspector, **{code: "YES"})
    pushes = 1
    while f'data-live="{codes[-1]}"' not in page.next_html():
        pushes += 1
    took = time.monotonic() - begun

    assert pushes <= 2 + took / live.RENDER_INTERVAL
    assert pushes < len(codes)


def test_viewers_with_the_same_rights_share_one_rendering(at_panel: Scene) -> None:
    inspection = at_panel.inspection
    viewers = (at_panel.inspector, builder.inspector(inspection))
    pages = [OpenPage(who, inspection).settled() for who in viewers]
    drawing = live.broker._channels[inspection.pk].drawing(rights_of(viewers[0], inspection))
    rendered = []
    before = drawing.rendered_at

    announce(inspection.pk)
    for page in pages:
        page.next()
        rendered.append(drawing.rendered_at)

    assert rendered[0] == rendered[1] > before


def test_viewers_with_other_rights_do_not_wait_for_each_others_rendering(at_panel: Scene) -> None:
    inspection = at_panel.inspection
    lead, inspector = at_panel.lead, at_panel.inspector
    channel = live.broker._channels
    pages = [OpenPage(who, inspection).settled() for who in (lead, inspector)]

    with channel[inspection.pk].drawing(rights_of(lead, inspection)).rendering:
        announce(inspection.pk)
        pages[1].next()


def test_the_panel_gets_links_to_decide_and_the_lead_does_not(at_panel: Scene) -> None:
    inspection = at_panel.inspection

    assert "Decide discretion" in OpenPage(at_panel.panel, inspection).next_html()
    assert "Decide discretion" not in OpenPage(at_panel.lead, inspection).next_html()


def test_a_page_changes_when_the_inspection_goes_back_from_the_panel(at_panel: Scene) -> None:
    inspection = at_panel.inspection
    page = OpenPage(at_panel.panel, inspection).settled()

    give_back(inspection=inspection, reason="3.4 was read wrongly.", by=at_panel.panel)

    page.until(lambda html: 'data-live="2.1-why"' in html and "Decide discretion" not in html)


def test_a_decision_reaches_the_page(at_panel: Scene) -> None:
    inspection = at_panel.inspection
    page = OpenPage(at_panel.lead, inspection).settled()

    decide_as(inspection, at_panel.panel, "3.1", Rating.REQUIRES_IMPROVEMENT, Rating.INADEQUATE)

    html = page.until(lambda html: "Score 29" in html)
    assert "Computed: Inadequate. Decided:" in html


def test_an_inspectors_page_ends_once_fieldwork_is_open_again(at_panel: Scene) -> None:
    inspection = at_panel.inspection
    give_back(inspection=inspection, reason="3.4 was read wrongly.", by=at_panel.panel)
    page = OpenPage(at_panel.inspector, inspection).settled()

    move_inspection(
        inspection=inspection, to="FIELDWORK", reason="An answer is wrong.", by=at_panel.lead
    )

    ended = page.last()
    assert ended is not None and ended[0] == "ended"
    assert "You can no longer see these ratings" in ended[1]


def test_pages_end_at_once_when_the_server_stops(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    # Nothing but the stop itself can wake the page.
    monkeypatch.setattr(live, "RECHECK_SECONDS", 10 * PATIENCE)
    page = OpenPage(lead, inspection).settled()

    live.broker.stop()

    assert page.last() is None


def test_a_lost_listening_connection_is_restored_and_missed_changes_are_shown(
    fieldwork: Fieldwork,
) -> None:
    inspection, lead, inspector = fieldwork
    case = builder.case(inspection, "COURT", inspector)
    page = OpenPage(lead, inspection).settled()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN %%'"
        )
        assert cursor.fetchall() == [(True,)]
    builder.answers(case, inspector, **{"2.1.1": "YES"})

    assert "100%" in page.until(lambda html: "100%" in html)


def test_a_change_that_nobody_announced_is_found_within_a_few_seconds(
    fieldwork: Fieldwork, rechecks_often: None
) -> None:
    inspection, lead, _ = fieldwork
    pages = [OpenPage(lead, inspection).settled() for _ in range(2)]

    # As a process killed between its commit and its announcement leaves it.
    builder.judge(inspection, lead, "1.1", Rating.OUTSTANDING)

    for page in pages:
        html = page.until(lambda html: "Outstanding" in html)
        assert 'data-live="1.1-rating"' in html


def test_a_page_ends_after_an_unannounced_change_that_forbids_it(
    at_panel: Scene, rechecks_often: None
) -> None:
    page = OpenPage(at_panel.inspector, at_panel.inspection).settled()

    Inspection.objects.update(state="FIELDWORK")

    ended = page.last()
    assert ended is not None and ended[0] == "ended"


def test_rating_again_without_changes_sends_nothing(
    fieldwork: Fieldwork, rechecks_often: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork

    page = OpenPage(lead, inspection).settled()
    rated_at = note_when_rated(monkeypatch)

    wait_until(lambda: len(rated_at) > 3)
    assert page.settle() == []


def note_when_rated(
    monkeypatch: pytest.MonkeyPatch, now: Callable[[], float] = time.monotonic
) -> list[float]:
    """The moments at which inspections are rated from now on, as ``now`` has them."""
    rated_at: list[float] = []

    def rate(inspection: Inspection) -> RatedInspection:
        rated_at.append(now())
        return rate_inspection(inspection)

    monkeypatch.setattr(snapshot, "rate_inspection", rate)
    return rated_at


def test_pages_are_rated_again_together(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    monkeypatch.setattr(live, "RECHECK_SECONDS", 10 * PATIENCE)
    pages = [OpenPage(lead, inspection).settled() for _ in range(3)]
    announce(inspection.pk)
    for page in pages:
        page.next()

    channel = pages[0].channel
    checked_at = note_when_rated(monkeypatch, lambda: channel._checked_at)
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.5)
    wait_until(lambda: len(checked_at) >= 3)

    assert all(page.settle() == [] for page in pages)
    # By when each was begun: how long it takes until then to rate is the machine's own affair.
    apart = [later - sooner for sooner, later in itertools.pairwise(checked_at)]
    assert all(gap >= 0.5 for gap in apart)


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
    wait_until(lambda: in_use() <= before)


def test_events_are_neither_compressed_nor_kept(fieldwork: Fieldwork) -> None:
    inspection, lead, _ = fieldwork
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(lead)

    response = open_stream(client, inspection)

    assert response["Content-Type"] == "text/event-stream"
    assert response["Content-Encoding"] == "identity"
    assert response["Cache-Control"] == "no-cache"
    response.close()


def test_a_process_takes_no_more_streams_than_it_has_threads_for(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, lead, _ = fieldwork
    monkeypatch.setattr(live, "MAX_STREAMS", 1)
    OpenPage(lead, inspection).next()
    client = signed_in(lead)

    response = open_stream(client, inspection)

    assert response.status_code == 503


def test_a_channel_is_dropped_when_its_last_stream_is_closed() -> None:
    broker = Broker()

    def channels() -> Iterator[list[int]]:
        with broker.open_stream([7, 8]):
            with broker.open_stream([7]):
                yield list(broker._channels)
            yield list(broker._channels)

    assert list(channels()) == [[7, 8], [7, 8]]
    assert broker._channels == {}
    broker.stop()


def test_parts_that_stay_the_same_are_not_rendered_again(at_panel: Scene) -> None:
    first = snapshot.take_snapshot(at_panel.inspection.pk, 0, Rights(), None)
    second = snapshot.take_snapshot(at_panel.inspection.pk, 1, Rights(), first)

    assert all(second.parts[code] is first.parts[code] for code in first.rows)
    assert list(second.differing_from(first)) == []
