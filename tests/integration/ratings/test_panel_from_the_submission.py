"""The ratings panel sees ratings from the submission on: one rule for every page."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore

from cases.permissions import SEE_ANSWERS, SEE_CONTRADICTIONS
from inspections.access.permissions import Permission
from inspections.actions import move_inspection
from inspections.models import Inspection, Membership
from inspections.permissions import FROM_THE_SUBMISSION, SEE_RATINGS, Part
from ratings.pages.live.viewers import MayNotSee, Viewer
from ratings.panel.actions import give_back
from ratings.permissions import SEE_FINDINGS, SEE_PANEL, SEE_SEAL
from tests import scenes
from tests.pages import words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

State = Inspection.State

ROWS = (SEE_RATINGS, SEE_FINDINGS, SEE_PANEL, SEE_SEAL, SEE_ANSWERS, SEE_CONTRADICTIONS)
PAGES = (
    "ratings/",
    "ratings/what-if/",
    "judgements/",
    "judgements/1.1/",
    "judgements/1.1/history/",
    "panel/",
    "seal/",
    "contradictions/",
    "answers/2.1.1/",
)


@pytest.fixture
def scene() -> Scene:
    made = scenes.at_panel()
    assert made.panel
    return made


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.action))
def test_one_rule_says_when(row: Permission) -> None:
    assert row.who[Membership.Role.PANEL_MEMBER] == FROM_THE_SUBMISSION


@pytest.mark.parametrize("state", [State.PREPARATION, State.FIELDWORK, State.REVIEW])
@pytest.mark.parametrize("page", PAGES)
def test_before_the_submission_a_member_sees_none_and_is_told_when(
    scene: Scene, page: str, state: State
) -> None:
    scenes.move_to(scene.inspection, state)
    response = scene.get(scene.panel, page)
    assert response.status_code == 403
    assert "from the submission on" in words(response)


@pytest.mark.parametrize("page", PAGES)
def test_from_the_submission_on_a_member_sees_them(scene: Scene, page: str) -> None:
    assert scene.get(scene.panel, page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_they_stay_while_the_lead_has_it_back_until_fieldwork_is_reopened(
    scene: Scene, page: str
) -> None:
    give_back(inspection=scene.inspection, reason="3.4 was read wrongly.", by=scene.panel)
    assert scene.get(scene.panel, page).status_code == 200
    move_inspection(
        inspection=scene.fresh(), to="FIELDWORK", reason="An answer is wrong.", by=scene.lead
    )
    assert scene.get(scene.panel, page).status_code == 403


def test_the_lead_and_the_inspectors_are_as_before(scene: Scene) -> None:
    scenes.move_to(scene.inspection, State.FIELDWORK)
    assert scene.get(scene.lead, "ratings/").status_code == 200
    assert scene.get(scene.inspector, "ratings/").status_code == 403
    scenes.move_to(scene.inspection, State.REVIEW)
    assert scene.get(scene.inspector, "ratings/").status_code == 200


def test_no_page_of_a_member_in_fieldwork_leads_to_what_they_may_not_see(scene: Scene) -> None:
    scenes.move_to(scene.inspection, State.FIELDWORK)
    for page in ("", "evidence/", "key-questions/1.1.1/", "cases/", "team/"):
        html = scene.get(scene.panel, page).text
        for closed in ("ratings/", "judgements/", "panel/", "seal/"):
            assert f'href="{scene.home}{closed}' not in html, (page, closed)
    assert "to the ratings panel from the submission on" in words(
        scene.get(scene.panel, "evidence/")
    )


def test_cases_and_evidence_are_read_meanwhile(scene: Scene) -> None:
    scenes.move_to(scene.inspection, State.FIELDWORK)
    for page in ("", "cases/", "evidence/", "team/"):
        assert scene.get(scene.panel, page).status_code == 200


def test_no_stream_is_open_to_them_in_fieldwork(scene: Scene) -> None:
    viewer = Viewer(scene.panel.pk, SessionStore(), scene.inspection.pk)
    scenes.move_to(scene.inspection, State.FIELDWORK)
    with pytest.raises(MayNotSee):
        viewer.check()


@pytest.mark.parametrize(
    ("state", "is_moved_back", "sees"),
    [
        (State.FIELDWORK, False, False),
        (State.FIELDWORK, True, False),
        (State.REVIEW, False, False),
        (State.REVIEW, True, True),
        (State.PANEL, False, True),
        (State.SEALED, False, True),
    ],
)
def test_a_stream_follows_the_same_rule(
    scene: Scene, state: State, is_moved_back: bool, sees: bool
) -> None:
    part = Part(Membership.Role.PANEL_MEMBER, state, is_moved_back=is_moved_back)
    assert SEE_RATINGS.can(scene.panel, part) == sees
