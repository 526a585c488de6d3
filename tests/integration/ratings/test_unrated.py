"""An inspection that gives no ratings: every page that would rate says so and offers nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.framework import Rating
from inspections.models import Inspection
from ratings.evidence.actions import record_judgement
from ratings.pages.live.events import MayNotSee, Viewer
from ratings.panel.actions import submit_to_panel
from tests import scenes
from tests.pages import read, signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

State = Inspection.State
SAID = "This inspection gives no ratings"

THAT_RATE = (
    "ratings/",
    "ratings/what-if/",
    "ratings/discretion/3.1/",
    "ratings/discretion/1/withdraw/",
    "judgements/",
    "judgements/1.1/",
    "judgements/1.1/history/",
    "panel/",
    "panel/pack/",
    "panel/submit/",
    "panel/arrange/",
    "panel/give-back/",
    "panel/step-aside/",
    "panel/attendance/",
    "panel/outcome/",
    "seal/",
    "seal/reopen/",
    "seal/1/file/",
)


@pytest.fixture
def scene() -> Scene:
    made = scenes.team()
    Inspection.objects.filter(pk=made.inspection.pk).update(gives_ratings=False)
    made.inspection = made.fresh()
    return made


@pytest.mark.parametrize("state", [State.FIELDWORK, State.REVIEW])
@pytest.mark.parametrize("address", THAT_RATE)
def test_every_page_that_would_rate_says_so(scene: Scene, address: str, state: State) -> None:
    scenes.move_to(scene.inspection, state)
    for person in (scene.lead, scene.inspector, scene.panel):
        client = signed_in(person)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(f"{scene.home}{address}")
        # Nothing is counted, so nothing is rated.
        assert not any("cases_answer" in str(query["sql"]) for query in asked.captured_queries)
        assert response.status_code == 200
        assert SAID in words(response)
        main = response.content.decode().partition("<main")[2]
        assert 'method="post"' not in main
    assert signed_in(scene.lead).post(f"{scene.home}{address}").status_code in {403, 405}
    read(scene.outsider, f"{scene.home}{address}", expect=404)


def test_all_addresses_that_rate_are_listed() -> None:
    """A new page below the panel or the seal belongs into the list above."""
    from ratings.urls import urlpatterns

    known = {str(one.pattern) for one in urlpatterns if "<int:inspection_id>" in str(one.pattern)}
    rate = [
        one
        for one in known
        if any(word in one for word in ("/ratings/", "judgements", "/panel/", "/seal/"))
        # These show nothing of the inspection, and nobody opens them without a hearing.
        and not one.endswith(("/panel/chair/", "/panel/release/"))
    ]
    assert len(rate) == len(THAT_RATE)


def test_nothing_is_judged_or_submitted(scene: Scene) -> None:
    with pytest.raises(Refused, match=f"{SAID}, so no standard is judged"):
        record_judgement(
            inspection=scene.inspection,
            standard="1.1",
            rating=Rating.GOOD,
            rationale="Why.",
            base_version=0,
            by=scene.lead,
        )
    scenes.move_to(scene.inspection, State.REVIEW)
    with pytest.raises(Refused, match=f"{SAID}, so the ratings panel"):
        submit_to_panel(
            inspection=scene.inspection, meeting=scene.meeting, lead_view="View.", by=scene.lead
        )


def test_the_live_ratings_end(scene: Scene) -> None:
    client = signed_in(scene.lead)
    viewer = Viewer(scene.lead.pk, client.session, scene.inspection.pk)
    with pytest.raises(MayNotSee):
        viewer._rights_now()


def test_evidence_findings_and_answers_are_recorded(scene: Scene) -> None:
    builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})
    scene.evidence("MEETING", "1.1.1")
    scene.finding("Found that.")
    page = read(scene.lead, f"{scene.home}evidence/")
    assert SAID in page and "Judgement on" not in page
    page = read(scene.lead, f"{scene.home}key-questions/1.1.1/")
    assert "Found that." in page and "Judgement on" not in page


def test_the_sections_lead_to_no_judgement_panel_or_seal(scene: Scene) -> None:
    html: Any = signed_in(scene.lead).get(scene.home).content.decode()
    for address in ("judgements/", "panel/", "seal/"):
        assert f'href="{scene.home}{address}"' not in html
    assert f'href="{scene.home}ratings/"' in html


def test_what_to_do_next_needs_no_rating(scene: Scene) -> None:
    assert "Judge" not in read(scene.lead, scene.home)
    closing = read(scene.lead, f"{scene.home}move/REVIEW/")
    assert "The inspection gives no ratings, so it ends in your review." in closing
    assert "provisional" not in closing
    signed_in(scene.lead).post(f"{scene.home}move/REVIEW/")
    home = read(scene.lead, scene.home)
    assert "Complete the strengths and areas for improvement" in home
    assert "Submit the inspection" not in home
    assert "strengths and areas for improvement until fieldwork is closed again" in read(
        scene.lead, f"{scene.home}move/FIELDWORK/"
    )
