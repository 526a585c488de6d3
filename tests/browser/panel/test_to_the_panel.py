"""From the lead inspector's review to the panel, its decisions, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Answer, Case
from config.demonstration import builder
from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings.models import Judgement
from ratings.panel.actions import submit_to_panel
from ratings.panel.meeting_actions import arrange_meeting
from tests import scenes
from tests.conftest import NARROW, SignIn
from tests.scenes import Scene

OpenPage = Callable[..., Page]


@pytest.fixture
def scene(live_server: LiveServer) -> Scene:
    """Ready for the panel, with a meeting today."""
    scene = scenes.in_review()
    scene.meeting.meeting_date = timezone.localdate()
    scene.meeting.save()
    return scene


@pytest.fixture
def as_person(new_page: OpenPage, sign_in: SignIn) -> Callable[[User], Page]:
    """A browser of each person's own."""

    def open_as(person: User, **options: object) -> Page:
        page = new_page(**options)
        sign_in(page, person)
        return page

    return open_as


AsPerson = Callable[..., Page]


def submit(scene: Scene) -> None:
    submit_to_panel(
        inspection=scene.inspection,
        meeting=scene.meeting,
        lead_view="3.1 rests on one case.",
        by=scene.lead,
    )
    scenes.everyone_is_present(scene.inspection)


def decide(page: Page) -> None:
    page.get_by_label("Up one band, to Good").check()
    page.get_by_label("Evidence weighed").fill("The case was read again.")
    page.get_by_label("Reason").fill("All evidence in the round.")
    page.get_by_label("Footnote to print").fill("Professional discretion was used.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save the panel’s decision").click()


def test_the_lead_arranges_a_meeting_submits_and_the_panel_decides(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None]
) -> None:
    third = builder.user("Third member")
    lead = as_person(scene.lead)
    lead.goto(scene.inspection.get_absolute_url())
    lead.get_by_role("link", name="Submit the inspection to the ratings panel").click()
    axe(lead)
    lead.get_by_role("link", name="Arrange another meeting").click()
    axe(lead)
    today = timezone.localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        lead.get_by_label(part, exact=True).fill(str(value))
    lead.get_by_label("Who chairs it?").select_option(label=scene.chair.name)
    lead.get_by_label(third.name).check()
    lead.get_by_role("button", name="Arrange the meeting").click()

    chosen = lead.get_by_role("radio", checked=True)
    expect(chosen).to_have_accessible_description("Panel members: The chair, Third member.")
    lead.get_by_label("Your view of the ratings").fill("3.1 rests on one case.")
    lead.get_by_role("button", name="Submit to the panel").click()
    expect(lead.get_by_text("The inspection is with the ratings panel.")).to_be_visible()
    expect(lead.get_by_role("link", name="Decide on 3.1.1")).to_have_count(0)
    axe(lead)

    chair = as_person(scene.chair)
    chair.goto(f"{scene.inspection.get_absolute_url()}panel/")
    chair.get_by_role("link", name="Record who is present").click()
    axe(chair)
    chair.get_by_role("button", name="Save who is present").click()
    chair.get_by_role("link", name="Select whether Third member is present").click()
    chair.get_by_role("group", name="Third member").get_by_label("Present").check()
    axe(chair)
    chair.get_by_role("button", name="Save who is present").click()
    expect(chair.get_by_text("The chair, Third member").first).to_be_visible()

    member = as_person(third)
    member.goto("/")
    member.get_by_role("link", name=str(scene.inspection.service)).click()
    member.get_by_role("link", name="Look at the ratings before the panel and decide").click()
    expect(member.get_by_text("3.1 rests on one case.")).to_be_visible()
    row = member.locator('[id="panel-3.1"]')
    expect(row).to_contain_text("3.1.1: 50% (1 of 2")
    expect(row).to_contain_text("1 down to Inadequate")
    axe(member)
    row.get_by_role("link", name="Decide on 3.1 Assessment").click()
    figures = member.get_by_role("row", name="3.1.1 ")
    expect(figures).to_contain_text("1 case to Inadequate")
    expect(figures).to_contain_text("50% (1 of 2)")
    axe(member)
    decide(member)

    expect(member).to_have_url(re.compile(r"/panel/$"))
    saved = member.get_by_role("alert")
    expect(saved).to_contain_text("The panel’s decision on standard 3.1 Assessment is saved.")
    expect(saved).to_be_focused()
    expect(saved).to_be_in_viewport()
    table = member.get_by_role("table", name="Score and overall rating")
    expect(table.get_by_role("row", name="Score")).to_contain_text("28 out of 36")
    expect(member.locator('[id="panel-3.1"]')).to_contain_text("The ratings panel moved 3.1")


