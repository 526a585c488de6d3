"""What if, in a browser: changes are marked, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import SignIn
from tests.scenes import Scene


@pytest.mark.parametrize("scripts", [True, False])
def test_a_lead_tries_other_figures_without_changing_the_record(
    new_page: Callable[..., Page], sign_in: SignIn, at_panel: Scene, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, at_panel.lead)
    page.goto(f"/inspections/{at_panel.inspection.pk}/ratings/")
    page.get_by_role("link", name="What if").click()
    expect(page.get_by_text("Scenario only: nothing is saved.")).to_be_visible()

    page.get_by_text("Change the counts of 3.1").click()
    page.get_by_label("Yes of 3.1.2").fill("8")
    page.get_by_label("No of 3.1.2").fill("2")
    page.get_by_label("Rating of 1.1").select_option("Outstanding")
    page.get_by_role("button", name="Calculate").click()

    figures = page.locator(".app-what-if__figures")
    expect(figures).to_contain_text("The record 28 out of 36 Good")
    expect(figures).to_contain_text("What if 32 out of 36 Outstanding")
    expect(page.get_by_label("Yes of 3.1.2")).to_have_value("8")
    expect(page.get_by_text("40% in the record, 80% here")).to_be_visible()

    page.get_by_role("link", name="Start again from the record").click()
    expect(figures).to_contain_text("What if 28 out of 36 Good")
    page.get_by_role("link", name="Back to the ratings").click()
    expect(page.locator(".app-outcome")).to_contain_text("28 out of 36")


def test_an_error_links_to_its_count(page: Page, sign_in: SignIn, at_panel: Scene) -> None:
    sign_in(page, at_panel.lead)
    page.goto(f"/inspections/{at_panel.inspection.pk}/ratings/what-if/?yes-3.1.2=9&no-3.1.2=9")

    page.locator(".govuk-error-summary").get_by_role("link", name="they are 18").click()

    expect(page.get_by_label("Yes of 3.1.2")).to_be_focused()
    expect(page.get_by_label("Yes of 3.1.2")).to_have_value("9")


def test_it_is_accessible_and_never_scrolls_sideways(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    at_panel: Scene,
    axe: Callable[[Page], None],
) -> None:
    page = new_page()
    sign_in(page, at_panel.lead)
    page.goto(f"/inspections/{at_panel.inspection.pk}/ratings/what-if/?yes-3.1.2=5&no-2.1.1=99")
    axe(page)
