"""Problems of a device: clock, storage, network, a service that fails."""

from __future__ import annotations

from collections.abc import Callable

import pgtrigger
import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions import Save, record_answers
from cases.models import Answer, AnswerSave
from tests.browser.network import find_network, lose_network
from tests.browser.recording.conftest import (
    Device,
    choose,
    everything_saved,
    keep_offline,
    open_record,
    question,
    status,
    write_note,
)
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

Recording = Callable[[], Page]

FULL = "This device has no room to keep your changes, or its browser keeps nothing."


def fill_up(page: Page, live_server: LiveServer) -> None:
    """Give the browser no room for what this service keeps."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": live_server.url, "quotaSize": 1})


def test_a_wrong_clock_changes_no_time_that_is_shown(
    page: Page, sign_in: SignIn, fieldwork: Scene
) -> None:
    page.clock.set_system_time("2019-01-01T03:33:00Z")
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.case)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    kept = AnswerSave.objects.get()
    assert kept.made_at is not None and kept.made_at.year == 2019
    assert kept.saved_at.year != 2019
    expect(status(page, "2.1.1a")).not_to_contain_text("2019")


def test_a_clock_that_jumps_removes_no_copies(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    sign_in(device.page, fieldwork.inspector)
    keep_offline(device.page, fieldwork.case)
    device.lose_network()
    device.page.clock.set_system_time("2039-01-01T03:33:00Z")
    open_record(device.page, fieldwork.case)
    device.page.goto("/offline/")
    expect(device.page.get_by_role("link", name="Case C-001")).to_be_visible()


def test_copies_are_removed_after_a_week_by_the_servers_time(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    keep_offline(page, fieldwork.case)
    page.evaluate(
        """async () => {
            const { write } = await import("/static/recording/database.js");
            await write(["offline_cases"], async (cases) => {
                const [one] = await cases.getAll();
                await cases.put({ ...one, since: one.since - 7.1 * 24 * 60 * 60 * 1000 });
            });
        }"""
    )
    page.goto("/")
    expect(page.locator(".app-sending")).to_contain_text("No longer kept on this device: C-001.")
    page.goto("/offline/")
    expect(page.get_by_text("No case is available offline")).to_be_visible()


def test_a_full_device_says_so_and_still_sends(
    page: Page,
    recording: Recording,
    fieldwork: Scene,
    live_server: LiveServer,
    axe: Callable[[Page], None],
) -> None:
    fill_up(page, live_server)
    recording()
    lose_network(page)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Not kept on this device")
    write_note(page, "2.1.1a", "Why")
    expect(page.locator(".app-sending")).to_contain_text(FULL)
    axe(page)
    find_network(page)
    everything_saved(page)
    expect(page.get_by_text(FULL)).to_have_count(0)
    answer = fieldwork.case.answers.get()
    assert (answer.value, answer.note, answer.version) == ("YES", "Why", 2)


def test_a_browser_that_keeps_nothing_still_sends(
    page: Page, sign_in: SignIn, fieldwork: Scene
) -> None:
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };"
    )
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.case)
    choose(page, "2.1.1a", "YES")
    write_note(page, "2.1.1a", "Why")
    everything_saved(page)
    answer = fieldwork.case.answers.get()
    assert (answer.value, answer.note, answer.version) == ("YES", "Why", 2)


def test_leaving_with_changes_that_are_not_kept_asks_first(
    page: Page, recording: Recording, live_server: LiveServer
) -> None:
    fill_up(page, live_server)
    recording()
    lose_network(page)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Not kept on this device")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(question(page, "2.1.1a").locator('input[value="YES"]')).to_be_checked()


def test_a_server_that_fails_is_tried_again_with_the_same_save(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    lost: list[object] = []

    def lose_the_first_reply(route: Route) -> None:
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/saves/", lose_the_first_reply)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    assert AnswerSave.objects.count() == 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"status": 500, "body": "<h1>Server Error</h1>"}, "Waiting for the service"),
        ({"status": 502, "body": "<h1>Bad Gateway</h1>"}, "Waiting for the service"),
        ({"status": 200, "body": "<h1>Welcome to this hotel</h1>"}, "Waiting for the service"),
        ({"status": 302, "headers": {"Location": "/accounts/login/"}}, "Waiting for the service"),
    ],
)
def test_a_response_that_is_not_the_services_own_saves_nothing(
    recording: Recording,
    fieldwork: Scene,
    axe: Callable[[Page], None],
    reply: dict[str, object],
    words: str,
) -> None:
    page = recording()
    page.route(
        "**/saves/",
        lambda route: route.fulfill(content_type="text/html", **reply),
    )
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_have_text(words)
    axe(page)
    page.unroute("**/saves/")
    everything_saved(page)
    assert fieldwork.case.answers.get().value == "YES"


def test_a_note_that_is_too_long_is_kept_and_sent_once_shortened(
    recording: Recording, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = recording()
    choose(page, "2.1.1a", "YES")
    write_note(page, "2.1.1a", "é" * 20_012)
    words = "Not saved. Shorten the text to 20,000 characters. It has 20,012."
    expect(status(page, "2.1.1a")).to_have_text(words)
    axe(page)
    # It holds up no other question, and outlasts a reload.
    choose(page, "2.1.1b", "NO")
    expect(status(page, "2.1.1b")).to_contain_text("Saved, ")
    page.reload()
    expect(status(page, "2.1.1a")).to_have_text(words)
    assert len(question(page, "2.1.1a").locator("textarea").input_value()) == 20_012
    write_note(page, "2.1.1a", "é" * 20_000)
    everything_saved(page)
    assert fieldwork.case.answers.get(question="2.1.1a").note == "é" * 20_000


def test_characters_that_cannot_be_stored_in_a_note_are_shown_replaced(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    textarea = question(page, "2.1.1a").locator("textarea")
    question(page, "2.1.1a").locator("summary", has_text="Note").click()
    textarea.evaluate("field => { field.value = 'half \\ud83d of one, \\0 nothing'; }")
    textarea.press("End")
    textarea.press_sequentially(".")
    textarea.blur()
    everything_saved(page)
    written = "half \ufffd of one, \ufffd nothing."
    assert fieldwork.case.answers.get().note == written
    expect(textarea).to_have_value(written)


def test_a_device_that_fills_up_still_sends_what_it_kept(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    lose_network(page)
    choose(page, "2.1.1a", "YES")
    write_note(page, "2.1.1a", "Kept")
    choose(page, "2.1.1b", "YES")
    expect(status(page, "2.1.1b")).to_have_text("Waiting for the network")
    # The browser looks how much room there is now and then only, so it is told outright.
    page.evaluate(
        """() => {
            IDBObjectStore.prototype.put = IDBObjectStore.prototype.add = () => {
                throw new DOMException("", "QuotaExceededError");
            };
        }"""
    )
    write_note(page, "2.1.1b", "Not kept")
    expect(status(page, "2.1.1b")).to_contain_text("Not kept on this device")
    find_network(page)
    everything_saved(page)
    answers = fieldwork.case.answers.order_by("question").values_list("value", "note")
    assert list(answers) == [("YES", "Kept"), ("YES", "Not kept")]
    assert AnswerSave.objects.count() == 4


def test_a_newer_page_may_change_what_the_device_keeps_while_this_one_is_open(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    page.evaluate(
        """() => new Promise((resolve, reject) => {
            const request = indexedDB.open("fieldwork", 4);
            request.onblocked = () => reject(new Error("the open page held on to it"));
            request.onsuccess = () => { request.result.close(); resolve(); };
        })"""
    )
    lose_network(page)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("leave this page open")
    find_network(page)
    everything_saved(page)
    assert fieldwork.case.answers.get().value == "YES"


def record_what_is_backed_up(fieldwork: Scene) -> None:
    save = Save("2.1.1a", "NO", "From the backup", 0)
    record_answers(case_id=fieldwork.case.pk, saves=[save], by=fieldwork.inspector)


def save_and_lose(page: Page, fieldwork: Scene) -> None:
    """The page knows version 3; the record comes back from the backup, where version 1 stood."""
    open_record(page, fieldwork.case)
    for value in ("YES", "NO"):
        choose(page, "2.1.1a", value)
        everything_saved(page)
    with pgtrigger.ignore("cases.AnswerSave:append_only"):
        AnswerSave.objects.filter(version__gt=1).delete()
    Answer.objects.update(value="NO", version=1)


def test_a_record_restored_from_a_backup_is_shown_as_it_is(
    page: Page, sign_in: SignIn, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    sign_in(page, fieldwork.inspector)
    record_what_is_backed_up(fieldwork)
    save_and_lose(page, fieldwork)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_have_text("Conflict: choose which answer to keep")
    axe(page)
    question(page, "2.1.1a").get_by_role("button", name="Keep the one saved before").click()
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    expect(question(page, "2.1.1a").locator('input[value="NO"]')).to_be_checked()
    choose(page, "2.1.1a", "YES")
    everything_saved(page)
    assert fieldwork.case.answers.get().version == 2


def test_an_answer_that_a_backup_lost_is_offered_and_can_be_kept(
    page: Page, sign_in: SignIn, fieldwork: Scene
) -> None:
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.case)
    for value in ("YES", "NO"):
        choose(page, "2.1.1a", value)
        everything_saved(page)
    with pgtrigger.ignore("cases.AnswerSave:append_only"):
        AnswerSave.objects.all().delete()
    Answer.objects.all().delete()
    choose(page, "2.1.1a", "YES")
    expect(question(page, "2.1.1a")).to_contain_text("is no longer there")
    question(page, "2.1.1a").get_by_role("button", name="Keep mine").click()
    everything_saved(page)
    expect(question(page, "2.1.1a").locator('input[value="YES"]')).to_be_checked()
    assert (fieldwork.case.answers.get().value, fieldwork.case.answers.get().version) == (
        "YES",
        1,
    )


def test_a_devices_answers_are_not_shown_over_an_older_restored_record(
    device: Device, sign_in: SignIn, fieldwork: Scene
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    # Before, so that the kept page, which shows on a slow network, is no older than the backup.
    record_what_is_backed_up(fieldwork)
    keep_offline(page, fieldwork.case)
    save_and_lose(page, fieldwork)
    # As if it had been learned two minutes ago: a backup takes longer to bring back than a save.
    page.evaluate(
        """async () => {
            const { write } = await import("/static/recording/database.js");
            await write(["standing"], async (known) => {
                for (const one of await known.getAll()) {
                    await known.put({ ...one, value: "YES", at: new Date(Date.now() - 120_000) });
                }
            });
        }"""
    )
    open_record(page, fieldwork.case)
    expect(question(page, "2.1.1a").locator('input[value="NO"]')).to_be_checked()
