"""Open ratings pages of a service with two processes, one of which is killed or stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from html import unescape

import httpx

from ratings.pages.live.events import RECONNECT_AFTER
from tests.server.conftest import PATIENCE, Serve, Served, a_save, wait_until

PAGES = 8
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
        with self.browser.stream("GET", self.path, timeout=httpx.Timeout(5, read=60)) as response:
            if response.status_code != 200:
                return
            self.connections += 1
            for line in response.iter_lines():
                if line.startswith("data: {"):
                    self._show(json.loads(line.removeprefix("data: "))["html"])
        self.ended = "in order"

    def _show(self, html: str) -> None:
        row = re.search(rf'data-live="{QUESTION}">.*?</tr>', html, re.DOTALL)
        if row:
            words = unescape(re.sub(r"<[^>]+>", " ", row[0]))
            found = re.search(r"(\d+)\s+(\d+)\s+(\d+)\s+\d+ of \d+", words)
            assert found is not None
            self.counts = " ".join(found.groups())


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
    pages = [OpenPage(browser, f"/inspections/{inspection}/ratings/events/") for _ in range(PAGES)]
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
    assert sum(page.connections for page in pages) > PAGES, "no page felt the kills"
    for page in pages:
        page.closed.set()


def test_open_pages_end_in_order_when_the_service_stops(serve: Serve) -> None:
    served = serve()
    inspection, _, _ = served.case()
    pages = open_pages(served, inspection)
    for page in pages:
        page.closed.set()  # None connects again.

    served.service.stop()

    for page in pages:
        page.thread.join(PATIENCE)
    # A page that doesn't end by itself is cut off by the server, in the middle of its response.
    assert [page.ended for page in pages] == ["in order"] * PAGES
