"""Firefox and WebKit, each with an inspector who is signed in, on a line that can be cut."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
import trustme
from django.conf import settings as configured
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from inspections.models import User
from tests.browsers import install
from tests.browsers.firefox import Container, Firefox
from tests.browsers.line import Line
from tests.browsers.tab import Tab
from tests.browsers.webkit import Display, WebKit
from tests.pages import signed_in
from tests.scenes import Scene

Browser = Container | WebKit


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
