"""Open ratings pages of a service with two processes, one of which is killed or stopped, and more
of them in one browser than it opens connections."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from html import unescape

import httpx
from playwright.sync_api import Browser, expect

from cases.models import Case
from ratings.pages.live.events import RECONNECT_AFTER
from tests.browser.recording.conftest import choose, open_record, status
from tests.conftest import PATIENCE as BROWSERS_PATIENCE
from tests.server.conftest import PATIENCE, Serve, Served, a_save, wait_until

PAGES = 8
STREAMS = 4
"""Of one person, who may have no more than a few in a process."""
QUESTION = "2.1.1"


class OpenPage:
    """A page as a browser keeps it: it connects again when its connection ends."""

    def __init__(self, browser: httpx.Client, path: str) -> None:
        self.browser = browser
        self.path = path
        self.counts = ""
        self.connections = 0
        self.ended = ""
        self.closed = threading.Event()
        self.thread = threading.Thread(target=self._stay, daemon=True)
        self.thread.start()

    def _stay(self) -> None:
        while not self.closed.is_set():
            try:
                self._read()
            except httpx.TransportError:
                self.ended = "cut off"
            except RuntimeError:
                return  # The browser was closed, and its pages with it.
            self.closed.wait(RECONNECT_AFTER / 1000)

    def _read(self) -> None:
        with self.browser.stream("GET", self.path, timeout=PATIENCE) as response:
            if response.status_code != 200:
                return
            self.connections += 1
            event = ""
            for line in response.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    event = value
                elif field == "data" and event == "ratings":
                    self._show(json.loads(value)["html"])
        self.ended = "in order"

    def _show(self, html: str) -> None:
        row = re.search(rf'data-live="{QUESTION}">.*?</tr>', html, re.DOTALL)
        if row:
            words = unescape(re.sub(r"<[^>]+>", " ", row[0]))
            yes, relevant = _numbers(r"% \((\d+) of (\d+)\)", words) or (0, 0)
            (unanswered,) = _numbers(r"(\d+) not answered yet", words) or (0,)
            self.counts = f"{yes} {relevant - yes} {unanswered}"


def _numbers(pattern: str, words: str) -> tuple[int, ...]:
    found = re.search(pattern, words)
    return tuple(map(int, found.groups())) if found else ()


def workers(of: Served) -> list[int]:
    """The processes that serve: the children of the one that was started."""
    assert of.service._process is not None
    leader = str(of.service._process.pid)
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", leader],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    return [int(pid) for pid, arguments in rows if "spawn_main" in arguments]


def open_pages(served: Served, inspection: int) -> list[OpenPage]:
    ((lead,),) = served.query(
        """SELECT u.email FROM inspections_membership m JOIN inspections_user u ON u.id = m.user_id
        WHERE m.inspection_id = %s AND m.role = 'LEAD_INSPECTOR'""",
        [inspection],
    )
    browser = served.signed_in(lead)
    pages = [OpenPage(browser, f"/ratings/events/?inspection={inspection}") for _ in range(STREAMS)]
    wait_until(lambda: all(page.counts for page in pages))
    return pages


def test_killing_one_process_loses_no_update_for_longer_than_a_reconnect(
    serve: Serve,
) -> None:
    served = serve()
    inspection, case, email = served.case()
    inspector = served.signed_in(email)
    pages = open_pages(served, inspection)
    version = 0

    def save(value: str) -> None:
        """Until it is acknowledged, as a device does."""
        nonlocal version
        one = a_save(QUESTION, value, base_version=version)
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at:
            try:
                path = f"/inspections/{inspection}/cases/{case}/saves/"
                answer = inspector.post(path, json={"saves": [one]})
            except httpx.TransportError:
                continue
            if answer.status_code == 200:
                version = answer.json()["results"][0]["version"]
                return
        raise AssertionError("the save was never acknowledged")

    def everyone_shows_the_record() -> bool:
        ((yes, no, none),) = served.query(
            """SELECT count(*) FILTER (WHERE a.value = 'YES'),
                      count(*) FILTER (WHERE a.value = 'NO'),
                      count(*) FILTER (WHERE coalesce(a.value, '') = '')
            FROM cases_case c LEFT JOIN cases_answer a ON a.case_id = c.id AND a.question = %s
            WHERE c.inspection_id = %s AND c."group" = 'COURT'""",
            [QUESTION, inspection],
        )
        return all(page.counts == f"{yes} {no} {none}" for page in pages)

    save("YES")
    wait_until(everyone_shows_the_record)
    serving = workers(served)
    assert len(serving) == 2
    for number, worker in enumerate(serving):
        os.kill(worker, signal.SIGKILL)
        save("NO" if number % 2 == 0 else "YES")
        wait_until(everyone_shows_the_record)
    assert sum(page.connections for page in pages) > STREAMS, "no page felt the kills"
    for page in pages:
        page.closed.set()


def test_open_pages_end_in_order_when_the_service_stops(serve: Serve) -> None:
    served = serve("tests.server.stops_later", APPLICATION="tests.server.only_stopped:application")
    inspection, _, _ = served.case()
    pages = open_pages(served, inspection)
    for page in pages:
        page.closed.set()  # None connects again.

    served.service.stop()

    for page in pages:
        page.thread.join(PATIENCE)
    # A page that doesn't end by itself is cut off by the server, in the middle of its response.
    assert [page.ended for page in pages] == ["in order"] * STREAMS


def test_two_hundred_streams_of_one_person_leave_room_for_everybody_elses_saves(
    serve: Serve,
) -> None:
    served = serve(WORKERS="1")
    of, case, email = served.case()
    ((lead,),) = served.query(
        """SELECT u.email FROM inspections_membership m JOIN inspections_user u ON u.id = m.user_id
        WHERE m.inspection_id = %s AND m.role = 'LEAD_INSPECTOR'""",
        [of],
    )
    held = {one.name: one.value for one in served.signed_in(lead).cookies.jar}
    cookies = "; ".join(f"{name}={value}" for name, value in held.items())
    inspector = served.signed_in(email)
    address = httpx.URL(served.service.url)
    lines = []
    for _ in range(200):
        line = socket.create_connection((address.host, address.port))
        request = f"GET /ratings/events/?inspection={of} HTTP/1.1\r\nHost: localhost\r\n"
        line.sendall(f"{request}Cookie: {cookies}\r\n\r\n".encode())
        lines.append(line)
    saves = f"/inspections/{of}/cases/{case}/saves/"
    for version, value in enumerate(("YES", "NO", "YES")):
        sent = {"saves": [a_save(QUESTION, value, base_version=version)]}
        # As a device does: until it is acknowledged. All streams are asked for all the while.
        wait_until(lambda sent=sent: inspector.post(saves, json=sent).status_code == 200)  # type: ignore[misc]
    answered = []
    for line in lines:
        line.settimeout(PATIENCE)
        answered.append(line.recv(12))
        line.close()
    assert answered.count(b"HTTP/1.1 200") + answered.count(b"HTTP/1.1 503") == 200
    assert answered.count(b"HTTP/1.1 200") < 100


def test_a_browser_with_more_ratings_pages_than_connections_saves_and_loads(
    serve: Serve, chromium: Browser
) -> None:
    served = serve()
    of, case, email = served.case()
    # Inspectors see ratings once fieldwork has closed; these are of several inspections.
    closed = served.query(
        """SELECT m.inspection_id FROM inspections_membership m
        JOIN inspections_user u ON u.id = m.user_id
        JOIN inspections_inspection i ON i.id = m.inspection_id
        WHERE u.email = %s AND i.state IN ('REVIEW', 'PANEL', 'SEALED')""",
        [email],
    )
    assert len(closed) > 1
    cookies = {one.name: one.value or "" for one in served.signed_in(email).cookies.jar}
    context = chromium.new_context(base_url=served.service.url)
    context.set_default_timeout(BROWSERS_PATIENCE)
    context.add_cookies(
        [{"name": key, "value": cookies[key], "url": served.service.url} for key in cookies]
    )

    tabs = [context.new_page() for _ in range(PAGES)]
    for tab, (inspection,) in zip(tabs, itertools.cycle(closed), strict=False):
        tab.goto(f"/inspections/{inspection}/ratings/")
        expect(tab.locator("[data-live-status]")).to_contain_text("Live")
    recording = context.new_page()
    open_record(recording, Case(pk=case, inspection_id=of))
    choose(recording, QUESTION, "YES")

    expect(status(recording, QUESTION)).to_contain_text("Saved")
    assert served.query(
        "SELECT value FROM cases_answer WHERE case_id = %s AND question = %s", [case, QUESTION]
    ) == [("YES",)]
    for tab in tabs:
        expect(tab.locator("[data-live-status]")).to_contain_text("Live")
    context.close()
