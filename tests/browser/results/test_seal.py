"""Lead inspector and chair seal a result, and the chair reopens it for another seal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import scenes
from tests.browser.panel.test_to_the_panel import AsPerson, as_person
from tests.scenes import Scene

__all__ = ["as_person"]


@pytest.fixture
def scene(live_server: LiveServer) -> Scene:
    return scenes.before_panel()


def agree(page: Page, home: str, part: str) -> None:
    page.goto(f"{home}seal/")
    with page.expect_navigation():
        page.get_by_role("button", name=f"Confirm this result as {part}").click()


def test_two_confirmations_seal_the_result_and_its_file_verifies(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    home = scene.inspection.get_absolute_url()
    lead, chair = as_person(scene.lead), as_person(scene.chair)
    lead.goto(f"{home}seal/")
    axe(lead)
    digest = lead.locator(".app-digest").inner_text()
    assert len(digest) == 64
    agree(lead, home, "lead inspector")
    expect(lead.get_by_text("You have confirmed this result.").first).to_be_visible()
    expect(lead.get_by_text("Chair of the ratings panel: has not confirmed yet.")).to_be_visible()

    agree(chair, home, "chair of the ratings panel")
    expect(chair.get_by_text("The result is sealed. This is seal 1.")).to_be_visible()
    axe(chair)
    with chair.expect_download() as started:
        chair.get_by_role("link", name="Download sealed-result").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    call_command("verify_seal", str(file))

    sealed = "The result is sealed, so nothing of this inspection can change."
    for part in ("", "cases/", "judgements/", "ratings/", "panel/"):
        lead.goto(home + part)
        expect(lead.get_by_text(sealed)).to_be_visible()
        expect(lead.locator("main form[method=post]")).to_have_count(0)
    lead.goto(f"{home}judgements/1.1/")
    expect(lead.get_by_text("The result is sealed, so its judgements")).to_be_visible()
    expect(lead.locator("main form[method=post]")).to_have_count(0)
    chair.goto(f"{home}ratings/discretion/3.1/")
    expect(chair.get_by_text("The result is sealed, so no decision can change.")).to_be_visible()
    expect(chair.locator("main form[method=post]")).to_have_count(0)


def test_a_result_that_changed_after_it_was_read_is_not_confirmed(
    scene: Scene, as_person: AsPerson
) -> None:
    home = scene.inspection.get_absolute_url()
    lead = as_person(scene.lead)
    agree(lead, home, "lead inspector")
    chair = as_person(scene.chair)
    chair.goto(f"{home}seal/")
    scenes.decide(scene)
    chair.get_by_role("button", name="Confirm this result").click()
    expect(chair.get_by_text("The result has changed since you opened it")).to_be_visible()
    expect(chair.get_by_text("so that confirmation no longer counts")).to_be_visible()
    chair.get_by_role("button", name="Confirm this result").click()
    expect(chair.get_by_text("You have confirmed this result.").first).to_be_visible()


def test_the_chair_reopens_with_a_reason_and_a_second_seal_follows(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None]
) -> None:
    home = scene.inspection.get_absolute_url()
    lead, chair = as_person(scene.lead), as_person(scene.chair)
    agree(lead, home, "lead inspector")
    agree(chair, home, "chair of the ratings panel")
    lead.goto(f"{home}seal/")
    expect(lead.get_by_role("link", name="Reopen the result")).to_have_count(0)
    chair.get_by_role("link", name="Reopen the result").click()
    axe(chair)
    chair.get_by_role("button", name="Reopen the result").click()
    expect(chair.get_by_role("link", name="Enter why the result is reopened")).to_be_visible()
    chair.get_by_label("Why is the result reopened?").fill("A case was counted twice.")
    chair.get_by_role("button", name="Reopen the result").click()
    expect(chair.get_by_text("The result is reopened. Seal 1 stays")).to_be_visible()
    expect(chair.get_by_text("A case was counted twice.")).to_be_visible()

    scenes.everyone_is_present(scene.inspection)
    scenes.decide(scene)
    agree(lead, home, "lead inspector")
    agree(chair, home, "chair of the ratings panel")
    expect(chair.get_by_role("heading", name="Earlier seal 1")).to_be_visible()
    expect(chair.get_by_role("heading", name="Seal 2", exact=True)).to_be_visible()
    axe(chair)


def test_the_seals_page_works_on_a_phone_without_scripts(scene: Scene, as_person: AsPerson) -> None:
    home = scene.inspection.get_absolute_url()
    lead = as_person(scene.lead, java_script_enabled=False)
    agree(lead, home, "lead inspector")
    expect(lead.get_by_text("You have confirmed this result.").first).to_be_visible()
    phone = as_person(scene.chair, width=375, height=800)
    agree(phone, home, "chair of the ratings panel")
    expect(phone.get_by_text("The result is sealed. This is seal 1.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
