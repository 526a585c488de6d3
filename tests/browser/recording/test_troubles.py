"""What can be wrong with a device, and what it says then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import AnswerSave
from tests.browser.recording.conftest import (
    Device,
    Fieldwork,
    choose,
    everything_saved,
    open_record,
    question,
    status,
    take_along,
    write_note,
)
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)

Recording = Callable[[], Page]

FULL = "This device has no room to keep your changes."


def fill_up(page: Page, live_server: LiveServer) -> None:
    """Give the browser no room for what this service keeps."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url, "quotaSize": 1})


def test_a_wrong_clock_changes_no_time_that_is_shown(
    page: Page, sign_in: SignIn, fieldwork: Fieldwork
) -> None:
    page.clock.set_system_time("2019-01-01T03:33:00Z")
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.first)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    kept = AnswerSave.objects.get()
    assert kept.made_at is not None and kept.made_at.year == 2019
    assert kept.saved_at.year != 2019
    expect(status(page, "2.1.1a")).not_to_contain_text("2019")


def test_a_clock_that_jumps_removes_no_copies(
    device: Device, fieldwork: Fieldwork, sign_in: SignIn
) -> None:
    sign_in(device.page, fieldwork.inspector)
    take_along(device.page, fieldwork.first)
    device.lose_network()
    device.page.clock.set_system_time("2039-01-01T03:33:00Z")
    open_record(device.page, fieldwork.first)
    device.page.goto("/offline/")
    expect(device.page.get_by_role("link", name="Case C-001")).to_be_visible()


def test_copies_leave_after_a_week_by_the_servers_time(
    device: Device, fieldwork: Fieldwork, sign_in: SignIn
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    take_along(page, fieldwork.first)
    page.evaluate(
        """async () => {
            const { write, asked } = await import("/static/recording/database.js");
            await write(["along"], async (along) => {
                const [one] = await asked(along.getAll());
                along.put({ ...one, since: one.since - 7.1 * 24 * 60 * 60 * 1000 });
            });
        }"""
    )
    page.goto("/")
    expect(page.locator(".app-sending")).to_contain_text("No longer kept on this device: C-001.")
    page.goto("/offline/")
    expect(page.get_by_text("No case has been taken along")).to_be_visible()


def test_a_full_device_says_so_and_still_sends(
    page: Page,
    recording: Recording,
    fieldwork: Fieldwork,
    live_server: LiveServer,
    axe: Callable[[Page], None],
) -> None:
    fill_up(page, live_server)
    recording()
    page.context.set_offline(True)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Not kept on this device")
    write_note(page, "2.1.1a", "Why")
    expect(page.locator(".app-sending")).to_contain_text(FULL)
    axe(page)
    page.context.set_offline(False)
    everything_saved(page)
    expect(page.get_by_text(FULL)).to_have_count(0)
    answer = fieldwork.first.answers.get()
    assert (answer.value, answer.note, answer.version) == ("YES", "Why", 2)


def test_a_browser_that_keeps_nothing_still_sends(
    page: Page, sign_in: SignIn, fieldwork: Fieldwork
) -> None:
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };"
    )
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.first)
    choose(page, "2.1.1a", "YES")
    write_note(page, "2.1.1a", "Why")
    everything_saved(page)
    answer = fieldwork.first.answers.get()
    assert (answer.value, answer.note, answer.version) == ("YES", "Why", 2)


def test_leaving_with_changes_that_are_not_kept_asks_first(
    page: Page, recording: Recording, live_server: LiveServer
) -> None:
    fill_up(page, live_server)
    recording()
    page.context.set_offline(True)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Not kept on this device")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(question(page, "2.1.1a").locator('input[value="YES"]')).to_be_checked()


def test_a_server_that_fails_is_tried_again_with_the_same_save(
    recording: Recording, fieldwork: Fieldwork
) -> None:
    page = recording()
    lost: list[object] = []

    def lose_the_first_reply(route: object) -> None:
        if not lost:
            lost.append(route.fetch())  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/saves/", lose_the_first_reply)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    assert AnswerSave.objects.count() == 1
