"""A session warns before it ends, can be kept, and takes nothing typed with it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from config.sessions import SessionStore
from inspections.access.session_ends import MOVED_ON
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

# Of almost three minutes that are left when the test begins to wait.
WARNING = re.compile(r"You will be signed out in\s+[23] minutes")


def let_it_end_in(seconds: int) -> None:
    """As if nothing had been done for the rest of the half hour."""
    session = SessionStore(Session.objects.get().session_key)
    session[MOVED_ON] = time.time() - 1600
    session.set_expiry(datetime.fromtimestamp(time.time() + seconds, UTC))
    session.save()


def seconds_left() -> int:
    return SessionStore(Session.objects.get().session_key).get_expiry_age()


def open_with_its_clock(page: Page, scene: Scene, sign_in: SignIn) -> None:
    """Open a case's questions, with a clock that the test moves on."""
    page.clock.install()
    sign_in(page, scene.inspector)
    page.goto(scene.record_page())
    expect(page.locator("body[data-waiting]")).to_be_attached()


def test_the_warning_is_put_off_by_its_button(
    page: Page, scene: Scene, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    open_with_its_clock(page, scene, sign_in)
    expect(page.get_by_text("You will be signed out")).to_have_count(0)
    let_it_end_in(170)
    page.clock.fast_forward("27:00")
    expect(page.get_by_text(WARNING)).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_text(WARNING)).to_be_hidden()
    assert 1700 < seconds_left() <= 1800


def test_whoever_types_stays_signed_in(page: Page, scene: Scene, sign_in: SignIn) -> None:
    open_with_its_clock(page, scene, sign_in)
    let_it_end_in(170)
    page.locator("summary", has_text="Note").first.click()
    with page.expect_response("**/session/stay/"):
        page.clock.fast_forward("27:00")
    assert seconds_left() > 1700
    expect(page.get_by_text(WARNING)).to_have_count(0)


def test_what_was_typed_is_there_once_it_has_ended(
    page: Page, scene: Scene, sign_in: SignIn
) -> None:
    open_with_its_clock(page, scene, sign_in)
    page.locator("summary", has_text="Note").first.click()
    note = page.locator("textarea").first
    let_it_end_in(-1)
    note.fill("Seen in the file.")
    page.clock.fast_forward("31:00")
    expect(
        page.get_by_text("to sign in", exact=False)
        .or_(page.get_by_text("You are signed out.", exact=False))
        .first
    ).to_be_visible()
    expect(note).to_have_value("Seen in the file.")
    sign_in(page, scene.inspector)
    page.goto(scene.record_page())
    expect(page.locator("textarea").first).to_have_value("Seen in the file.")
