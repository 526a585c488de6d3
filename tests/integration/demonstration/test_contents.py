"""What the demonstration holds: it is true to the rules that real inspections obey."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from cases.models import Answer, AnswerSave, Case
from cases.progress import missing_answers
from config.demonstration import ADMINISTRATOR
from config.demonstration.northmere import SERVICE_NAME
from config.demonstration.southmere import SERVICE_NAME as SOUTHMERE
from inspections.framework import Rating
from inspections.models import Inspection, Membership
from ratings.engine import Outcome
from ratings.models import Discretion, Evidence, Finding, Judgement, PanelMeeting, Replay
from ratings.panel.actions import submit_to_panel
from ratings.panel.decisions import decide_discretion
from ratings.panel.precedents import Precedents
from ratings.panel.readiness import blockers
from ratings.service import rate_inspection
from tests.scenes import everyone_is_present

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def northmere() -> Inspection:
    return Inspection.objects.get(service__name=SERVICE_NAME)


@pytest.fixture
def outcome(northmere: Inspection) -> Outcome:
    return rate_inspection(northmere).outcome


def test_there_are_three_published_inspections_and_three_invented_ones() -> None:
    assert Counter(Inspection.objects.values_list("state", flat=True)) == {
        "PREPARATION": 1,
        "PANEL": 3,
        "FIELDWORK": 1,
        "REVIEW": 1,
    }
    for replayed in Replay.objects.select_related("inspection"):
        outcome = rate_inspection(replayed.inspection).outcome
        assert outcome.score == replayed.published["score"]


def test_every_inspection_has_the_whole_team() -> None:
    for inspection in Inspection.objects.all():
        # A panel comes with its hearing, which Southmere and Westmere are still to have.
        has_panel = inspection.state not in {"REVIEW", "PREPARATION"}
        panel = {Membership.Role.PANEL_MEMBER: 2} if has_panel else {}
        # On loan from Southmere, and so of the other services.
        at_home = inspection.service.name == SOUTHMERE
        local_assessor = {} if at_home else {Membership.Role.LOCAL_ASSESSOR: 1}
        assert Counter(inspection.memberships.values_list("role", flat=True)) == {
            Membership.Role.LEAD_INSPECTOR: 1,
            Membership.Role.DEPUTY_LEAD: 1,
            Membership.Role.INSPECTOR: 3,
            Membership.Role.REVIEWER: 1,
            Membership.Role.OBSERVER: 1,
            Membership.Role.PUBLISHER: 1,
            **panel,
            **local_assessor,
        }
    assert not Membership.objects.filter(user__email=ADMINISTRATOR.email).exists()


def test_the_invented_inspection_is_in_the_middle_of_its_fieldwork(northmere: Inspection) -> None:
    start, end = northmere.fieldwork_start_date, northmere.fieldwork_end_date
    assert start is not None
    assert end is not None
    assert start < timezone.localdate() < end
    cases = Case.objects.filter(inspection=northmere)
    assert Counter(cases.values_list("group", flat=True)) == {
        "COURT": 11,
        "OUT_OF_COURT": 17,
        "RESETTLEMENT": 2,
    }
    states = Counter(cases.values_list("state", flat=True))
    assert set(states) == {"NOT_STARTED", "IN_PROGRESS", "SUBMITTED", "SIGNED_OFF"}
    assert min(states.values()) >= 5
    asked = 11 * 70 + 17 * 47
    answered = Answer.objects.filter(case__inspection=northmere).exclude(value="").count()
    assert 0.62 < answered / asked < 0.71
    assert Judgement.objects.filter(inspection=northmere).count() == 2
    assert {piece.kind for piece in northmere.evidence.all()} == set(Evidence.Kind.values)
    assert {finding.kind for finding in northmere.findings.all()} == set(Finding.Kind.values)


def test_a_submitted_or_signed_off_case_is_complete(northmere: Inspection) -> None:
    for case in northmere.cases.filter(state__in=["SUBMITTED", "SIGNED_OFF"]):
        assert missing_answers(case) == []
        assert case.case_manager_interviewed
    for case in northmere.cases.filter(state="NOT_STARTED"):
        assert not case.answers.exists()
        assert case.version == 0


def test_every_case_is_allocated_in_turn_and_valid(northmere: Inspection) -> None:
    holders = Counter(northmere.cases.values_list("allocated_to__email", flat=True))
    assert set(holders.values()) == {10}
    for case in northmere.cases.all():
        case.full_clean()
        window = northmere.samples.get(group=case.group)
        dates = (window.window_start_date, case.disposal_date, window.window_end_date)
        assert None not in dates
        assert sorted(date for date in dates if date) == list(dates)


def test_the_history_leads_to_the_current_answer(northmere: Inspection) -> None:
    changed = 0
    for answer in Answer.objects.filter(case__inspection=northmere).select_related("case"):
        saves = list(
            AnswerSave.objects.filter(case=answer.case, question=answer.question).order_by(
                "saved_at"
            )
        )
        changed += len(saves) > 1
        assert [save.version for save in saves] == list(range(1, answer.version + 1))
        assert [save.base_version for save in saves] == list(range(answer.version))
        last = saves[-1]
        assert (last.value, last.note, last.saved_at, last.saved_by_id) == (
            answer.value,
            answer.note,
            answer.answered_at,
            answer.answered_by_id,
        )
        assert answer.answered_by_id == answer.case.allocated_to_id
        assert answer.answered_at < timezone.now()
    assert changed > 5


def test_one_key_question_contradicts_its_prompts(outcome: Outcome) -> None:
    percent = outcome.key_questions_by_code["3.2.3"].tally.percent
    assert percent is not None
    assert percent >= 80
    for letter in "abcd":
        prompt = outcome.prompts_by_code[f"3.2.3{letter}"].tally.percent
        assert prompt is not None
        assert prompt < 50


def test_one_key_question_has_few_relevant_cases(outcome: Outcome) -> None:
    tally = outcome.key_questions_by_code["2.4.3"].tally
    assert 3 <= tally.relevant <= 6
    assert tally.inspected == 11


def test_the_invented_ratings_are_not_all_the_same(outcome: Outcome) -> None:
    assert len({rated.computed for rated in outcome.standards if rated.key_questions}) >= 3
    assert outcome.score is None
    assert set(outcome.missing) == {"1.3", "1.4", "3.4"}


def test_no_decision_of_the_demonstration_is_stale() -> None:
    assert Discretion.objects.count() == 2
    for replayed in Replay.objects.select_related("inspection"):
        assert rate_inspection(replayed.inspection).outcome.stale == ()


@pytest.fixture
def southmere() -> Inspection:
    return Inspection.objects.get(service__name=SOUTHMERE)


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
    everyone_is_present(southmere)
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
