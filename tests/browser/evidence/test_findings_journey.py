"""The lead inspector finds, brings evidence, reads the matrix and proposes a rating."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demonstration import builder
from ratings.evidence.actions import add_evidence, add_finding
from tests import scenes
from tests.conftest import SignIn
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

STRENGTH = "The board follows what becomes of children who leave custody."


@pytest.fixture
def scene() -> Scene:
    """Fieldwork with seven court cases: 2.3.2b is met in five, and one has no answer yet."""
    scene = scenes.scene()
    for number, case in enumerate(builder.cases(scene.inspection, "COURT", 8, scene.inspector)):
        if number < 7:
            builder.answers(case, scene.inspector, **{"2.3.2b": "YES" if number < 5 else "NO"})
    return scene


@pytest.fixture
def filled(scene: Scene) -> Scene:
    """The same with a finding that names its one item of evidence."""
    item = add_evidence(
        inspection=scene.inspection,
        kind="MEETING",
        details={
            "title": "Management board",
            "evidence_date": "2026-03-12",
            "roles": "chair of the board, two board members",
            "notes": "Members could name the three priorities.",
        },
        key_questions=["1.1.2", "1.3.3"],
        by=scene.lead,
    )
    add_evidence(
        inspection=scene.inspection,
        kind="CASE_DATA",
        details={"title": "2.3.2b Coordination", "case_question": "2.3.2b", "notes": ""},
        key_questions=["1.1.2"],
        by=scene.lead,
    )
    for kind, text in (("STRENGTH", STRENGTH), ("AREA_FOR_IMPROVEMENT", "Health is absent.")):
        add_finding(
            inspection=scene.inspection,
            key_question="1.1.2",
            kind=kind,
            text=text,
            rests_on=[item.pk],
            by=scene.lead,
        )
    return scene


def date_of(page: Page, day: str, month: str, year: str) -> None:
    page.get_by_label("Day").fill(day)
    page.get_by_label("Month").fill(month)
    page.get_by_label("Year").fill(year)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_strength_to_a_proposed_rating(
    new_page: Callable[..., Page], sign_in: SignIn, scene: Scene, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, scene.lead)
    page.goto(scene.home)
    page.get_by_role("link", name="Evidence", exact=True).click()
    page.get_by_role("link", name="Key question 1.1.2").click()

    page.get_by_role("button", name="Add a strength").or_(
        page.get_by_role("link", name="Add a strength")
    ).click()
    page.get_by_label("Strength", exact=True).fill(STRENGTH)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The strength is saved.")).to_be_visible()
    expect(page.get_by_text("Based on no evidence")).to_be_visible()

    page.get_by_role("link", name="Add evidence: Meeting").click()
    page.get_by_label("Meeting", exact=True).fill("Management board")
    date_of(page, "12", "3", "2026")
    page.get_by_label("Roles present").fill("chair of the board, two board members")
    expect(page.get_by_label("1.1.2 Do the partners")).to_be_checked()
    page.get_by_label("1.3.3 Are links").check()
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_text("12 March 2026, with chair of the board")).to_be_visible()
    expect(page.get_by_text("Used under 1.1.2, 1.3.3")).to_be_visible()
    expect(page.get_by_text("Based on a single source")).to_be_visible()

    page.get_by_role("link", name="Evidence", exact=True).click()
    look_at = page.get_by_role("region", name="What to look at")
    expect(look_at).to_contain_text("1 strength is based on a single source: 1.1.2")
    row = page.get_by_role("row", name="1.3.3 Are links")
    expect(row).to_contain_text("Evidence but no finding yet")
    page.get_by_role("link", name="Key question 1.1.2").click()

    page.get_by_role("link", name="Add evidence: Case data").click()
    page.get_by_label("Question asked in cases").select_option("2.3.2b")
    page.get_by_role("button", name="Add evidence").click()
    items = page.get_by_role("region", name="Evidence", exact=True)
    expect(items).to_contain_text("5 of 7 relevant cases, 71%")
    expect(page.get_by_role("region", name="What the cases show")).to_contain_text(
        "Of 8 court cases, 1 not answered yet"
    )
    expect(page.get_by_text("Based on a single source")).to_be_hidden()

    builder.answers(
        scene.inspection.cases.exclude(answers__question="2.3.2b").get(),
        scene.inspector,
        **{"2.3.2b": "NO"},
    )
    page.reload()
    expect(items).to_contain_text("5 of 8 relevant cases, 63%")

    page.get_by_role("link", name="Judgement on 1.1").click()
    row = page.get_by_role("row", name="1.1.2 Do the partners")
    assert [cell.inner_text() for cell in row.get_by_role("cell").all()] == ["1", "0", "2"]
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("Rationale").fill("Partners carry their share.")
    page.get_by_role("button", name="Save judgement").click()
    expect(page.get_by_text("Your judgement on 1.1")).to_be_visible()


def test_the_pages_are_accessible_and_never_scroll_sideways(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    filled: Scene,
    axe: Callable[[Page], None],
) -> None:
    page = new_page()
    sign_in(page, filled.lead)
    finding = filled.inspection.findings.get(kind="STRENGTH")
    item = filled.inspection.evidence.get(kind="MEETING")
    for address in (
        "evidence/",
        "key-questions/1.1.2/",
        "key-questions/1.2.3/",
        "key-questions/1.3.3/add/area-for-improvement/",
        f"findings/{finding.pk}/",
        f"findings/{finding.pk}/remove/",
        "evidence/add/document/",
        "evidence/add/meeting/",
        "evidence/add/survey/",
        "evidence/add/interview/",
        "evidence/add/case-data/?key_question=1.1.2",
        f"evidence/{item.pk}/",
        f"evidence/{item.pk}/remove/",
        "judgements/1.1/",
    ):
        page.goto(filled.home + address)
        for summary in page.locator("summary").all():
            summary.click()
        axe(page)


def test_a_form_in_error_and_a_conflict_are_accessible(
    page: Page, sign_in: SignIn, filled: Scene, axe: Callable[[Page], None]
) -> None:
    sign_in(page, filled.lead)
    page.goto(f"{filled.home}evidence/add/meeting/")
    with page.expect_navigation():
        page.get_by_role("button", name="Add evidence").click()
    axe(page)
    page.get_by_role("link", name="Enter the date of the meeting.").click()
    expect(page.get_by_label("Day")).to_be_focused()

    item = filled.inspection.evidence.get(kind="MEETING")
    page.goto(f"{filled.home}evidence/{item.pk}/")
    filled.inspection.evidence.filter(pk=item.pk).update(version=2, notes="Written meanwhile.")
    page.get_by_label("Notes").fill("Typed just now.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Written meanwhile.")).to_be_visible()
    expect(page.get_by_label("Notes")).to_have_value("Typed just now.")
    axe(page)
    page.get_by_role("button", name="Save mine instead").click()
    expect(page.get_by_text("is saved.")).to_be_visible()


def test_an_inspector_in_fieldwork_adds_evidence_and_sees_no_figure(
    page: Page, sign_in: SignIn, filled: Scene, axe: Callable[[Page], None]
) -> None:
    sign_in(page, filled.inspector)
    page.goto(f"{filled.home}key-questions/1.1.2/")
    expect(page.get_by_text("The figure shows once fieldwork has closed")).to_be_visible()
    expect(page.get_by_text("5 of 7")).to_be_hidden()
    expect(page.get_by_text(STRENGTH)).to_be_hidden()
    axe(page)
    page.get_by_role("link", name="Add evidence: Interview").click()
    page.get_by_label("Interview about").fill("Workloads")
    date_of(page, "13", "3", "2026")
    page.get_by_label("Role of the person interviewed").fill("operational manager")
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_role("link", name="Workloads")).to_be_visible()
    page.goto(f"{filled.home}evidence/")
    axe(page)
