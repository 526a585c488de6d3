"""A save is accepted only from the current version, and only once; every save is kept."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from cases.actions import Outcome, Save, SaveReused, record_answers
from cases.models import AnswerSave, Case
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.models import Inspection, User


@pytest.fixture
def inspector(db: None) -> User:
    return builder.inspector(builder.inspection(), "Ada Inspector")


@pytest.fixture
def case(inspector: User) -> Case:
    inspection = Inspection.objects.get(memberships__user=inspector)
    return builder.case(inspection, to=inspector)


def record(case: Case, by: User, *saves: Save) -> list[tuple[Outcome, str, int]]:
    results = record_answers(case_id=case.pk, saves=saves, by=by)
    return [(r.outcome, r.current.value, r.current.version) for r in results if r.current]


def test_a_first_save_makes_version_one(case: Case, inspector: User) -> None:
    assert record(case, inspector, Save("2.1.1", "YES", "seen in the file", 0)) == [
        (Outcome.SAVED, "YES", 1)
    ]
    kept = AnswerSave.objects.get()
    assert (kept.question, kept.note, kept.version) == ("2.1.1", "seen in the file", 1)


def test_a_save_from_the_current_version_replaces_it(case: Case, inspector: User) -> None:
    record(case, inspector, Save("2.1.1", "YES", "", 0))
    assert record(case, inspector, Save("2.1.1", "NO", "", 1)) == [(Outcome.SAVED, "NO", 2)]
    assert list(AnswerSave.objects.order_by("version").values_list("value", "version")) == [
        ("YES", 1),
        ("NO", 2),
    ]


@pytest.mark.parametrize("base", [0, 2, 7])
def test_a_save_from_another_version_is_a_conflict_and_stays_in_the_history(
    case: Case, inspector: User, base: int
) -> None:
    record(case, inspector, Save("2.1.1", "YES", "first", 0))
    assert record(case, inspector, Save("2.1.1", "NO", "second", base)) == [
        (Outcome.CONFLICT, "YES", 1)
    ]
    assert case.answers.get().value == "YES"
    lost = AnswerSave.objects.get(version=None)
    assert (lost.value, lost.note, lost.base_version) == ("NO", "second", base)


def test_a_version_that_never_existed_is_a_conflict_without_an_answer(
    case: Case, inspector: User
) -> None:
    (result,) = record_answers(case_id=case.pk, saves=[Save("2.1.1", "NO", "", 3)], by=inspector)
    assert result.outcome is Outcome.CONFLICT
    assert result.current is None


def test_saving_the_same_save_again_does_no_harm(case: Case, inspector: User) -> None:
    save = Save("2.1.1", "YES", "", 0)
    first = record(case, inspector, save)
    assert record(case, inspector, save) == first
    assert AnswerSave.objects.count() == 1


def test_a_retry_is_known_beside_saves_that_are_new(case: Case, inspector: User) -> None:
    arrived = Save("2.1.1", "YES", "", 0)
    record(case, inspector, arrived)
    assert record(case, inspector, arrived, Save("2.1.2", "NO", "", 0)) == [
        (Outcome.SAVED, "YES", 1),
        (Outcome.SAVED, "NO", 1),
    ]
    assert AnswerSave.objects.count() == 2


def test_a_retried_conflict_is_still_a_conflict(case: Case, inspector: User) -> None:
    record(case, inspector, Save("2.1.1", "YES", "", 0))
    late = Save("2.1.1", "NO", "", 0)
    assert record(case, inspector, late) == record(case, inspector, late)
    assert AnswerSave.objects.filter(version=None).count() == 1


@pytest.mark.parametrize("base", [0, 1, 7])
def test_the_same_answer_given_on_two_devices_is_no_conflict(
    case: Case, inspector: User, base: int
) -> None:
    record(case, inspector, Save("2.1.1", "NO", "", 0))
    record(case, inspector, Save("2.1.1", "YES", "seen", 1))
    same = Save("2.1.1", "YES", "seen", base)
    (result,) = record_answers(case_id=case.pk, saves=[same], by=inspector)
    assert (result.outcome, result.version) == (Outcome.SAVED, 2)
    assert result.current
    assert result.current.version == 2
    assert case.answers.get().version == 2
    kept = AnswerSave.objects.get(pk=same.id)
    assert (kept.version, kept.same_as) == (None, 2)
    # Repeated, it has the same result, whatever was answered since.
    record(case, inspector, Save("2.1.1", "NO", "looked again", 2))
    (again,) = record_answers(case_id=case.pk, saves=[same], by=inspector)
    assert (again.outcome, again.version) == (Outcome.SAVED, 2)
    assert again.current
    assert again.current.note == "looked again"


def test_another_note_with_the_same_value_is_a_conflict(case: Case, inspector: User) -> None:
    record(case, inspector, Save("2.1.1", "YES", "seen", 0))
    assert record(case, inspector, Save("2.1.1", "YES", "", 0)) == [(Outcome.CONFLICT, "YES", 1)]


def test_a_kept_save_whose_reply_was_lost_before_it_was_compared_is_no_conflict(
    case: Case, inspector: User
) -> None:
    record(case, inspector, Save("2.1.1", "YES", "", 0))
    same = Save("2.1.1", "YES", "", 0)
    # As the statement leaves it, if the process ends right after.
    case.saves.create(
        id=same.id,
        question=same.question,
        value=same.value,
        base_version=0,
        saved_at=timezone.now(),
        saved_by=inspector,
    )
    (result,) = record_answers(case_id=case.pk, saves=[same], by=inspector)
    assert (result.outcome, result.version) == (Outcome.SAVED, 1)


def test_an_id_is_used_for_one_save_only(case: Case, inspector: User) -> None:
    reused = uuid.uuid4()
    record(case, inspector, Save("2.1.1", "YES", "", 0, id=reused))
    with pytest.raises(SaveReused):
        record(case, inspector, Save("2.1.2", "NO", "", 0, id=reused))
    assert case.answers.get().question == "2.1.1"


def test_two_saves_of_one_question_in_one_call_follow_each_other(
    case: Case, inspector: User
) -> None:
    results = record_answers(
        case_id=case.pk,
        saves=[Save("2.1.1", "YES", "", 0), Save("2.1.1", "NO", "", 1)],
        by=inspector,
    )
    assert [result.outcome for result in results] == [Outcome.SAVED, Outcome.SAVED]
    assert case.answers.get().value == "NO"


def test_the_history_keeps_the_order_in_which_saves_were_made(case: Case, inspector: User) -> None:
    questions = list(reversed(case.inspection.framework.case_questions(case.group)))
    saves = [Save(question, "YES", "", 0) for question in questions]
    record_answers(case_id=case.pk, saves=saves, by=inspector)
    history = AnswerSave.objects.order_by("saved_at").values_list("question", flat=True)
    assert list(history) == questions


def test_the_first_answer_starts_the_case(case: Case, inspector: User) -> None:
    record(case, inspector, Save("2.1.1", "YES", "", 0))
    case.refresh_from_db()
    assert case.state == Case.State.IN_PROGRESS


def test_one_refused_answer_leaves_the_others_unsaved_too(case: Case, inspector: User) -> None:
    with pytest.raises(IntegrityError):
        record_answers(
            case_id=case.pk,
            saves=[Save("2.1.1", "YES", "", 0), Save("3.1.1", "YES", "", 0)],
            by=inspector,
        )
    assert not case.answers.exists()


def test_a_case_that_was_given_to_someone_else_meanwhile_is_refused_in_words(
    case: Case, inspector: User
) -> None:
    other = builder.inspector(case.inspection, "Grace Inspector")
    stale = Case.objects.select_related("inspection", "allocated_to").get(pk=case.pk)
    Case.objects.filter(pk=case.pk).update(allocated_to=other)
    with pytest.raises(Refused, match="allocated to Grace Inspector"):
        record(stale, inspector, Save("2.1.1", "YES", "", 0))
    assert not AnswerSave.objects.exists()


def test_a_case_that_was_submitted_meanwhile_is_refused_in_words(
    case: Case, inspector: User
) -> None:
    stale = Case.objects.select_related("inspection").get(pk=case.pk)
    Case.objects.filter(pk=case.pk).update(state=Case.State.SUBMITTED)
    with pytest.raises(Refused, match="submitted"):
        record(stale, inspector, Save("2.1.1", "YES", "", 0))


def test_nothing_is_recorded_once_fieldwork_has_closed(case: Case, inspector: User) -> None:
    stale = Case.objects.select_related("inspection").get(pk=case.pk)
    Inspection.objects.filter(pk=case.inspection_id).update(state=Inspection.State.REVIEW)
    with pytest.raises(Refused, match="Fieldwork has closed"):
        record(stale, inspector, Save("2.1.1", "YES", "", 0))


@pytest.mark.django_db(transaction=True)
def test_a_case_that_becomes_recordable_while_a_save_is_refused_takes_it(
    case: Case, inspector: User
) -> None:
    Case.objects.filter(pk=case.pk).update(state=Case.State.SUBMITTED)
    returned: list[str] = []

    def return_it_first(execute: Any, sql: str, *args: Any) -> Any:
        """Somebody else returns the case between the statement and the reading of the reason."""
        if "cases_case" in sql and "WITH held" not in sql and not returned:
            returned.append(sql)
            with psycopg.connect(**connection.get_connection_params()) as lead:
                lead.execute("UPDATE cases_case SET state = 'RETURNED' WHERE id = %s", [case.pk])
        return execute(sql, *args)

    with connection.execute_wrapper(return_it_first):
        assert record(case, inspector, Save("2.1.1", "YES", "", 0)) == [(Outcome.SAVED, "YES", 1)]
    assert returned


@pytest.mark.django_db(transaction=True)
def test_no_save_arrives_after_fieldwork_has_closed() -> None:
    inspection = builder.inspection()
    ada = builder.inspector(inspection)
    case = builder.case(inspection, to=ada)

    def record() -> str:
        try:
            record_answers(case_id=case.pk, saves=[Save("2.1.1", "YES", "", 0)], by=ada)
        except Refused as error:
            return str(error)
        finally:
            connection.close()
        return "recorded"

    with psycopg.connect(**connection.get_connection_params()) as closing:
        closing.execute(
            "SELECT FROM inspections_inspection WHERE id = %s FOR UPDATE", [inspection.pk]
        )
        closing.execute(
            "UPDATE inspections_inspection SET state = 'REVIEW' WHERE id = %s", [inspection.pk]
        )
        with ThreadPoolExecutor(1) as pool:
            heard = pool.submit(record)
            wait_until_somebody_waits_for_a_lock()
            assert not heard.done()
            closing.commit()
            assert "Fieldwork has closed" in heard.result()
    assert not case.answers.exists()


def wait_until_somebody_waits_for_a_lock() -> None:
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() != (0,):
                return


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("base", [0, 1])
def test_of_saves_at_the_same_moment_exactly_one_wins(
    case: Case, inspector: User, base: int
) -> None:
    if base:
        record(case, inspector, Save("2.1.1", "YES", "before", 0))
    savers = 6
    start = Barrier(savers)

    def save(number: int) -> Outcome:
        try:
            start.wait()
            (result,) = record_answers(
                case_id=case.pk, saves=[Save("2.1.1", "NO", f"saver {number}", base)], by=inspector
            )
            return result.outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(savers) as pool:
        outcomes = list(pool.map(save, range(savers)))
    assert sorted(outcomes) == [Outcome.CONFLICT] * (savers - 1) + [Outcome.SAVED]
    assert AnswerSave.objects.count() == savers + base
    assert case.answers.get().version == base + 1


@pytest.mark.django_db(transaction=True)
def test_saves_of_many_answers_in_opposite_orders_do_not_block_each_other(
    case: Case, inspector: User
) -> None:
    questions = case.inspection.framework.case_questions(case.group)

    def save(number: int) -> int:
        in_order = questions[:: 1 if number % 2 else -1]
        try:
            results = record_answers(
                case_id=case.pk,
                saves=[Save(question, "YES", f"saver {number}", 0) for question in in_order],
                by=inspector,
            )
            return sum(result.outcome is Outcome.SAVED for result in results)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        saved = list(pool.map(save, range(4)))
    assert sum(saved) == len(questions)
