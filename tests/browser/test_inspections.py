"""My inspections, as somebody who is on many finds one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demonstration import builder
from tests.conftest import SignIn
from tests.integration.site.test_inspections import inspected

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_many_inspections_is_found(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    person = builder.user("Ada")
    inspected(person, 60, services=60)
    sign_in(page, person)

    page.goto("/")
    axe(page)
    page.get_by_role("link", name="Page 2").click()
    expect(page.get_by_role("link", name="Page 2")).to_have_attribute("aria-current", "page")
    page.get_by_label("Service").fill("long 042")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("rowheader")).to_contain_text("Somewhere Long 042")
    page.get_by_role("link", name="Show all inspections").click()
    expect(page.get_by_text("60 inspections, those under way first")).to_be_visible()
