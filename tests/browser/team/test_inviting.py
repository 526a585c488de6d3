"""A lead invites somebody, who chooses a password and finds the inspection; then hands over."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests import scenes
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., Page]
PASSWORD = "seven-otters-in-a-boat"


@pytest.fixture
def scene(live_server: object) -> Scene:
    return scenes.scene()


def test_an_invited_inspector_finds_the_inspection_and_takes_over_the_lead(
    scene: Scene, new_page: OpenPage, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    lead = new_page()
    sign_in(lead, scene.lead)
    lead.goto(scene.home)
    lead.get_by_role("link", name="Change the team").click()
    axe(lead)
    lead.get_by_role("link", name="Invite somebody who has no account").click()
    axe(lead)
    lead.get_by_role("button", name="Send the invitation").click()
    expect(lead.get_by_role("alert")).to_contain_text("Enter the person’s full name")
    axe(lead)
    lead.get_by_label("Full name").fill("Nia New")
    lead.get_by_label("Email address").fill("nia.new@fieldwork.example")
    lead.get_by_role("button", name="Send the invitation").click()
    expect(lead.get_by_text("An email with a link is on its way")).to_be_visible()
    expect(lead.get_by_role("button", name="Send the link again")).to_be_visible()
    axe(lead)

    [message] = mail.outbox
    [link] = re.findall(r"http://\S+/reset/key/\S+", str(message.body))
    nia = new_page()
    nia.goto(link)
    axe(nia)
    nia.get_by_label("Password", exact=True).fill(PASSWORD)
    nia.get_by_label("Password again").fill(PASSWORD)
    nia.get_by_role("button", name="Save password").click()
    nia.get_by_role("link", name="Sign in").click()
    nia.get_by_label("Email address").fill("nia.new@fieldwork.example")
    nia.get_by_label("Password").fill(PASSWORD)
    nia.get_by_role("button", name="Sign in").click()
    nia.get_by_role("link", name=str(scene.inspection.service)).click()
    expect(nia.get_by_role("heading", name=str(scene.inspection.service))).to_be_visible()
    used = new_page()
    used.goto(link)
    expect(used.get_by_role("heading", name="This link no longer works")).to_be_visible()
    axe(used)

    # By keyboard alone, and first with two leads by mistake.
    lead.reload()
    choice = lead.get_by_label("Role of Nia New")
    choice.focus()
    choice.press("ArrowUp")
    expect(choice).to_have_value("DEPUTY_LEAD")
    choice.press("ArrowUp")
    expect(choice).to_have_value("LEAD_INSPECTOR")
    lead.get_by_role("button", name="Save the team").press("Enter")
    expect(lead.get_by_role("alert")).to_contain_text(
        "Choose one lead inspector. You chose Priya Lead and Nia New."
    )
    axe(lead)
    lead.get_by_label("Role of Priya Lead").select_option("Inspector")
    lead.get_by_role("button", name="Save the team").click()
    expect(lead.get_by_text("The team is saved.")).to_be_visible()
    expect(lead.get_by_text("Only the lead inspector and administrators set up")).to_be_visible()
    axe(lead)
    nia.goto(scene.home)
    nia.get_by_role("link", name="Change the team").click()
    expect(nia.get_by_label("Role of Nia New")).to_have_value("LEAD_INSPECTOR")


def test_a_stale_team_shows_both_sides(
    scene: Scene, new_page: OpenPage, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    assert scene.colleague
    first, second = new_page(), new_page()
    for page in (first, second):
        sign_in(page, scene.lead)
        page.goto(f"{scene.home}team/")
    first.get_by_label("Role of Grace Inspector").select_option("Not on this inspection")
    first.get_by_role("button", name="Save the team").click()
    expect(first.get_by_text("The team is saved.")).to_be_visible()
    second.get_by_role("button", name="Save the team").click()
    row = second.get_by_role("row", name="Grace Inspector").first
    expect(row).to_contain_text("Not on this inspection: taken off by Priya Lead")
    axe(second)
    second.get_by_role("link", name="Keep what is saved and drop mine").click()
    expect(second.get_by_label("Role of Ada Inspector")).to_be_visible()
    expect(second.get_by_label("Role of Grace Inspector")).to_have_count(0)


def test_a_draft_of_the_team_leaves_who_joined_since_as_they_are(
    scene: Scene, page: Page, sign_in: SignIn
) -> None:
    """Their choice isn't in the draft, as the page did not have it."""
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}team/")
    page.get_by_label("Role of Ada Inspector").select_option("Ratings panel member")
    page.on("dialog", lambda dialog: dialog.accept())
    assert scene.colleague
    page.goto(scene.home)
    page.goto(f"{scene.home}team/")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    expect(page.get_by_label("Role of Ada Inspector")).to_have_value("PANEL_MEMBER")
    expect(page.get_by_label("Role of Grace Inspector")).to_have_value("INSPECTOR")
