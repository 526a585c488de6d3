"""A device keeps only data of the person who is signed in; signing out warns of unsent saves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.actions import allocate_case
from cases.models import AnswerSave
from config.demonstration import builder
from inspections.models import Inspection
from tests.browser.recording.conftest import (
    Device,
    choose,
    everything_saved,
    keep_offline,
    open_record,
    status,
    write_note,
)
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def kept(page: Page) -> dict[str, list[str]]:
    """Everything that the browser keeps of pages, and whose answers it keeps."""
    found: dict[str, list[str]] = page.evaluate(
        """async () => {
            const { read } = await import("/static/recording/database.js");
            const users = (store) => read([store], async (one) =>
                (await one.getAll()).map(({ user }) => String(user)));
            const pages = [];
            for (const name of await caches.keys()) {
                if (!name.startsWith("pages-")) continue;
                const cache = await caches.open(name);
                pages.push(...(await cache.keys()).map((request) => new URL(request.url).pathname));
            }
            const kept = { pages };
            for (const store of ["standing", "offline_cases", "outbox"]) {
                kept[store] = await users(store);
            }
            return kept;
        }"""
    )
    return found


def leave_one_change_waiting(device: Device, fieldwork: Scene, sign_in: SignIn) -> None:
    sign_in(device.page, fieldwork.inspector)
    keep_offline(device.page, fieldwork.case)
    open_record(device.page, fieldwork.case)
    choose(device.page, "2.1.1b", "NO")
    everything_saved(device.page)
    device.lose_network()
    choose(device.page, "2.1.1a", "YES")
    write_note(device.page, "2.1.1a", "Known to Ada alone")
    expect(status(device.page, "2.1.1a")).to_have_text("Waiting for the network")


def test_after_a_change_of_user_nothing_of_the_first_is_readable(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    leave_one_change_waiting(device, fieldwork, sign_in)
    page = device.page
    ben = builder.inspector(fieldwork.inspection, "Ben Inspector")
    sign_in(page, ben)
    device.find_network()
    page.goto("/")
    expect(page.locator("body[data-user]")).to_have_attribute("data-waiting", "0")
    assert AnswerSave.objects.filter(question="2.1.1a").count() == 0
    found = kept(page)
    assert (found["pages"], found["standing"], found["offline_cases"]) == ([], [], [])

    page.goto("/outbox/")
    expect(page.get_by_text("Nothing waits on this device")).to_be_visible()
    device.lose_network()
    page.goto(fieldwork.case.get_absolute_url())
    expect(page.get_by_text("No case is available offline")).to_be_visible()
    expect(page.get_by_text("Known to Ada alone")).to_have_count(0)

    device.find_network()
    sign_in(page, fieldwork.inspector)
    page.goto("/")
    everything_saved(page)
    page.wait_for_function("document.body.dataset.waiting === '0'")
    answer = fieldwork.case.answers.get(question="2.1.1a")
    assert (answer.value, answer.note) == ("YES", "Known to Ada alone")


def test_what_was_removed_unsent_after_a_week_is_told_to_its_author(
    device: Device, fieldwork: Scene, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    leave_one_change_waiting(device, fieldwork, sign_in)
    page = device.page
    ben = builder.inspector(fieldwork.inspection, "Ben Inspector")
    sign_in(page, ben)
    device.find_network()
    page.goto("/")
    expect(page.locator("body[data-waiting]")).to_be_attached()
    page.evaluate(
        """async () => {
            const { write } = await import("/static/recording/database.js");
            await write(["outbox"], async (outbox) => {
                for (const one of await outbox.getAll()) {
                    await outbox.put({ ...one, hidden_at: one.hidden_at - 7.1 * 86_400_000 });
                }
            });
        }"""
    )
    page.goto("/")
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")
    expect(page.get_by_text("C-001")).to_have_count(0)
    sign_in(page, fieldwork.inspector)
    page.goto("/")
    line = page.locator(".app-sending")
    expect(line).to_contain_text("2 changes of yours that were not sent were removed")
    expect(line).to_contain_text("in case C-001")
    axe(page)
    page.get_by_role("button", name="I have read this").click()
    expect(line).to_be_hidden()
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")
    expect(line).to_be_hidden()


def test_signing_out_warns_of_unsent_saves(
    device: Device, fieldwork: Scene, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    leave_one_change_waiting(device, fieldwork, sign_in)
    page = device.page
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="2 changes are not saved yet")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Stay signed in").click()
    expect(page.get_by_role("heading", name="On this device")).to_be_visible()
    device.find_network()
    page.goto("/outbox/")
    expect(page.get_by_text("Nothing waits on this device")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert kept(page) == {"pages": [], "standing": [], "offline_cases": [], "outbox": []}
    assert fieldwork.case.answers.get(question="2.1.1a").value == "YES"


def test_unsent_saves_can_be_discarded_when_signing_out(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    sign_in(device.page, fieldwork.inspector)
    page = device.page
    open_record(page, fieldwork.case)
    allocate_case(
        case=fieldwork.case, to=builder.inspector(fieldwork.inspection), by=fieldwork.lead
    )
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Not saved.")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out and lose what waits").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert kept(page) == {"pages": [], "standing": [], "offline_cases": [], "outbox": []}


def test_copies_are_removed_when_fieldwork_closes(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    keep_offline(page, fieldwork.case)
    Inspection.objects.update(state=Inspection.State.REVIEW)
    page.goto("/")
    expect(page.locator(".app-sending")).to_contain_text("No longer kept on this device: C-001.")
    assert kept(page)["pages"] == []


def test_copies_stay_while_they_have_unsent_saves(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    leave_one_change_waiting(device, fieldwork, sign_in)
    Inspection.objects.update(state=Inspection.State.REVIEW)
    page = device.page
    device.find_network()
    expect(page.locator(".app-sending")).to_contain_text("2 changes were not saved.")
    page.goto("/offline/")
    expect(page.locator(".app-sending")).to_contain_text(
        "Case C-001: the copies leave this device once nothing of it waits."
    )
    expect(page.get_by_text("Changes wait")).to_be_visible()
    page.goto("/outbox/")
    page.get_by_role("button", name="Give up what was refused").click()
    page.goto("/offline/")
    expect(page.get_by_text("No case is available offline")).to_be_visible()


def test_keeping_cases_offline_is_undone_case_by_case_or_at_once(
    device: Device, fieldwork: Scene, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    page.goto(f"{fieldwork.inspection.get_absolute_url()}cases/")
    page.get_by_role("button", name="Make all my cases available offline").click()
    expect(page.get_by_text("2 cases open without a network: C-001, C-002.")).to_be_visible()
    axe(page)
    page.goto(fieldwork.case.get_absolute_url())
    page.get_by_role("button", name="Remove from this device").click()
    expect(page.get_by_text("This case opens only with a network.")).to_be_visible()
    page.goto("/offline/")
    expect(page.get_by_role("link", name="Case C-002")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Remove case C-002").click()
    expect(page.get_by_text("No case is available offline")).to_be_visible()
    assert kept(page)["pages"] == []


def test_unsent_saves_can_be_downloaded_without_a_network(
    device: Device, fieldwork: Scene, sign_in: SignIn, tmp_path: Path
) -> None:
    leave_one_change_waiting(device, fieldwork, sign_in)
    page = device.page
    page.goto("/outbox/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as a file").click()
    download.value.save_as(tmp_path / "outbox.json")
    file = json.loads((tmp_path / "outbox.json").read_text())
    assert (file["schema"], file["user"]) == ("outbox/2", fieldwork.inspector.pk)
    first, second = file["saves"]
    assert (first["kind"], first["case"], first["subject"], first["base_version"]) == (
        "answer",
        fieldwork.case.pk,
        "2.1.1a",
        0,
    )
    assert (first["content"]["question"], first["content"]["value"]) == ("2.1.1a", "YES")
    assert (second["content"]["note"], second["follows"]) == ("Known to Ada alone", first["id"])
