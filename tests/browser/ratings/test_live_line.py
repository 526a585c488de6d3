"""The line that ratings pages are kept up to date by: shared by all tabs of a browser, let go by
hidden ones, taken over from closed ones, and never believed when it is silent."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case
from config.demonstration import builder
from inspections.announcements import announce
from inspections.framework import Rating
from inspections.models import Inspection, Membership, User
from ratings.pages.live import broker as live
from ratings.pages.live import events, viewers
from tests import chromium as installed
from tests.browser.ratings.lines import Tab, Window, proxy_to
from tests.browser.recording.conftest import choose, open_record, status
from tests.conftest import ARGUMENTS, PATIENCE, SignIn
from tests.scenes import Scene

LIVE = "Live · updated"
LOST = "Connection lost"
CONNECTIONS = 6
"""How many a browser opens to one server at most, by HTTP/1.1."""
SILENCE = 40
"""Seconds after which a page takes a silent line for dead."""


def wait_until(condition: Callable[[], bool], page: Page) -> None:
    give_up_at = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < give_up_at
        page.wait_for_timeout(20)


def ratings_of(inspection: Inspection) -> str:
    return f"/inspections/{inspection.pk}/ratings/"


def open_tabs(context: BrowserContext, *inspections: Inspection, address: str = "") -> list[Page]:
    tabs = []
    for inspection in inspections:
        tab = context.new_page()
        tab.goto(address + ratings_of(inspection))
        expect(tab.locator("[data-live-status]")).to_contain_text(LIVE)
        tabs.append(tab)
    return tabs


def note_what_it_says(tab: Page) -> None:
    """Every state of the line on the page is noted from now on, however soon another follows."""
    tab.locator("[data-live-status]").evaluate(
        """line => {
            window.said = [line.innerText];
            const note = () => window.said.push(line.innerText);
            new MutationObserver(note).observe(line, { childList: true, subtree: true });
        }"""
    )


def said(tab: Page) -> list[str]:
    noted: list[str] = tab.evaluate("window.said")
    return noted


def judge(inspection: Inspection, by: User) -> None:
    """Change what the ratings page shows."""
    builder.judge(inspection, by, "1.1", Rating.OUTSTANDING)
    announce(inspection.pk)


def expect_judged(tab: Page) -> None:
    expect(tab.locator('[data-live="1.1-rating"]')).to_contain_text("Outstanding")
    expect(tab.locator("[data-live-status]")).to_contain_text(LIVE)


@pytest.fixture
def in_fieldwork() -> Scene:
    """Somebody who leads an inspection and holds a case in another."""
    inspection, other = builder.inspection(), builder.inspection()
    lead = builder.lead_inspector(inspection)
    join(other, lead, Membership.Role.INSPECTOR)
    builder.case(other, "COURT", lead)
    return Scene(inspection, lead, builder.inspector(inspection))


def join(inspection: Inspection, person: User, role: str) -> Inspection:
    Membership.objects.create(inspection=inspection, user=person, role=role)
    return inspection


@pytest.fixture
def context(page: Page, sign_in: SignIn, in_fieldwork: Scene) -> BrowserContext:
    """The browser of whoever leads the inspection, with an empty tab."""
    sign_in(page, in_fieldwork.lead)
    return page.context


@pytest.mark.parametrize("of", ["one inspection", "different inspections"])
def test_more_pages_than_connections_load_stay_live_and_leave_room_for_a_save(
    context: BrowserContext, in_fieldwork: Scene, of: str
) -> None:
    lead = in_fieldwork.lead
    inspections = [in_fieldwork.inspection]
    if of == "different inspections":
        inspections += [
            join(builder.inspection(), lead, Membership.Role.LEAD_INSPECTOR)
            for _ in range(CONNECTIONS)
        ]
    else:
        inspections *= CONNECTIONS + 1

    tabs = open_tabs(context, *inspections)
    recording = context.new_page()
    open_record(recording, Case.objects.get(allocated_to=lead))
    choose(recording, "2.1.1", "YES")

    expect(status(recording, "2.1.1")).to_contain_text("Saved")
    for inspection in set(inspections):
        judge(inspection, lead)
    for tab in tabs:
        expect_judged(tab)
    wait_until(lambda: live.broker.streams == 1, recording)


@pytest.mark.parametrize("how", ["closed", "crashed"])
def test_another_tab_takes_over_when_the_one_with_the_stream_goes(
    context: BrowserContext, in_fieldwork: Scene, how: str
) -> None:
    inspection, lead = in_fieldwork.inspection, in_fieldwork.lead
    first, *others = open_tabs(context, inspection, inspection, inspection)
    wait_until(lambda: live.broker.streams == 1, first)

    if how == "closed":
        first.close()
    else:
        with first.expect_event("crash"):
            Tab.of(first).send("Page.crash")
    judge(inspection, lead)

    for tab in others:
        expect_judged(tab)
    wait_until(lambda: live.broker.streams == 1, others[0])


@pytest.fixture
def with_windows(chromium: Browser) -> Iterator[Browser]:
    """A Chromium whose tabs are hidden while another shows."""
    browser = chromium.browser_type.launch(executable_path=installed.find(), args=ARGUMENTS)
    yield browser
    browser.close()


def test_hidden_tabs_let_go_and_catch_up_when_they_show_again(
    with_windows: Browser, context: BrowserContext, in_fieldwork: Scene, live_server: LiveServer
) -> None:
    inspection, lead = in_fieldwork.inspection, in_fieldwork.lead
    waiting = context.pages[0]
    window = Window(with_windows, context.cookies(), waiting)

    def says(tab: Tab, words: str, selector: str = "[data-live-status]") -> None:
        wait_until(lambda: words in tab.text(selector), waiting)

    tabs = []
    for _ in range(2):
        tabs.append(window.open(live_server.url + ratings_of(inspection)))
        says(tabs[-1], LIVE)
    says(tabs[0], "As at")
    wait_until(lambda: live.broker.streams == 1, waiting)

    window.open("about:blank")
    wait_until(lambda: live.broker.streams == 0, waiting)
    judge(inspection, lead)
    for tab in tabs:
        says(tab, "As at")
        assert "Outstanding" not in tab.text('[data-live="1.1-rating"]')

    for tab in tabs:
        tab.show()
        says(tab, LIVE)
        assert "Outstanding" in tab.text('[data-live="1.1-rating"]')
    wait_until(lambda: live.broker.streams == 1, waiting)
    window.close()


def test_a_line_that_has_died_silently_is_not_believed(
    context: BrowserContext, in_fieldwork: Scene, live_server: LiveServer
) -> None:
    inspection, lead = in_fieldwork.inspection, in_fieldwork.lead
    port = urlsplit(live_server.url).port
    assert port is not None
    with proxy_to(port) as proxy:
        context.clock.install()
        tabs = open_tabs(context, inspection, inspection, address=f"http://localhost:{proxy.port}")
        for tab in tabs:
            note_what_it_says(tab)

        proxy.silence()
        judge(inspection, lead)
        context.clock.fast_forward((SILENCE + 1) * 1000)

        for tab in tabs:
            line = tab.locator("[data-live-status]")
            expect(line).to_contain_text(LOST)
            *_, live_text = (one for one in said(tab) if LIVE in one)
            shown_at = live_text.removeprefix(LIVE).strip()
            expect(line).to_contain_text(f"This is the state at {shown_at}")
            expect(tab.get_by_role("link", name="Refresh")).to_be_visible()
            expect(tab.locator('[data-live="1.1-rating"]')).not_to_contain_text("Outstanding")

        proxy.restore()
        # Chromium tries the dead connections that it kept before it opens another.
        for _ in range(CONNECTIONS + 1):
            context.clock.fast_forward((SILENCE + 1) * 1000)
            if becomes_live(tabs[0]):
                break
        for tab in tabs:
            expect_judged(tab)
            expect(tab.locator("[data-live-announcer]")).to_contain_text(
                re.compile(r"^The ratings are live again\. .*is now Outstanding\.$")
            )


def becomes_live(tab: Page) -> bool:
    try:
        expect(tab.locator("[data-live-status]")).to_contain_text(LIVE, timeout=5_000)
    except AssertionError:
        return False
    return True


def test_heartbeats_keep_a_page_without_changes_live(
    context: BrowserContext, in_fieldwork: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 0.1)
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.1)
    # The pages' clock goes only when the test moves it on.
    context.clock.install(time="2030-01-01T08:00:00")
    context.clock.pause_at("2030-01-01T09:00:00")
    tabs = open_tabs(context, in_fieldwork.inspection, in_fieldwork.inspection)
    tabs[0].evaluate("""() => {
        window.heartbeats = 0;
        new BroadcastChannel("fieldwork").onmessage = ({ data }) => {
            if (data.event === "heartbeat") window.heartbeats += 1;
        };
    }""")

    def heartbeats() -> int:
        return int(tabs[0].evaluate("window.heartbeats"))

    # Four times half the silence that a page bears.
    for _ in range(4):
        context.clock.fast_forward(SILENCE * 500)
        before = heartbeats()
        wait_until(lambda before=before: heartbeats() > before + 1, tabs[0])  # type: ignore[misc]

    for tab in tabs:
        expect(tab.locator("[data-live-status]")).to_contain_text(LIVE)
        # A lost line is announced, and so is one that is back.
        expect(tab.locator("[data-live-announcer]")).to_be_empty()


@pytest.mark.parametrize("how", ["the stream says so", "no stream is to be had"])
def test_a_page_says_that_nobody_is_signed_in_any_more(
    context: BrowserContext, in_fieldwork: Scene, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    tabs = open_tabs(context, in_fieldwork.inspection, in_fieldwork.inspection)
    if how == "no stream is to be had":
        monkeypatch.setattr(viewers, "CHECK_SECONDS", 1000.0)
    Session.objects.all().delete()
    if how == "no stream is to be had":
        live.broker.stop()
    for tab in tabs:
        line = tab.locator("[data-live-status]")
        expect(line).to_contain_text("You are not signed in any more")
        expect(tab.locator("[data-live-announcer]")).to_contain_text("Sign in again")


def test_a_tab_that_hangs_with_the_stream_is_relieved(
    context: BrowserContext, in_fieldwork: Scene
) -> None:
    inspection, lead = in_fieldwork.inspection, in_fieldwork.lead
    hanging, other = open_tabs(context, inspection, inspection)
    stopped = Tab.of(hanging)
    stopped.send("Debugger.enable")
    stopped.send("Debugger.pause")
    judge(inspection, lead)

    note_what_it_says(other)
    # As the clock goes on while a device sleeps.
    other.evaluate(f"() => {{ const now = Date.now; Date.now = () => now() + {SILENCE * 1000}; }}")

    wait_until(lambda: any(LOST in one for one in said(other)), other)
    expect_judged(other)
    stopped.send("Debugger.resume")
    expect_judged(hanging)
    wait_until(lambda: live.broker.streams == 1, other)
