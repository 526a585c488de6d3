"""What several inspectors save at the same moment is written at once, each as if alone."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection
from django.utils import timezone

from cases.actions import Outcome, Save, record_answers, record_together, together
from cases.actions.record_statement import Sent, write_together
from cases.models import Answer, AnswerSave, Case
from inspections.access.permissions import Refused
from inspections.models import Inspection, User
from inspections.signed_in import Proof
from tests import build


@pytest.fixture
def inspection(db: None) -> Inspection:
    return build.inspection()


def holder(case: Case) -> User:
    assert case.allocated_to is not None
    return case.allocated_to


def proof_of(user: User) -> Proof:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "config.sessions.SignedInBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    kept = Session.objects.get(pk=session.session_key)
    return Proof.of(kept.session_key, kept.session_data, user)


def sent(case: Case, *saves: Save) -> Sent:
    """``saves`` on their way from whom the case is allocated to."""
    return Sent(case.pk, saves, holder(case).pk, proof=proof_of(holder(case)))


def cases(inspection: Inspection, *names: str) -> list[Case]:
    """One case each, allocated to inspectors of these names."""
    return [build.case(inspection, to=build.inspector(inspection, name)) for name in names]


def test_saves_of_several_inspectors_are_each_recorded_as_their_own(
    inspection: Inspection,
) -> None:
    both = cases(inspection, "Ada", "Grace")
    batch = [sent(case, Save("2.1.1", "YES", f"note {case.pk}", 0)) for case in both]
    written = write_together(batch)
    assert [written.of(one) for one in batch] == [[1], [1]]
    for case in both:
        answer = case.answers.get()
        assert (answer.answered_by, answer.note) == (holder(case), f"note {case.pk}")
        assert AnswerSave.objects.get(case=case).saved_by == holder(case)
        case.refresh_from_db()
        assert case.state == Case.State.IN_PROGRESS


def test_a_conflict_of_one_is_no_conflict_of_another(inspection: Inspection) -> None:
    both = cases(inspection, "Ada", "Grace")
    build.answers(both[0], holder(both[0]), **{"2.1.1": "YES"})
    batch = [sent(case, Save("2.1.1", "NO", "", 0)) for case in both]
    written = write_together(batch)
    assert [written.of(one) for one in batch] == [[None], [1]]
    assert both[0].answers.get().value == "YES"


def test_a_case_that_is_not_theirs_is_left_out(inspection: Inspection) -> None:
    hers, his = cases(inspection, "Ada", "Alan")
    proof = proof_of(holder(his))
    stolen = Sent(hers.pk, [Save("2.1.1", "NO", "", 0)], holder(his).pk, proof=proof)
    own = sent(his, Save("2.1.1", "YES", "", 0))
    written = write_together([stolen, own])
    assert [written.of(stolen), written.of(own)] == [None, [1]]
    assert Answer.objects.get().case == his


def test_ones_proof_does_not_speak_for_another(inspection: Inspection) -> None:
    hers, his = cases(inspection, "Ada", "Alan")
    proof = proof_of(holder(his))
    forged = Sent(hers.pk, [Save("2.1.1", "NO", "", 0)], holder(hers).pk, proof=proof)
    assert write_together([forged]).of(forged) is None
    assert not AnswerSave.objects.exists()


def sign_out(proof: Proof) -> None:
    Session.objects.filter(pk=proof.session).delete()


def let_the_session_run_out(proof: Proof) -> None:
    Session.objects.filter(pk=proof.session).update(expire_date=timezone.now() - timedelta(1))


def change_what_the_session_holds(proof: Proof) -> None:
    Session.objects.filter(pk=proof.session).update(session_data="something else")


def choose_another_password(proof: Proof) -> None:
    user = User.objects.get(pk=proof.user)
    user.set_password("another long password")
    user.save()


def close_the_account(proof: Proof) -> None:
    User.objects.filter(pk=proof.user).update(is_active=False)


def change_the_name(proof: Proof) -> None:
    User.objects.filter(pk=proof.user).update(name="Somebody Else")


@pytest.mark.parametrize(
    "meanwhile",
    [
        sign_out,
        let_the_session_run_out,
        change_what_the_session_holds,
        choose_another_password,
        close_the_account,
        change_the_name,
    ],
)
def test_a_proof_that_does_not_hold_any_more_records_nothing(
    inspection: Inspection, meanwhile: object
) -> None:
    hers, his = cases(inspection, "Ada", "Alan")
    batch = [sent(case, Save("2.1.1", "YES", "", 0)) for case in (hers, his)]
    assert batch[0].proof is not None
    assert callable(meanwhile)
    meanwhile(batch[0].proof)
    written = write_together(batch)
    assert [written.of(one) for one in batch] == [None, [1]]
    assert record_together(case_id=hers.pk, saves=batch[0].saves, proof=batch[0].proof) is None
    assert not hers.answers.exists()


def test_an_id_that_arrived_before_leaves_all_for_another_statement(
    inspection: Inspection,
) -> None:
    hers, his = cases(inspection, "Ada", "Alan")
    arrived = Save("2.1.1", "YES", "", 0)
    record_answers(case_id=hers.pk, saves=[arrived], by=holder(hers))
    retry, new = sent(hers, arrived), sent(his, Save("2.1.1", "YES", "", 0))
    with pytest.raises(IntegrityError):
        write_together([retry, new])
    assert not his.answers.exists()
    assert retry.proof is not None
    assert record_together(case_id=hers.pk, saves=[arrived], proof=retry.proof) is None


def test_two_saves_of_one_answer_in_one_request_go_one_after_the_other(
    inspection: Inspection,
) -> None:
    (case,) = cases(inspection, "Ada")
    saves = [Save("2.1.1", "YES", "", 0), Save("2.1.1", "NO", "", 1)]
    proof = proof_of(holder(case))
    assert record_together(case_id=case.pk, saves=saves, proof=proof) is None
    assert not case.answers.exists()


def test_a_conflict_shows_what_stands_and_whose_it_is(inspection: Inspection) -> None:
    (case,) = cases(inspection, "Ada")
    build.answers(case, holder(case), **{"2.1.1": "YES"})
    late = Save("2.1.1", "NO", "", 0)
    results = record_together(case_id=case.pk, saves=[late], proof=proof_of(holder(case)))
    assert results is not None
    assert results[0].outcome is Outcome.CONFLICT
    assert results[0].standing is not None
    assert (results[0].standing.value, results[0].standing.by) == ("YES", "Ada")


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_case_that_somebody_else_holds() -> None:
    inspection = build.inspection()
    hers, his = cases(inspection, "Ada", "Alan")
    batch = [sent(case, Save("2.1.1", "YES", "", 0)) for case in (hers, his)]
    with psycopg.connect(**connection.get_connection_params()) as elsewhere:
        elsewhere.execute("SELECT FROM cases_case WHERE id = %s FOR UPDATE", [hers.pk])
        written = write_together(batch)
    assert [written.of(one) for one in batch] == [None, [1]]


@pytest.mark.django_db(transaction=True)
def test_nobody_hears_what_became_of_somebody_elses_save_of_the_same_id() -> None:
    inspection = build.inspection()
    hers, his = cases(inspection, "Ada", "Alan")
    shared = uuid.uuid4()
    batch = [sent(case, Save("2.1.1", "YES", "", 0, id=shared)) for case in (hers, his)]
    with psycopg.connect(**connection.get_connection_params()) as elsewhere:
        elsewhere.execute("SELECT FROM cases_case WHERE id = %s FOR UPDATE", [his.pk])
        first, second = together._record(batch)
    assert first is not None
    assert second is None
    assert not his.answers.exists()


@pytest.mark.django_db(transaction=True)
def test_no_save_slips_in_behind_the_end_of_fieldwork() -> None:
    inspection = build.inspection()
    (case,) = cases(inspection, "Ada")
    one = sent(case, Save("2.1.1", "YES", "", 0))

    def record() -> str:
        try:
            record_answers(case_id=case.pk, saves=one.saves, by=holder(case))
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
        assert write_together([one]).of(one) is None
        with ThreadPoolExecutor(1) as pool:
            heard = pool.submit(record)
            with pytest.raises(TimeoutError):
                heard.result(timeout=0.3)
            closing.commit()
            assert "Fieldwork has closed" in heard.result()
    assert not case.answers.exists()
