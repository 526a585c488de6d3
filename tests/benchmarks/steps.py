"""The clicks, notches of the wheel and keys that recording a whole case takes."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Page, expect, sync_playwright

from config.demonstration import builder
from inspections.framework import Group
from tests import chromium
from tests.benchmarks.saving import session_of
from tests.benchmarks.server import addresses_of, serving
from tests.browser.steps import MOST, SWIPE, Keyboard, Pointer
from tests.conftest import ARGUMENTS

PATIENCE = 30_000


def steps() -> Iterator[str]:
    """Rows: a case of either group by mouse, by keys, and by finger on a telephone."""
    chromium.main()
    expect.set_options(timeout=PATIENCE)
    # All before the browser starts: Django's models can't be asked in its thread.
    inspection = builder.inspection()
    ada = builder.inspector(inspection)
    session = session_of(ada)
    given = [
        (
            len(inspection.framework.case_questions(group)),
            [one.get_absolute_url() for one in builder.cases(inspection, group, 3, ada)],
        )
        for group in (Group.OUT_OF_COURT, Group.COURT)
    ]
    with (
        serving(**addresses_of(connection.settings_dict["NAME"])) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        for number, cases in given:
            yield from _of_cases(number, cases, service.url, session, browser)
        browser.close()


def _of_cases(
    number: int, cases: list[str], url: str, session: str, browser: Browser
) -> Iterator[str]:
    most = MOST[number]

    def page(width: int, height: int) -> Page:
        context = browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, service_workers="block"
        )
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session, "url": url}])
        return context.new_page()

    mouse = Pointer(page(1280, 900)).record(cases[0])
    keyboard = Keyboard(page(1280, 900), advances=True).record(cases[1])
    finger = Pointer(page(375, 740), scrolls_by=SWIPE).record(cases[2])
    yield (
        f"{f'a case of {number} questions by mouse':<58} {mouse.clicks} clicks, "
        f"{mouse.scrolls} notches (bars {most.clicks}, {most.scrolls})"
    )
    yield (
        f"{f'a case of {number} questions by keyboard, going on by itself':<58} "
        f"{keyboard.keys} keys (bar {most.keys})"
    )
    yield (
        f"{f'a case of {number} questions by finger, 375 pixels wide':<58} {finger.clicks} taps, "
        f"{finger.scrolls} swipes"
    )
