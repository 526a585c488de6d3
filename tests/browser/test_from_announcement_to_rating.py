"""From an empty database to the first rating, in the application alone: no shell, no other tool.

The administrator has an account already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.demonstration import builder
from inspections.framework import Group
from inspections.windows import default_window
from tests.browser.recording.conftest import everything_saved
from tests.conftest import SignIn
from tests.integration.sampling.scenes import as_csv, rows

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "seven-otters-in-a-boat"
SERVICE = "Northmere Youth Justice Service"


def enter(page: Page, question: str, day: date) -> None:
    group = page.get_by_role("group", name=question)
    for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label).fill(str(part))


def invite(page: Page, name: str, email: str, part: str) -> None:
    page.get_by_role("link", name="Invite somebody who has no account").click()
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Email address").fill(email)
    page.get_by_label(part, exact=True).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("An email with a link is on its way")).to_be_visible()


def accept(page: Page, email: str) -> None:
    """Choose a password by the link of the latest invitation, sign in and open the inspection."""
    [link] = re.findall(r"http://\S+/reset/key/\S+", str(mail.outbox[-1].body))
    page.goto(link)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=SERVICE).click()


def announce(page: Page, today: date) -> None:
    page.goto("/")
    page.get_by_role("link", name="Add the first service").click()
    page.get_by_label("Name of the service").fill(SERVICE)
    page.get_by_role("button", name="Add the service").click()
    page.get_by_role("button", name="Announce an inspection").click()
    page.get_by_label("2021 framework").check()
    enter(page, "When is the inspection announced?", today)
    enter(page, "When does fieldwork start?", today)
    enter(page, "When does fieldwork end?", today + timedelta(weeks=1))
    page.get_by_role("button", name="Announce the inspection").click()
    page.get_by_role("link", name="Name the lead inspector").click()
    invite(page, "Lena Lead", "lena@fieldwork.example", "Lead inspector")
    page.goto("/announcements/")
    page.get_by_role("link", name=SERVICE).click()
    page.get_by_role("link", name="Begin preparation").click()
    page.get_by_role("button", name="Begin preparation").click()
    expect(page.get_by_text("The inspection is now in: In preparation.")).to_be_visible()


def draw_one(page: Page, today: date) -> None:
    """A list of five court cases within the window, and a sample of one."""
    window = default_window(Group.COURT, today)
    listed = [
        row | {"Disposal date": window.start_date + timedelta(days=place)}
        for place, row in enumerate(rows(5))
    ]
    page.get_by_role("link", name="Load the service’s list of cases").click()
    file: FilePayload = {"name": "list.csv", "mimeType": "text/csv", "buffer": as_csv(listed)}
    page.get_by_label("List of cases").set_input_files(file)
    page.get_by_role("button", name="Read the list").click()
    page.get_by_role("button", name="Take 5 cases").click()
    page.get_by_role("link", name="Draw the sample").first.click()
    page.get_by_label("The lead inspector’s own number").check()
    page.get_by_label("Your own number").fill("1")
    page.get_by_label("Why this number").fill("One day of fieldwork.")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.get_by_role("heading", name="Draw 1: 1 of 5")).to_be_visible()


def answer_every_question(page: Page) -> None:
    for standard in ("2.1", "2.2", "2.3", "2.4"):
        page.get_by_role("link", name=f"{standard} ").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(standard)
        expect(page.locator("form[data-shown]")).to_be_attached()
        for question in page.locator("section[data-question]").all():
            question.get_by_role("radio", name="Yes", exact=True).check()
    everything_saved(page)


def test_an_inspection_begins_and_rates_in_the_application_alone(
    live_server: LiveServer,
    new_page: Callable[..., Page],
    sign_in: SignIn,
    axe: Callable[[Page], None],
) -> None:
    today = timezone.localdate()
    administrator = new_page()
    sign_in(administrator, builder.user("Alex Administrator", is_staff=True))
    announce(administrator, today)

    lead = new_page()
    accept(lead, "lena@fieldwork.example")
    home = lead.url
    axe(lead)
    lead.get_by_role("link", name="Change the team").click()
    invite(lead, "Ines Inspector", "ines@fieldwork.example", "Inspector")
    lead.goto(home)
    draw_one(lead, today)
    lead.goto(home)
    lead.get_by_role("link", name="Allocate 1 case").click()
    lead.get_by_label("Allocate C-01 to").select_option(label="Ines Inspector")
    lead.get_by_role("button", name="Save the allocation").click()
    expect(lead.get_by_text("1 case allocated anew.")).to_be_visible()
    lead.goto(home)
    lead.get_by_role("button", name="Begin fieldwork").click()
    lead.locator("main").get_by_role("button", name="Begin fieldwork").click()
    expect(lead.get_by_text("The inspection is now in: Fieldwork.")).to_be_visible()

    inspector = new_page()
    accept(inspector, "ines@fieldwork.example")
    inspector.get_by_role("link", name="Answer 70 questions in your cases").click()
    inspector.get_by_role("link", name="C-01").click()
    expect(inspector.get_by_text("Common assault")).to_be_visible()
    case = inspector.url
    answer_every_question(inspector)
    inspector.goto(case)
    inspector.get_by_role("button", name="Submit case to the lead inspector").click()
    expect(inspector.get_by_text("Case C-01 is submitted.")).to_be_visible()

    lead.goto(case)
    lead.get_by_role("button", name="Sign off case").click()
    expect(lead.get_by_text("Case C-01 is signed off.")).to_be_visible()
    lead.goto(f"{home}ratings/")
    planning = lead.locator("[id='standard-2.2']")
    expect(planning).to_contain_text("Outstanding")
    planning.locator("summary").first.click()
    expect(planning).to_contain_text("From 1 court case, of 5 eligible.")
    # Before, 0 to 5 Yes of 5 were as likely each. The one Yes makes them 0 to 5 fifteenths:
    # 4 and 5 of 5 are Outstanding.
    expect(planning).to_contain_text("Outstanding 60%")
    axe(lead)
