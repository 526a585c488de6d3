"""Every answer and note is sent when it changes, and the page shows its state."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.models import AnswerSave
from tests.browser.recording.conftest import (
    choose,
    everything_saved,
    question,
    status,
    write_note,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_is_saved_when_it_is_chosen(
    recording: Callable[[], Page], fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = recording()
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    answer = fieldwork.case.answers.get()
    assert (answer.question, answer.value, answer.version) == ("2.1.1a", "YES", 1)
    axe(page)


def test_a_note_is_saved_when_it_is_left(recording: Callable[[], Page], fieldwork: Scene) -> None:
    page = recording()
    choose(page, "2.1.1a", "NO")
    write_note(page, "2.1.1a", "No plan on file")
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    everything_saved(page)
    answer = fieldwork.case.answers.get()
    assert (answer.value, answer.note, answer.version) == ("NO", "No plan on file", 2)


def test_an_answer_can_be_taken_back(recording: Callable[[], Page], fieldwork: Scene) -> None:
    page = recording()
    choose(page, "2.1.1a", "NO")
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    choose(page, "2.1.1a", "")
    everything_saved(page)
    assert list(AnswerSave.objects.order_by("version").values_list("value", flat=True)) == [
        "NO",
        "",
    ]


def test_a_note_being_written_is_not_shown_as_saved(
    recording: Callable[[], Page], fieldwork: Scene
) -> None:
    page = recording()
    choose(page, "2.1.1a", "YES")
    everything_saved(page)
    question(page, "2.1.1a").locator("summary", has_text="Note").click()
    page.clock.install()
    page.clock.pause_at("2030-01-01")
    textarea = question(page, "2.1.1a").locator("textarea")
    textarea.press_sequentially("No p")
    expect(status(page, "2.1.1a")).to_have_text("Saving")
    for _ in "No p":
        textarea.press("Backspace")
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    textarea.press_sequentially("A plan")
    page.clock.run_for(900)
    everything_saved(page)
    assert fieldwork.case.answers.get().note == "A plan"
