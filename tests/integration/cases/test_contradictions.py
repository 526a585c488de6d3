"""Possible inconsistencies, on the pages of a case and of its inspection."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from config.demonstration import builder
from inspections.models import User
from tests.pages import signed_in
from tests.scenes import Scene

CONTRARY = {"2.1.1a": "NO", "2.1.1b": "NO", "2.1.1c": "YES", "2.1.1": "YES"}
WORDS = "Key question 2.1.1 is Yes, but 2 of its 3 relevant prompts are No."


def html(person: User, url: str) -> str:
    response = signed_in(person).get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_key_question_against_its_prompts_is_shown_beside_it_and_on_the_case(
    scene: Scene,
) -> None:
    builder.answers(scene.case, scene.inspector, **CONTRARY)
    page = html(scene.inspector, scene.record_page())
    assert WORDS in page[page.index('id="q-2-1-1"') : page.index('id="q-2-1-2a"')]
    page = html(scene.inspector, scene.case_page)
    assert re.search(rf'href="{scene.record_page()}#q-2-1-1">{WORDS}</a>', page)


def test_contradicting_details_are_shown_with_a_link_to_the_field_or_the_case(scene: Scene) -> None:
    builder.sample(
        scene.inspection,
        "COURT",
        window_start_date=date(2021, 1, 1),
        window_end_date=date(2021, 3, 31),
    )
    changed: dict[str, Any] = {
        "disposal_date": date(2020, 12, 31),
        "serious_harm_level": "LOW",
        "serious_harm_agreed": "NO",
        "case_manager_interviewed": "NO",
    }
    builder.details(scene.case, scene.inspector, **changed)
    own, lead = html(scene.inspector, scene.case_page), html(scene.lead, scene.case_page)
    details = html(scene.inspector, f"{scene.case_page}details/")
    for field in ("disposal_date", "serious_harm_own_level", "no_interview_reason"):
        assert f'href="{scene.case_page}details/#div_id_{field}"' in own
        assert f'id="div_id_{field}"' in details
        assert f'href="{scene.case_page}#detail-{field}"' in lead
        assert f'id="detail-{field}"' in lead


def test_missing_details_are_listed_and_block_nothing(scene: Scene) -> None:
    case = builder.case(scene.inspection, "RESETTLEMENT", scene.inspector)
    page = html(scene.inspector, case.get_absolute_url())
    assert "16 details not recorded" in page
    assert "Local name</a>" not in page
    builder.details(case, scene.inspector, disposal_type="OTHER")
    assert "Local name</a>" in html(scene.inspector, case.get_absolute_url())
    signed_in(scene.inspector).post(f"{case.get_absolute_url()}submit/")
    case.refresh_from_db()
    assert case.state == "SUBMITTED"


def test_the_lead_inspector_sees_how_many_and_all_of_them_together(scene: Scene) -> None:
    builder.answers(scene.case, scene.inspector, **CONTRARY)
    assert "1 possible inconsistency" in html(scene.lead, f"{scene.home}cases/")
    assert "possible inconsistenc" not in html(scene.inspector, f"{scene.home}cases/")
    page = html(scene.lead, f"{scene.home}contradictions/")
    assert WORDS in page
    assert "C-001" in page


def test_a_page_without_contradictions_says_so(scene: Scene) -> None:
    assert "No possible inconsistencies." in html(scene.lead, f"{scene.home}contradictions/")
    assert "Possible inconsistencies" not in html(scene.inspector, scene.case_page)


def test_progress_is_shown_by_case_and_standard(scene: Scene) -> None:
    builder.answers(scene.case, scene.inspector, **CONTRARY)
    builder.case(scene.inspection, "RESETTLEMENT", scene.inspector, reference="R-001")
    page = html(scene.colleague, f"{scene.home}progress/")
    assert f'href="{scene.record_page()}" aria-label="C-001, 2.1: 4 of 18"' in page
    assert "R-001" not in page


def test_the_home_page_tells_progress_by_group(scene: Scene) -> None:
    builder.case(scene.inspection, "RESETTLEMENT", scene.inspector, reference="R-001")
    page = html(scene.colleague, scene.home)
    assert "Court disposal: 1 case<" in page
    assert "Resettlement: 1 case<" in page
