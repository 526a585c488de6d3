"""Sending forms as people do: twice on a slow answer, and after their session has ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from config.demonstration import builder
from inspections.models import KeptForm, User
from ratings.models import Evidence, Finding
from tests.conftest import PATIENCE, SignIn
from tests.scenes import Scene, team

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    return team()


SLOW = 3_000
"""Milliseconds that an answer takes."""


@contextmanager
def slowly(table: str) -> Iterator[None]:
    """Nothing is written to a table until the test lets it."""
    held, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            held.set()
            done.wait()
        connection.close()

    holding = Thread(target=hold)
    holding.start()
    held.wait()
    try:
        yield
    finally:
        done.set()
        holding.join()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_second_click_on_a_slow_answer_makes_one_finding(
    new_page: Callable[..., Page], sign_in: SignIn, scene: Scene, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}key-questions/1.1.1/add/strength/")
    page.locator("textarea[name=text]").fill("Partners know each other.")
    button = page.get_by_role("button", name="Save")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    with slowly("ratings_finding"):
        # Playwright's own click waits for the page that the first one leads to.
        page.mouse.click(*place)
        wait_until_blocked(1)
        # GOV.UK's own button ignores what comes within a second.
        page.wait_for_timeout(SLOW)
        page.mouse.click(*place)
        if not scripts:  # which send no form again that is on its way
            wait_until_blocked(2)
    expect(page.get_by_text("The strength is saved.")).to_have_count(1)
    expect(page.locator(".app-finding")).to_have_count(1)
    assert Finding.objects.count() == 1
    page.reload()
    expect(page.get_by_text("The strength is saved.")).to_have_count(0)


def wait_until_blocked(number: int) -> None:
    """The first one by the test, the second one by the first."""
    waiting, give_up_at = 0, time.monotonic() + PATIENCE / 1000
    while waiting < number:
        assert time.monotonic() < give_up_at, f"{waiting} of {number} requests wait"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
            )
            (waiting,) = cursor.fetchone()


def enter_evidence(page: Page, scene: Scene) -> None:
    """Fill in a form, and lose the session before it is sent."""
    page.goto(f"{scene.home}evidence/add/document/")
    page.locator("input[name=title]").fill("The partnership board")
    page.locator("textarea[name=notes]").fill("They meet monthly.\nNobody from health comes.")
    page.get_by_role("checkbox").first.check()
    Session.objects.all().delete()
    page.get_by_role("button", name="Add evidence").click()


def sign_in_by_password(page: Page, person: User) -> None:
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(builder.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def expect_evidence(page: Page) -> None:
    expect(page.get_by_text("The partnership board").first).to_be_visible()
    item = Evidence.objects.get()
    assert (item.title, item.notes) == (
        "The partnership board",
        "They meet monthly.\nNobody from health comes.",
    )
    assert not KeptForm.objects.exists()


def test_evidence_sent_after_the_session_ended_is_sent_from_its_page_after_signing_in(
    page: Page, sign_in: SignIn, scene: Scene, axe: Callable[[Page], None]
) -> None:
    sign_in(page, scene.lead)
    enter_evidence(page, scene)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    axe(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    sign_in_by_password(opened.value, scene.lead)
    expect(opened.value.get_by_role("heading", name="My inspections")).to_be_visible()
    assert not Evidence.objects.exists()
    page.bring_to_front()
    page.get_by_role("button", name="Add evidence").click()
    expect_evidence(page)


def test_without_scripts_evidence_sent_after_the_session_ended_is_sent_after_signing_in(
    new_page: Callable[..., Page], sign_in: SignIn, scene: Scene, axe: Callable[[Page], None]
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, scene.lead)
    enter_evidence(page, scene)
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_text("What you entered is not saved yet")).to_be_visible()
    sign_in_by_password(page, scene.lead)
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    expect(page.get_by_text("Nobody from health comes.")).to_be_visible()
    with_scripts = new_page()
    with_scripts.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    with_scripts.goto(page.url)
    axe(with_scripts)
    assert not Evidence.objects.exists()
    page.get_by_role("button", name="Send it now").click()
    expect_evidence(page)


def test_an_allocation_after_the_session_ended_leads_back_to_the_case(
    page: Page, sign_in: SignIn, scene: Scene, axe: Callable[[Page], None]
) -> None:
    """As issue 9 has it: the person signs in and lands on the case, not on HTTP ERROR 405."""
    sign_in(page, scene.lead)
    page.goto(f"{scene.case_page}allocate/")
    expect(page.get_by_role("heading", name="Case C-001")).to_be_visible()
    expect(page.get_by_text("Nothing was done.")).to_be_visible()
    axe(page)


def test_a_second_sign_in_tab_leads_on(page: Page, scene: Scene) -> None:
    page.goto(f"/accounts/login/?next={scene.home}")
    second = page.context.new_page()
    second.goto("/accounts/login/?next=/panel/")
    for tab, heading in ((page, str(scene.inspection.service)), (second, "Panel")):
        sign_in_by_password(tab, scene.lead)
        expect(tab.get_by_role("heading", level=1)).to_contain_text(heading)
