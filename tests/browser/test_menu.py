"""The menu at the top of every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NARROW, SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", NARROW)
def test_on_a_telephone_the_menu_is_one_line_that_opens(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    scene: Scene,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = new_page(width=width, height=800)
    sign_in(page, scene.lead)
    page.goto(scene.home)
    header = page.get_by_role("banner")
    menu = header.get_by_role("button", name="Menu")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(header.get_by_role("link", name="On this device")).to_be_hidden()
    name = header.get_by_role("link", name="Record inspection fieldwork").bounding_box()
    button = menu.bounding_box()
    whole = header.bounding_box()
    assert name and button and whole
    assert name["y"] <= button["y"] < name["y"] + name["height"]
    assert whole["height"] <= 2 * button["height"] + 40
    menu.press("Enter")
    expect(header.get_by_role("link", name="On this device")).to_be_visible()
    expect(header.get_by_role("button", name="Sign out")).to_be_visible()
    axe(page)


def test_without_scripts_every_link_of_the_menu_is_there(
    new_page: Callable[..., Page], sign_in: SignIn, scene: Scene
) -> None:
    page = new_page(width=min(NARROW), height=800, java_script_enabled=False)
    sign_in(page, scene.lead)
    page.goto(scene.home)
    header = page.get_by_role("banner")
    expect(header.get_by_role("button", name="Menu")).to_be_hidden()
    for name in ("On this device", str(scene.lead)):
        expect(header.get_by_role("link", name=name)).to_be_visible()
    expect(header.get_by_role("button", name="Sign out")).to_be_visible()


def test_on_a_wide_screen_there_is_no_button(page: Page, sign_in: SignIn, scene: Scene) -> None:
    sign_in(page, scene.lead)
    page.goto(scene.home)
    expect(page.get_by_role("banner").get_by_role("link", name="On this device")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
