"""The ratings page in a browser: live updates that keep the reader's place, and accessibility."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config.demonstration import builder
from inspections.actions import move_inspection
from inspections.announcements import announce
from inspections.framework import Rating
from inspections.models import Inspection
from ratings.pages.live import broker as live
from ratings.panel.actions import give_back
from tests.conftest import SignIn
from tests.scenes import Scene

LIVE = "Live · updated"


@pytest.fixture
def address(at_panel: Scene) -> str:
    return f"/inspections/{at_panel.inspection.pk}/ratings/"


@pytest.fixture
def in_fieldwork(at_panel: Scene) -> Scene:
    """The same, with fieldwork open."""
    Inspection.objects.update(state="FIELDWORK")
    return at_panel


def open_ratings(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("[data-live-status]")).to_contain_text(LIVE)


def test_an_answer_shows_in_the_leads_open_page_without_a_reload(
    page: Page, sign_in: SignIn, in_fieldwork: Scene, address: str
) -> None:
    inspector = in_fieldwork.inspector
    case = builder.case(in_fieldwork.inspection, "COURT", inspector)
    sign_in(page, in_fieldwork.lead)
    open_ratings(page, address)
    page.locator('[id="standard-2.1"] > summary').click()
    row = page.locator('[data-live="2.1.1"]')
    expect(row).to_contain_text("1 not answered yet")
    page.evaluate("window.sameDocument = true")

    builder.answers(case, inspector, **{"2.1.1": "NO"})

    expect(row).to_contain_text("91% (10 of 11)")
    expect(row).not_to_contain_text("not answered yet")
    closed = page.locator('[data-live="2.1-figures"]')
    expect(closed).to_contain_text("2.1.1: 91% (10 of 11)")
    assert page.evaluate("window.sameDocument")


def test_what_is_open_stays_open_and_the_focus_stays_where_it_was(
    page: Page, sign_in: SignIn, in_fieldwork: Scene, address: str
) -> None:
    inspector = in_fieldwork.inspector
    case = builder.case(in_fieldwork.inspection, "COURT", inspector)
    sign_in(page, in_fieldwork.lead)
    open_ratings(page, address)
    standard = page.locator('[id="standard-2.1"]')
    standard.locator("> summary").click()
    prompts = standard.locator(".app-prompts")
    prompts.locator("summary").click()
    prompts.locator("summary").focus()
    before = prompts.locator("summary").bounding_box()

    builder.answers(case, inspector, **{"2.1.1": "NO", "2.1.1a": "NO"})

    expect(page.locator('[data-live="2.1.1a"]')).to_contain_text("91% (10 of 11)")
    expect(standard).to_have_attribute("open", "")
    expect(prompts).to_have_attribute("open", "")
    expect(prompts.locator("summary")).to_be_focused()
    # What is above it may take more lines or fewer; what is looked at stays where it is.
    after = prompts.locator("summary").bounding_box()
    assert before is not None and after is not None
    assert abs(after["y"] - before["y"]) < 2


def judge_otherwise(inspection: Inspection, standard: str, rating: Rating) -> None:
    inspection.judgements.filter(standard=standard).update(rating=rating.name)
    announce(inspection.pk)


def note_what_is_announced(page: Page) -> None:
    page.locator("[data-live-announcer]").evaluate(
        """region => {
            window.announced = [];
            new MutationObserver(() => window.announced.push(region.textContent))
                .observe(region, { childList: true, characterData: true, subtree: true });
        }"""
    )


def test_each_standard_whose_rating_changes_is_announced_once_in_one_polite_message(
    page: Page, sign_in: SignIn, in_fieldwork: Scene, address: str
) -> None:
    inspection, inspector = in_fieldwork.inspection, in_fieldwork.inspector
    lifting = [builder.case(inspection, "OUT_OF_COURT", inspector) for _ in range(2)]
    lowering = [builder.case(inspection, "COURT", inspector) for _ in range(3)]
    sign_in(page, in_fieldwork.lead)
    open_ratings(page, address)
    announcer = page.locator("[data-live-announcer][role=status]")
    expect(announcer).to_be_empty()
    note_what_is_announced(page)

    # 6 of 12 is half: Requires improvement. 10 of 13 is 77%: Good.
    with transaction.atomic():
        for case in lifting:
            builder.answers(case, inspector, **{"3.1.2": "YES"})
        for case in lowering:
            builder.answers(case, inspector, **{"2.2.1": "NO"})
    both = "2.2 Planning is now Good. 3.1 Assessment is now Requires improvement."
    expect(announcer).to_have_text(both)

    judge_otherwise(inspection, "1.1", Rating.OUTSTANDING)
    last = (
        "Score 29 out of 36. Overall rating: Good. "
        "1.1 Governance and leadership is now Outstanding."
    )
    expect(announcer).to_have_text(last)
    assert page.evaluate("window.announced") == [both, last]


def test_the_strip_changes_while_the_page_is_open(
    page: Page, sign_in: SignIn, in_fieldwork: Scene, address: str
) -> None:
    sign_in(page, in_fieldwork.lead)
    open_ratings(page, address)
    link = page.get_by_role("navigation", name="Ratings of the standards").get_by_role(
        "link", name="1.1 Governance and leadership: Good"
    )
    link.focus()

    judge_otherwise(in_fieldwork.inspection, "1.1", Rating.INADEQUATE)

    changed = page.get_by_role("link", name="1.1 Governance and leadership: Inadequate")
    expect(changed).to_be_focused()
    expect(changed).to_have_attribute("title", "1.1 Governance and leadership: Inadequate")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_link_of_the_strip_opens_its_row_and_goes_on_from_there(
    new_page: Callable[..., Page], sign_in: SignIn, at_panel: Scene, address: str, width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, at_panel.lead)
    open_ratings(page, address)
    row = page.locator('[id="standard-3.1"]')

    for _ in range(2):
        page.get_by_role("link", name="3.1 Assessment: Inadequate").click()
        expect(row).to_have_attribute("open", "")
        expect(row.locator("> summary")).to_be_focused()
        expect(row.locator("> summary")).to_be_in_viewport()
        row.locator("> summary").click()


def test_on_a_telephone_the_strip_has_initials_and_stays_readable_to_all(
    new_page: Callable[..., Page], sign_in: SignIn, at_panel: Scene, address: str
) -> None:
    page = new_page(width=320)
    sign_in(page, at_panel.lead)
    open_ratings(page, address)
    link = page.get_by_role("link", name="3.1 Assessment: Inadequate", exact=True)

    expect(link.locator(".app-strip__short")).to_be_visible()
    expect(link).to_have_attribute("title", "3.1 Assessment: Inadequate")
    box = link.bounding_box()
    assert box is not None and box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_tabs_of_an_inspection_stand_in_one_line(
    page: Page, sign_in: SignIn, at_panel: Scene, address: str
) -> None:
    sign_in(page, at_panel.lead)
    open_ratings(page, address)
    tabs = page.get_by_role("navigation", name="This inspection").get_by_role("link")

    tops = tabs.evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")

    assert len(tops) > 6 and len(set(tops)) == 1


def test_a_percentage_opens_to_its_cases_while_the_page_is_live(
    page: Page, sign_in: SignIn, in_fieldwork: Scene, address: str
) -> None:
    inspector = in_fieldwork.inspector
    case = builder.case(in_fieldwork.inspection, "COURT", inspector)
    sign_in(page, in_fieldwork.lead)
    open_ratings(page, address)
    page.locator('[id="standard-2.1"] > summary').click()
    builder.answers(case, inspector, **{"2.1.1": "NO"})

    page.get_by_role("link", name=re.compile("91%.*answers to 2.1.1")).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("2.1.1")


def test_a_new_score_is_announced_politely(
    page: Page, sign_in: SignIn, in_fieldwork: Scene, address: str
) -> None:
    inspector = in_fieldwork.inspector
    cases = [builder.case(in_fieldwork.inspection, "OUT_OF_COURT", inspector) for _ in range(2)]
    sign_in(page, in_fieldwork.lead)
    open_ratings(page, address)
    expect(page.locator("[data-live-announcer][role=status]")).to_be_empty()

    # 6 of 12 is half: Requires improvement.
    for case in cases:
        builder.answers(case, inspector, **{"3.1.2": "YES"})

    expect(page.locator("[data-live-announcer]")).to_have_text(
        "Score 29 out of 36. Overall rating: Good. 3.1 Assessment is now Requires improvement."
    )
    expect(page.locator(".app-outcome")).to_contain_text("29 out of 36")


def test_a_lost_connection_is_shown_and_restored(
    page: Page, sign_in: SignIn, in_fieldwork: Scene, address: str
) -> None:
    inspector = in_fieldwork.inspector
    case = builder.case(in_fieldwork.inspection, "COURT", inspector)
    sign_in(page, in_fieldwork.lead)
    open_ratings(page, address)
    status = page.locator("[data-live-status]")

    page.route("**/events/?*", lambda route: route.fulfill(status=503))
    live.broker.stop()

    expect(status).to_contain_text(re.compile("^Connection lost at .* Reconnecting$"))
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    builder.answers(case, inspector, **{"2.1.1": "NO"})
    page.unroute("**/events/?*")
    expect(status).to_contain_text(LIVE)
    expect(page.locator('[data-live="2.1.1"]')).to_contain_text("91% (10 of 11)")


def test_someone_who_may_no_longer_see_ratings_is_told(
    page: Page, sign_in: SignIn, at_panel: Scene, address: str
) -> None:
    inspection = at_panel.inspection
    give_back(inspection=inspection, reason="3.4 was read wrongly.", by=at_panel.panel)
    sign_in(page, at_panel.inspector)
    open_ratings(page, address)

    move_inspection(
        inspection=inspection, to="FIELDWORK", reason="An answer is wrong.", by=at_panel.lead
    )

    expect(page.locator("[data-live-status]")).to_contain_text("can no longer see these ratings")


def test_the_panel_moves_a_standard_and_score_and_overall_follow_in_the_leads_open_page(
    new_page: Callable[..., Page], sign_in: SignIn, at_panel: Scene, address: str
) -> None:
    watching, deciding = new_page(), new_page()
    sign_in(watching, at_panel.lead)
    open_ratings(watching, address)
    expect(watching.locator(".app-outcome")).to_contain_text("28 out of 36")
    sign_in(deciding, at_panel.panel)
    deciding.goto(address)
    deciding.locator('[id="standard-3.1"] > summary').click()

    deciding.get_by_role("link", name="Decide discretion on 3.1", exact=True).click()
    deciding.get_by_label("Up one band, to Requires improvement").check()
    deciding.get_by_label("Lead inspector’s view").fill("The work is better than this figure.")
    deciding.get_by_label("Evidence weighed").fill("All ten assessments were read again.")
    deciding.get_by_label("Reason", exact=True).fill("One more case would reach the boundary.")
    deciding.get_by_label("Footnote to print").fill("Professional discretion was applied.")
    deciding.get_by_role("button", name="Save the panel’s decision").click()

    expect(deciding.get_by_text("decision on standard 3.1 Assessment is saved")).to_be_visible()
    expect(deciding.locator('[id="panel-3.1"]')).to_contain_text("Requires improvement")
    deciding.goto(address)
    for page in (deciding, watching):
        expect(page.locator(".app-outcome")).to_contain_text("29 out of 36")
        expect(page.locator('[data-live="3.1-rating"]')).to_contain_text("Requires improvement")
        expect(page.get_by_text("Note 1, on 3.1 Assessment")).to_be_visible()


def test_errors_lead_to_their_fields_and_keep_what_was_written(
    page: Page, sign_in: SignIn, at_panel: Scene, address: str, axe: Callable[[Page], None]
) -> None:
    sign_in(page, at_panel.panel)
    page.goto(f"{address}discretion/3.1/")
    page.get_by_label("Reason", exact=True).fill("Close to the boundary.")

    with page.expect_navigation():
        page.get_by_role("button", name="Save the panel’s decision").click()

    axe(page)
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Reason", exact=True)).to_have_value("Close to the boundary.")
    for message, field in (
        ("Select which way the panel moves the rating", "Up one band, to Requires improvement"),
        ("Enter the evidence that the panel weighed", "Evidence weighed"),
    ):
        summary.get_by_role("link", name=message).click()
        expect(page.get_by_label(field)).to_be_focused()


def test_everything_opens_by_keyboard(
    page: Page, sign_in: SignIn, at_panel: Scene, address: str
) -> None:
    sign_in(page, at_panel.panel)
    open_ratings(page, address)
    page.locator('[id="standard-3.1"] > summary').focus()

    page.keyboard.press("Enter")
    expect(page.locator('[id="standard-3.1"]')).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Decide discretion on 3.1", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("standard 3.1 Assessment")


def test_without_scripts_the_page_is_complete(
    new_page: Callable[..., Page], sign_in: SignIn, at_panel: Scene, address: str
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, at_panel.lead)
    page.goto(address)

    expect(page.get_by_text("As at")).to_be_visible()
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    page.get_by_role("link", name="3.1 Assessment: Inadequate").click()
    standard = page.locator('[id="standard-3.1"]')
    expect(standard.locator("> summary")).to_be_in_viewport()
    standard.locator("> summary").click()
    expect(standard.get_by_text("Lowest band: decides the rating")).to_be_visible()
    standard.locator(".app-prompts summary").click()
    expect(page.locator('[data-live="3.1.1a"]')).to_contain_text("100% (10 of 10)")


def test_the_pages_are_accessible_and_never_scroll_sideways(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    at_panel: Scene,
    address: str,
    axe: Callable[[Page], None],
) -> None:
    page = new_page()
    sign_in(page, at_panel.panel)
    open_ratings(page, address)
    for code in ("1.1", "2.1"):
        page.locator(f'[id="standard-{code}"] > summary').click()
    page.locator('[id="standard-2.1"] .app-prompts summary').click()
    axe(page)

    page.goto(f"{address}discretion/2.1.1/")
    axe(page)


@pytest.mark.parametrize("width", [1280, 1024, 800, 375, 320])
def test_the_widest_table_fits_its_page(
    new_page: Callable[..., Page], sign_in: SignIn, at_panel: Scene, width: int
) -> None:
    inspection = builder.inspection(edition="2018", state="PANEL")
    panel = builder.panel_member(inspection)
    builder.fill(inspection, panel, number=100, yes={"2.1.1": 50, "2.1.2": 64})
    page = new_page(width=width)
    sign_in(page, panel)
    open_ratings(page, f"/inspections/{inspection.pk}/ratings/")
    standard = page.locator('[id="standard-2.1"]')
    standard.locator("> summary").click()

    figures = standard.get_by_role("table")
    expect(figures).to_have_count(1)
    for name in ("Band and rating", "Still possible"):
        expect(figures.get_by_role("columnheader", name=name)).to_be_attached()
    expect(figures).to_contain_text("15 cases to Good")
    assert figures.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_inspector_is_refused_in_words_while_fieldwork_is_open(
    page: Page, sign_in: SignIn, in_fieldwork: Scene, address: str
) -> None:
    sign_in(page, in_fieldwork.inspector)

    response = page.goto(address)

    assert response is not None and response.status == 403
    expect(page.get_by_text("Inspectors see ratings and judgements once fieldwork")).to_be_visible()


def test_the_browser_reports_nothing_refused_by_the_content_security_policy(
    page: Page, sign_in: SignIn, at_panel: Scene, address: str, live_server: LiveServer
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page, at_panel.lead)

    open_ratings(page, address)

    assert said == []
