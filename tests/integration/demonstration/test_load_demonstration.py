"""The demonstration: loaded once, true to the rules that real inspections obey."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from cases.models import Answer, AnswerSave, Case, Sample
from cases.progress import missing_answers
from config.demonstration import ADMINISTRATOR, LEAD_INSPECTOR, PASSWORD, SIGN_INS
from config.demonstration.northmere import SERVICE_NAME
from inspections.models import Inspection, Membership, User
from ratings.engine import Outcome
from ratings.models import Discretion, Evidence, Finding, Judgement, Replay
from ratings.service import rate_inspection

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_demonstration", stdout=out)
    return out.getvalue()


@pytest.fixture
def northmere() -> Inspection:
    load()
    return Inspection.objects.get(service__name=SERVICE_NAME)


@pytest.fixture
def outcome(northmere: Inspection) -> Outcome:
    return rate_inspection(northmere).outcome


def test_everybody_of_the_demonstration_can_sign_in() -> None:
    printed = load()

    assert PASSWORD in printed
    for person in SIGN_INS:
        assert person.email in printed
        user = authenticate(None, email=person.email, password=PASSWORD)
        assert isinstance(user, User)
        assert user.name == person.name
        assert user.is_staff is user.is_superuser is (person is ADMINISTRATOR)


def test_there_are_three_published_inspections_and_two_invented_ones() -> None:
    load()

    assert Counter(Inspection.objects.values_list("state", flat=True)) == {
        "PANEL": 3,
        "FIELDWORK": 1,
        "REVIEW": 1,
    }
    for replayed in Replay.objects.select_related("inspection"):
        outcome = rate_inspection(replayed.inspection).outcome
        assert outcome.score == replayed.published["score"]


def test_every_inspection_has_the_whole_team() -> None:
    load()

    for inspection in Inspection.objects.all():
        # A panel comes with its hearing, which Southmere is still to have.
        panel = {} if inspection.state == "REVIEW" else {Membership.Role.PANEL_MEMBER: 2}
        assert Counter(inspection.memberships.values_list("role", flat=True)) == {
            Membership.Role.LEAD_INSPECTOR: 1,
            Membership.Role.INSPECTOR: 3,
            **panel,
        }
    assert not Membership.objects.filter(user__email=ADMINISTRATOR.email).exists()


def test_loading_again_changes_nothing() -> None:
    load()
    case = Case.objects.filter(inspection__service__name=SERVICE_NAME)[0]
    Case.objects.filter(pk=case.pk).update(offence_type="Changed by hand")
    Judgement.objects.filter(inspection=case.inspection).delete()
    User.objects.filter(email=LEAD_INSPECTOR.email).update(name="Changed by hand")
    models = (User, Inspection, Membership, Sample, Case, Answer, AnswerSave, Judgement, Replay)
    before = [list(model._default_manager.order_by("pk").values()) for model in models]

    printed = load()

    assert [list(model._default_manager.order_by("pk").values()) for model in models] == before
    assert PASSWORD in printed


def test_it_is_loaded_in_few_queries() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load()

    assert len(queries) < 150


def test_it_is_not_loaded_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="public"):
        load()
    assert not User.objects.exists()


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
    load()

    assert Discretion.objects.count() == 2
    for replayed in Replay.objects.select_related("inspection"):
        assert rate_inspection(replayed.inspection).outcome.stale == ()
