"""Firefox and WebKit, each with an inspector who is signed in, on a line that can be cut."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
import trustme
from _pytest.runner import runtestprotocol
from django.conf import settings as configured
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from selenium.common.exceptions import WebDriverException

from inspections.models import User
from tests.browsers import install
from tests.browsers.firefox import Container, Firefox
from tests.browsers.line import Line
from tests.browsers.tab import Tab
from tests.browsers.webkit import Display, WebKit
from tests.pages import signed_in
from tests.scenes import Scene

Browser = Container | WebKit

TRIES = 3
ENDED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note whether WebKit ended by itself. MiniBrowser 2.50 does now and then, at Back."""
    item.stash[ENDED] = False
    try:
        yield
    except WebDriverException:
        used = item.funcargs.get("new_browser") if isinstance(item, pytest.Function) else None
        item.stash[ENDED] = isinstance(used, WebKit) and used.has_ended
        raise


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run a test again whose browser ended by itself: it has shown nothing of the service.

    Whatever a page does wrong fails at once, and what ends the browser each time fails too. The
    last test of a worker is not run again: what all tests share, as the database, is gone after it.
    """
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for _ in range(TRIES if nextitem else 1):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if not item.stash.get(ENDED, False):
            break
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="session")
def running_firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    running = Firefox(_program("firefox"), tmp_path_factory.mktemp("firefox"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    shown = Display(_program("xvfb"))
    yield shown
    shown.close()


def _program(name: str) -> str:
    path = install.find(name)
    if path is None:
        pytest.fail(f"No {name} was found. Run make test-browsers, which installs it.")
    return path


@pytest.fixture(scope="session")
def certificate() -> ssl.SSLContext:
    """One that the browsers are told to accept."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def line(
    live_server: LiveServer,
    live_pages_end: None,
    certificate: ssl.SSLContext,
    settings: Settings,
) -> Iterator[Line]:
    laid = Line(live_server.thread.port, certificate)
    # What was sent to the line's own address came by HTTPS.
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_HOST", laid.host)
    yield laid
    laid.cut()


@pytest.fixture
def firefox(running_firefox: Firefox, line: Line) -> Iterator[Container]:
    opened = Container(running_firefox, line)
    yield opened
    opened.close()


@pytest.fixture
def webkit(display: Display, line: Line) -> Iterator[WebKit]:
    opened = WebKit(_program("webkit"), display, line)
    yield opened
    opened.close()


@pytest.fixture(params=["firefox", "webkit"])
def new_browser(request: pytest.FixtureRequest) -> Browser:
    """Each of the two, with nobody signed in."""
    opened: Browser = request.getfixturevalue(request.param)
    return opened


@pytest.fixture
def browser(new_browser: Browser, scene: Scene) -> Browser:
    """Each of the two, with the inspector signed in."""
    sign_in(new_browser.tab, scene.inspector)
    return new_browser


@pytest.fixture
def tab(browser: Browser) -> Tab:
    return browser.tab


def sign_in(tab: Tab, person: User) -> None:
    """Sign this person in, in every tab of this browser."""
    name = configured.SESSION_COOKIE_NAME
    session = signed_in(person).cookies[name].value
    tab.open("/accounts/login/")
    tab.evaluate(f"document.cookie = '{name}={session}; path=/; max-age=86400'")
