"""The browser's storage fails, or is cleared, under an open page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import AnswerSave
from tests.browser.network import find_network, lose_network
from tests.browser.recording.conftest import (
    choose,
    everything_saved,
    question,
    status,
    write_note,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

Recording = Callable[[], Page]
CODE = "2.1.1a"

# As a full or failing disk does: the database is there, and no transaction succeeds.
FAIL = """() => {
    window.transaction = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = () => { throw new DOMException("", "UnknownError"); };
}"""
RECOVER = "() => { IDBDatabase.prototype.transaction = window.transaction; }"
REFRESH = """async () => {
    const { publish } = await import("/static/recording/tabs.js");
    publish({ type: "outbox", isTyping: true });
}"""
UNREADABLE = "This browser can’t read what waits on this device"


def test_an_unreadable_outbox_replaces_nothing_on_the_screen(
    page: Page, recording: Recording, fieldwork: Scene
) -> None:
    recording()
    choose(page, CODE, "NO")
    everything_saved(page)
    lose_network(page)
    choose(page, CODE, "YES")
    expect(status(page, CODE)).to_have_text("Waiting for the network")
    page.evaluate(FAIL)
    page.evaluate(REFRESH)
    expect(page.locator(".app-sending")).to_contain_text(UNREADABLE)
    expect(question(page, CODE).locator("input:checked")).to_have_value("YES")
    expect(status(page, CODE)).not_to_contain_text("Saved")
    write_note(page, CODE, "Typed meanwhile")
    expect(status(page, CODE)).to_contain_text("leave this page open")
    find_network(page)
    everything_saved(page)
    answer = fieldwork.case.answers.get()
    assert (answer.value, answer.note) == ("YES", "Typed meanwhile")
    # Nothing went out with the older answer.
    assert not AnswerSave.objects.exclude(note="").exclude(value="YES").exists()
    page.evaluate(RECOVER)
    page.evaluate(REFRESH)
    expect(page.get_by_text(UNREADABLE)).to_have_count(0)
    everything_saved(page)


def test_what_waits_elsewhere_stays_on_the_screen_while_it_cannot_be_read(
    page: Page, recording: Recording, fieldwork: Scene
) -> None:
    recording()
    lose_network(page)
    choose(page, CODE, "YES")
    # Kept by this page before it was loaded again, so it isn't this tab's own any more.
    page.route("**/saves/", lambda route: route.abort())
    find_network(page)
    page.reload()
    expect(question(page, CODE).locator("input:checked")).to_have_value("YES")
    page.evaluate(FAIL)
    page.evaluate(REFRESH)
    expect(page.locator(".app-sending")).to_contain_text(UNREADABLE)
    expect(question(page, CODE).locator("input:checked")).to_have_value("YES")
    expect(status(page, CODE)).not_to_contain_text("Saved")
    page.evaluate(RECOVER)
    page.unroute("**/saves/")
    page.evaluate(REFRESH)
    page.reload()
    everything_saved(page)
    assert fieldwork.case.answers.get().value == "YES"


def test_what_is_cleared_under_an_open_page_goes_back_into_the_outbox(
    page: Page, recording: Recording, fieldwork: Scene, live_server: LiveServer
) -> None:
    recording()
    lose_network(page)
    choose(page, CODE, "YES")
    write_note(page, CODE, "Before it was cleared")
    expect(status(page, CODE)).to_have_text("Waiting for the network")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "indexeddb"}
    )
    page.evaluate(REFRESH)
    expect(page.locator(".app-sending")).to_contain_text("2 changes wait on this device")
    expect(question(page, CODE).locator("input:checked")).to_have_value("YES")
    # They are in the outbox: a page that knows nothing of them sends them.
    find_network(page)
    page.reload()
    everything_saved(page)
    answer = fieldwork.case.answers.get()
    assert (answer.value, answer.note) == ("YES", "Before it was cleared")


def test_without_to_well_formed_notes_are_still_saved(
    page: Page, recording: Recording, fieldwork: Scene
) -> None:
    page.add_init_script("delete String.prototype.toWellFormed")
    recording()
    write_note(page, CODE, "Half a sign: \ud83d")
    everything_saved(page)
    assert fieldwork.case.answers.get().note == "Half a sign: �"
