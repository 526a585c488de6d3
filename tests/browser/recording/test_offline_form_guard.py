"""Forms of details and of changes of state keep what was typed when there is no network."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from cases.models import Case
from cases.progress import missing_answers
from config.demonstration import builder
from tests.browser.recording.conftest import Device, choose, keep_offline, open_record
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


SECOND_PRESS = 1_100
"""Milliseconds after which a button takes a second press for one, not for the first one's twin."""


@pytest.fixture
def details(page: Page, sign_in: SignIn, fieldwork: Scene) -> Page:
    """The details of a case, half filled in."""
    page.clock.install()
    sign_in(page, fieldwork.inspector)
    page.goto(f"{fieldwork.case.get_absolute_url()}details/")
    page.locator("textarea").first.fill("Typed on a train")
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save details").click()


def test_details_stay_on_the_page_until_there_is_a_network(
    details: Page, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    name = details.locator("textarea").first.get_attribute("name")
    assert name is not None
    details.context.set_offline(True)
    save(details)
    expect(details.get_by_role("alert")).to_contain_text(
        "There is no network, so this was not sent. What you entered is still here."
    )
    expect(details.locator("textarea").first).to_have_value("Typed on a train")
    axe(details)
    details.context.set_offline(False)
    details.clock.fast_forward(SECOND_PRESS)
    save(details)
    expect(details.get_by_text(f"The details of case {fieldwork.case} are saved.")).to_be_visible()
    assert getattr(Case.objects.get(pk=fieldwork.case.pk), name) == "Typed on a train"


def test_details_stay_on_the_page_until_their_author_has_signed_in_again(
    details: Page, sign_in: SignIn, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    Session.objects.all().delete()
    save(details)
    expect(details.get_by_role("alert")).to_contain_text("You are signed out")
    axe(details)
    with details.context.expect_page() as opened:
        details.get_by_role("link", name="Sign in in a new tab").click()
    opened.value.get_by_label("Email address").fill(fieldwork.inspector.email)
    opened.value.get_by_label("Password", exact=True).fill(builder.PASSWORD)
    opened.value.get_by_role("button", name="Sign in").click()
    expect(opened.value.get_by_role("heading", name="My inspections")).to_be_visible()
    # The clock of a page in the background may lag behind.
    details.bring_to_front()
    details.clock.fast_forward(SECOND_PRESS)
    save(details)
    expect(details.get_by_text(f"The details of case {fieldwork.case} are saved.")).to_be_visible()


def test_details_of_a_case_kept_offline_say_that_they_need_a_network(
    device: Device, sign_in: SignIn, fieldwork: Scene
) -> None:
    sign_in(device.page, fieldwork.inspector)
    keep_offline(device.page, fieldwork.case)
    device.lose_network()
    device.page.goto(f"{fieldwork.case.get_absolute_url()}details/")
    device.page.locator("textarea").first.fill("Typed on a train")
    save(device.page)
    expect(device.page.get_by_role("alert")).to_contain_text("There is no network")
    expect(device.page.locator("textarea").first).to_have_value("Typed on a train")


def test_a_case_is_not_submitted_before_its_unsent_saves(
    page: Page, sign_in: SignIn, fieldwork: Scene, axe: Callable[[Page], None]
) -> None:
    case = fieldwork.case
    builder.answers(case, fieldwork.inspector, **dict.fromkeys(missing_answers(case), "YES"))
    page.clock.install()
    sign_in(page, fieldwork.inspector)
    open_record(page, case)
    page.route("**/saves/", lambda route: route.fulfill(status=500))
    choose(page, "2.1.1a", "NO")
    page.goto(case.get_absolute_url())
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("alert")).to_contain_text("1 change to this case is not saved yet")
    axe(page)
    page.unroute("**/saves/")
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")
    page.clock.fast_forward(SECOND_PRESS)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("submitted").first).to_be_visible()
    assert case.answers.get(question="2.1.1a").value == "NO"
    assert Case.objects.get(pk=case.pk).state == Case.State.SUBMITTED
