"""An inspection in fieldwork with two cases, and a device that can be shut and opened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case
from tests import chromium as installed
from tests.browser.network import find_network, lose_network
from tests.conftest import ARGUMENTS, PATIENCE, SignIn
from tests.scenes import Scene, scene


@pytest.fixture
def fieldwork(transactional_db: None) -> Scene:
    """Two cases of an inspector's."""
    made = scene()
    assert made.case and made.second_case
    return made


def record_url(case: Case, standard: str = "2.1") -> str:
    return reverse("cases:record", args=[case.inspection_id, case.pk, standard])


def open_record(page: Page, case: Case, standard: str = "2.1") -> None:
    """Open a page of answers and wait until its scripts run."""
    page.goto(record_url(case, standard))
    expect(page.locator("form[data-shown]")).to_be_attached()


def question(page: Page, code: str) -> Locator:
    return page.locator(f'section[data-question="{code}"]')


def choose(page: Page, code: str, value: str) -> None:
    radio = question(page, code).locator(f'input[type=radio][value="{value}"]')
    # As a person does, by its words: the line at the foot of the window may be over the rest.
    question(page, code).locator(f'label[for="{radio.get_attribute("id")}"]').click()
    expect(radio).to_be_checked()


def write_note(page: Page, code: str, words: str) -> None:
    section = question(page, code)
    textarea = section.locator("textarea")
    if not textarea.is_visible():
        section.locator("summary", has_text="Note").click()
    textarea.fill(words)
    textarea.blur()


def status(page: Page, code: str) -> Locator:
    return question(page, code).locator("[data-status]")


class NeverCame(AssertionError):
    """What was waited for."""


def wait_until(is_so: Callable[[], bool], page: Page) -> None:
    """Wait for something outside the page, or about a page that is changing."""
    give_up_at = time.monotonic() + 2 * PATIENCE / 1000
    while not _has_become(is_so):
        if time.monotonic() > give_up_at:
            raise NeverCame
        page.wait_for_timeout(20)  # lets the browser's events in


def _has_become(is_so: Callable[[], bool]) -> bool:
    try:
        return is_so()
    except Error:
        return False  # the page is changing


class Device:
    """An inspector's own browser: what it keeps outlives its being closed."""

    def __init__(self, chromium: Browser, address: str, folder: Path) -> None:
        self.chromium = chromium
        self.address = address
        self.folder = folder
        self.context = self._open()

    def _open(self, offline: bool = False, arguments: Sequence[str] = ()) -> BrowserContext:
        context = self.chromium.browser_type.launch_persistent_context(
            str(self.folder),
            executable_path=_path(),
            args=[*ARGUMENTS, *arguments],
            base_url=self.address,
            viewport={"width": 1280, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            offline=offline,
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        return context

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def restore_tab(self, address: str) -> Page:
        """Shut the browser, open it with its tabs again, and return the one at ``address``."""
        self._keep_cookies()
        self.context.close()
        self.context = self._open(arguments=["--restore-last-session"])
        found: list[Page] = []

        def is_there() -> bool:
            found[:] = [page for page in self.context.pages if page.url.endswith(address)]
            return bool(found)

        wait_until(is_there, self.page)
        return found[0]

    def shut_and_open(self, *, offline: bool) -> Page:
        self._keep_cookies()
        self.context.close()
        self.context = self._open(offline)
        return self.page

    def _keep_cookies(self) -> None:
        """As the service's own cookies do, those that a test has set outlive the browser."""
        tomorrow = time.time() + 24 * 60 * 60
        self.context.add_cookies(
            [{**cookie, "expires": tomorrow} for cookie in self.context.cookies()]
        )

    def lose_network(self) -> None:
        lose_network(self.page)

    def find_network(self) -> None:
        find_network(self.page)


def _path() -> str:
    path = installed.find()
    assert path is not None
    return path


@pytest.fixture
def device(
    chromium: Browser, live_server: LiveServer, live_pages_end: None, tmp_path: Path
) -> Iterator[Device]:
    made = Device(chromium, live_server.url, tmp_path / "device")
    yield made
    made.context.close()


def keep_offline(page: Page, *cases: Case) -> None:
    """Keep cases on the device and wait until the service worker is in charge."""
    for case in cases:
        page.goto(case.get_absolute_url())
        page.get_by_role("button", name="Make available offline").click()
        expect(page.get_by_text("On this device since")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def everything_saved(page: Page) -> None:
    """Wait until nothing waits any more, here or in the outbox."""
    expect(page.locator("[data-state]:not([data-state=saved])")).to_have_count(0)
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")


@pytest.fixture
def recording(page: Page, sign_in: SignIn, fieldwork: Scene) -> Callable[[], Page]:
    """The page of one standard of the first case, opened by its inspector."""

    def opened() -> Page:
        sign_in(page, fieldwork.inspector)
        open_record(page, fieldwork.case)
        return page

    return opened
