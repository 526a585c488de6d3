"""A form is sent only when the service is there and the person signed in, and once at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from config.demonstration import builder
from ratings.models import Finding
from tests.browser.network import find_network, lose_network
from tests.browser.recording.conftest import choose, everything_saved, open_record, wait_until
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

SECOND_PRESS = 1_100
"""Milliseconds after which GOV.UK's button takes a second press for one."""


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Whose requests are seen here: no service worker answers them."""
    return new_page(service_workers="block")


@pytest.fixture
def finding(page: Page, sign_in: SignIn, scene: Scene) -> Page:
    """A new finding, written and not saved."""
    page.clock.install()
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}key-questions/1.1.1/add/strength/")
    page.get_by_role("textbox").first.fill("Found on a train.")
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click(no_wait_after=True)


def expect_not_sent(page: Page, why: str) -> None:
    expect(page.get_by_role("alert")).to_contain_text(why)
    expect(page.locator(".app-not-sent")).to_be_focused()
    expect(page.get_by_role("textbox").first).to_have_value("Found on a train.")


def test_without_a_network_any_form_stays_with_what_was_typed(
    finding: Page, axe: Callable[[Page], None]
) -> None:
    lose_network(finding)
    save(finding)
    expect_not_sent(finding, "There is no network, so this was not sent.")
    axe(finding)
    find_network(finding)
    finding.clock.fast_forward(SECOND_PRESS)
    save(finding)
    expect(finding.get_by_text("Found on a train.")).to_be_visible()
    assert Finding.objects.count() == 1


def test_no_network_is_said_only_when_there_is_none(finding: Page) -> None:
    finding.route("**/session/", lambda route: route.abort())
    save(finding)
    expect_not_sent(finding, "The service can’t be reached, so this was not sent.")


def test_after_the_session_has_ended_any_form_stays_with_what_was_typed(finding: Page) -> None:
    Session.objects.all().delete()
    save(finding)
    expect_not_sent(finding, "You are signed out, so this was not sent.")


def test_a_form_is_sent_once_however_often_its_button_is_pressed(finding: Page) -> None:
    held: list[Route] = []
    finding.route("**/add/strength/", lambda route: held.append(route))
    finding.evaluate(
        """pause => {
            const button = [...document.querySelectorAll("main button")].at(-1);
            const pressAgain = () => { button.click(); console.log("pressed again"); };
            button.addEventListener("click", () => setTimeout(pressAgain, pause), { once: true });
        }""",
        SECOND_PRESS,
    )
    with finding.expect_console_message(lambda message: message.text == "pressed again"):
        save(finding)
    # It is sent once the service has answered the guard, which may be after the second press.
    wait_until(lambda: bool(held), finding)
    for route in held:
        route.continue_()
    expect(finding.get_by_text("Found on a train.")).to_be_visible()
    assert len(held) == 1
    assert Finding.objects.count() == 1


def test_signing_in_stays_on_the_page_without_a_network(page: Page) -> None:
    person = builder.user()
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(builder.PASSWORD)
    lose_network(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no network")
    expect(page.get_by_label("Email address")).to_have_value(person.email)


def test_signing_out_waits_for_what_is_on_its_way(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    # The moment that what is on its way has is never over.
    page.clock.set_fixed_time(datetime.now(UTC))
    sign_in(page, scene.inspector)
    open_record(page, scene.case)
    held: list[Route] = []
    page.route("**/saves/", lambda route: held.append(route))
    choose(page, "2.1.1a", "YES")
    wait_until(lambda: bool(held), page)
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    held[0].continue_()
    expect(page.get_by_text("You have signed out")).to_be_visible()
    assert scene.case.answers.get(question="2.1.1a").value == "YES"


def test_without_the_service_nobody_is_told_that_they_signed_out(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(page, scene.inspector)
    open_record(page, scene.case)
    everything_saved(page)
    lose_network(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_contain_text("you are still signed in")
