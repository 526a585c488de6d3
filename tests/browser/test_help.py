"""Help and the statements of a public body, as people open and print them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from config.operator import Operator
from config.site.help.abilities import PAGES
from tests.browser.test_every_page import ON_A_TELEPHONE, ON_PAPER, PAPER
from tests.conftest import NARROW, RULES, SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

STATEMENTS = ("/accessibility/", "/privacy/", "/cookies/")
LONG = "a-long-address-of-somebody@a-department-of-an-inspectorate.example"


def looked_at(page: Page, address: str) -> list[str]:
    """What is wrong with a page at any width or on paper."""
    found = []
    page.emulate_media(media="screen")
    page.goto(address)
    for width in (1280, *NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [f"{address} at {width}: {rule['id']}" for rule in violations]
        found += [f"{address} at {width}: {one}" for one in page.evaluate(ON_A_TELEPHONE)]
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    return found + [f"{address} on paper: {one}" for one in page.evaluate(ON_PAPER)]


def test_the_help_of_every_role_is_accessible_and_whole_on_paper(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    scene.lead.email = LONG
    scene.lead.save()
    sign_in(page, scene.inspector)
    found = []
    for role in PAGES:
        found += looked_at(page, reverse("site:help-of", args=[role.slug]))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "operator", [Operator(), Operator(name="N" * 60, accessibility_email=LONG)]
)
def test_the_statements_are_accessible_and_whole_on_paper(
    page: Page, settings: Any, operator: Operator
) -> None:
    settings.OPERATOR = operator
    found = [one for address in STATEMENTS for one in looked_at(page, address)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_inspector_finds_their_help_and_whom_to_ask(
    new_page: Callable[..., Page], sign_in: SignIn, scene: Scene, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, scene.inspector)
    page.goto(scene.home)
    page.get_by_role("banner").get_by_role("link", name="Help").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspectors")
    page.get_by_role("link", name="whom to ask").click()
    expect(page.get_by_role("link", name=scene.lead.email)).to_be_in_viewport()
    roles = page.get_by_role("navigation", name="Help for roles")
    roles.get_by_role("link", name="Observers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Observers")
    expect(roles.get_by_role("link", name="Observers")).to_have_attribute("aria-current", "page")


def test_somebody_signed_out_reads_the_statements_from_the_sign_in_page(
    new_page: Callable[..., Page], scene: Scene
) -> None:
    page = new_page(width=min(NARROW), java_script_enabled=False)
    page.goto("/accounts/login/")
    for name in ("Accessibility statement", "Privacy notice", "Cookies"):
        page.get_by_role("contentinfo").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
