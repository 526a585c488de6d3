"""The invariants of the record that the database enforces."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pghistory
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import ProtectedError
from django.db.utils import ProgrammingError
from django.utils import timezone

from cases.actions import remove_cases
from cases.models import Answer, AnswerSave, Case, DetailSave
from config.demonstration import builder
from config.postgresql.embedded import this_server
from config.site.apps import made_by_an_earlier_version
from inspections.models import Inspection, Membership, User
from ratings.models import Discretion, Judgement, Replay

pytestmark = pytest.mark.django_db


def answer(case: Case, question: str, value: str, by: User) -> Answer:
    return Answer.objects.create(
        case=case,
        question=question,
        value=value,
        version=1,
        answered_at=timezone.now(),
        answered_by=by,
    )


@pytest.mark.parametrize(
    ("edition", "group", "question", "value"),
    [
        ("2021", "COURT", "2.1.1", "YES"),
        ("2021", "COURT", "2.1.1a", "NOT_APPLICABLE"),
        ("2021", "OUT_OF_COURT", "3.3.3b", "NO"),
        ("2018", "COURT", "2.1.1", "NOT_APPLICABLE"),
        ("2018", "OUT_OF_COURT", "3.4.2", "NOT_APPLICABLE"),
        ("2021", "COURT", "2.1.1", ""),
    ],
)
def test_an_answer_to_a_question_of_its_case_is_accepted(
    edition: str, group: str, question: str, value: str
) -> None:
    inspection = builder.inspection(edition)
    inspector = builder.inspector(inspection)
    answer(builder.case(inspection, group, inspector), question, value, inspector)


@pytest.mark.parametrize(
    ("edition", "group", "question", "value", "words"),
    [
        ("2021", "COURT", "3.1.1", "YES", "not asked in this case"),
        ("2021", "OUT_OF_COURT", "2.1.1", "YES", "not asked in this case"),
        ("2021", "RESETTLEMENT", "2.1.1", "YES", "not asked in this case"),
        ("2021", "COURT", "1.1.1", "YES", "not asked in this case"),
        ("2021", "COURT", "2.1.1z", "YES", "not asked in this case"),
        ("2018", "COURT", "2.1.1a", "YES", "not asked in this case"),
        ("2021", "OUT_OF_COURT", "3.4.1", "YES", "not asked in this case"),
        ("2021", "COURT", "2.1.1", "NOT_APPLICABLE", "Yes or No in every case"),
        ("2021", "COURT", "2.1.1", "MAYBE", "answer_value_known"),
    ],
)
def test_an_answer_to_another_question_is_refused(
    edition: str, group: str, question: str, value: str, words: str
) -> None:
    inspection = builder.inspection(edition)
    inspector = builder.inspector(inspection)
    case = builder.case(inspection, group, inspector)
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        answer(case, question, value, inspector)
    assert not case.answers.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": "NOT_APPLICABLE"}, "Yes or No in every case"),
        ({"value": "MAYBE"}, "answer_value_known"),
        ({"question": "3.1.1"}, "not asked in this case"),
    ],
)
def test_an_answer_is_not_changed_into_one_to_another_question(
    changes: dict[str, str], words: str
) -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    case = builder.case(inspection, to=inspector)
    stored = answer(case, "2.1.1", "YES", inspector)
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        Answer.objects.filter(pk=stored.pk).update(**changes)
    Answer.objects.filter(pk=stored.pk).update(value="NO")
    assert case.answers.get().value == "NO"


def test_an_answer_is_not_moved_to_a_case_in_which_its_question_is_not_asked() -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    stored = answer(builder.case(inspection, to=inspector), "2.1.1", "YES", inspector)
    other = builder.case(inspection, "OUT_OF_COURT", inspector)
    with pytest.raises(IntegrityError, match="not asked in this case"), transaction.atomic():
        Answer.objects.filter(pk=stored.pk).update(case=other)


def test_a_question_has_one_answer_in_a_case() -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    case = builder.case(inspection, to=inspector)
    answer(case, "2.1.1", "YES", inspector)
    with pytest.raises(IntegrityError, match="answer_once"), transaction.atomic():
        answer(case, "2.1.1", "NO", inspector)


def test_a_case_keeps_its_group_and_an_inspection_its_edition() -> None:
    inspection = builder.inspection()
    case = builder.case(inspection)
    with pytest.raises(ProgrammingError, match="case_keeps_its_group"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(group="OUT_OF_COURT")
    with (
        pytest.raises(ProgrammingError, match="inspection_keeps_its_edition"),
        transaction.atomic(),
    ):
        Inspection.objects.filter(pk=inspection.pk).update(edition="2018")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"reference": ""}, "case_reference_given"),
        ({"disposal_type": "YOUTH_CAUTION"}, "case_disposal_of_its_group"),
        ({"age": 34}, "case_age"),
        ({"state": "LOST"}, "case_state_known"),
        ({"group": "OTHER"}, "case_group_known"),
    ],
)
def test_a_case_record_that_cannot_be_is_refused(fields: dict[str, Any], constraint: str) -> None:
    inspection = builder.inspection()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Case.objects.create(
            **{"inspection": inspection, "reference": "C-1", "group": "COURT"} | fields
        )


def test_a_reference_comes_once_in_an_inspection() -> None:
    inspection = builder.inspection()
    builder.case(inspection, reference="C-1")
    builder.case(builder.inspection(), reference="C-1")
    with pytest.raises(IntegrityError, match="case_reference_once"), transaction.atomic():
        builder.case(inspection, reference="C-1")


def test_a_case_is_allocated_within_the_team() -> None:
    inspection = builder.inspection()
    stranger = builder.inspector(builder.inspection())
    with pytest.raises(IntegrityError, match="case_allocated_within_the_team"):
        with transaction.atomic():
            builder.case(inspection, to=stranger)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_inspection_has_one_lead_inspector_and_a_person_one_role() -> None:
    inspection = builder.inspection()
    lead = builder.lead_inspector(inspection)
    with pytest.raises(IntegrityError, match="membership_one_lead"), transaction.atomic():
        builder.lead_inspector(inspection)
    with pytest.raises(IntegrityError, match="membership_once"), transaction.atomic():
        Membership.objects.create(
            inspection=inspection, user=lead, role=Membership.Role.PANEL_MEMBER
        )


def judgement(of: Inspection, standard: str, rating: str = "GOOD") -> Judgement:
    return Judgement.objects.create(
        inspection=of,
        standard=standard,
        rating=rating,
        saved_at=timezone.now(),
        saved_by=builder.user(),
    )


def test_only_a_qualitative_standard_of_the_edition_is_judged() -> None:
    judgement(builder.inspection("2021"), "3.4")
    with pytest.raises(IntegrityError, match="not a qualitative standard"), transaction.atomic():
        judgement(builder.inspection("2018"), "3.4")
    with pytest.raises(IntegrityError, match="not a qualitative standard"), transaction.atomic():
        judgement(builder.inspection("2021"), "2.1")
    with pytest.raises(IntegrityError, match="judgement_rating_known"), transaction.atomic():
        judgement(builder.inspection("2021"), "1.1", "SPLENDID")


def discretion(of: Inspection, **fields: Any) -> Discretion:
    decision = {
        "standard": "2.1",
        "from_rating": "GOOD",
        "to_rating": "OUTSTANDING",
        "decided_at": timezone.now(),
        "decided_by": builder.user(),
    }
    return Discretion.objects.create(inspection=of, **decision | fields)


def test_discretion_moves_a_rating_by_one_band() -> None:
    inspection = builder.inspection()
    for origin, target in [("INADEQUATE", "GOOD"), ("GOOD", "GOOD"), ("GOOD", "INADEQUATE")]:
        with pytest.raises(IntegrityError, match="one_band"), transaction.atomic():
            discretion(inspection, from_rating=origin, to_rating=target)
    discretion(inspection)


def test_a_rating_has_one_current_decision() -> None:
    inspection = builder.inspection()
    first = discretion(inspection)
    with pytest.raises(IntegrityError, match="discretion_one_current"), transaction.atomic():
        discretion(inspection)
    with pytest.raises(IntegrityError, match="withdrawn_by_someone"), transaction.atomic():
        Discretion.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now())
    Discretion.objects.filter(pk=first.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=first.decided_by
    )
    discretion(inspection)


@pytest.mark.parametrize(
    ("standard", "key_question"),
    [("2.1", "2.2.1"), ("2.1", "2.1.1a"), ("1.1", "1.1.1"), ("9.9", "")],
)
def test_discretion_is_about_a_rating_that_the_edition_has(
    standard: str, key_question: str
) -> None:
    inspection = builder.inspection()
    with pytest.raises(IntegrityError, match="has no rating for"), transaction.atomic():
        discretion(inspection, standard=standard, key_question=key_question)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_answersave SET value = 'NO'",
        "UPDATE cases_answersave SET value = value",
        "DELETE FROM cases_answersave",
        "TRUNCATE cases_answersave",
        "UPDATE cases_answersave SET same_as = 1",
        "UPDATE cases_detailsave SET value = '16'",
        "UPDATE cases_detailsave SET value = value",
        "UPDATE cases_detailsave SET same_as = 1",
        "DELETE FROM cases_detailsave",
        "TRUNCATE cases_detailsave",
        "TRUNCATE cases_case CASCADE",
        "TRUNCATE inspections_inspection CASCADE",
    ],
)
def test_a_save_never_changes(statement: str) -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    case = builder.case(inspection, to=inspector)
    builder.answers(case, inspector, **{"2.1.1": "YES"})
    for age in (15, 16):
        builder.details(case, inspector, age=age)
    check_deferred_constraints()
    with (
        pytest.raises(ProgrammingError, match="Cannot (update or delete|truncate)"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AnswerSave.objects.values_list("value", flat=True).get() == "YES"
    saves = DetailSave.objects.order_by("version").values_list("value", "same_as")
    assert list(saves) == [(15, None), (16, None)]


def test_what_people_changed_in_details_before_each_had_saves_becomes_saves() -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    case = builder.case(inspection, to=inspector, gender="MALE", version=1)
    changed = Case.objects.filter(pk=case.pk)
    changed.update(version=2, age=14)
    with pghistory.context(user=inspector.pk):
        changed.update(version=3, age=15, disposal_date=date(2021, 3, 14))
        changed.update(state=Case.State.IN_PROGRESS)
        changed.update(version=4, age=None)
    migration = import_module("cases.migrations.0004_earlier_saves_of_details")
    with connection.cursor() as cursor:
        cursor.execute(migration.EARLIER_SAVES)
    columns = ("field", "value", "base_version", "version", "saved_by")
    assert list(DetailSave.objects.order_by("version", "field").values_list(*columns)) == [
        ("age", 15, 2, 3, inspector.pk),
        ("disposal_date", "2021-03-14", 2, 3, inspector.pk),
        ("age", None, 3, 4, inspector.pk),
    ]


def test_no_case_or_inspection_with_saves_can_be_deleted() -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    case = builder.case(inspection, to=inspector)
    builder.answers(case, inspector, **{"2.1.1": "YES"})
    for record in (case, inspection):
        with pytest.raises(ProtectedError), transaction.atomic():
            record.delete()
    assert AnswerSave.objects.exists()


def test_only_a_replay_removes_saves() -> None:
    def remove(of: Inspection) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT ratings_remove_recorded(%s)", [of.pk])

    replayed = builder.inspection(state=Inspection.State.PANEL)
    Replay.objects.create(
        inspection=replayed, key="a report", published={}, replayed_at=timezone.now()
    )
    # To be called one is not enough: an inspection that was announced is no replay.
    announced = builder.inspection(state=Inspection.State.ANNOUNCED)
    Replay.objects.create(
        inspection=announced, key="another", published={}, replayed_at=timezone.now()
    )
    other = builder.inspection(state=Inspection.State.PANEL)
    for each in (replayed, announced, other):
        Inspection.objects.filter(pk=each.pk).update(state=Inspection.State.FIELDWORK)
        inspector = builder.inspector(each)
        case = builder.case(each, to=inspector)
        builder.answers(case, inspector, **{"2.1.1": "YES"})
        builder.details(case, inspector, age=15)
    for each in (announced, other):
        with pytest.raises(IntegrityError, match="no replay that may be replaced"):
            remove(each)
    remove(replayed)
    remove_cases(inspection=replayed)
    for saves in (AnswerSave, DetailSave):
        assert set(saves.objects.values_list("case__inspection", flat=True)) == {
            announced.pk,
            other.pk,
        }
        # What the function lets pass, it lets pass in itself alone.
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            saves.objects.all().delete()


def check_deferred_constraints() -> None:
    """So that no check is left for which a table can't be emptied."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_database_of_an_earlier_version_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert made_by_an_earlier_version(["default"]) == []
    MigrationRecorder(connection).record_applied("cases", "0006_what_a_save_costs")
    for engine, said in {
        "config.postgresql": f"mv {this_server().cluster} ",
        "django.db.backends.postgresql": "Let DATABASE_URL name an empty database",
    }.items():
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
        (error,) = made_by_an_earlier_version(["default"])
        assert said in str(error.hint)
