"""Conflicts: the author of the later save chooses which answer to keep; both are in the history."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.actions import Save, allocate_case, move_case, record_answers
from cases.models import AnswerSave, Case
from cases.progress import missing_answers
from config.demonstration import builder
from inspections.models import User
from tests.browser.network import find_network, lose_network
from tests.browser.recording.conftest import (
    choose,
    everything_saved,
    open_record,
    question,
    status,
    write_note,
)
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

Recording = Callable[[], Page]


def save(case: Case, by: User, code: str, value: str, note: str, base: int) -> None:
    record_answers(case_id=case.pk, saves=[Save(code, value, note, base)], by=by)


def history(case: Case) -> list[tuple[str, str, int | None]]:
    saves = AnswerSave.objects.filter(case=case).order_by("saved_at")
    return list(saves.values_list("value", "note", "version"))


def a_conflict(page: Page, fieldwork: Scene) -> None:
    """The page answers Yes after somebody else has answered No; then the case came back."""
    case = fieldwork.case
    ben = builder.inspector(fieldwork.inspection, "Ben Inspector")
    allocate_case(case=case, to=ben, by=fieldwork.lead)
    save(case, ben, "2.1.1a", "NO", "Nothing on file", 0)
    allocate_case(case=case, to=fieldwork.inspector, by=fieldwork.lead)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_have_text("Conflict: choose which answer to keep")


def test_a_conflict_shows_both_and_keeps_mine(
    recording: Recording, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = recording()
    a_conflict(page, fieldwork)
    section = question(page, "2.1.1a")
    expect(section).to_contain_text("Which answer to 2.1.1a do you want to keep?")
    expect(section).to_contain_text("Mine, as entered here: Yes")
    expect(section).to_contain_text("Ben Inspector’s answer: No")
    expect(section).to_contain_text("Nothing on file")
    axe(page)
    section.get_by_role("button", name="Keep mine").click()
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    expect(section.get_by_role("button", name="Keep mine")).to_have_count(0)
    assert history(fieldwork.case) == [
        ("NO", "Nothing on file", 1),
        ("YES", "", None),
        ("YES", "", 2),
    ]


def test_a_conflict_keeps_theirs(recording: Recording, fieldwork: Scene) -> None:
    page = recording()
    a_conflict(page, fieldwork)
    question(page, "2.1.1a").get_by_role("button", name="Keep theirs").click()
    expect(status(page, "2.1.1a")).to_contain_text("Saved, ")
    expect(question(page, "2.1.1a").locator('input[value="NO"]')).to_be_checked()
    expect(question(page, "2.1.1a").locator("textarea")).to_have_value("Nothing on file")
    assert history(fieldwork.case) == [("NO", "Nothing on file", 1), ("YES", "", None)]


def test_a_conflict_with_oneself_on_another_device_says_so(
    recording: Recording, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = recording()
    save(fieldwork.case, fieldwork.inspector, "2.1.1a", "NO", "On the tablet", 0)
    choose(page, "2.1.1a", "YES")
    section = question(page, "2.1.1a")
    expect(section).to_contain_text("You saved another answer at")
    expect(section).to_contain_text("from another page or device")
    expect(section).to_contain_text("The answer saved before: No")
    axe(page)
    section.get_by_role("button", name="Keep the one entered here").click()
    everything_saved(page)
    assert history(fieldwork.case) == [
        ("NO", "On the tablet", 1),
        ("YES", "", None),
        ("YES", "", 2),
    ]


def test_a_conflict_holds_nothing_else_up_and_outlasts_a_reload(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    a_conflict(page, fieldwork)
    choose(page, "2.1.1b", "YES")
    expect(status(page, "2.1.1b")).to_contain_text("Saved, ")
    write_note(page, "2.1.1a", "Written while in conflict")
    expect(question(page, "2.1.1a")).to_contain_text("Written while in conflict")
    page.reload()
    expect(question(page, "2.1.1a").locator('input[value="YES"]')).to_be_checked()
    question(page, "2.1.1a").get_by_role("button", name="Keep mine").click()
    everything_saved(page)
    answer = fieldwork.case.answers.get(question="2.1.1a")
    assert (answer.value, answer.note, answer.version) == ("YES", "Written while in conflict", 2)


def test_saves_after_a_conflict_are_in_the_history_too(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    lose_network(page)
    choose(page, "2.1.1a", "YES")
    write_note(page, "2.1.1a", "And why")
    expect(status(page, "2.1.1a")).to_have_text("Waiting for the network")
    save(fieldwork.case, fieldwork.inspector, "2.1.1a", "NO", "", 0)
    find_network(page)
    expect(status(page, "2.1.1a")).to_have_text("Conflict: choose which answer to keep")
    expect(page.locator("body")).to_have_attribute("data-waiting", "2")
    assert history(fieldwork.case) == [
        ("NO", "", 1),
        ("YES", "", None),
        ("YES", "And why", None),
    ]


def test_three_tabs_of_one_person_agree(recording: Recording, fieldwork: Scene) -> None:
    one = recording()
    two, three = one.context.new_page(), one.context.new_page()
    open_record(two, fieldwork.case)
    open_record(three, fieldwork.case)
    choose(one, "2.1.1a", "YES")
    for tab in (one, two, three):
        expect(status(tab, "2.1.1a")).to_contain_text("Saved, ")
        expect(question(tab, "2.1.1a").locator('input[value="YES"]')).to_be_checked()
    choose(two, "2.1.1a", "NO")
    everything_saved(two)
    expect(question(three, "2.1.1a").locator('input[value="NO"]')).to_be_checked()
    write_note(three, "2.1.1a", "From the third")
    everything_saved(three)
    assert history(fieldwork.case) == [("YES", "", 1), ("NO", "", 2), ("NO", "From the third", 3)]


def test_a_note_that_is_being_written_joins_an_answer_given_in_another_tab(
    recording: Recording, fieldwork: Scene
) -> None:
    one = recording()
    two = one.context.new_page()
    open_record(two, fieldwork.case)
    question(two, "2.1.1a").locator("summary", has_text="Note").click()
    two.clock.install()
    two.clock.pause_at("2030-01-01")
    question(two, "2.1.1a").locator("textarea").fill("Half a sen")
    choose(one, "2.1.1a", "YES")
    expect(question(two, "2.1.1a").locator('input[value="YES"]')).to_be_checked()
    question(two, "2.1.1a").locator("textarea").fill("A whole sentence")
    question(two, "2.1.1a").locator("textarea").blur()
    everything_saved(two)
    assert history(fieldwork.case) == [("YES", "", 1), ("YES", "A whole sentence", 2)]


def test_values_that_the_browser_restores_are_not_edits(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    choose(page, "2.1.1a", "YES")
    everything_saved(page)
    page.goto("/")
    save(fieldwork.case, fieldwork.inspector, "2.1.1a", "NO", "From the tablet", 1)
    page.go_back()
    everything_saved(page)
    expect(question(page, "2.1.1a").locator('input[value="NO"]')).to_be_checked()
    # Leaving saves what was edited and not kept yet: here, nothing.
    page.goto("/")
    open_record(page, fieldwork.case)
    everything_saved(page)
    assert history(fieldwork.case) == [("YES", "", 1), ("NO", "From the tablet", 2)]


def test_a_case_reallocated_meanwhile_accepts_nothing_and_says_why(
    recording: Recording, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = recording()
    other = builder.inspector(fieldwork.inspection, "Ben Inspector")
    allocate_case(case=fieldwork.case, to=other, by=fieldwork.lead)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_have_text(
        "Not saved. This case is allocated to Ben Inspector, "
        "so you can read it but not record in it."
    )
    axe(page)
    page.get_by_role("link", name="See why").click()
    row = page.get_by_role("row", name="2.1.1a")
    expect(row).to_contain_text("This case is allocated to Ben Inspector")
    axe(page)
    page.get_by_role("button", name="Give up what was refused").click()
    expect(page.get_by_text("Nothing waits on this device")).to_be_visible()
    assert not AnswerSave.objects.exists()


def test_saves_refused_by_a_submitted_case_are_sent_once_it_is_returned(
    recording: Recording, fieldwork: Scene
) -> None:
    page = recording()
    case = fieldwork.case
    builder.answers(case, fieldwork.inspector, **dict.fromkeys(missing_answers(case), "YES"))
    move_case(case=case, to=Case.State.SUBMITTED, by=fieldwork.inspector)
    choose(page, "2.1.1a", "NO")
    expect(status(page, "2.1.1a")).to_contain_text("Not saved. This case is submitted")
    move_case(case=case, to=Case.State.RETURNED, by=fieldwork.lead, comment="Look again.")
    page.goto("/outbox/")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Conflict: choose")).to_be_visible()
    page.get_by_role("link", name="2.1.1a").click()
    question(page, "2.1.1a").get_by_role("button", name="Keep the one entered here").click()
    everything_saved(page)
    assert case.answers.get(question="2.1.1a").value == "NO"


def test_two_people_in_one_case_each_see_what_the_other_did(
    recording: Recording,
    new_page: Callable[..., Page],
    sign_in: SignIn,
    fieldwork: Scene,
) -> None:
    """The case changes hands while both have its page open."""
    ada = recording()
    ben = builder.inspector(fieldwork.inspection, "Ben Inspector")
    choose(ada, "2.1.1a", "YES")
    expect(status(ada, "2.1.1a")).to_contain_text("Saved, ")
    lose_network(ada)
    choose(ada, "2.1.1a", "NO")
    expect(status(ada, "2.1.1a")).to_have_text("Waiting for the network")
    allocate_case(case=fieldwork.case, to=ben, by=fieldwork.lead)
    his = new_page()
    sign_in(his, ben)
    open_record(his, fieldwork.case)
    write_note(his, "2.1.1a", "Seen by Ben")
    everything_saved(his)
    allocate_case(case=fieldwork.case, to=fieldwork.inspector, by=fieldwork.lead)
    find_network(ada)
    expect(question(ada, "2.1.1a")).to_contain_text("Ben Inspector’s answer: Yes")
    choose(his, "2.1.1a", "NO")
    expect(status(his, "2.1.1a")).to_contain_text("Not saved. This case is allocated to Ada")
