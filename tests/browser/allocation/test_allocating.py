"""A lead inspector links, declares, proposes, allocates, plans an interview and signs off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.actions import allocate_case, move_case
from cases.models import Case, InterviewSlot
from config.demonstration import builder
from inspections.models import Inspection
from tests import scenes
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

Axe = Callable[[Page], None]


def prepared() -> Scene:
    """An inspection in preparation with seven cases that nobody holds."""
    today = timezone.localdate()
    scene = scenes.scene(
        state=Inspection.State.PREPARATION,
        fieldwork_start_date=today - timedelta(days=4),
        fieldwork_end_date=today + timedelta(days=7),
    )
    assert scene.colleague
    for number in range(1, 6):
        builder.case(scene.inspection, reference=f"C-{number:03}", disposal_type="REFERRAL_ORDER")
    for number in (1, 2):
        builder.case(scene.inspection, "OUT_OF_COURT", reference=f"O-{number:03}")
    return scene


def case(scene: Scene, reference: str) -> Case:
    return scene.inspection.cases.select_related("allocated_to").get(reference=reference)


def choose(page: Page, reference: str, name: str) -> None:
    page.get_by_label(f"Allocate {reference} to").select_option(label=name)


@pytest.mark.parametrize("scripts", [True, False])
def test_from_linked_cases_to_an_allocation_that_somebody_else_changed(
    new_page: Callable[..., Page], sign_in: SignIn, axe: Axe, scripts: bool
) -> None:
    scene = prepared()
    page = new_page(java_script_enabled=scripts)
    sign_in(page, scene.lead)
    page.goto(scene.home)
    page.get_by_role("link", name="Allocate 7 cases").click()

    page.get_by_role("link", name="Linked cases").click()
    page.get_by_label("Co-defendants").check()
    for reference in ("C-002", "O-001"):
        page.get_by_label(reference).check()
    page.get_by_role("button", name="Link these cases").click()
    expect(page.get_by_text("The linked cases are saved.")).to_be_visible()
    if scripts:
        axe(page)

    page.goto(f"{scene.home}allocation/")
    page.get_by_label("Court", exact=True).fill("180")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("The proposal has somebody for 7 cases.")).to_be_visible()
    assert not scene.inspection.cases.exclude(allocated_to=None).exists()
    if scripts:
        axe(page)
    choose(page, "C-001", "Grace Inspector")
    choose(page, "C-003", "Nobody")
    # The next lead, in another browser, was faster with one case.
    allocate_case(case=case(scene, "C-001"), to=scene.lead, by=scene.lead)
    page.get_by_role("button", name="Save the allocation").click()
    expect(
        page.get_by_text("Nothing was saved: the allocation is saved as a whole")
    ).to_be_visible()
    expect(page.get_by_label("Allocate C-001 to")).to_have_value(str(scene.colleague.pk))
    if scripts:
        axe(page)
    page.get_by_role("button", name="Save the allocation").click()
    expect(page.get_by_text("6 cases allocated anew.")).to_be_visible()
    assert case(scene, "C-001").allocated_to == scene.colleague
    assert case(scene, "C-003").allocated_to is None
    assert case(scene, "C-002").allocated_to == case(scene, "O-001").allocated_to

    page.get_by_label("Give the cases ticked below to").select_option(label="Ada Inspector")
    for reference in ("C-003", "O-002"):
        page.get_by_label(f"Tick {reference}").check()
    page.get_by_role("button", name="Save the allocation").click()
    expect(page.get_by_label("Allocate C-003 to")).to_have_value(str(scene.inspector.pk))
    for reference in ("C-003", "O-002"):
        assert case(scene, reference).allocated_to == scene.inspector


def test_interests_interviews_and_progress(
    new_page: Callable[..., Page], sign_in: SignIn, axe: Axe
) -> None:
    scene = prepared()
    page = new_page()
    sign_in(page, scene.inspector)
    page.goto(f"{scene.home}interests/")
    page.get_by_label("What the interest is").fill("I managed a team there.")
    page.get_by_role("button", name="Declare the interest").click()
    expect(page.get_by_text("The interest is declared.")).to_be_visible()
    axe(page)

    tomorrow = timezone.localdate() + timedelta(days=1)
    for manager in ("CM-4", "CM-7"):
        page.goto(f"{scene.home}interviews/")
        page.get_by_role("button", name="Plan an interview").click()
        for label, value in zip(
            ("Day", "Month", "Year"), (tomorrow.day, tomorrow.month, tomorrow.year), strict=True
        ):
            page.get_by_role("textbox", name=label, exact=True).fill(str(value))
        page.get_by_label("Begins at").fill("9:30")
        page.get_by_label("Inspector").select_option(label="Ada Inspector")
        page.get_by_role("textbox", name="Case manager").fill(manager)
        page.get_by_label("C-001").check()
        page.get_by_label("Room or link").fill("Room 2")
        axe(page)
        page.get_by_role("button", name="Save the interview").click()
        expect(page.get_by_text("The interview is saved.")).to_be_visible()
    expect(page.get_by_text("2 interviews clash.")).to_be_visible()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download mine as a calendar").click()
    assert download.value.suggested_filename.endswith(".ics")
    assert InterviewSlot.objects.count() == 2
    page.goto(scene.home)
    expect(page.get_by_text("case manager CM-4, C-001, Room 2")).to_be_visible()

    scenes.move_to(scene.inspection, Inspection.State.FIELDWORK)
    codes = scene.inspection.framework.case_questions("COURT")
    for reference in ("C-001", "C-002"):
        one = case(scene, reference)
        allocate_case(case=one, to=scene.colleague, by=scene.lead)
        builder.answers(one, scene.colleague, **dict.fromkeys(codes, "YES"))
        move_case(case=one, to=Case.State.SUBMITTED, by=scene.colleague)
    lead = new_page()
    sign_in(lead, scene.lead)
    lead.goto(f"{scene.home}cases/")
    lead.get_by_role("link", name="Next submitted case: C-001").click()
    lead.get_by_role("button", name="Sign off case").click()
    expect(lead.get_by_text("Case C-001 is signed off.")).to_be_visible()
    axe(lead)
    lead.get_by_role("link", name="Next submitted case: C-002").click()
    lead.get_by_role("button", name="Sign off case").click()
    expect(lead.get_by_text("No other submitted case waits for you.")).to_be_visible()
    lead.goto(f"{scene.home}progress/")
    expect(lead.get_by_text("2 of 7 cases submitted, 2 of them signed off.")).to_be_visible()
    axe(lead)
