"""Cases kept on the device are recorded without a network, and nothing of it is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from cases.models import AnswerSave, Case
from cases.progress import missing_answers, standard_questions
from config.demonstration import builder
from inspections.framework import Group
from tests.browser.recording.conftest import (
    Device,
    choose,
    everything_saved,
    keep_offline,
    open_record,
    question,
    record_url,
    status,
    write_note,
)
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def questions_of(case: Case) -> list[tuple[str, list[str]]]:
    """Each standard of a case that can be recorded, with its questions in order."""
    edition = case.inspection.framework
    return [
        (standard.code, list(standard_questions(standard)))
        for standard in edition.case_standards(Group(case.group))
    ]


def record_offline(page: Page, case: Case, answers: int, notes: int) -> list[tuple[str, str, str]]:
    """Give answers and then notes, page by page; what was given, as question, value, note."""
    given = []
    for standard, codes in questions_of(case):
        if not answers:
            break
        open_record(page, case, standard)
        here = codes[:answers]
        answers -= len(here)
        for number, code in enumerate(here):
            value = "YES" if number % 3 else "NO"
            choose(page, code, value)
            given.append((code, value, ""))
            if notes and number % 2:
                write_note(page, code, f"Note on {code}")
                given.append((code, value, f"Note on {code}"))
                notes -= 1
        expect(status(page, here[-1])).to_have_text("Waiting for the network")
    assert (answers, notes) == (0, 0)
    return given


def stored(case: Case) -> list[tuple[str, str, str]]:
    saves = AnswerSave.objects.filter(case=case, version__isnull=False)
    return list(saves.order_by("saved_at", "made_at").values_list("question", "value", "note"))


Given = list[tuple[str, str, str]]
"""What was given or stored: questions, values and notes in order."""


def record_two_cases_offline(device: Device, fieldwork: Scene) -> list[Given]:
    keep_offline(device.page, fieldwork.case, fieldwork.second_case)
    device.lose_network()
    return [
        record_offline(device.page, case, answers=30, notes=5)
        for case in (fieldwork.case, fieldwork.second_case)
    ]


def test_seventy_changes_survive_a_restart_and_are_stored_once_in_order(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    sign_in(device.page, fieldwork.inspector)
    given = record_two_cases_offline(device, fieldwork)

    page = device.shut_and_open(offline=True)
    open_record(page, fieldwork.case)
    code, value, _ = given[0][0]
    expect(question(page, code).locator(f'input[value="{value}"]')).to_be_checked()
    assert AnswerSave.objects.count() == 0
    device.find_network()
    everything_saved(page)

    assert stored(fieldwork.case) == given[0]
    assert stored(fieldwork.second_case) == given[1]
    assert AnswerSave.objects.count() == 70


def test_unsent_saves_are_sent_after_signing_in_again(
    device: Device, fieldwork: Scene, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    sign_in(device.page, fieldwork.inspector)
    given = record_two_cases_offline(device, fieldwork)

    Session.objects.all().delete()
    page = device.shut_and_open(offline=True)
    open_record(page, fieldwork.case)
    device.find_network()
    expect(page.get_by_text("70 changes wait on this device for you to sign in.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Sign in to send what waits").click()
    page.get_by_label("Email address").fill(fieldwork.inspector.email)
    page.get_by_label("Password", exact=True).fill(builder.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(re.escape(record_url(fieldwork.case))))
    everything_saved(page)

    assert stored(fieldwork.case) == given[0]
    assert stored(fieldwork.second_case) == given[1]
    assert AnswerSave.objects.count() == 70


def test_a_page_that_was_not_kept_offline_says_so_in_words(
    device: Device, fieldwork: Scene, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    sign_in(device.page, fieldwork.inspector)
    keep_offline(device.page, fieldwork.case)
    device.lose_network()
    device.page.goto(fieldwork.second_case.get_absolute_url())
    expect(device.page.get_by_role("heading", name="On this device")).to_be_visible()
    expect(device.page.get_by_role("link", name="Case C-001")).to_be_visible()
    expect(device.page.get_by_role("link", name="Case C-002")).to_have_count(0)
    axe(device.page)


def test_a_page_opened_without_a_network_shows_what_was_saved_after_it_was_kept_offline(
    device: Device, fieldwork: Scene, sign_in: SignIn
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    keep_offline(page, fieldwork.case)
    open_record(page, fieldwork.case)
    choose(page, "2.1.1a", "YES")
    everything_saved(page)
    device.lose_network()
    page = device.shut_and_open(offline=True)
    open_record(page, fieldwork.case)
    expect(question(page, "2.1.1a").locator('input[value="YES"]')).to_be_checked()
    choose(page, "2.1.1a", "NO")
    device.find_network()
    everything_saved(page)
    assert fieldwork.case.answers.get().version == 2


def test_a_case_page_kept_on_the_device_says_that_its_counts_lack_unsent_saves(
    device: Device, fieldwork: Scene, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    page = device.page
    sign_in(page, fieldwork.inspector)
    keep_offline(page, fieldwork.case, fieldwork.second_case)
    device.lose_network()
    open_record(page, fieldwork.case)
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_have_text("Waiting for the network")
    without = page.get_by_text("The counts on this page are without what waits.")
    expect(without).to_have_count(0)
    page.goto(fieldwork.case.get_absolute_url())
    expect(without.first).to_be_visible()
    axe(page)
    page.goto(fieldwork.second_case.get_absolute_url())
    expect(page.locator(".app-sending")).to_contain_text("1 change waits")
    expect(without).to_have_count(0)


def test_a_page_that_counted_before_what_waited_was_sent_says_so(
    page: Page, fieldwork: Scene, recording: Callable[[], Page], axe: Callable[[Page], None]
) -> None:
    case = fieldwork.case
    total = len(missing_answers(case))
    recording()
    page.context.route("**/saves/", lambda route: route.fulfill(status=500))
    choose(page, "2.1.1a", "YES")
    pages = []
    for address in (case.get_absolute_url(), f"{fieldwork.home}cases/"):
        pages.append(one := page.context.new_page())
        one.goto(address)
        line = one.get_by_text("The counts on this page are without what waits.")
        expect(line.first).to_be_visible()
    page.context.unroute("**/saves/")
    page.reload()
    everything_saved(page)
    for one in pages:
        line = one.get_by_text("The counts on this page may be out of date.")
        expect(line.first).to_be_visible()
    case_page = pages[0]
    axe(case_page)
    expect(case_page.get_by_text(f"{total} questions without an answer")).to_be_visible()
    case_page.get_by_role("button", name="Show the latest").click()
    expect(case_page.get_by_text(f"{total - 1} questions without an answer")).to_be_visible()
    expect(case_page.get_by_role("button", name="Show the latest")).to_have_count(0)