def test_what_is_missing_is_listed_with_links_to_fix_it(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None]
) -> None:
    Judgement.objects.filter(standard="1.2").delete()
    lead = as_person(scene.lead)
    lead.goto(f"{scene.inspection.get_absolute_url()}panel/submit/")
    expect(lead.get_by_text("Standard 1.2 Staff has not been judged yet.")).to_be_visible()
    expect(lead.get_by_role("button", name="Submit to the panel")).to_have_count(0)
    axe(lead)
    lead.get_by_role("link", name="Judge 1.2").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Staff")


def test_a_member_with_an_interest_steps_aside_and_is_told_why(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None]
) -> None:
    scene.meeting = arrange_meeting(
        meeting_date=timezone.localdate(),
        chair=scene.chair,
        members=[scene.inspector, scene.member],
        by=scene.lead,
    )
    lead = as_person(scene.lead)
    lead.goto(f"{scene.inspection.get_absolute_url()}panel/submit/?meeting={scene.meeting.pk}")
    aside = f"{scene.inspector} steps aside: Inspector on this inspection's team."
    expect(lead.get_by_role("radio", checked=True)).to_have_accessible_description(
        f"Panel members: The chair, The member. {aside}"
    )
    lead.get_by_label("Your view of the ratings").fill("As it stands.")
    lead.get_by_role("button", name="Submit to the panel").click()
    expect(lead.get_by_text(f"{scene.inspector}: Inspector on this inspection's")).to_be_visible()

    inspector = as_person(scene.inspector)
    inspector.goto(f"{scene.inspection.get_absolute_url()}ratings/discretion/3.1/")
    expect(inspector.get_by_text("You step aside from this hearing")).to_be_visible()
    expect(inspector.get_by_role("button", name="Save")).to_have_count(0)
    inspector.goto(f"/panel/{scene.meeting.pk}/")
    expect(inspector.get_by_text("You step aside, so you take no part")).to_be_visible()
    axe(inspector)

    member = as_person(scene.member)
    member.goto(f"{scene.inspection.get_absolute_url()}panel/step-aside/")
    axe(member)
    member.get_by_role("button", name="Step aside").click()
    expect(member.get_by_text("There is a problem")).to_be_visible()
    member.get_by_label("Why do you step aside?").fill("A relative works there.")
    member.get_by_role("button", name="Step aside").click()
    expect(member.get_by_text("A relative works there.")).to_be_visible()
    assert member.goto(f"{scene.inspection.get_absolute_url()}panel/").status == 404  # type: ignore[union-attr]


def test_a_stale_decision_is_shown_everywhere_and_returns_to_the_panel(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None]
) -> None:
    submit(scene)
    home = scene.inspection.get_absolute_url()
    member = as_person(scene.member)
    member.goto(f"{home}ratings/discretion/3.1/")
    decide(member)

    lead = as_person(scene.lead)
    lead.goto(f"{home}panel/")
    expect(lead.get_by_role("link", name="Give the inspection back")).to_have_count(0)
    chair = as_person(scene.chair)
    chair.goto(f"{home}panel/")
    chair.get_by_role("link", name="Give the inspection back to the lead inspector").click()
    chair.get_by_label("Why is it given back?").fill("One No of 3.1.1 looks wrong.")
    axe(chair)
    with chair.expect_navigation():
        chair.get_by_role("button", name="Give the inspection back").click()
    lead.goto(home)
    expect(lead.locator(".govuk-inset-text")).to_contain_text("One No of 3.1.1 looks wrong.")
    axe(lead)

    correct_an_answer(scene)
    submit(scene)

    out_of_date = "The ratings panel moved 3.1 from Requires improvement to Good"
    chair.goto(f"{home}panel/")
    expect(chair.get_by_text(out_of_date).first).to_contain_text("now computed as Outstanding")
    expect(chair.locator('[id="panel-3.1"]')).to_contain_text("Out of date.")
    axe(chair)
    lead.goto(f"{home}ratings/")
    expect(lead.locator("[data-live=headline]")).to_contain_text("no longer applies")
    lead.goto(f"{home}seal/")
    expect(lead.get_by_text("Before you can confirm")).to_be_visible()
    expect(lead.get_by_role("button", name="Confirm this result")).to_have_count(0)
    axe(lead)
    chair.get_by_role("link", name="Look at the decision about 3.1 again").click()
    chair.get_by_role("link", name="Withdraw this decision").click()
    chair.get_by_label("Why is the decision withdrawn?").fill("3.1 is Outstanding by now.")
    with chair.expect_navigation():
        chair.get_by_role("button", name="Withdraw the decision").click()
    chair.goto(f"{home}panel/")
    expect(chair.get_by_text(out_of_date)).to_have_count(0)


