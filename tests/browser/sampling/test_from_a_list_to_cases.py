"""A lead loads a list, takes it, draws a sample, and replaces a case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.conftest import SignIn
from tests.integration.sampling import scenes
from tests.integration.sampling.scenes import as_csv, row, rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (375, False)])
def test_from_a_list_to_cases(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    axe: Callable[[Page], None],
    width: int,
    scripts: bool,
) -> None:
    made = scenes.preparation()
    page = new_page(width=width, java_script_enabled=scripts)
    sign_in(page, made.lead)

    def look() -> None:
        if scripts:
            axe(page)

    page.goto(f"{made.home}sample/")
    look()
    page.get_by_role("button", name="Load the list of cases").click()
    look()
    listed = [*rows(30), row(31, disposal_date="30/02/2026")]
    file: FilePayload = {"name": "list.csv", "mimeType": "text/csv", "buffer": as_csv(listed)}
    page.get_by_label("List of cases").set_input_files(file)
    page.get_by_role("button", name="Read the list").click()
    expect(page.get_by_text("31 rows read: 30 valid, 1 with problems.")).to_be_visible()
    look()
    page.get_by_label("Leave out the 1 row with problems").check()
    page.get_by_role("button", name="Take 30 cases").click()
    expect(page.get_by_text("30 cases of list.csv are taken.")).to_be_visible()

    page.get_by_role("link", name="Draw the sample").first.click()
    look()
    page.get_by_label("Seed").fill("4711")
    page.get_by_role("button", name="Draw", exact=True).click()
    expect(page.get_by_role("heading", name="Draw 1: 26 of 30")).to_be_visible()
    expect(page.get_by_text("Seed 4711.")).to_be_visible()
    look()

    page.get_by_role("link", name="eligible of 30 on the lists").click()
    look()
    page.goto(f"{made.home}sample/")
    page.get_by_role("link", name="Replace C-01").click()
    look()
    page.get_by_label("The next reserve").check()
    page.get_by_label("Why the case is taken out").fill("It is another service’s.")
    page.get_by_role("button", name="Take C-01 out").click()
    expect(page.get_by_text("C-01 is taken out of the sample, and C-27 comes in")).to_be_visible()
    look()
    page.goto(f"{made.home}sample/court/add/")
    look()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
