"""A whole standard is recorded from the keyboard; shortcuts never take keys from text fields."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.network import lose_network
from tests.browser.recording.conftest import (
    choose,
    everything_saved,
    question,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

Recording = Callable[[], Page]


def focused(page: Page) -> str:
    """The question that has the focus."""
    code: str = page.evaluate(
        "document.activeElement.closest('section[data-question]')?.dataset.question ?? ''"
    )
    return code


def focus_on(page: Page, code: str) -> None:
    question(page, code).locator("input[type=radio]").first.focus()


def test_a_standard_is_recorded_without_a_mouse(recording: Recording, fieldwork: Scene) -> None:
    page = recording()
    codes = page.locator("section[data-question]").evaluate_all(
        "sections => sections.map((section) => section.dataset.question)"
    )
    focus_on(page, codes[0])
    for number, code in enumerate(codes):
        assert focused(page) == code
        page.keyboard.press("y" if number % 2 else "n")
        page.keyboard.press("j")
    page.keyboard.press("m")
    page.keyboard.type("Any other answer")
    page.keyboard.press("Escape")
    assert focused(page) == codes[-1]
    everything_saved(page)
    answers = dict(fieldwork.case.answers.values_list("question", "value"))
    assert answers == {code: "YES" if n % 2 else "NO" for n, code in enumerate(codes)}
    assert fieldwork.case.answers.get(question=codes[-1]).note == "Any other answer"


def test_one_key_goes_to_the_next_question_without_an_answer(recording: Recording) -> None:
    page = recording()
    choose(page, "2.1.1b", "YES")
    focus_on(page, "2.1.1a")
    page.keyboard.press("u")
    assert focused(page) == "2.1.1c"
    page.keyboard.press("k")
    assert focused(page) == "2.1.1b"


def test_one_key_shows_and_hides_the_guidance(recording: Recording) -> None:
    page = recording()
    guidance = page.locator("details[data-part=guidance]").first
    code = guidance.locator("xpath=ancestor::section").get_attribute("data-question")
    assert code is not None
    focus_on(page, code)
    page.keyboard.press("g")
    expect(guidance).to_have_attribute("open", "")
    page.keyboard.press("g")
    expect(guidance).not_to_have_attribute("open", "")


def test_one_key_shows_the_list_of_shortcuts(
    recording: Recording, axe: Callable[[Page], None]
) -> None:
    page = recording()
    focus_on(page, "2.1.1a")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert focused(page) == "2.1.1a"


def test_a_key_is_never_taken_from_a_text_field_or_the_browser(recording: Recording) -> None:
    page = recording()
    section = question(page, "2.1.1a")
    section.locator("summary", has_text="Note").click()
    section.locator("textarea").press_sequentially("any journey? no")
    expect(section.locator("textarea")).to_have_value("any journey? no")
    section.locator("textarea").blur()
    everything_saved(page)
    # Once there is a note, no answer is a choice of its own, and the one that is chosen.
    answered = page.locator('section input:checked:not([value=""])')
    expect(answered).to_have_count(0)
    focus_on(page, "2.1.1a")
    page.keyboard.press("Control+y")
    page.keyboard.press("Alt+n")
    page.keyboard.press("Meta+a")
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("y")
    everything_saved(page)
    expect(answered).to_have_count(0)


def test_arrows_choose_and_tab_goes_on_as_in_any_browser(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    focus_on(page, "2.1.1a")
    page.keyboard.press("y")
    page.keyboard.press("ArrowRight")
    expect(question(page, "2.1.1a").locator("input:checked")).to_have_value("NO")
    for _ in range(10):
        page.keyboard.press("Tab")
        if focused(page) != "2.1.1a":
            break
    assert focused(page) == "2.1.1b"
    everything_saved(page)
    assert fieldwork.case.answers.get().value == "NO"


def test_no_key_acts_while_shortcuts_are_turned_off(recording: Recording) -> None:
    page = recording()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Use keyboard shortcuts").uncheck(force=True)
    page.get_by_role("button", name="Close").click()
    page.reload()
    expect(page.locator("form[data-shown]")).to_be_attached()
    focus_on(page, "2.1.1a")
    for key in ("y", "j", "?"):
        page.keyboard.press(key)
    assert focused(page) == "2.1.1a"
    expect(question(page, "2.1.1a").locator("input:checked")).to_have_count(0)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Use keyboard shortcuts").check(force=True)
    page.get_by_role("button", name="Close").click()
    focus_on(page, "2.1.1a")
    page.keyboard.press("y")
    expect(question(page, "2.1.1a").locator("input:checked")).to_have_value("YES")


def test_nothing_scrolls_sideways_on_a_narrow_screen(
    recording: Recording, axe: Callable[[Page], None]
) -> None:
    page = recording()
    lose_network(page)
    choose(page, "2.1.1a", "YES")
    expect(page.locator(".app-sending")).to_be_visible()
    axe(page)
