"""Everything that an inspector does offline in a week arrives, or is shown with the reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from cases.actions import allocate_case, comment_on
from cases.details import DETAIL_FIELDS
from cases.models import AnswerSave, Case, CommentReply, DetailSave
from cases.progress import standard_questions
from config.demonstration import builder
from inspections.framework import Group
from tests.browser.recording.conftest import Device, keep_offline, open_record
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS = 67
"""In each of three cases: 201 in all."""
COMMENTS = 34
"""Each is answered: 102 replies."""
ROUNDS = 3
"""How often each detail is changed, in each case: more than 200 changes."""

# As many inputs as this are not typed one by one; other tests do.
ANSWER_QUESTIONS = """codes => {
    for (const code of codes) {
        const section = document.querySelector(`section[data-question="${code}"]`);
        section.querySelector("input[type=radio][value=YES]").click();
    }
}"""

REPLY_TO_ALL = """() => {
    for (const box of document.querySelectorAll(".app-comment[id]")) {
        const field = box.querySelector("textarea");
        field.value = `Reply to ${box.id}`;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        box.querySelector(".app-comment__reply button").click();
    }
}"""

CHANGE_DETAILS = """round => {
    const fire = (input) => {
        for (const type of ["input", "change"]) {
            input.dispatchEvent(new Event(type, { bubbles: true }));
        }
    };
    for (const section of document.querySelectorAll("[data-field]")) {
        const name = section.dataset.field;
        const inputs = [...section.querySelectorAll("input, select, textarea")];
        const [first] = inputs;
        if (inputs.length === 3 && first.type === "text") {
            [`${round + 1}`, "3", "2021"].forEach((part, n) => (inputs[n].value = part));
            fire(inputs[2]);
        } else if (first.type === "radio") {
            inputs[1 + ((round + 1) % (inputs.length - 1))].click();
        } else if (first.type === "checkbox") {
            inputs[round].click();
        } else if (first.localName === "select") {
            first.selectedIndex = round + 1;
            fire(first);
        } else {
            first.value = name === "age" ? `${10 + round}` : `${name} in round ${round}`;
            fire(first);
        }
    }
}"""

LISTED = """async () => {
    const { entriesOf } = await import("/static/recording/outbox.js");
    const entries = await entriesOf(Number(document.body.dataset.user));
    return entries.map(({ kind, case: its, state, subject, content }) =>
        ({ kind, case: its, state, subject, content }));
}"""


def questions_of(case: Case) -> list[tuple[str, list[str]]]:
    """The questions to answer, by standard."""
    left, pages = ANSWERS, []
    for standard in case.inspection.framework.case_standards(Group(case.group)):
        codes = list(standard_questions(standard))[:left]
        left -= len(codes)
        pages.append((standard.code, codes))
    return [page for page in pages if page[1]]


def comment_on_many(case: Case, scene: Scene) -> None:
    codes = [code for _, codes in questions_of(case) for code in codes]
    for code in codes[:COMMENTS]:
        comment_on(case=case, question=code, text=f"Why on {code}?", by=scene.lead)


def all_wait(page: Page) -> None:
    """Wait until everything on the page is in the outbox."""
    expect(page.locator("[data-state=saving]")).to_have_count(0)


def record_everything(page: Page, case: Case) -> None:
    for standard, codes in questions_of(case):
        open_record(page, case, standard)
        expect(page.locator("form[data-comments-shown]")).to_be_attached()
        page.evaluate(ANSWER_QUESTIONS, codes)
        page.evaluate(REPLY_TO_ALL)
        replies = page.locator(".app-comment[id]").count()
        expect(page.locator(".app-comment__sent")).to_have_count(replies)
        all_wait(page)
    for number in range(ROUNDS):
        page.goto(f"{case.get_absolute_url()}details/")
        expect(page.locator("form[data-shown]")).to_be_attached()
        page.evaluate(CHANGE_DETAILS, number)
        all_wait(page)


def assert_arrived(case: Case, listed: list[dict[str, Any]]) -> None:
    mine = [entry for entry in listed if entry["case"] == case.pk]
    answers = {e["subject"] for e in mine if e["kind"] == "answer"}
    assert len(answers) == ANSWERS
    assert set(case.answers.filter(value="YES").values_list("question", flat=True)) == answers
    replies = CommentReply.objects.filter(comment__case=case)
    assert sorted(f"Reply to comment-{reply.comment_id}" for reply in replies) == sorted(
        reply.text for reply in replies
    )
    assert replies.count() == len({reply.comment_id for reply in replies}) == COMMENTS
    stored = Case.objects.get(pk=case.pk)
    last = ROUNDS - 1
    assert (stored.age, stored.interview_notes) == (10 + last, f"interview_notes in round {last}")
    assert stored.disposal_date and stored.disposal_date.day == ROUNDS
    assert len(stored.factors) == ROUNDS
    saved = stored.detail_saves.filter(version__isnull=False)
    assert set(saved.values_list("field", flat=True)) == set(DETAIL_FIELDS)


def load(page: Page, scene: Scene, file: Path) -> None:
    """Load a device's file as the lead."""
    page.goto(f"{scene.inspection.get_absolute_url()}outbox-file/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload the file").click()
    expect(page.get_by_role("heading", name="From Ada Inspector’s device")).to_be_visible()


