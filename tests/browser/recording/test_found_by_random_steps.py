"""Faults that the test of random steps found, each as it is made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions import Save, allocate_case, record_answers
from cases.models import AnswerSave
from tests.browser.network import find_network, lose_network
from tests.browser.recording.conftest import (
    choose,
    everything_saved,
    open_record,
    question,
    record_url,
    status,
    wait_until,
)
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "2.1.1a"
IS_KEPT = """async () => {
    const { read } = await import("/static/recording/database.js");
    return (await read(["outbox"], (outbox) => outbox.count())) === 1;
}"""


def test_what_was_typed_in_a_tab_that_is_closed_is_sent_by_another(
    recording: Callable[[], Page], fieldwork: Scene
) -> None:
    page = recording()
    other = page.context.new_page()
    other.goto(fieldwork.case.get_absolute_url())
    expect(other.locator("body")).to_have_attribute("data-waiting", "0")
    page.route("**/saves/", lambda route: route.abort())
    section = question(page, CODE)
    section.locator("summary", has_text="Note").click()
    section.locator("textarea").fill("Half a sen")
    wait_until(lambda: page.evaluate(IS_KEPT), page)
    page.close()
    wait_until(lambda: AnswerSave.objects.exists(), other)
    assert AnswerSave.objects.get().note == "Half a sen"


def test_what_is_to_be_tried_again_is_sent_by_another_tab_than_the_closed_one(
    recording: Callable[[], Page], fieldwork: Scene
) -> None:
    page = recording()
    allocate_case(case=fieldwork.case, to=fieldwork.colleague, by=fieldwork.lead)
    choose(page, CODE, "YES")
    expect(status(page, CODE)).to_contain_text("Not saved.")
    allocate_case(case=fieldwork.case, to=fieldwork.inspector, by=fieldwork.lead)
    page.goto(fieldwork.case.get_absolute_url())
    expect(page.locator("body")).to_have_attribute("data-waiting", "1")
    closed = page.context.new_page()
    closed.goto("/outbox/")
    closed.route("**/saves/", lambda route: route.abort())
    closed.get_by_role("button", name="Try again").click()
    expect(closed.get_by_role("button", name="Try again")).to_have_count(0)
    closed.close()
    wait_until(lambda: AnswerSave.objects.exists(), page)


def test_what_a_reloaded_page_shows_goes_back_into_a_cleared_outbox(
    page: Page, recording: Callable[[], Page], fieldwork: Scene, live_server: LiveServer
) -> None:
    recording()
    page.route("**/saves/", lambda route: route.abort())
    choose(page, CODE, "YES")
    expect(status(page, CODE)).to_have_text("Waiting for the service")
    page.reload()
    expect(status(page, CODE)).to_have_text("Waiting for the service")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "indexeddb"}
    )
    wait_until(lambda: page.evaluate(IS_KEPT), page)
    expect(question(page, CODE).locator("input:checked")).to_have_value("YES")
    # A page that knows nothing of it sends it.
    page.unroute("**/saves/")
    page.reload()
    everything_saved(page)
    assert fieldwork.case.answers.get().value == "YES"


def test_a_page_that_was_made_before_a_save_arrived_shows_it_all_the_same(
    new_page: Callable[..., Page], sign_in: SignIn, fieldwork: Scene
) -> None:
    """What is held up is on its way when another tab saves an answer."""
    page = new_page(service_workers="block")
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.case)
    late = page.context.new_page()
    late.goto("/offline/")
    address = record_url(fieldwork.case)
    made: list[tuple[Route, APIResponse]] = []
    late.route(f"**{address}", lambda route: made.append((route, route.fetch())), times=1)
    with late.expect_navigation():
        late.evaluate("address => { location.href = address; }", address)
        wait_until(lambda: bool(made), page)
        choose(page, CODE, "YES")
        everything_saved(page)
        [(route, old)] = made
        route.fulfill(response=old)
    expect(question(late, CODE).locator("input:checked")).to_have_value("YES")
    choose(late, CODE, "NO")
    everything_saved(late)
    assert fieldwork.case.answers.get().value == "NO"


# As a disk does that filled up after an answer was kept.
FULL = """() => {
    IDBObjectStore.prototype.put = IDBObjectStore.prototype.add = () => {
        throw new DOMException("", "QuotaExceededError");
    };
}"""


def test_a_full_device_says_what_was_refused_and_sends_the_rest(
    recording: Callable[[], Page], fieldwork: Scene
) -> None:
    page = recording()
    lose_network(page)
    choose(page, CODE, "YES")
    expect(status(page, CODE)).to_have_text("Waiting for the network")
    page.evaluate(FULL)
    allocate_case(case=fieldwork.case, to=fieldwork.colleague, by=fieldwork.lead)
    find_network(page)
    expect(status(page, CODE)).to_contain_text("Not saved. This case is allocated to Grace")
    open_record(page, fieldwork.second_case)
    page.evaluate(FULL)
    choose(page, CODE, "NO")
    expect(status(page, CODE)).to_contain_text("Saved, ")


def test_a_full_device_offers_the_choice_in_a_conflict_and_sends_the_rest(
    recording: Callable[[], Page], fieldwork: Scene
) -> None:
    page = recording()
    lose_network(page)
    choose(page, CODE, "YES")
    expect(status(page, CODE)).to_have_text("Waiting for the network")
    page.evaluate(FULL)
    save = Save(CODE, "NO", "From the tablet", 0)
    record_answers(case_id=fieldwork.case.pk, saves=[save], by=fieldwork.inspector)
    find_network(page)
    expect(status(page, CODE)).to_have_text("Conflict: choose which answer to keep")
    choose(page, "2.1.1b", "NO")
    expect(status(page, "2.1.1b")).to_contain_text("Saved, ")
