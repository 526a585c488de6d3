"""What is typed into a form that is sent as a whole is kept on the device until it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import APIResponse, Dialog, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from ratings.models import Finding
from tests.browser.recording.conftest import Device, wait_until
from tests.conftest import PATIENCE, SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

ADD_MEETING = "evidence/add/meeting/"
ADD = "key-questions/1.1.1/add/strength/"


def drafts(page: Page, words: str = "") -> list[dict[str, Any]]:
    """Every draft that the browser keeps, once one has ``words`` in it, or once there is none."""
    kept: list[dict[str, Any]] = page.evaluate(
        """async ([words, patience]) => {
            const { read } = await import("/static/recording/database.js");
            const end = Date.now() + patience;
            for (;;) {
                const kept = await read(["drafts"], (store) => store.getAll());
                const isSo = words ? JSON.stringify(kept).includes(words) : kept.length === 0;
                if (isSo || Date.now() > end) return kept;
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        }""",
        [words, PATIENCE],
    )
    return kept


def typed_in(page: Page, words: str) -> None:
    """Type, and wait until it is kept."""
    page.get_by_role("textbox").first.press_sequentially(words)
    assert words in str(drafts(page, words))


def expect_restored(page: Page, words: str) -> None:
    expect(page.get_by_text(re.compile(r"Not saved yet: typed at \d\d:\d\d\."))).to_be_visible()
    expect(page.get_by_role("textbox").first).to_have_value(words)


def test_what_was_typed_is_there_after_the_browser_was_killed(
    device: Device, sign_in: SignIn, scene: Scene, axe: Callable[[Page], None]
) -> None:
    sign_in(device.page, scene.lead)
    device.page.goto(scene.home + ADD)
    typed_in(device.page, "Found on a train")
    page = device.shut_and_open(offline=False)
    page.goto(scene.home + ADD)
    expect_restored(page, "Found on a train")
    axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Found on a train")).to_be_visible()
    page.goto(scene.home + ADD)
    expect(page.get_by_role("textbox").first).to_have_value("")
    assert drafts(page) == []
    assert Finding.objects.count() == 1


def test_continuous_typing_is_kept_while_it_goes_on(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    page.evaluate(
        """() => {
            const field = document.querySelector("main textarea");
            window.typing = setInterval(() => {
                field.value += "x";
                field.dispatchEvent(new Event("input", { bubbles: true }));
            }, 50);
        }"""
    )
    assert "xxx" in str(drafts(page, "xxx"))
    page.evaluate("clearInterval(window.typing)")


def test_what_was_saved_is_no_draft_though_the_clock_was_corrected_meanwhile(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    finding = scene.finding("As found.")
    sign_in(page, scene.lead)
    # The server's time arrives seconds after it was told.
    late: list[tuple[Route, APIResponse]] = []
    page.route("**/offline-cases/", lambda route: late.append((route, route.fetch())))
    address = f"{scene.home}findings/{finding.pk}/"
    page.goto(address)
    wait_until(lambda: bool(late), page)
    page.wait_for_timeout(3_000)
    page.get_by_role("textbox").first.fill("As read.")
    drafts(page, "As read.")
    with page.expect_event("requestfinished", lambda one: one.url.endswith("/offline-cases/")):
        for route, response in late:
            route.fulfill(response=response)
    page.unroute("**/offline-cases/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("As read.")).to_be_visible()
    page.goto(address)
    assert drafts(page) == []
    expect(page.locator("[name=base_version]")).to_have_value("2")


def test_a_discarded_draft_leaves_what_stands(page: Page, sign_in: SignIn, scene: Scene) -> None:
    finding = scene.finding("As found.")
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}findings/{finding.pk}/")
    typed_in(page, "Reworded ")
    page.reload()
    expect_restored(page, "Reworded As found.")
    page.get_by_role("button", name="Discard what was typed").click()
    expect(page.get_by_role("textbox").first).to_have_value("As found.")
    page.reload()
    expect(page.get_by_role("textbox").first).to_have_value("As found.")
    assert drafts(page) == []


def test_a_draft_of_an_earlier_version_ends_in_a_conflict_with_both_sides(
    page: Page, new_page: Callable[..., Page], sign_in: SignIn, scene: Scene
) -> None:
    finding = scene.finding("As found.")
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}findings/{finding.pk}/")
    typed_in(page, "Mine: ")
    page.goto(scene.home)
    other = new_page()
    sign_in(other, scene.lead)
    other.goto(f"{scene.home}findings/{finding.pk}/")
    other.get_by_role("textbox").first.fill("Theirs.")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("Theirs.")).to_be_visible()
    page.goto(f"{scene.home}findings/{finding.pk}/")
    expect_restored(page, "Mine: As found.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What you wrote is not saved yet")).to_be_visible()
    expect(page.get_by_role("cell", name="Theirs.")).to_be_visible()
    assert Finding.objects.get(pk=finding.pk).text == "Theirs."
    # What the page of the conflict shows is the draft now.
    assert drafts(page, '"sent_at":null')
    page.goto(f"{scene.home}findings/{finding.pk}/")
    expect_restored(page, "Mine: As found.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Mine: As found.")).to_be_visible()
    assert Finding.objects.get(pk=finding.pk).text == "Mine: As found."


def test_dropping_mine_in_a_conflict_drops_the_draft(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    finding = scene.finding("As found.")
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}findings/{finding.pk}/")
    typed_in(page, "Mine: ")
    Finding.objects.filter(pk=finding.pk).update(text="Theirs.", version=2)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Keep what is saved and drop mine").click()
    expect(page).to_have_url(re.compile("key-questions/1.1.1/$"))
    page.goto(f"{scene.home}findings/{finding.pk}/")
    expect(page.get_by_role("textbox").first).to_have_value("Theirs.")
    assert drafts(page) == []


def test_what_was_typed_when_the_session_had_ended_is_there_after_signing_in(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    typed_in(page, "Found on a train")
    Session.objects.all().delete()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    expect_restored(page, "Found on a train")


def test_a_draft_is_shown_to_its_author_alone(page: Page, sign_in: SignIn, scene: Scene) -> None:
    sign_in(page, scene.inspector)
    page.goto(scene.home + ADD_MEETING)
    typed_in(page, "Found on a train")
    sign_in(page, scene.colleague)
    page.goto(scene.home + ADD_MEETING)
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")
    expect(page.get_by_role("textbox").first).to_have_value("")
    expect(page.get_by_text("Not saved yet")).to_have_count(0)
    sign_in(page, scene.inspector)
    page.goto(scene.home + ADD_MEETING)
    expect_restored(page, "Found on a train")


def test_leaving_with_typed_text_is_warned_of(page: Page, sign_in: SignIn, scene: Scene) -> None:
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    typed_in(page, "Found on a train")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("textbox").first).to_have_value("Found on a train")
    assert asked == ["beforeunload"]
    page.once("dialog", stay)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="1.1.1")).to_be_visible()
    assert asked == ["beforeunload"]


def test_another_tab_does_not_take_over_a_draft_that_is_being_written(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    typed_in(page, "In the first tab")
    other = page.context.new_page()
    other.goto(scene.home + ADD)
    typed_in(other, "In the second tab")
    assert len(drafts(page, "In the second tab")) == 2
    expect(page.get_by_role("textbox").first).to_have_value("In the first tab")
    other.close(run_before_unload=False)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("In the first tab")).to_be_visible()
    page.goto(scene.home + ADD)
    expect_restored(page, "In the second tab")


def test_a_device_without_room_says_that_it_keeps_nothing(
    page: Page, sign_in: SignIn, scene: Scene, axe: Callable[[Page], None]
) -> None:
    page.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }"
    )
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    page.get_by_role("textbox").first.press_sequentially("Found on a train")
    expect(page.get_by_text("Leave this page open until it is saved")).to_be_visible()
    axe(page)


def test_signing_out_says_what_was_typed_and_not_saved(
    page: Page, sign_in: SignIn, scene: Scene, axe: Callable[[Page], None]
) -> None:
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    typed_in(page, "Found on a train")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="What you typed is not saved yet")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Add a strength").click()
    expect_restored(page, "Found on a train")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out and lose what I typed").click()
    expect(page.get_by_text("You have signed out")).to_be_visible()
    assert drafts(page) == []


def test_what_could_not_be_sent_is_listed_where_that_is_said(
    device: Device, sign_in: SignIn, scene: Scene, axe: Callable[[Page], None]
) -> None:
    page = device.page
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    typed_in(page, "Found on a train")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    device.lose_network()
    page.goto(scene.home + ADD)
    expect(page.get_by_role("heading", name="Typed and not saved yet")).to_be_visible()
    axe(page)
    device.find_network()
    page.get_by_role("link", name="Add a strength").click()
    expect_restored(page, "Found on a train")


def test_what_was_typed_in_a_form_that_is_gone_is_shown_in_the_list(
    page: Page, sign_in: SignIn, scene: Scene, axe: Callable[[Page], None]
) -> None:
    finding = scene.finding("As found.")
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}findings/{finding.pk}/")
    typed_in(page, "On a train: ")
    finding.delete()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("On a train: As found.")).to_be_visible()
    page.goto("/outbox/")
    expect(page.get_by_role("link", name="Change a strength")).to_be_visible()
    expect(page.get_by_text("On a train: As found.")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("is_restored", [False, True])
def test_what_is_cleared_under_an_open_page_is_kept_again(
    page: Page, sign_in: SignIn, scene: Scene, live_server: LiveServer, *, is_restored: bool
) -> None:
    sign_in(page, scene.lead)
    page.goto(scene.home + ADD)
    typed_in(page, "Found on a train")
    if is_restored:
        page.reload()
        expect_restored(page, "Found on a train")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "indexeddb"}
    )
    assert "Found on a train" in str(drafts(page, "Found on a train"))
    page.goto(scene.home + ADD)
    expect_restored(page, "Found on a train")