def correct_an_answer(scene: Scene) -> None:
    """Reopened fieldwork in which the one No of 3.1.1 becomes a Yes."""
    Inspection.objects.filter(pk=scene.inspection.pk).update(state="FIELDWORK")
    answer = Answer.objects.get(question="3.1.1", value="NO")
    Case.objects.filter(pk=answer.case_id).update(state="RETURNED")
    Answer.objects.filter(pk=answer.pk).update(value="YES", version=2)
    Case.objects.filter(pk=answer.case_id).update(state="SIGNED_OFF")
    Inspection.objects.filter(pk=scene.inspection.pk).update(state="REVIEW")
    scene.inspection = scene.fresh()


def test_submitting_to_the_panel_works_without_scripts(scene: Scene, as_person: AsPerson) -> None:
    lead = as_person(scene.lead, java_script_enabled=False)
    lead.goto(f"{scene.inspection.get_absolute_url()}panel/submit/")
    lead.get_by_role("radio").check()
    lead.get_by_role("button", name="Submit to the panel").click()
    expect(lead.get_by_text("There is a problem")).to_be_visible()
    lead.get_by_role("link", name="Enter your view of the ratings").click()
    lead.get_by_label("Your view of the ratings").fill("As it stands.")
    lead.get_by_role("button", name="Submit to the panel").click()
    expect(lead.get_by_text("The inspection is with the ratings panel.")).to_be_visible()


def test_the_panels_page_works_by_keyboard_and_on_a_phone(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None]
) -> None:
    submit(scene)
    member = as_person(scene.member, width=375, height=800)
    member.goto(f"{scene.inspection.get_absolute_url()}panel/")
    axe(member)
    decide_link = member.locator('[id="panel-1.1"]').get_by_role("link", name="Decide on 1.1")
    decide_link.focus()
    member.keyboard.press("Enter")
    expect(member.get_by_role("heading", level=1)).to_contain_text("1.1")
    expect(member.get_by_text("What was seen under 1.1.").first).to_be_visible()
    axe(member)
    assert member.evaluate("document.documentElement.scrollWidth") <= 375


def test_what_a_decision_would_change_stays_current_while_the_form_is_filled_in(
    scene: Scene, as_person: AsPerson
) -> None:
    submit(scene)
    member = as_person(scene.member)
    member.goto(f"{scene.inspection.get_absolute_url()}ratings/discretion/3.1/")
    effects = member.get_by_role("table", name="What each decision would change")
    up = effects.get_by_role("row", name="Up one band, to Good")
    expect(up).to_contain_text("29 out of 36")
    member.get_by_label("Up one band, to Good").check()
    expect(up).to_have_css("outline-style", "solid")
    member.get_by_label("Evidence weighed").fill("The case was read again.")

    scenes.decide_as(scene.fresh(), scene.chair, "1.2", Rating.OUTSTANDING, Rating.GOOD)

    expect(effects.get_by_role("row", name="As it stands")).to_contain_text("29 out of 36")
    expect(up).to_contain_text("30 out of 36")
    expect(member.get_by_label("Evidence weighed")).to_have_value("The case was read again.")
    expect(member.get_by_label("Up one band, to Good")).to_be_checked()


