"""An inspector reads a case; the lead and an administrator see that, and the record is exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from config.demonstration import builder
from tests import scenes
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(live_server: object) -> Scene:
    return scenes.scene()


def test_who_read_a_case_is_found_by_its_lead_and_by_an_administrator(
    scene: Scene,
    new_page: Callable[..., Page],
    sign_in: SignIn,
    axe: Callable[[Page], None],
) -> None:
    inspector = new_page()
    sign_in(inspector, scene.inspector)
    inspector.goto(f"{scene.case_page}2.1/")

    lead = new_page()
    sign_in(lead, scene.lead)
    lead.goto(f"{scene.case_page}history/")
    lead.get_by_label("Show").select_option("Who read the case")
    lead.get_by_role("button", name="Filter").click()
    row = lead.get_by_role("row", name=str(scene.inspector))
    expect(row).to_contain_text("Questions of the case")
    axe(lead)

    administrator = new_page()
    sign_in(administrator, builder.user("Alex Administrator", is_staff=True))
    administrator.goto("/")
    administrator.get_by_role("link", name="Record", exact=True).click()
    administrator.get_by_label("Who did it").fill("nobody like this")
    administrator.get_by_role("button", name="Search").click()
    expect(administrator.get_by_role("alert")).to_contain_text("No account has this name")
    axe(administrator)
    administrator.get_by_label("Who did it").fill(scene.inspector.email)
    administrator.get_by_label("What was done").select_option("Cases read")
    administrator.get_by_role("button", name="Search").click()
    row = administrator.get_by_role("row", name="Read: questions of the case")
    expect(row).to_contain_text(scene.case.reference)
    axe(administrator)

    with administrator.expect_download() as download:
        administrator.get_by_role("link", name="Export all that is found as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "Read: questions of the case" in text
