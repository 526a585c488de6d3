"""A slow network shows nobody a page that the device keeps for the person before."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from config.demonstration import builder
from tests.browser.recording.conftest import Device, keep_offline
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

LONGER_THAN_THE_WORKER_WAITS = 7.0


class SlowLine:
    """A line to the service. A request for the page ``slow`` gets no answer for a while, and then
    none at all."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.target = (parts.hostname, parts.port)
        self.slow = ""
        self.server = socket.create_server(("localhost", 0))
        self.ends = [self.server]
        self.url = f"http://localhost:{self.server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.server.accept()
                far = socket.create_connection(self.target)
                self.ends += near, far
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if self.slow and data.startswith(f"GET {self.slow} ".encode()):
                    time.sleep(LONGER_THAN_THE_WORKER_WAITS)
                    break
                target.sendall(data)
        cut(source, target)

    def close(self) -> None:
        cut(*self.ends)
        for end in self.ends:
            end.close()


def cut(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(live_server: LiveServer) -> Iterator[SlowLine]:
    made = SlowLine(live_server.url)
    yield made
    made.close()


@pytest.fixture
def slow_device(
    chromium: Browser, line: SlowLine, live_pages_end: None, tmp_path: Path
) -> Iterator[Device]:
    made = Device(chromium, line.url, tmp_path / "device")
    yield made
    made.context.close()


def test_who_signs_in_over_a_slow_network_sees_no_page_of_the_person_before(
    slow_device: Device, line: SlowLine, scene: Scene, sign_in: SignIn
) -> None:
    page = slow_device.page
    sign_in(page, scene.inspector)
    keep_offline(page, scene.case)
    page.context.clear_cookies()
    page.goto(f"/accounts/login/?next={scene.case_page}")
    page.get_by_label("Email address").fill(scene.colleague.email)
    page.get_by_label("Password").fill(builder.PASSWORD)
    line.slow = scene.case_page
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="On this device")).to_be_visible()
    expect(page.get_by_text("No case is available offline")).to_be_visible()
    # From the first page of their own on, the device is theirs.
    line.slow = ""
    page.goto(scene.case_page)
    expect(page.locator("body")).to_have_attribute("data-name", scene.colleague.name)
