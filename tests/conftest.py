"""Fixtures for every test: a browser, a page in it, and ways to sign in and to check accessibility.

The browser is one for all tests of a worker; each test has a context, and so cookies, of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pgtrigger
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config import environment
from config.postgresql import embedded
from tests import chromium as installed
from tests import template

# Tests on a busy machine may be slow, so hypothesis has no deadline; without one it takes half a
# minute for drawing its first examples to be a fault.
hypothesis_settings.register_profile(
    "no deadline", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("no deadline")

if TYPE_CHECKING:
    from inspections.models import User
    from tests.scenes import Scene

SignIn = Callable[[Page, "User"], None]

# Chromium makes no connections of its own, and root may run it only without its sandbox.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Slow machines under load must not fail a test that a person would call quick.
PATIENCE = 120_000
# The rules of WCAG 2.2 AA, which public sector services must meet.
RULES = {
    # What holds need not be reported.
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--hard",
        action="store_true",
        help="every round of kills, races and draws, in place of a few",
    )
    parser.addoption(
        "--write-goldens",
        action="store_true",
        help="write tests/golden/addresses.txt anew, to be read before it is committed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Hold the embedded server for the whole run: workers may end without letting go in order."""
    if not environment.text("DATABASE_URL") and not config.option.collectonly:
        try:
            embedded.attach()
        except embedded.DatabaseUnavailable as error:
            raise pytest.UsageError(str(error)) from None
        if not hasattr(config, "workerinput"):
            drop_abandoned_databases()


def drop_abandoned_databases() -> None:
    """Drop what runs that were killed left behind: a database is named after its process."""
    with template.server() as server:
        names = server.execute(
            r"SELECT datname FROM pg_database WHERE datname ~ '^test_fieldwork_\d+'"
        ).fetchall()
        for (name,) in names:
            if not Path(f"/proc/{name.split('_')[2]}").exists():
                template.drop(server, name)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy each process's database from a migrated one, kept for as long as it fits."""
    # Views that were called while tests were found have connected to the checkout's own database.
    # A pool would go on handing such connections out, and tests empty what they are connected to.
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["TEST"]["TEMPLATE"] = template.migrated()
    template.make_application_role()


@pytest.fixture(scope="session", autouse=True)
def pages_are_served_as_the_application() -> Iterator[None]:
    """What answers a browser has the rights of the application's role, as where it is served.

    It shares a pool with the tests, so each of its threads becomes that role when it begins to use
    a connection, and the tests are themselves again when it goes back to them.
    """

    def be_who_uses_it(connection: BaseDatabaseWrapper, **_: object) -> None:
        serves = _answers_a_browser(threading.current_thread())
        role = f'ROLE "{settings.APPLICATION_ROLE}"'
        # Not by a cursor of Django's: tests count what these run.
        connection.connection.execute(f"SET {role}" if serves else "RESET ROLE")

    connection_created.connect(be_who_uses_it)
    yield
    connection_created.disconnect(be_who_uses_it)


def _answers_a_browser(thread: threading.Thread) -> bool:
    return "process_request_thread" in thread.name


being_answered: set[threading.Thread] = set()
"""The threads of the live server that have a request, from when it began until all is sent."""


