"""How much the pages of the panel and of seals ask of the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.demonstration import builder
from inspections.access.permissions import TABLE
from inspections.loading import load_inspection
from inspections.models import Inspection, User
from ratings.models import Discretion, PanelMeeting, hearings
from ratings.panel.actions import give_back, submit_to_panel
from ratings.panel.meeting_actions import arrange_meeting
from ratings.panel.precedents import PER_RATING, Precedents
from ratings.panel.views.meetings import MEETINGS_A_PAGE
from ratings.service import rate_inspection
from tests import scenes
from tests.integration.results.test_seal import agree, sealed
from tests.pages import signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

A_RATING = 4
"""What one rating of an inspection asks."""


@pytest.fixture
def scene() -> Scene:
    return scenes.before_panel()


def asked(reader: User, name: str, *args: object) -> int:
    """How many queries a page takes, signing in left out."""
    client = signed_in(reader)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse(f"ratings:{name}", args=args))
    assert response.status_code == 200
    return len(queries)


def test_the_panels_page_asks_the_same_however_much_was_decided(scene: Scene) -> None:
    for who in (scene.lead, scene.chair, scene.inspector):
        assert asked(who, "panel", scene.inspection.pk) <= 17
    before = asked(scene.chair, "panel", scene.inspection.pk)
    for _ in range(3):
        other = scenes.before_panel()
        scenes.decide(other)
        sealed(other)
    scenes.decide(scene)
    scenes.decide(scene, "2.1", from_rating="GOOD", to_rating="OUTSTANDING")
    assert asked(scene.chair, "panel", scene.inspection.pk) == before


def test_the_page_of_a_rating_asks_the_same_however_often_it_was_decided(scene: Scene) -> None:
    target = (scene.inspection.pk, "3.1")

    def decide_and_withdraw() -> None:
        scenes.decide(scene)
        scene.inspection.discretions.current().update(
            withdrawn_at=timezone.now(), withdrawn_by=scene.chair
        )

    decide_and_withdraw()
    before = asked(scene.chair, "discretion", *target)
    assert before <= 16
    for _ in range(3):
        decide_and_withdraw()
    assert asked(scene.chair, "discretion", *target) == before


def test_a_meetings_page_asks_for_each_inspection_what_its_rating_takes(scene: Scene) -> None:
    before = asked(scene.lead, "meeting", scene.meeting.pk)
    assert before <= 14 + A_RATING
    for _ in range(2):
        other = scenes.in_review()
        other.inspection.memberships.filter(user=other.lead).update(user=scene.lead)
        submit_to_panel(
            inspection=other.inspection, meeting=scene.meeting, lead_view="So.", by=scene.lead
        )
    assert asked(scene.lead, "meeting", scene.meeting.pk) == before + 2 * A_RATING
    stranger = builder.lead_inspector(builder.inspection())
    assert asked(stranger, "meeting", scene.meeting.pk) <= 12


def test_submitting_again_asks_the_same_however_many_meetings_there_are(scene: Scene) -> None:
    give_back(inspection=scene.fresh(), reason="Look again.", by=scene.chair)

    def arrange() -> None:
        arrange_meeting(
            meeting_date=timezone.localdate(),
            chair=scene.chair,
            members=[scene.member],
            by=scene.lead,
        )

    arrange()
    before = asked(scene.lead, "submit", scene.inspection.pk)
    for _ in range(5):
        arrange()
    assert asked(scene.lead, "submit", scene.inspection.pk) == before


def test_meetings_held_are_shown_a_page_at_a_time(scene: Scene) -> None:
    now = timezone.now()
    PanelMeeting.objects.bulk_create(
        PanelMeeting(
            meeting_date=scenes.MEETING_DATE - timedelta(days=number),
            chair=scene.chair,
            arranged_at=now,
            arranged_by=scene.lead,
        )
        for number in range(MEETINGS_A_PAGE + 5)
    )
    assert asked(scene.lead, "meetings") <= 8
    client = signed_in(scene.lead)
    first = client.get(reverse("ratings:meetings")).content.decode()
    second = client.get(reverse("ratings:meetings"), {"page": 2}).content.decode()
    assert [page.count(", chaired by ") for page in (first, second)] == [MEETINGS_A_PAGE, 6]


def test_the_seals_page_asks_the_same_however_often_it_was_sealed(scene: Scene) -> None:
    scenes.decide(scene)
    before = asked(scene.chair, "seal", scene.inspection.pk)
    assert before <= 23
    agree(scene, scene.lead)
    assert asked(scene.chair, "seal", scene.inspection.pk) <= before
    sealed(scene)
    assert asked(scene.chair, "seal", scene.inspection.pk) <= before


def test_permissions_ask_nothing_once_the_hearings_are_loaded(scene: Scene) -> None:
    also = [*hearings(), "hearings__discretions", "seal_agreements"]
    for person in (scene.lead, scene.inspector, scene.chair, scene.member):
        inspection = load_inspection(person, scene.inspection.pk, also=also)
        with CaptureQueriesContext(connection) as queries:
            for action in ("DECIDE", "SUBMIT", "GIVE_BACK", "STEP_ASIDE", "AGREE", "REOPEN"):
                TABLE[action].why_not(person, inspection)
            TABLE["RECORD_OUTCOME"].why_not(person, inspection)
        assert not queries.captured_queries


def test_a_rating_takes_the_number_of_queries_that_pages_count_on(scene: Scene) -> None:
    inspection = Inspection.objects.get(pk=scene.inspection.pk)
    with CaptureQueriesContext(connection) as queries:
        rate_inspection(inspection)
    assert len(queries) == A_RATING


def test_only_the_latest_decisions_on_one_rating_are_considered(scene: Scene) -> None:
    for _ in range(PER_RATING + 2):
        inspection = builder.inspection(state=Inspection.State.PANEL)
        builder.panel_member(inspection).memberships.update(user=scene.member)
        builder.decision(inspection, "3.1")
    precedents = Precedents(rate_inspection(scene.fresh()), viewer=scene.member)
    latest = Discretion.objects.order_by("-decided_at", "-pk")[:PER_RATING]
    assert {one.decision for one in precedents.of("3.1")} == set(latest)
