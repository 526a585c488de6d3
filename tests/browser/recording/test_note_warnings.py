"""The warning about a note, on the save's answer: it comes and goes with what is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.recording.conftest import (
    everything_saved,
    open_record,
    question,
    write_note,
)
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_warning_comes_with_the_save_and_goes_when_the_name_has_gone(
    page: Page, sign_in: SignIn, fieldwork: Scene
) -> None:
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.case)
    place = question(page, "2.1.1").locator("[data-note-check]")
    write_note(page, "2.1.1", "Jayden Smith, 07700 900123, was not seen.")
    expect(place).to_contain_text("Note on 2.1.1: “Jayden Smith” looks like a full name.")
    expect(place).to_contain_text("“07700 900123” looks like a phone number. Leave it out.")
    expect(place.locator("p")).to_have_count(2)
    page.reload()
    expect(place.locator("p")).to_have_count(2)
    write_note(page, "2.1.1", "J.S. was not seen.")
    expect(place.locator("p")).to_have_count(0)
    everything_saved(page)
    assert fieldwork.case.answers.get().note == "J.S. was not seen."
