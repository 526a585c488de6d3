"""An administrator finds from the first page, in an empty database, how an inspection begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.demonstration import builder
from inspections.models import Inspection, User
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page: Page, question: str, day: date) -> None:
    group = page.get_by_role("group", name=question)
    for label, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label).fill(str(part))


@pytest.fixture
def admin(live_server: LiveServer) -> User:
    return builder.user("Alex Administrator", is_staff=True)


def test_a_service_is_added_announced_and_asked(
    admin: User, page: Page, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    today = timezone.localdate()
    sign_in(page, admin)
    page.goto("/")
    axe(page)
    page.get_by_role("link", name="Add the first service").click()
    page.get_by_role("button", name="Add the service").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name of the service.")
    axe(page)
    page.get_by_label("Name of the service").fill("Northmere Youth Justice Service")
    page.get_by_label("Email addresses of contact").fill("head@northmere.example")
    page.get_by_role("button", name="Add the service").click()
    expect(page.get_by_text("Northmere Youth Justice Service is added.")).to_be_visible()
    axe(page)

    page.get_by_role("button", name="Announce an inspection").click()
    axe(page)
    page.get_by_role("button", name="Announce the inspection").click()
    expect(page.get_by_role("alert")).to_contain_text("Select the edition of the standards.")
    axe(page)
    page.get_by_label("2021 framework").check()
    enter(page, "When is the inspection announced?", today)
    enter(page, "When does fieldwork start?", today + timedelta(weeks=6))
    enter(page, "When does fieldwork end?", today + timedelta(weeks=7))
    page.get_by_role("button", name="Announce the inspection").click()
    expect(page.get_by_text("The inspection of Northmere")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Change the windows for sampling").click()
    axe(page)
    page.get_by_label("One window for all groups").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the first day of this window.")
    axe(page)
    enter(page, "All groups: first day", date(2026, 1, 1))
    enter(page, "All groups: last day", date(2026, 6, 30))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 January 2026 to 30 June 2026")).to_have_count(3)
    page.get_by_text("History").click()
    axe(page)

    # Nobody has an account besides the administrator, who takes no part.
    page.get_by_role("link", name="Name the lead inspector").click()
    page.get_by_role("link", name="Invite somebody who has no account").click()
    page.get_by_label("Full name").fill("Lena Lead")
    page.get_by_label("Email address").fill("lena@fieldwork.example")
    page.get_by_label("Lead inspector", exact=True).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("An email with a link is on its way")).to_be_visible()

    page.get_by_role("link", name="All inspections").first.click()
    expect(page.get_by_role("cell", name="Lena Lead")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Northmere Youth Justice Service").click()
    page.get_by_role("link", name="Ask the service for 6 things on the checklist").click()
    axe(page)
    enter(page, "By when is it due?", today + timedelta(weeks=2))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("0 of 6 received.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Caseload list").click()
    axe(page)
    enter(page, "Received (optional)", today)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 of 6 received.")).to_be_visible()

    page.get_by_role("link", name="Set-up").or_(
        page.get_by_label("Breadcrumb").get_by_role("link", name="Northmere")
    ).first.click()
    page.get_by_role("link", name="Begin preparation").click()
    axe(page)
    page.get_by_role("button", name="Begin preparation").click()
    expect(page.get_by_text("The inspection is now in: In preparation.")).to_be_visible()
    assert Inspection.objects.get().state == Inspection.State.PREPARATION


def test_what_was_made_in_error_is_removed(
    admin: User, page: Page, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    inspection = builder.inspection(state=Inspection.State.ANNOUNCED)
    sign_in(page, admin)
    page.goto(f"/inspections/{inspection.pk}/announcement/")
    page.get_by_role("link", name="Remove this inspection").click()
    axe(page)
    page.get_by_role("button", name="Remove the inspection").click()
    expect(page.get_by_text("No inspection is announced yet.")).to_be_visible()
    page.get_by_role("link", name="Services").first.click()
    axe(page)
    page.get_by_role("link", name=str(inspection.service)).click()
    page.get_by_role("link", name="Remove this service").click()
    axe(page)
    page.get_by_role("button", name="Remove the service").click()
    expect(page.get_by_text("No service is recorded yet.")).to_be_visible()


def test_the_page_that_says_no_ratings(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None], live_server: LiveServer
) -> None:
    inspection = builder.inspection(gives_ratings=False)
    sign_in(page, builder.lead_inspector(inspection))
    page.goto(f"/inspections/{inspection.pk}/ratings/")
    expect(page.get_by_role("heading", name="No ratings")).to_be_visible()
    axe(page)