def test_a_week_offline_arrives_or_is_shown_with_a_file_to_load(
    device: Device,
    fieldwork: Scene,
    new_page: Callable[..., Page],
    sign_in: SignIn,
    tmp_path: Path,
) -> None:
    third = builder.case(fieldwork.inspection, to=fieldwork.inspector, reference="C-003")
    cases = [fieldwork.case, fieldwork.second_case, third]
    for case in cases:
        comment_on_many(case, fieldwork)
    sign_in(device.page, fieldwork.inspector)
    keep_offline(device.page, *cases)
    device.lose_network()
    record_everything(device.page, cases[0])
    page = device.shut_and_open(offline=True)
    for case in cases[1:]:
        record_everything(page, case)
    listed = page.evaluate(LISTED)
    kinds = [entry["kind"] for entry in listed]
    assert kinds.count("answer") == 3 * ANSWERS
    assert kinds.count("reply") == 3 * COMMENTS
    assert kinds.count("detail") >= 3 * len(DETAIL_FIELDS)
    assert not AnswerSave.objects.exists()

    # Meanwhile the session ends, and one case goes to somebody else.
    Session.objects.all().delete()
    allocate_case(case=third, to=fieldwork.colleague, by=fieldwork.lead)
    device.find_network()
    page.get_by_role("link", name="Sign in to send what waits").click()
    page.get_by_label("Email address").fill(fieldwork.inspector.email)
    page.get_by_label("Password", exact=True).fill(builder.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/details/|/cases/"))
    refused = str(sum(entry["case"] == third.pk for entry in listed))
    expect(page.locator("body")).to_have_attribute("data-waiting", refused, timeout=180_000)
    page.goto("/outbox/")
    expect(page.get_by_text(f"{refused} changes are not saved yet.")).to_be_visible()
    expect(page.get_by_role("cell", name="Waiting")).to_have_count(0)
    assert {entry["state"] for entry in page.evaluate(LISTED)} == {"refused"}
    for case in cases[:2]:
        assert_arrived(case, listed)
    of_third = {"case": third.pk}
    assert not AnswerSave.objects.filter(**of_third).exists()
    assert not DetailSave.objects.filter(**of_third).exists()
    assert not CommentReply.objects.filter(comment__case=third).exists()

    # What was refused is in the file, which the lead inspector loads.
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as a file").click()
    download.value.save_as(tmp_path / "outbox.json")
    file = json.loads((tmp_path / "outbox.json").read_text())
    assert len(file["saves"]) == int(refused)
    lead = new_page()
    sign_in(lead, fieldwork.lead)
    load(lead, fieldwork, tmp_path / "outbox.json")
    expect(lead.locator("td[data-label=Result]").first).to_contain_text("Not saved. ")
    allocate_case(case=third, to=fieldwork.inspector, by=fieldwork.lead)
    load(lead, fieldwork, tmp_path / "outbox.json")
    assert set(lead.locator("td[data-label=Result]").all_inner_texts()) == {"Saved"}
    assert_arrived(third, listed)
