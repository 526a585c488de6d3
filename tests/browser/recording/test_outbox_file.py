"""Unsent saves of a device are loaded from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.network import find_network, lose_network
from tests.browser.recording.conftest import choose, status, write_note
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_lead_loads_the_file_that_a_device_wrote(
    recording: Callable[[], Page],
    new_page: Callable[..., Page],
    sign_in: SignIn,
    fieldwork: Scene,
    axe: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    page = recording()
    waiting = page.context.new_page()
    waiting.goto("/outbox/")
    lose_network(page)
    choose(page, "2.1.1a", "YES")
    write_note(page, "2.1.1a", "Known to this device alone")
    expect(status(page, "2.1.1a")).to_have_text("Waiting for the network")
    with waiting.expect_download() as download:
        waiting.get_by_role("button", name="Download as a file").click()
    download.value.save_as(tmp_path / "outbox.json")

    lead = new_page(width=320)
    sign_in(lead, fieldwork.lead)
    lead.goto(f"{fieldwork.inspection.get_absolute_url()}cases/")
    lead.get_by_role("link", name="Upload unsent answers").click()
    lead.get_by_role("button", name="Upload the file").click()
    expect(lead.get_by_role("alert")).to_contain_text("Choose the file to load.")
    axe(lead)
    lead.get_by_label("File").set_input_files(tmp_path / "outbox.json")
    lead.get_by_role("button", name="Upload the file").click()
    expect(lead.get_by_role("heading", name="From Ada Inspector’s device")).to_be_visible()
    expect(lead.locator("td[data-label=Result]")).to_have_text(["Saved", "Saved"])
    axe(lead)

    answer = fieldwork.case.answers.get()
    assert (answer.note, answer.answered_by) == ("Known to this device alone", fieldwork.inspector)
    find_network(page)
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    assert fieldwork.case.saves.count() == 2
