"""What stays in view at the top of a page hides nothing that has the focus or is jumped to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import SignIn
from tests.scenes import Scene

BARS = {"ratings/": ".app-live", "ratings/what-if/": ".app-what-if__outcome"}
"""What stays in view, by page."""

UNDER_IT = """(bar) => {
    const focused = document.activeElement;
    if (bar.contains(focused) || focused === document.body) return null;
    const [line] = focused.getClientRects();
    const { top, bottom } = bar.getBoundingClientRect();
    return top <= 0 && line.top < bottom - 1 && line.bottom > 0 ? focused.outerHTML : null;
}"""


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("address", BARS)
def test_nothing_that_has_the_focus_is_hidden(
    new_page: Callable[..., Page], sign_in: SignIn, at_panel: Scene, address: str, width: int
) -> None:
    page = new_page(width=width, height=480)
    sign_in(page, at_panel.lead)
    page.goto(f"/inspections/{at_panel.inspection.pk}/{address}")
    bar = page.locator(BARS[address])
    page.locator("main a, main button, main input").last.focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        assert bar.evaluate(UNDER_IT) is None


@pytest.mark.parametrize("scripts", [True, False])
def test_the_strip_jumps_to_a_row_below_the_line(
    new_page: Callable[..., Page], sign_in: SignIn, at_panel: Scene, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts, height=480)
    sign_in(page, at_panel.lead)
    page.goto(f"/inspections/{at_panel.inspection.pk}/ratings/")
    page.locator('a[href="#standard-2.2"]').first.press("Enter")
    name = page.locator('[id="standard-2.2"] .app-standard__name')
    expect(name).to_be_in_viewport()
    line, row = page.locator(".app-live").bounding_box(), name.bounding_box()
    assert line and row
    assert row["y"] >= line["y"] + line["height"]
