"""A lead inspector draws a sample and allocates it with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.models import Case
from tests.conftest import SignIn
from tests.integration.sampling import scenes

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 100


def tab_to(page: Page, element: Locator) -> Locator:
    """Press Tab until ``element`` has the focus, and shows that it has."""
    expect(element).to_be_visible()
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if element.evaluate("one => one === document.activeElement"):
            changes = "getComputedStyle(one).outlineStyle !== 'none'"
            shadow = "getComputedStyle(one).boxShadow !== 'none'"
            assert element.evaluate(f"one => {changes} || {shadow}")
            return element
    raise AssertionError(f"{element} can't be reached with Tab")


def test_a_sample_is_drawn_and_allocated_by_keyboard(page: Page, sign_in: SignIn) -> None:
    made = scenes.preparation()
    scenes.take(made, scenes.rows(12))
    sign_in(page, made.lead)
    page.goto(f"{made.home}sample/")
    tab_to(page, page.get_by_role("link", name="Draw the sample").first).press("Enter")
    expect(page.get_by_label("Seed")).to_be_visible()
    tab_to(page, page.get_by_label("Seed")).fill("4711")
    tab_to(page, page.get_by_role("button", name="Draw", exact=True)).press("Enter")
    expect(page.get_by_text("Seed 4711.")).to_be_visible()
    tab_to(page, page.get_by_role("link", name=str(made.inspection.service))).press("Enter")
    drawn = Case.objects.filter(inspection=made.inspection)
    number = drawn.count()
    tab_to(page, page.get_by_role("link", name=f"Allocate {number} cases")).press("Enter")
    tab_to(page, page.get_by_role("button", name="Propose")).press("Enter")
    expect(page.get_by_text(f"The proposal has somebody for {number} cases.")).to_be_visible()
    choice = tab_to(page, page.get_by_label("Allocate C-01 to"))
    choice.press("Home")
    tab_to(page, page.get_by_role("button", name="Save the allocation")).press("Enter")
    expect(page.get_by_text("cases allocated anew.")).to_be_visible()
    assert drawn.exclude(allocated_to=None).count() == number - 1
