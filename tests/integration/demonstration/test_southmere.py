"""The invented inspection of the demonstration that waits for the ratings panel."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cases.actions import remove_cases
from cases.models import AnswerSave, Case
from cases.progress import missing_answers
from config.demonstration.load import load_demonstration
from config.demonstration.southmere import SERVICE_NAME
from inspections.framework import Rating
from inspections.models import Inspection, Service
from ratings.models import PanelMeeting
from ratings.panel.actions import submit_to_panel
from ratings.panel.decisions import decide_discretion
from ratings.panel.precedents import Precedents
from ratings.panel.readiness import blockers
from ratings.service import rate_inspection

pytestmark = pytest.mark.django_db


@pytest.fixture
def southmere() -> Inspection:
    load_demonstration()
    return Inspection.objects.get(service__name=SERVICE_NAME)


def test_it_is_ready_for_the_panel_and_one_decision_makes_it_good(southmere: Inspection) -> None:
    rated = rate_inspection(southmere)
    assert list(blockers(rated)) == []
    assert (rated.outcome.score, rated.outcome.overall) == (18, Rating.REQUIRES_IMPROVEMENT)
    lead = southmere.memberships.get(role="LEAD_INSPECTOR").user
    meeting = PanelMeeting.objects.get()
    hearing = submit_to_panel(
        inspection=southmere, meeting=meeting, lead_view="3.1 is one case short.", by=lead
    )
    (aside,) = hearing.stepped_aside.all()
    assert aside.reason == "Inspector on this inspection's team."
    decide_discretion(
        inspection=southmere,
        standard="3.1",
        key_question="",
        from_rating=Rating.INADEQUATE,
        to_rating=Rating.REQUIRES_IMPROVEMENT,
        lead_view="3.1 is one case short.",
        evidence="The nine cases were read again.",
        reason="Close to the boundary.",
        footnote="Professional discretion was used.",
        by=meeting.chair,
    )
    after = rate_inspection(southmere).outcome
    assert (after.score, after.overall) == (19, Rating.GOOD)


def test_a_published_decision_is_like_the_one_it_calls_for(southmere: Inspection) -> None:
    viewer = southmere.memberships.get(role="LEAD_INSPECTOR").user
    (first, *_) = Precedents(rate_inspection(southmere), viewer=viewer).of("3.1")
    assert first.decision.inspection.service.name == "Wirral Youth Justice Service"
    assert "the same standard, 3.1 Assessment" in first.shares


def test_every_case_is_complete_and_was_recorded_in_the_past(southmere: Inspection) -> None:
    assert not southmere.cases.exclude(state=Case.State.SIGNED_OFF).exists()
    for case in southmere.cases.all():
        assert missing_answers(case) == []
        case.full_clean()
    last = AnswerSave.objects.filter(case__inspection=southmere).latest("saved_at")
    assert last.saved_at < timezone.now()
    assert southmere.fieldwork_end_date is not None
    assert last.saved_at.date() <= southmere.fieldwork_end_date


def test_a_demonstration_of_an_earlier_version_gets_it_too() -> None:
    load_demonstration()
    PanelMeeting.objects.all().delete()
    inspection = Inspection.objects.get(service__name=SERVICE_NAME)
    remove_cases(inspection=inspection)
    inspection.delete()
    Service.objects.get(name=SERVICE_NAME).delete()
    before = Inspection.objects.count()
    assert load_demonstration()
    assert Inspection.objects.count() == before + 1
    assert not load_demonstration()
