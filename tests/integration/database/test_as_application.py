"""An inspection's whole way, recorded by the role that the service connects as."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from cases.actions import comment_on, move_case, reply_to, resolve
from cases.models import Answer, AnswerSave, Case, Comment, DetailSave
from config.demonstration import builder
from inspections.history import events_of
from inspections.models import Inspection, User
from ratings.models import Judgement, SealedResult
from ratings.national.format import parse
from ratings.national.load import load
from ratings.results.actions import reopen
from ratings.results.history import link_history, verify_history
from tests import scenes
from tests.application import as_application
from tests.integration.results.test_seal import sealed
from tests.pages import signed_in
from tests.server.conftest import a_save

pytestmark = pytest.mark.django_db(transaction=True)

REPORT = Path(settings.BASE_DIR) / "config/demonstration/reports/surrey-2019.json"


@pytest.fixture(autouse=True)
def service(transactional_db: None) -> Iterator[None]:
    with as_application():
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user")
            assert cursor.fetchone() == (settings.APPLICATION_ROLE,)
        yield


def test_a_case_is_recorded_talked_about_and_returned() -> None:
    scene = scenes.team()
    inspector = signed_in(scene.inspector)
    for save in (
        a_save("2.1.1", "YES", base_version=0),
        a_save("2.1.1", "NO", base_version=1),
        # What stands already: the save is told so after it was kept.
        a_save("2.1.1", "NO", base_version=0),
    ):
        sent = inspector.post(
            f"{scene.case_page}saves/", {"saves": [save]}, content_type="application/json"
        )
        assert sent.json()["results"][0]["outcome"] == "saved"
    assert Answer.objects.get().value == "NO"
    kept = AnswerSave.objects.order_by("saved_at").values_list("version", "same_as")
    assert list(kept) == [(1, None), (2, None), (None, 2)]
    builder.details(scene.case, scene.inspector, age=15)
    assert DetailSave.objects.get().value == 15

    made = comment_on(case=scene.case, question="2.1.1", text="Say why.", by=scene.lead)
    reply_to(comment=made, text="Said.", by=scene.inspector)
    resolve(comment=made, by=scene.inspector)
    Case.objects.filter(pk=scene.case.pk).update(state=Case.State.SUBMITTED)
    move_case(case=scene.case, to=Case.State.RETURNED, comment="Again.", by=scene.lead)
    assert signed_in(scene.lead).get(f"{scene.case_page}history/").status_code == 200


def test_an_inspection_is_judged_decided_sealed_reopened_and_its_history_holds() -> None:
    scene = scenes.before_panel()
    scenes.decide(scene)
    scene, seal = sealed(scene)
    assert scene.fresh().state == Inspection.State.SEALED
    reopen(sealed_result=seal, reason="A case was counted twice.", by=scene.chair)
    link_history(scene.inspection.pk)
    assert verify_history(scene.inspection.pk).holds
    assert events_of(Judgement).exists()
    assert SealedResult.objects.get() == seal
    with pytest.raises(ProtectedError):
        scene.inspection.cases.all().delete()


def test_no_setting_keeps_a_change_out_of_the_history() -> None:
    scene = scenes.scene()
    before = events_of(Inspection).count()
    with transaction.atomic(), pgtrigger.ignore():
        Inspection.objects.filter(pk=scene.inspection.pk).update(gives_ratings=False)
    assert events_of(Inspection).count() == before + 1


def test_a_comment_stays_as_it_was_made_and_resolved() -> None:
    scene = scenes.team()
    made = comment_on(case=scene.case, question="2.1.1", text="Say why.", by=scene.lead)
    resolve(comment=made, by=scene.inspector)
    for change, refused in (
        ({"resolved_at": None, "resolved_by": None}, "Cannot update of"),
        ({"text": "Another."}, "permission denied"),
    ):
        with pytest.raises(DatabaseError, match=refused), transaction.atomic():
            Comment.objects.filter(pk=made.pk).update(**change)


def test_a_replay_alone_is_replaced_with_what_was_recorded_in_it() -> None:
    file = parse(REPORT.read_bytes(), REPORT.name)
    first = load(file)
    saves = set(AnswerSave.objects.values_list("pk", flat=True))
    assert saves
    assert load(file) == first
    assert not saves & set(AnswerSave.objects.values_list("pk", flat=True))

    scene = scenes.team()
    builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})
    with pytest.raises(IntegrityError, match="no replay that may be replaced"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT ratings_remove_recorded(%s)", [scene.inspection.pk])
    assert scene.case.saves.exists()


def test_what_was_set_up_in_error_is_removed() -> None:
    announced = builder.inspection(state=Inspection.State.ANNOUNCED)
    announced.delete()
    case = builder.case(builder.inspection())
    case.delete()
    User.objects.create_user("nobody@fieldwork.example", name="Nobody Yet").delete()
    assert not Case.objects.exists()


def test_management_commands_do_their_work() -> None:
    call_command("load_demonstration", verbosity=0)
    call_command("link_history", verbosity=0)
    call_command("clearsessions")