@pytest.fixture(scope="session", autouse=True)
def requests_of_browsers_are_known() -> Iterator[None]:
    def begin(**_: object) -> None:
        thread = threading.current_thread()
        if _answers_a_browser(thread):
            being_answered.add(thread)

    def end(**_: object) -> None:
        being_answered.discard(threading.current_thread())

    request_started.connect(begin)
    request_finished.connect(end)
    yield
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture(autouse=True)
def tables_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let what a test has saved, sealed and committed be emptied with all the rest.

    pytest-django empties the tables by TRUNCATE, which triggers refuse. Those of seals and of
    histories can only be switched off by the tables' owner; what follows on the emptying switches
    them on again. The test's other fixtures have ended by then, with what they hold locked.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and bool(marker.kwargs.get("transaction"))
    if not commits and not {"transactional_db", "live_server"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (connection.settings_dict["NAME"],)
    yield
    _wait_until_nobody_reads()
    # The cache's table is no model's: what is counted against guessing would outlive the test.
    cache.clear()
    from cases.models import AnswerSave, DetailSave
    from ratings.models import HistoryLink, SealedResult
    from ratings.results.tables import ADDED_WHILE_SEALED, event_tables
    from ratings.results.triggers import ACCESS, WHOLE_TABLE, all_triggers

    refusing = {trigger.table for trigger in all_triggers() if trigger.name == WHOLE_TABLE}
    with connection.cursor() as cursor:
        added = {model._meta.db_table for model in ADDED_WHILE_SEALED}
        histories = {*event_tables(), HistoryLink._meta.db_table, *ACCESS, *added}
        for table in refusing if SealedResult.objects.exists() else histories:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER {WHOLE_TABLE}')
        for saves in (AnswerSave, DetailSave):
            if saves.objects.exists():
                with pgtrigger.ignore(f"{saves._meta.label}:never_emptied"):
                    cursor.execute(f"TRUNCATE {saves._meta.db_table}")


def _wait_until_nobody_reads() -> None:
    """A page that has just ended may still be rated. Emptying tables under it is a deadlock."""
    end = time.monotonic() + PATIENCE / 1000
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            if being_answered:
                time.sleep(0.01)
                continue
            cursor.execute(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND backend_type = 'client backend' AND state <> 'idle'
                """
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.01)


@pytest.fixture(scope="session")
def hard(request: pytest.FixtureRequest) -> bool:
    """Whether to run every round of kills, races and draws instead of a few."""
    return bool(request.config.getoption("hard"))


def pytest_unconfigure(config: pytest.Config) -> None:
    embedded.release()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = installed.find_shell()
    if path is None:
        pytest.fail("No Chromium was found. Run the tests with make test, which installs one.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def live_pages_end(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No open ratings page outlives its test; asking for ``db`` ends them before it is emptied."""
    from ratings.pages.live import broker as live

    monkeypatch.setattr(live, "POLL_SECONDS", 0.05)
    yield
    live.broker.stop()
    _wait_until_nobody_asks()


def _wait_until_nobody_asks() -> None:
    """A request that is still running would deadlock with the emptying of its tables.

    It is one also while it asks nothing: it may be about to.
    """
    quiet, give_up_at = 0, time.monotonic() + PATIENCE / 1000
    while quiet < 3 and time.monotonic() < give_up_at:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            (asking,) = cursor.fetchone()
        quiet = 0 if asking or being_answered else quiet + 1
        time.sleep(0.02)


@pytest.fixture
def new_page(
    chromium: Browser, live_server: LiveServer, live_pages_end: None
) -> Iterator[Callable[..., Page]]:
    """Opens a page of its own, as another person's browser would; addresses may start with "/"."""
    contexts: list[BrowserContext] = []

    def open_one(width: int = 1280, height: int = 900, **options: object) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Europe/London",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page 1280 pixels wide."""
    return new_page()


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    """Signs a person in without the sign-in page, whose own tests are elsewhere."""

    def as_person(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return as_person


@pytest.fixture
def scene(db: None) -> Scene:
    """Fieldwork with somebody in every role and a case."""
    from tests import scenes

    return scenes.team()


@pytest.fixture
def at_panel(db: None) -> Scene:
    from tests import scenes

    return scenes.at_panel()


NARROW = (375, 320)
"""Widths of telephones, in pixels, at which no page may scroll sideways."""


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails with axe's report if the page has accessibility problems, or if it scrolls sideways,
    also at the width of a phone."""

    def assert_accessible(page: Page) -> None:
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        size = page.viewport_size
        assert size is not None
        for width in (size["width"], *NARROW):
            page.set_viewport_size({"width": width, "height": size["height"]})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        page.set_viewport_size(size)

    return assert_accessible
