"""What looks contradictory, on the pages of a case and of its inspection."""

from __future__ import annotations

import re
from datetime import date

from cases.actions import record_details
from inspections.models import User
from tests import build
from tests.integration.cases.conftest import Team, signed_in

CONTRARY = {"2.1.1a": "NO", "2.1.1b": "NO", "2.1.1c": "YES", "2.1.1": "YES"}
WORDS = "Key question 2.1.1 is Yes, but 2 of its 3 relevant prompts are No."


def html(person: User, url: str) -> str:
    response = signed_in(person).get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_key_question_against_its_prompts_is_shown_beside_it_and_on_the_case(team: Team) -> None:
    build.answers(team.case, team.ada, **CONTRARY)
    page = html(team.ada, team.record_page())
    assert WORDS in page[page.index('id="q-2-1-1"') : page.index('id="q-2-1-2a"')]
    page = html(team.ada, team.case_page)
    assert re.search(rf'href="{team.record_page()}#q-2-1-1">{WORDS}</a>', page)


def test_contradicting_details_are_shown_with_a_link_to_the_field_or_the_case(team: Team) -> None:
    build.sample(
        team.inspection,
        "COURT",
        window_start_date=date(2021, 1, 1),
        window_end_date=date(2021, 3, 31),
    )
    changed = {
        "disposal_date": date(2020, 12, 31),
        "serious_harm_level": "LOW",
        "serious_harm_agreed": "NO",
        "case_manager_interviewed": "NO",
    }
    record_details(case=team.case, details=changed, base_version=0, by=team.ada)
    own, lead = html(team.ada, team.case_page), html(team.lead, team.case_page)
    details = html(team.ada, f"{team.case_page}details/")
    for field in ("disposal_date", "serious_harm_own_level", "no_interview_reason"):
        assert f'href="{team.case_page}details/#div_id_{field}"' in own
        assert f'id="div_id_{field}"' in details
        assert f'href="{team.case_page}#detail-{field}"' in lead
        assert f'id="detail-{field}"' in lead


def test_missing_details_are_listed_and_block_nothing(team: Team) -> None:
    case = build.case(team.inspection, "RESETTLEMENT", team.ada)
    page = html(team.ada, case.get_absolute_url())
    assert "16 details not recorded" in page
    assert "Local name</a>" not in page
    record_details(case=case, details={"disposal_type": "OTHER"}, base_version=0, by=team.ada)
    assert "Local name</a>" in html(team.ada, case.get_absolute_url())
    signed_in(team.ada).post(f"{case.get_absolute_url()}submit/")
    case.refresh_from_db()
    assert case.state == "SUBMITTED"


def test_the_lead_inspector_sees_how_many_and_all_of_them_together(team: Team) -> None:
    build.answers(team.case, team.ada, **CONTRARY)
    assert "1 contradiction" in html(team.lead, f"{team.home}cases/")
    assert "contradiction" not in html(team.ada, f"{team.home}cases/")
    page = html(team.lead, f"{team.home}contradictions/")
    assert WORDS in page
    assert "C-001" in page


def test_a_page_without_contradictions_says_so(team: Team) -> None:
    assert "Nothing looks contradictory." in html(team.lead, f"{team.home}contradictions/")
    assert "What looks contradictory" not in html(team.ada, team.case_page)


def test_progress_is_shown_by_case_and_standard(team: Team) -> None:
    build.answers(team.case, team.ada, **CONTRARY)
    build.case(team.inspection, "RESETTLEMENT", team.ada, reference="R-001")
    page = html(team.grace, f"{team.home}progress/")
    assert f'href="{team.record_page()}" aria-label="C-001, 2.1: 4 of 18"' in page
    assert "R-001" not in page


def test_the_home_page_tells_progress_by_group(team: Team) -> None:
    build.case(team.inspection, "RESETTLEMENT", team.ada, reference="R-001")
    page = html(team.grace, team.home)
    assert "Court disposal: 1 case<" in page
    assert "Resettlement: 1 case<" in page
