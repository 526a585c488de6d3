"""Recording without scripts, on a wide screen and on a phone, and what axe finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.actions import Save, record_answers
from config.demonstration import builder
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [1280, 375]


@pytest.mark.parametrize("width", WIDTHS)
def test_an_inspector_answers_a_whole_standard(
    new_page: Callable[..., Page], sign_in: SignIn, width: int
) -> None:
    inspection = builder.inspection()
    ada = builder.inspector(inspection, "Ada Inspector")
    case = builder.case(inspection, to=ada, reference="C-001")
    page = new_page(width=width, java_script_enabled=False)
    sign_in(page, ada)
    page.goto("/")
    page.get_by_role("link", name=str(inspection.service)).click()
    page.get_by_role("link", name="Answer 70 questions in your cases").click()
    page.get_by_role("link", name="C-001").click()
    page.get_by_role("link", name="2.1 Assessment").click()
    questions = page.locator(".app-question")
    expect(questions).to_have_count(18)
    for number in range(questions.count()):
        answer = "No" if number % 3 else "Yes"
        questions.nth(number).get_by_role("radio", name=answer, exact=True).check()
    first = page.locator("#q-2-1-1a")
    first.locator("summary", has_text="Note").click()
    first.get_by_label("Note on 2.1.1a").fill("Seen in the file.\nNot in the plan.")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="2.2 Planning")).to_be_visible()
    expect(page.get_by_text("18 changes to 2.1 saved.")).to_be_visible()
    assert case.answers.count() == 18
    assert case.answers.get(question="2.1.1a").note == "Seen in the file.\nNot in the plan."
    page.get_by_role("link", name="2.1 Assessment").click()
    expect(first.get_by_role("radio", name="Yes")).to_be_checked()
    expect(first.get_by_label("Note on 2.1.1a")).to_be_visible()
    first.get_by_role("radio", name="Clear").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Questions answered: 17 of 18")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_conflict_is_shown_beside_its_question_and_settled_there(
    new_page: Callable[..., Page], sign_in: SignIn, width: int
) -> None:
    inspection = builder.inspection()
    ada = builder.inspector(inspection)
    case = builder.case(inspection, to=ada)
    page = new_page(width=width, java_script_enabled=False)
    sign_in(page, ada)
    page.goto(f"{case.get_absolute_url()}2.1/")
    question = page.locator("#q-2-1-1b")
    question.get_by_role("radio", name="Yes").check()
    record_answers(case_id=case.pk, saves=[Save("2.1.1b", "NO", "theirs", 0)], by=ada)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Two different answers to 2.1.1b").click()
    conflict = question.get_by_role("group", name="Which answer to 2.1.1b do you want to keep?")
    expect(conflict.get_by_text("theirs")).to_be_visible()
    conflict.get_by_role("radio", name="Mine, as entered here: Yes").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("1 change to 2.1 saved.")).to_be_visible()
    assert case.answers.get().value == "YES"


def test_every_page_is_accessible_and_never_scrolls_sideways(
    new_page: Callable[..., Page], sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    inspection = builder.inspection()
    inspection.service.name = "Northern Dales and Kingsmouth combined youth justice service"
    inspection.service.save()
    lead = builder.lead_inspector(inspection, "Bartholomew Featherstonehaugh-Cholmondeley-Smythe")
    ada = builder.inspector(inspection)
    case = builder.case(inspection, to=ada, reference="C-" + "0" * 38)
    save = Save("2.1.1a", "YES", "https://example.org/" + "long" * 40, 0)
    record_answers(case_id=case.pk, saves=[save], by=ada)
    home, at = inspection.get_absolute_url(), case.get_absolute_url()
    pages = {
        lead: f"{home} {home}cases/ {home}cases/?mine=on {at} {at}2.1/ "
        f"{home}judgements/ {home}judgements/1.1/ {home}move/REVIEW/",
        ada: f"/ {home} {at} {at}details/ {at}2.1/ {home}judgements/",
        builder.user(): f"/ {home}",
    }
    for person, addresses in pages.items():
        page = new_page()
        sign_in(page, person)
        for address in addresses.split():
            page.goto(address)
            axe(page)


def test_a_page_with_errors_is_accessible(
    new_page: Callable[..., Page], sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    inspection = builder.inspection()
    lead, ada = builder.lead_inspector(inspection), builder.inspector(inspection)
    case = builder.case(inspection, to=ada)
    page = new_page()
    sign_in(page, ada)
    page.goto(f"{case.get_absolute_url()}details/")
    page.get_by_label("Age", exact=True).fill("56")
    # Sent as without scripts: with them, the refusal stands beside the field.
    page.evaluate("document.getElementById('details').submit()")
    page.get_by_role("link", name="Enter the age in years, from 8 to 21.").click()
    expect(page.get_by_label("Age", exact=True)).to_be_focused()
    axe(page)
    page = new_page()
    sign_in(page, lead)
    page.goto(f"{inspection.get_absolute_url()}judgements/1.1/")
    page.get_by_role("button", name="Save judgement").click()
    page.get_by_role("link", name="Choose a rating.").click()
    expect(page.get_by_role("radio", name="Outstanding")).to_be_focused()
    axe(page)


def test_a_page_with_a_conflict_is_accessible(
    new_page: Callable[..., Page], sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    inspection = builder.inspection()
    ada = builder.inspector(inspection)
    case = builder.case(inspection, to=ada)
    # Without the page's own script, which would show what stands; axe itself needs scripts.
    page = new_page(service_workers="block")
    page.route("**/recording/page.js", lambda route: route.abort())
    sign_in(page, ada)
    page.goto(f"{case.get_absolute_url()}2.1/")
    note = "https://example.org/" + "long" * 40
    record_answers(case_id=case.pk, saves=[Save("2.1.1b", "NO", note, 0)], by=ada)
    page.evaluate("document.getElementById('q-2-1-1b-value').checked = true")
    for title in ("Choose which answer to keep", "There is a problem"):
        page.evaluate("document.getElementById('answers').submit()")
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        axe(page)
    page.get_by_role("link", name="Choose which answer to 2.1.1b to keep.").click()
    expect(page.get_by_role("radio", name="Mine, as entered here: Yes")).to_be_focused()
