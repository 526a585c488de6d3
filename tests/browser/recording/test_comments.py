"""Comments, replies and resolutions: drafts until their button is pressed, then sent once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions import comment_on, resolve
from cases.models import Comment, CommentReply
from cases.progress import missing_answers
from config.demonstration import builder
from tests.browser.recording.conftest import (
    Device,
    choose,
    everything_saved,
    keep_offline,
    record_url,
)
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = "Not sent yet. Kept on this device."


@pytest.fixture
def comment(fieldwork: Scene) -> Comment:
    """The lead's on a question of the first case."""
    return comment_on(case=fieldwork.case, question="2.1.1a", text="Why?", by=fieldwork.lead)


def open_comments(page: Page, address: str) -> Page:
    """Open a page and wait until the scripts of its comments run."""
    page.goto(address)
    expect(page.locator("form[data-comments-shown]")).to_be_attached()
    return page


@pytest.fixture
def replying(page: Page, sign_in: SignIn, fieldwork: Scene, comment: Comment) -> Page:
    """The inspector's page of answers with the lead's comment."""
    sign_in(page, fieldwork.inspector)
    return open_comments(page, record_url(fieldwork.case))


def box(page: Page, comment: Comment) -> Locator:
    return page.locator(f"#comment-{comment.pk}")


def field(page: Page, comment: Comment) -> Locator:
    return page.locator(f"#reply-{comment.pk}")


def write_reply(page: Page, comment: Comment, words: str) -> None:
    if not field(page, comment).is_visible():
        box(page, comment).locator("summary").click()
    field(page, comment).fill(words)


def save_reply(page: Page, comment: Comment) -> None:
    box(page, comment).get_by_role("button", name="Save reply").click()


def replies() -> list[str]:
    return list(CommentReply.objects.order_by("pk").values_list("text", flat=True))


def test_a_reply_is_shown_in_its_place_and_saved_once(
    replying: Page, comment: Comment, axe: Callable[[Page], None]
) -> None:
    page = replying
    write_reply(page, comment, "See the file.")
    expect(box(page, comment)).to_contain_text(KEPT)
    axe(page)
    save_reply(page, comment)
    sent = box(page, comment).locator(".app-comment__sent")
    expect(sent).to_contain_text("Ada Inspector")
    expect(sent).to_contain_text("See the file.")
    expect(sent).to_contain_text("Saved, ")
    expect(field(page, comment)).to_be_hidden()
    everything_saved(page)
    axe(page)
    assert replies() == ["See the file."]
    page.reload()
    expect(page.locator("form[data-comments-shown]")).to_be_attached()
    expect(box(page, comment).get_by_text("See the file.")).to_have_count(1)
    expect(field(page, comment)).to_have_value("")


