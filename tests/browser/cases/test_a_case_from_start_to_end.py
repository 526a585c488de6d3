"""A case recorded, submitted, returned with comments, settled, submitted and signed off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.actions import comment_on, move_case, reply_to, resolve
from cases.models import Case
from config.demonstration import builder
from inspections.models import User
from tests.conftest import SignIn
from tests.scenes import scene

pytestmark = pytest.mark.django_db(transaction=True)


class Journey:
    """A case of Ada's that lacks one answer, and two browsers."""

    def __init__(self, page: Callable[[], Page], sign_in: SignIn) -> None:
        made = scene()
        self.lead, self.ada, self.case = made.lead, made.inspector, made.case
        self.at = self.case.get_absolute_url()
        *others, self.last = made.inspection.framework.case_questions("COURT")
        builder.answers(self.case, self.ada, **dict.fromkeys(others, "YES"))
        self.ada_page, self.lead_page = page(), page()
        sign_in(self.ada_page, self.ada)
        sign_in(self.lead_page, self.lead)

    def state(self) -> str:
        return Case.objects.get(pk=self.case.pk).state

    def done(self, *said: str) -> None:
        """Everything answered, submitted, and returned with these comments on 2.1.1a."""
        builder.answers(self.case, self.ada, **{self.last: "YES"})
        move_case(case=self.case, to=Case.State.SUBMITTED, by=self.ada)
        for text in said:
            comment_on(case=self.case, question="2.1.1a", text=text, by=self.lead)
        move_case(case=self.case, to=Case.State.RETURNED, by=self.lead, comment="Look again.")


def saved(page: Page, words: str) -> Locator:
    """What says that the last of a comment, a reply or a resolution is saved."""
    in_place = page.locator(".app-comment__sent[data-state=saved]").last
    return in_place.or_(page.get_by_text(words))


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (1280, False), (375, True)])
def test_a_case_from_start_to_end(
    new_page: Callable[..., Page], sign_in: SignIn, width: int, scripts: bool
) -> None:
    journey = Journey(lambda: new_page(width=width, java_script_enabled=scripts), sign_in)
    ada, lead = journey.ada_page, journey.lead_page

    ada.goto(journey.at)
    expect(ada.get_by_text("1 question without an answer")).to_be_visible()
    ada.get_by_role("link", name=journey.last, exact=True).click()
    question = ada.locator(f"#q-{journey.last.replace('.', '-')}")
    question.get_by_role("radio", name="Yes").check()
    ada.get_by_role("button", name="Save and continue").click()
    submit = ada.get_by_role("button", name="Submit case to the lead inspector")
    expect(submit).to_be_visible()
    if scripts:
        # The page goes on after two seconds with what is not sent yet, and then submits nothing.
        expect(ada.locator("body")).to_have_attribute("data-waiting", "0")
    submit.click()
    expect(ada.get_by_text("Case C-001 is submitted.")).to_be_visible()

    lead.goto(f"{journey.at}2.1/")
    first = lead.locator("#q-2-1-1a")
    first.get_by_role("link", name="Comment on 2.1.1a").click()
    first.get_by_label("Comment on 2.1.1a").fill("Which assessment shows it?")
    first.get_by_role("button", name="Save comment").click()
    expect(saved(lead, "Your comment is saved.")).to_be_visible()
    expect(first.get_by_text("Which assessment shows it?")).to_be_visible()
    lead.goto(journey.at)
    lead.get_by_label("What has to change").fill("Name your evidence.")
    lead.get_by_role("button", name="Return case to its inspector").click()
    expect(lead.get_by_text("Returned with comments").first).to_be_visible()

    ada.goto(journey.at)
    expect(ada.get_by_role("link", name="2 open comments")).to_be_visible()
    ada.get_by_role("link", name="On 2.1.1a").click()
    first = ada.locator("#q-2-1-1a")
    first.locator("summary", has_text="Reply").click()
    first.get_by_role("textbox", name="Your reply to Priya Lead").fill("The one of March.")
    first.get_by_role("radio", name="No", exact=True).check()
    first.get_by_role("button", name="Save reply").click()
    expect(saved(ada, "Your reply is saved.")).to_be_visible()
    expect(first.get_by_text("The one of March.")).to_be_visible()
    # The answer given on the way is neither lost nor taken back.
    expect(first.get_by_role("radio", name="No", exact=True)).to_be_checked()
    first.get_by_role("button", name="Mark as resolved").click()
    expect(saved(ada, "The comment is resolved.")).to_be_visible()
    assert journey.case.answers.get(question="2.1.1a").value == "NO"
    ada.goto(journey.at)
    ada.get_by_role("button", name="Mark as resolved").click()
    expect(saved(ada, "The comment is resolved.")).to_be_visible()
    ada.get_by_role("button", name="Submit case to the lead inspector").click()
    expect(ada.get_by_text("Case C-001 is submitted.")).to_be_visible()

    lead.goto(journey.at)
    lead.get_by_role("button", name="Sign off case").click()
    expect(lead.get_by_text("Case C-001 is signed off.")).to_be_visible()
    assert journey.state() == Case.State.SIGNED_OFF
    lead.get_by_role("link", name="History of this case").click()
    for words in ("Signed off", "Comment resolved", "Returned with comments", "The one of March."):
        expect(lead.get_by_text(words).first).to_be_visible()


