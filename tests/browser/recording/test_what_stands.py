"""A page of answers shown again shows what stands, and only real input is an edit."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

from cases.actions import Save, record_answers
from cases.models import AnswerSave
from tests.browser.recording.conftest import (
    Device,
    choose,
    everything_saved,
    open_record,
    question,
    record_url,
    status,
    wait_until,
    write_note,
)
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "2.1.1a"


@pytest.fixture
def changed_since(page: Page, sign_in: SignIn, fieldwork: Scene) -> Page:
    """A page that is two steps forward from one that showed an older answer."""
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.case)
    choose(page, CODE, "YES")
    write_note(page, CODE, "The first note")
    everything_saved(page)
    page.get_by_role("link", name="2.2 ").first.click()
    expect(page).to_have_url(re.compile(r"/2\.2/(#|$)"))
    page.get_by_role("link", name="2.1 ").first.click()
    expect(page.locator("form[data-shown]")).to_be_attached()
    choose(page, CODE, "NO")
    write_note(page, CODE, "The second note")
    everything_saved(page)
    return page


def shows(page: Page, value: str, note: str) -> None:
    expect(page.locator("form[data-shown]")).to_be_attached()
    expect(question(page, CODE).locator("input:checked")).to_have_value(value)
    expect(question(page, CODE).locator("textarea")).to_have_value(note)
    expect(status(page, CODE)).to_contain_text("Saved, ")


def leave(page: Page) -> None:
    page.get_by_role("link", name="2.3 ").first.click()
    expect(page).to_have_url(re.compile(r"/2\.3/(#|$)"))


def test_back_shows_what_stands_and_leaving_saves_nothing(
    changed_since: Page, fieldwork: Scene
) -> None:
    page = changed_since
    saves = AnswerSave.objects.count()
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/2\.1/(#|$)"))
    shows(page, "NO", "The second note")
    leave(page)
    assert AnswerSave.objects.count() == saves


def test_a_letter_typed_after_back_changes_what_stands(
    changed_since: Page, fieldwork: Scene
) -> None:
    page = changed_since
    page.go_back()
    page.go_back()
    shows(page, "NO", "The second note")
    question(page, CODE).locator("textarea").press("End")
    question(page, CODE).locator("textarea").press("!")
    everything_saved(page)
    answer = fieldwork.case.answers.get(question=CODE)
    assert (answer.value, answer.note) == ("NO", "The second note!")


def test_back_shows_what_another_device_saved(changed_since: Page, fieldwork: Scene) -> None:
    page = changed_since
    leave(page)
    answer = fieldwork.case.answers.get(question=CODE)
    elsewhere = Save(CODE, "NOT_APPLICABLE", "From the tablet", answer.version)
    record_answers(case_id=fieldwork.case.pk, saves=[elsewhere], by=fieldwork.inspector)
    page.go_back()
    shows(page, "NOT_APPLICABLE", "From the tablet")
    leave(page)
    assert fieldwork.case.answers.get(question=CODE).note == "From the tablet"


def test_a_reload_shows_what_stands(changed_since: Page, fieldwork: Scene) -> None:
    page = changed_since
    answer = fieldwork.case.answers.get(question=CODE)
    elsewhere = Save(CODE, "YES", "From the tablet", answer.version)
    record_answers(case_id=fieldwork.case.pk, saves=[elsewhere], by=fieldwork.inspector)
    page.reload()
    shows(page, "YES", "From the tablet")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/2\.2/(#|$)"))
    assert fieldwork.case.answers.get(question=CODE).note == "From the tablet"


def test_a_duplicated_tab_shows_what_stands(changed_since: Page, fieldwork: Scene) -> None:
    page = changed_since
    with page.expect_popup() as opened:
        # A window that a page opens gets a copy of its session, as a duplicated tab does.
        page.evaluate("open(location.href)")
    shows(opened.value, "NO", "The second note")
    saves = AnswerSave.objects.count()
    opened.value.close(run_before_unload=True)
    assert AnswerSave.objects.count() == saves


def test_a_restored_tab_shows_what_stands(
    device: Device, sign_in: SignIn, fieldwork: Scene
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    open_record(page, fieldwork.case)
    choose(page, CODE, "YES")
    write_note(page, CODE, "The first note")
    everything_saved(page)
    answer = fieldwork.case.answers.get(question=CODE)
    elsewhere = Save(CODE, "NO", "From the tablet", answer.version)
    record_answers(case_id=fieldwork.case.pk, saves=[elsewhere], by=fieldwork.inspector)
    saves = AnswerSave.objects.count()
    page = device.restore_tab(record_url(fieldwork.case))
    shows(page, "NO", "From the tablet")
    leave(page)
    assert AnswerSave.objects.count() == saves


def test_typing_without_a_pause_is_kept_and_sent(
    recording: Callable[[], Page], fieldwork: Scene
) -> None:
    page = recording()
    question(page, CODE).locator("summary", has_text="Note").click()
    page.clock.install()
    page.clock.pause_at("2030-01-01")
    textarea = question(page, CODE).locator("textarea")
    kept = """async () => {
        const { entriesOf } = await import("/static/recording/outbox.js");
        const [entry] = await entriesOf(Number(document.body.dataset.user));
        return entry?.content.note;
    }"""
    typed = ""
    for n in range(12):
        textarea.press_sequentially("abc")
        typed += "abc"
        page.clock.run_for(500)
        if n == 3:
            # Kept within a second of the first letter, and not sent yet.
            # The disk may take longer, by another clock than the page's.
            wait_until(lambda: str(page.evaluate(kept)).startswith("abc"), page)
            assert not AnswerSave.objects.exists()
    # Sent within five seconds, though nobody has paused for as long as a pause takes. What was
    # typed after it waits for one, if sending was over by then.
    wait_until(lambda: AnswerSave.objects.exists(), page)
    first = AnswerSave.objects.earliest("saved_at")
    assert first.note and typed.startswith(first.note)


def test_what_was_typed_is_kept_when_the_tab_crashes(
    page: Page, recording: Callable[[], Page], fieldwork: Scene
) -> None:
    recording()
    page.route("**/saves/", lambda route: route.abort())
    question(page, CODE).locator("summary", has_text="Note").click()
    question(page, CODE).locator("textarea").press_sequentially("Still being writ")
    expect(page.locator("body")).to_have_attribute("data-waiting", "1")
    expect(status(page, CODE)).to_have_text("Waiting for the service")
    other = page.context.new_page()
    with page.expect_event("crash"), pytest.raises(Error):
        page.goto("chrome://crash")
    other.goto(record_url(fieldwork.case))
    expect(question(other, CODE).locator("textarea")).to_have_value("Still being writ")
    everything_saved(other)
    assert fieldwork.case.answers.get().note == "Still being writ"