def test_the_lead_comments_on_a_question_and_on_a_case(
    page: Page, sign_in: SignIn, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    case = fieldwork.case
    sign_in(page, fieldwork.lead)
    open_comments(page, f"{record_url(case)}?comment=2.1.1a")
    page.get_by_label("Comment on 2.1.1a").fill("Why not?")
    page.get_by_role("button", name="Save comment").click()
    sent = page.locator("#q-2-1-1a .app-comment__sent")
    expect(sent).to_contain_text("Why not?")
    expect(sent).to_contain_text("Saved, ")
    open_comments(page, case.get_absolute_url())
    page.get_by_label("Comment on the case").fill("Look again.")
    page.get_by_role("button", name="Save comment").click()
    expect(page.locator(".app-comment__sent")).to_contain_text("Saved, ")
    axe(page)
    made = Comment.objects.order_by("pk").values_list("question", "text", "made_by")
    lead = fieldwork.lead.pk
    assert list(made) == [("2.1.1a", "Why not?", lead), ("", "Look again.", lead)]


def test_a_comment_is_resolved_in_its_place(
    replying: Page, comment: Comment, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = replying
    box(page, comment).get_by_role("button", name="Mark as resolved").click()
    expect(box(page, comment)).to_contain_text("Resolved by Ada Inspector")
    everything_saved(page)
    expect(box(page, comment).get_by_role("button", name="Mark as resolved")).to_be_hidden()
    axe(page)
    comment.refresh_from_db()
    assert comment.resolved_by == fieldwork.inspector
    page.reload()
    expect(page.get_by_text("Resolved: ")).to_be_visible()


def test_a_comment_is_not_resolved_over_a_reply_that_is_not_sent(
    replying: Page, comment: Comment
) -> None:
    page = replying
    write_reply(page, comment, "See the file.")
    box(page, comment).get_by_role("button", name="Mark as resolved").click()
    expect(box(page, comment)).to_contain_text("Save or clear your reply first")
    expect(field(page, comment)).to_be_focused()
    comment.refresh_from_db()
    assert comment.resolved_at is None


def test_a_reply_that_is_half_typed_is_not_published_by_anything_else(
    replying: Page, comment: Comment
) -> None:
    page = replying
    write_reply(page, comment, "See the")
    choose(page, "2.1.1a", "YES")
    everything_saved(page)
    assert replies() == []


@pytest.mark.parametrize("button", ["Save and continue", "Save"])
def test_the_buttons_of_the_page_send_a_reply_that_is_typed(
    replying: Page, comment: Comment, fieldwork: Scene, button: str
) -> None:
    page = replying
    choose(page, "2.1.1a", "YES")
    write_reply(page, comment, "See the file.")
    page.locator(".govuk-button-group").get_by_role(
        "button", name=re.compile(rf"^{button}( to .*)?$")
    ).click()
    if button == "Save":
        expect(box(page, comment).locator(".app-comment__sent")).to_contain_text("Saved, ")
    else:
        page.wait_for_url(re.compile("/2.2/"))
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")
    assert replies() == ["See the file."]
    assert fieldwork.case.answers.get().value == "YES"


def test_leaving_with_a_reply_that_is_not_sent_asks_first(replying: Page, comment: Comment) -> None:
    page = replying
    write_reply(page, comment, "See the file.")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(field(page, comment)).to_have_value("See the file.")


def test_a_reply_that_is_not_sent_survives_a_killed_tab(
    replying: Page, comment: Comment, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    context = replying.context
    write_reply(replying, comment, "See the file.")
    expect(box(replying, comment)).to_contain_text(KEPT)
    replying.close()
    page = open_comments(context.new_page(), record_url(fieldwork.case))
    expect(field(page, comment)).to_be_visible()
    expect(field(page, comment)).to_have_value("See the file.")
    expect(box(page, comment)).to_contain_text("Not sent yet: typed here at")
    axe(page)
    assert replies() == []
    # Another tab does not take it over, so it is not sent twice.
    second = open_comments(context.new_page(), record_url(fieldwork.case))
    expect(field(second, comment)).to_have_value("")
    save_reply(page, comment)
    expect(box(page, comment).locator(".app-comment__sent")).to_contain_text("Saved, ")
    everything_saved(page)
    third = open_comments(context.new_page(), record_url(fieldwork.case))
    expect(field(third, comment)).to_have_value("")
    assert replies() == ["See the file."]


def test_a_reply_that_is_cleared_under_its_page_is_kept_again(
    replying: Page, comment: Comment, fieldwork: Scene, live_server: LiveServer
) -> None:
    context = replying.context
    write_reply(replying, comment, "See the file.")
    expect(box(replying, comment)).to_contain_text(KEPT)
    context.new_cdp_session(replying).send(
        "Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "indexeddb"}
    )
    listing = context.new_page()
    listing.goto("/outbox/")
    expect(listing.get_by_text("See the file.")).to_be_visible()
    replying.close()
    page = open_comments(context.new_page(), record_url(fieldwork.case))
    expect(field(page, comment)).to_have_value("See the file.")


def test_a_draft_whose_field_is_gone_is_shown_where_drafts_are_listed(
    replying: Page, comment: Comment, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    context = replying.context
    write_reply(replying, comment, "See the file.")
    expect(box(replying, comment)).to_contain_text(KEPT)
    replying.close()
    resolve(comment=comment, by=fieldwork.lead)
    page = context.new_page()
    page.goto("/outbox/")
    expect(page.get_by_role("link", name="Reply to Priya Lead’s comment")).to_be_visible()
    expect(page.get_by_text("See the file.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("See the file.")).to_have_count(0)


def test_a_comment_that_was_begun_is_found_again(
    page: Page, sign_in: SignIn, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    sign_in(page, fieldwork.lead)
    context = page.context
    open_comments(page, f"{record_url(fieldwork.case)}?comment=2.1.1a")
    page.get_by_label("Comment on 2.1.1a").fill("Why")
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.close()
    page = open_comments(context.new_page(), record_url(fieldwork.case))
    axe(page)
    question_2 = page.locator("#q-2-1-1a")
    question_2.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_label("Comment on 2.1.1a")).to_have_value("Why")
    page.get_by_label("Comment on 2.1.1a").fill("")
    expect(page.get_by_text("Not sent yet")).to_have_count(0)
    open_comments(page, record_url(fieldwork.case))
    expect(page.get_by_text("You have begun a comment")).to_have_count(0)


def test_back_after_a_reply_was_sent_shows_an_empty_field(replying: Page, comment: Comment) -> None:
    page = replying
    write_reply(page, comment, "See the file.")
    save_reply(page, comment)
    expect(box(page, comment).locator(".app-comment__sent")).to_contain_text("Saved, ")
    everything_saved(page)
    page.goto("/")
    page.go_back()
    expect(page.locator("form[data-comments-shown]")).to_be_attached()
    expect(field(page, comment)).to_have_value("")
    page.goto("/")
    assert replies() == ["See the file."]


def test_a_lost_answer_makes_no_second_reply(replying: Page, comment: Comment) -> None:
    page = replying
    lost: list[object] = []

    def lose_the_first_answer(route: Route) -> None:
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/comments/saves/", lose_the_first_answer)
    write_reply(page, comment, "See the file.")
    save_reply(page, comment)
    expect(box(page, comment).locator(".app-comment__sent")).to_contain_text("Saved, ")
    everything_saved(page)
    assert replies() == ["See the file."]


def test_a_reply_to_a_comment_resolved_meanwhile_is_refused_and_given_back(
    replying: Page, comment: Comment, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    page = replying
    resolve(comment=comment, by=fieldwork.lead)
    write_reply(page, comment, "See the file.")
    save_reply(page, comment)
    sent = box(page, comment).locator(".app-comment__sent")
    expect(sent).to_contain_text("Not saved. This comment is resolved already")
    axe(page)
    sent.get_by_role("button", name="Change it").click()
    expect(sent).to_have_count(0)
    expect(field(page, comment)).to_have_value("See the file.")
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")
    assert replies() == []


def test_a_reply_that_is_too_long_is_given_back(replying: Page, comment: Comment) -> None:
    page = replying
    write_reply(page, comment, "é" * 20_001)
    save_reply(page, comment)
    sent = box(page, comment).locator(".app-comment__sent")
    expect(sent).to_contain_text("Shorten the text to 20,000 characters.")
    sent.get_by_role("button", name="Change it").click()
    write_reply(page, comment, "é" * 19_000 + "\n" * 900 + ".")
    save_reply(page, comment)
    expect(box(page, comment).locator(".app-comment__sent")).to_contain_text("Saved, ")
    everything_saved(page)
    assert [len(text) for text in replies()] == [19_901]


def test_an_empty_reply_is_asked_for(replying: Page, comment: Comment) -> None:
    write_reply(replying, comment, "  ")
    save_reply(replying, comment)
    expect(box(replying, comment)).to_contain_text("Enter your reply.")
    expect(field(replying, comment)).to_be_focused()


def test_replies_made_offline_survive_a_restart_and_arrive_once(
    device: Device,
    fieldwork: Scene,
    comment: Comment,
    sign_in: SignIn,
    axe: Callable[[Page], None],
) -> None:
    sign_in(device.page, fieldwork.inspector)
    keep_offline(device.page, fieldwork.case)
    device.lose_network()
    page = open_comments(device.page, record_url(fieldwork.case))
    choose(page, "2.1.1a", "YES")
    write_reply(page, comment, "See the file.")
    save_reply(page, comment)
    sent = box(page, comment).locator(".app-comment__sent")
    expect(sent).to_contain_text("Waiting for the network")
    box(page, comment).get_by_role("button", name="Mark as resolved").click()
    expect(sent).to_have_count(2)

    page = device.shut_and_open(offline=True)
    page.goto("/outbox/")
    row = page.get_by_role("row", name="Reply to Priya Lead’s comment")
    expect(row).to_contain_text("See the file.")
    expect(page.get_by_role("row", name="Resolved: Priya Lead’s comment")).to_be_visible()
    axe(page)
    row.get_by_role("link").click()
    expect(box(page, comment).locator(".app-comment__sent")).to_have_count(2)
    device.find_network()
    everything_saved(page)
    assert replies() == ["See the file."]
    comment.refresh_from_db()
    assert comment.resolved_by == fieldwork.inspector

    # The copy of the page is older, and shows what was saved since.
    device.lose_network()
    open_comments(page, record_url(fieldwork.case))
    expect(box(page, comment)).to_contain_text("See the file.")
    expect(box(page, comment)).to_contain_text("Resolved by Ada Inspector")


def test_a_case_is_not_submitted_before_a_reply_that_waits(
    page: Page, sign_in: SignIn, fieldwork: Scene, comment: Comment
) -> None:
    case = fieldwork.case
    builder.answers(case, fieldwork.inspector, **dict.fromkeys(missing_answers(case), "YES"))
    sign_in(page, fieldwork.inspector)
    open_comments(page, record_url(case))
    page.route("**/saves/", lambda route: route.fulfill(status=500))
    write_reply(page, comment, "See the file.")
    save_reply(page, comment)
    expect(box(page, comment)).to_contain_text("Waiting for the service")
    page.goto(case.get_absolute_url())
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("alert")).to_contain_text("1 change to this case is not saved yet")
    case.refresh_from_db()
    assert case.state == case.State.IN_PROGRESS