def test_from_giving_back_to_a_second_decision_and_the_seal(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None]
) -> None:
    submit(scene)
    home = scene.inspection.get_absolute_url()
    lead, chair, member = map(as_person, (scene.lead, scene.chair, scene.member))
    member.goto(f"{home}ratings/discretion/3.1/")
    decide(member)

    chair.goto(f"{home}panel/")
    chair.get_by_role("link", name="Give the inspection back to the lead inspector").click()
    chair.get_by_label("Why is it given back?").fill("The rationale of 1.2 is thin.")
    with chair.expect_navigation():
        chair.get_by_role("button", name="Give the inspection back").click()

    lead.goto(f"{home}judgements/1.2/")
    lead.get_by_label("Good", exact=True).check()
    lead.get_by_label("Rationale").fill("Caseloads are fair, and training reaches everybody.")
    with lead.expect_navigation():
        lead.get_by_role("button", name="Save judgement").click()
    lead.goto(f"{home}panel/submit/")
    lead.get_by_role("radio").check()
    lead.get_by_label("Your view of the ratings").fill("1.2 has its rationale now.")
    with lead.expect_navigation():
        lead.get_by_role("button", name="Submit to the panel").click()
    expect(lead.get_by_text("The inspection is with the ratings panel.")).to_be_visible()

    chair.goto(f"{home}panel/attendance/")
    chair.get_by_role("group", name=scene.member.name).get_by_label("Present").check()
    with chair.expect_navigation():
        chair.get_by_role("button", name="Save who is present").click()
    member.goto(f"{home}ratings/discretion/1.2/")
    expect(member.get_by_text("training reaches everybody.")).to_be_visible()
    axe(member)
    member.get_by_label("Up one band, to Outstanding").check()
    member.get_by_label("Evidence weighed").fill("The survey of staff.")
    member.get_by_label("Reason").fill("All evidence in the round.")
    member.get_by_label("Footnote to print").fill("Professional discretion was used for 1.2.")
    with member.expect_navigation():
        member.get_by_role("button", name="Save the panel’s decision").click()
    for code, moved in (("3.1", "to Good"), ("1.2", "from Good to Outstanding")):
        expect(member.locator(f'[id="panel-{code}"]')).to_contain_text(moved)

    for page, part in ((lead, "lead inspector"), (chair, "chair of the ratings panel")):
        page.goto(f"{home}seal/")
        expect(page.get_by_text("30 out of 36").first).to_be_visible()
        with page.expect_navigation():
            page.get_by_role("button", name=f"Confirm this result as {part}").click()
    expect(chair.get_by_text("The result is sealed. This is seal 1.")).to_be_visible()
    chair.goto(f"/panel/{scene.meeting.pk}/")
    expect(chair.get_by_text("3.1 from Requires improvement to Good").first).to_be_visible()
    expect(chair.get_by_text("1.2 from Good to Outstanding").first).to_be_visible()


def test_nothing_of_the_panels_pages_is_wider_than_the_narrowest_phone(
    scene: Scene, as_person: AsPerson
) -> None:
    # Requires improvement, the longest rating, then stands twice in a row.
    Judgement.objects.update(rating="INADEQUATE")
    submit(scene)
    width = min(NARROW)
    chair = as_person(scene.chair, width=width, height=800)
    for address in (f"{scene.home}panel/", f"{scene.home}seal/", f"/panel/{scene.meeting.pk}/"):
        chair.goto(address)
        overall = chair.get_by_role("row", name="Overall rating")
        expect(overall.get_by_text("Requires improvement")).to_have_count(2)
        assert chair.evaluate("document.documentElement.scrollWidth") == width, address


def test_the_chair_records_the_outcome_and_the_meeting_shows_it(
    scene: Scene, as_person: AsPerson, axe: Callable[[Page], None]
) -> None:
    submit(scene)
    chair = as_person(scene.chair)
    chair.goto(f"{scene.inspection.get_absolute_url()}panel/")
    chair.get_by_role("link", name="Record the panel’s conclusions").click()
    axe(chair)
    chair.get_by_label("The panel’s conclusions").fill("3.1 was read again and left as it was.")
    with chair.expect_navigation():
        chair.get_by_role("button", name="Save the outcome").click()
    chair.goto("/panel/")
    axe(chair)
    chair.get_by_role("link", name="chaired by The chair").click()
    expect(chair.get_by_text("3.1 was read again and left as it was.")).to_be_visible()
    expect(chair.get_by_text("No rating moved.")).to_be_visible()
    axe(chair)


def test_the_lead_takes_an_inspection_back_until_the_panel_has_begun(
    scene: Scene, as_person: AsPerson
) -> None:
    submit(scene)
    lead = as_person(scene.lead)
    lead.goto(f"{scene.inspection.get_absolute_url()}panel/")
    lead.get_by_role("link", name="Give the inspection back").click()
    lead.get_by_label("Why is it given back?").fill("I judged 1.2 too early.")
    with lead.expect_navigation():
        lead.get_by_role("button", name="Give the inspection back").click()
    assert scene.fresh().state == Inspection.State.REVIEW
