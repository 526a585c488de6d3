"""A page shown again shows what stands: what a browser refills is no edit."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ratings.models import Finding
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def edit_finding(page: Page, scene: Scene, finding: Finding, text: str) -> None:
    page.goto(f"{scene.home}findings/{finding.pk}/")
    page.locator("textarea").first.fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(text)).to_be_visible()


def test_back_shows_the_finding_that_stands(page: Page, sign_in: SignIn, scene: Scene) -> None:
    finding = scene.finding("As found.")
    sign_in(page, scene.lead)
    edit_finding(page, scene, finding, "The first wording.")
    edit_finding(page, scene, finding, "The second wording.")
    for _ in range(3):
        page.go_back()
    expect(page).to_have_url(re.compile(f"findings/{finding.pk}/$"))
    expect(page.locator("textarea").first).to_have_value("The second wording.")
