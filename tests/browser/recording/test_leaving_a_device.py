"""Copies leave a device at sign-out and when the account is closed, whatever script ran before;
what waits stays until it is sent, downloaded or given up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from inspections.models import User
from tests.browser.recording.conftest import Device, keep_offline, wait_until
from tests.browser.recording.test_shared_devices import kept, leave_one_change_waiting
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

NOTHING: dict[str, list[str]] = {"pages": [], "standing": [], "offline_cases": [], "outbox": []}


def copies_go(page: Page) -> None:
    """From the browser's own storage, and so from the page that lists them."""
    wait_until(lambda: kept(page)["pages"] == [], page)
    assert kept(page)["offline_cases"] == []


def by_the_pages_own_button(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def without_scripts(page: Page) -> None:
    """As where they have not run, or the browser sent the form by itself."""
    page.goto("/accounts/logout/")
    page.evaluate("document.querySelector('main form').submit()")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def closing_the_account(page: Page) -> None:
    User.objects.update(is_active=False)
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("end", [by_the_pages_own_button, without_scripts, closing_the_account])
def test_no_case_stays_on_the_device_after(
    device: Device, fieldwork: Scene, sign_in: SignIn, end: Callable[[Page], None]
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    keep_offline(page, fieldwork.case)
    assert kept(page)["pages"]
    end(page)
    copies_go(page)
    device.lose_network()
    page.goto(fieldwork.case.get_absolute_url())
    expect(page.get_by_text("No case is available offline")).to_be_visible()


def test_a_session_that_has_expired_removes_nothing(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    keep_offline(page, fieldwork.case)
    before = kept(page)
    Session.objects.all().delete()
    with page.expect_response("**/last-owner/**") as asked:
        page.goto("/accounts/login/")
    assert asked.value.json() == {"leaves": False}
    assert kept(page) == before


@pytest.mark.parametrize("end", [without_scripts, closing_the_account])
def test_what_waits_is_offered_as_a_file_before_it_goes(
    device: Device,
    fieldwork: Scene,
    sign_in: SignIn,
    axe: Callable[[Page], None],
    tmp_path: Path,
    end: Callable[[Page], None],
) -> None:
    page = device.page
    leave_one_change_waiting(device, fieldwork, sign_in)
    page.route("**/saves/", lambda route: route.abort())
    device.find_network()
    end(page)
    copies_go(page)
    assert len(kept(page)["outbox"]) == 2
    axe(page)
    page.get_by_role("link", name="See what was not sent").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as a file").click()
    download.value.save_as(tmp_path / "outbox.json")
    file = json.loads((tmp_path / "outbox.json").read_text())
    assert file["user"] == fieldwork.inspector.pk and len(file["saves"]) == 2
    axe(page)
    page.get_by_role("button", name="Remove what waits from this device").click()
    expect(page.get_by_text("Nothing waits on this device")).to_be_visible()
    assert kept(page) == NOTHING
