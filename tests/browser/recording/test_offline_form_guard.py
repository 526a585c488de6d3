"""A case is not moved on before what waits is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from cases.progress import missing_answers
from config.demonstration import builder
from tests.browser.recording.conftest import choose, open_record
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


SECOND_PRESS = 1_100
"""Milliseconds after which a button takes a second press for one, not for the first one's twin."""


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