def test_a_comment_is_answered_from_the_keyboard_alone(
    page: Page, new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    journey = Journey(lambda: new_page(), sign_in)
    journey.done("Which assessment shows it?")
    ada = journey.ada_page
    ada.goto(f"{journey.at}2.1/")
    ada.locator("#q-2-1-1a").get_by_role("radio", name="Yes").focus()
    # Enter in an answer sends the page by its first button, which settles no comment.
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", name="2.2 Planning")).to_be_visible()
    assert not journey.case.comments.exclude(resolved_at=None).exists()
    ada.goto(f"{journey.at}2.1/")
    ada.locator("#q-2-1-1a summary", has_text="Reply").focus()
    ada.keyboard.press("Enter")
    ada.keyboard.press("Tab")
    ada.keyboard.type("The one of March. Yes, and now.")
    ada.keyboard.press("Tab")
    ada.keyboard.press("Enter")
    expect(saved(ada, "Your reply is saved.")).to_be_visible()
    expect(ada.locator("#q-2-1-1a summary", has_text="Reply")).to_be_focused()
    ada.keyboard.press("Tab")
    ada.keyboard.press("Space")
    expect(saved(ada, "The comment is resolved.")).to_be_visible()
    assert journey.case.answers.get(question="2.1.1a").value == "YES"


def test_a_contradiction_is_shown_as_answers_change_in_the_words_of_the_server(
    new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    journey = Journey(lambda: new_page(), sign_in)
    page = journey.ada_page
    page.goto(f"{journey.at}2.4/")
    block = page.locator(".app-key-question").last
    prompts = block.locator(".app-question:not(.app-question--key)")
    told = block.locator("[data-contradiction]")
    expect(told).to_be_hidden()
    block.locator(".app-question--key").get_by_role("radio", name="Yes").check()
    for number in range(prompts.count()):
        prompts.nth(number).get_by_role("radio", name="No", exact=True).check()
    expect(told).to_be_visible()
    words = told.inner_text()
    for number in range(prompts.count()):
        # What the page says once the server has said it; before, it says what it was loaded with.
        expect(prompts.nth(number).locator("[data-status]")).to_contain_text("Saved, ")
    page.reload()
    expect(told).to_have_text(words)
    assert words.startswith("Key question 2.4.3 is Yes, but ")
    # A save that is still under way would meet the tables while they are emptied.
    with page.expect_response("**/saves/"):
        block.locator(".app-question--key").get_by_role("radio", name="No", exact=True).check()
    expect(told).to_be_hidden()


def test_every_page_on_the_way_is_accessible_and_never_scrolls_sideways(
    new_page: Callable[..., Page], sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    journey = Journey(new_page, sign_in)
    journey.done("https://example.org/" + "long" * 30, "Settled already.")
    first, second = journey.case.comments.exclude(question="")
    reply_to(comment=first, text="Seen in the file.\nNot in the plan.", by=journey.ada)
    resolve(comment=second, by=journey.ada)
    builder.answers(journey.case, journey.ada, **{"2.1.1a": "NO"})
    builder.details(
        journey.case, journey.ada, age=9, case_manager_interviewed="NO", good_practice="x" * 200
    )
    home = journey.case.inspection.get_absolute_url()
    pages: dict[User, tuple[Page, list[str]]] = {
        journey.ada: (journey.ada_page, [journey.at, f"{journey.at}2.1/", f"{journey.at}history/"]),
        journey.lead: (
            journey.lead_page,
            [
                journey.at,
                f"{journey.at}2.1/?comment=2.1.1b",
                f"{journey.at}history/?part=2.1.1b",
                f"{home}cases/",
                f"{home}progress/",
                f"{home}contradictions/",
            ],
        ),
    }
    for page, addresses in pages.values():
        for address in addresses:
            page.goto(address)
            axe(page)
    page = journey.lead_page
    page.goto(journey.at)
    page.get_by_role("button", name="Save comment").click()
    expect(page.get_by_text("Enter your comment.")).to_be_visible()
    expect(page.get_by_label("Comment on the case")).to_be_focused()
    axe(page)
    move_case(case=journey.case, to=Case.State.SUBMITTED, by=journey.ada)
    for comment in journey.case.comments.unresolved():
        resolve(comment=comment, by=journey.lead)
    page.goto(journey.at)
    page.get_by_role("button", name="Return case to its inspector").click()
    page.get_by_role("link", name="Enter what has to change").click()
    expect(page.get_by_label("What has to change")).to_be_focused()
    axe(page)
    page = journey.ada_page
    comment_on(case=journey.case, question="2.1.1b", text="And this?", by=journey.lead)
    page.goto(f"{journey.at}2.1/")
    page.locator("#q-2-1-1b summary", has_text="Reply").click()
    page.get_by_role("button", name="Save reply").click()
    expect(page.get_by_text("Enter your reply.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your reply to Priya Lead")).to_be_focused()
    axe(page)
