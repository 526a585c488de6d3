"""The pack for the meeting: what it holds, and for whom."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.demonstration import builder
from tests import scenes
from tests.integration.results.test_seal import sealed
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return scenes.before_panel()


@pytest.fixture
def well_evidenced() -> Scene:
    """With evidence and findings on 1.1.1, submitted to the meeting."""
    made = scenes.in_review()
    minutes = made.evidence("MEETING", "1.1.1", title="Management board", notes="They act.")
    made.evidence("CASE_DATA", "1.1.1", case_question="3.1.1")
    made.finding("The board acts on what it sees.", rests_on=(minutes.pk,))
    made.finding("Health is absent.", "AREA_FOR_IMPROVEMENT")
    scenes.submit(made)
    return made


def test_the_pack_has_all_that_the_panel_reads_of_an_inspection(well_evidenced: Scene) -> None:
    scene = well_evidenced
    scenes.decide(scene)
    other = scenes.before_panel()
    scenes.decide(other)
    sealed(other)
    page = words(scene.get(scene.chair, "panel/pack/"))
    expected = (
        "Score and overall rating As computed As decided Score 28 out of 36 29 out of 36",
        "3.1 Assessment Requires improvement Good Lowest: 3.1.1",
        "chaired by The chair",
        "Present The chair",
        "The lead inspector’s view 3.1 rests on one case.",
        "1.1 Governance and leadership Good Judged by the lead inspector.",
        "What was seen under 1.1.",
        "The board acts on what it sees. Rests on: Management board. Based on a single source.",
        "Areas for improvement: Health is absent.",
        "Meeting: Management board",
        "They act.",
        "1 of 2 relevant cases, 50%",
        "% ‘Yes’, distance and confidence: 3.1 Assessment",
        "3.1 Assessment: from Requires improvement to Good",
        "Similar past decisions 2.1 Assessment",
        f"{other.inspection.service}, 12 March 2026",
        "How these likelihoods are worked out",
    )
    assert not [said for said in expected if said not in page]


def test_an_inspection_before_its_hearing_has_a_pack_too() -> None:
    scene = scenes.in_review()
    page = words(scene.get(scene.lead, "panel/pack/"))
    assert "This inspection has not been submitted to a meeting" in page
    assert "The panel has decided nothing on this inspection yet." in page
    assert "1.1.1" in page and "No evidence yet." in page


def test_whoever_sees_the_panels_page_sees_the_pack(scene: Scene) -> None:
    link = f'href="{scene.home}panel/pack/"'
    for person in (scene.lead, scene.inspector, scene.chair, scene.member):
        assert link in scene.get(person, "panel/").content.decode()
        assert scene.get(person, "panel/pack/").status_code == 200
    assert scene.get(builder.user(), "panel/pack/").status_code == 404
    observer = builder.user("Olive Observer")
    scene.inspection.memberships.create(user=observer, role="OBSERVER")
    assert scene.get(observer, "panel/pack/").status_code == 403


def test_an_inspector_in_fieldwork_has_no_pack_yet() -> None:
    scene = scenes.team()
    assert scene.get(scene.inspector, "panel/pack/").status_code == 403
    assert scene.get(scene.lead, "panel/pack/").status_code == 200


def test_the_pack_asks_the_same_of_the_database_however_much_there_is() -> None:
    scene = scenes.in_review()
    client = signed_in(scene.lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{scene.home}panel/pack/").status_code == 200
        return len(asked)

    def add() -> None:
        item = scene.evidence("DOCUMENT", "1.1.1", "1.1.2")
        scene.finding(rests_on=(item.pk,))
        builder.decision(scene.inspection)
        scene.inspection.discretions.current().update(
            withdrawn_at=timezone.now(), withdrawn_by=scene.chair
        )
        other = scenes.before_panel()
        scenes.decide(other)
        sealed(other)

    add()
    before = queries()
    assert before <= 26
    add()
    add()
    assert queries() == before
