"""A first answer moves nothing on its page, and many cases make a short list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demonstration import builder
from inspections.models import GroupChoice
from tests.browser.recording.conftest import choose, open_record, question, record_url, status
from tests.conftest import SignIn
from tests.scenes import scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
def test_a_first_answer_moves_nothing_under_the_next_tap(
    new_page: Callable[..., Page], sign_in: SignIn, width: int
) -> None:
    made = scene()
    page = new_page(width=width)
    sign_in(page, made.inspector)
    open_record(page, made.case)
    following = question(page, "2.1.1b")
    before = following.evaluate("one => one.getBoundingClientRect().top + scrollY")
    choose(page, "2.1.1a", "YES")
    expect(status(page, "2.1.1a")).to_contain_text("Saved")
    expect(question(page, "2.1.1a").get_by_role("radio", name="Clear")).to_be_visible()
    assert following.evaluate("one => one.getBoundingClientRect().top + scrollY") == before


@pytest.mark.parametrize("width", [1280, 768, 375, 320])
def test_without_scripts_a_question_is_as_high_before_its_answer_as_after(
    new_page: Callable[..., Page], sign_in: SignIn, width: int
) -> None:
    made = scene()
    page = new_page(width=width, java_script_enabled=False)
    sign_in(page, made.inspector)
    page.goto(record_url(made.case))
    answered = question(page, "2.1.1a")
    expect(answered.get_by_role("radio", name="Clear")).to_have_count(0)
    before = answered.bounding_box()
    answered.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(answered.get_by_role("radio", name="Clear")).to_be_visible()
    after = answered.bounding_box()
    assert before and after and after["height"] == before["height"]


def test_sixty_cases_are_a_short_list_on_a_telephone(
    new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    made = scene()
    builder.cases(made.inspection, GroupChoice.COURT, 60, made.inspector)
    page = new_page(width=375, height=740)
    sign_in(page, made.inspector)
    page.goto(f"{made.home}cases/")
    expect(page.locator("tbody th[scope=row]")).to_have_count(60)
    rows = page.locator("tbody tr").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert max(rows) <= 60
