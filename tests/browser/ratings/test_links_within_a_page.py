"""Links to what is closed open it, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demonstration import builder
from tests.conftest import SignIn
from tests.scenes import Scene


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("address", ["panel/", "ratings/discretion/3.1/"])
def test_how_likelihoods_are_worked_out_opens_and_has_the_focus(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    at_panel: Scene,
    address: str,
    scripts: bool,
) -> None:
    builder.sample(at_panel.inspection, "OUT_OF_COURT", eligible_cases=40)
    page = new_page(java_script_enabled=scripts, height=480)
    sign_in(page, at_panel.panel)
    page.goto(f"{at_panel.home}{address}")
    assumptions = page.get_by_text("The inspected cases count as drawn at random.")
    expect(assumptions).to_be_hidden()

    page.get_by_role("link", name="worked out").first.press("Enter")

    expect(assumptions).to_be_visible()
    expect(page.locator("#how-sure")).to_be_focused()
    expect(page.locator("#how-sure")).to_be_in_viewport()
