"""``manage.py replay`` over an inspection in which people have recorded something since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from cases.actions import DetailChange, Save, record_answers, record_details
from cases.models import Case, Comment
from config.demonstration import builder
from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings.models import Discretion, Judgement, PanelHearing, SealAgreement, Signatory
from ratings.national.recorded import KEPT, tables
from ratings.results.tables import sealed_tables
from tests.integration.replay.test_replay import GATESHEAD, WIRRAL, replay

pytestmark = pytest.mark.django_db

Record = Callable[[Inspection], object]


def case_of(of: Inspection) -> Case:
    return of.cases.all()[0]


@contextmanager
def recording(of: Inspection) -> Iterator[tuple[Case, User]]:
    """A case that is returned to an inspector and signed off again afterwards."""
    case, inspector = case_of(of), builder.inspector(of)
    cases = Case.objects.filter(pk=case.pk)
    cases.update(state=Case.State.RETURNED, allocated_to=inspector)
    move(of, Inspection.State.FIELDWORK)
    yield case, inspector
    cases.update(state=Case.State.SIGNED_OFF)
    move(of, Inspection.State.PANEL)


def answer(of: Inspection, base_version: int = 1) -> None:
    with recording(of) as (case, inspector):
        save = Save("2.1.1", "NO", "Seen.", base_version=base_version)
        record_answers(case_id=case.pk, saves=[save], by=inspector)


def detail(of: Inspection) -> None:
    with recording(of) as (case, inspector):
        change = DetailChange("age", 15, base_version=0)
        record_details(case_id=case.pk, saves=[change], by=inspector)


def comment(of: Inspection) -> None:
    for question in ("", "2.1.1"):
        Comment.objects.create(
            case=case_of(of),
            question=question,
            text="Why?",
            made_at=timezone.now(),
            made_by=builder.user(),
        ).replies.create(text="So.", made_at=timezone.now(), made_by=builder.user())


def plan(of: Inspection) -> None:
    person = builder.user()
    of.interviews.create(
        inspector=person,
        case_manager="CM-1",
        start_at=timezone.now(),
        minutes=60,
        saved_at=timezone.now(),
        saved_by=person,
    ).cases.add(case_of(of))


def link(of: Inspection) -> None:
    linked = of.linked_cases.create(
        why="SIBLINGS", saved_at=timezone.now(), saved_by=builder.user()
    )
    for case in of.cases.all()[:2]:
        linked.members.create(case=case)


def judge(of: Inspection) -> None:
    of.judgements.filter(standard="1.1").delete()
    builder.judge(of, builder.user(), "1.1", Rating.GOOD)


def find(of: Inspection) -> None:
    lead = builder.lead_inspector(of)
    move(of, Inspection.State.FIELDWORK)
    rests_on = builder.evidence(of, lead).uses.get().pk
    builder.finding(of, lead, rests_on=[rests_on])
    move(of, Inspection.State.PANEL)


def agree(of: Inspection) -> None:
    SealAgreement.objects.create(
        inspection=of,
        signatory=Signatory.CHAIR,
        result_sha256="0" * 64,
        agreed_at=timezone.now(),
        agreed_by=builder.user(),
    )


def withdraw(of: Inspection) -> None:
    Discretion.objects.filter(inspection=of).update(
        withdrawn_at=timezone.now(), withdrawn_by=builder.user()
    )


def move(of: Inspection, to: str) -> None:
    Inspection.objects.filter(pk=of.pk).update(state=to)
    of.refresh_from_db()


RECORDED: dict[str, tuple[Record, str]] = {
    "an answer": (answer, "1 saved answer"),
    "an answer in conflict": (lambda of: answer(of, base_version=0), "1 saved answer"),
    "a detail": (detail, "1 changed case and 1 saved detail"),
    "details of a list": (
        lambda of: of.cases.filter(group="COURT").update(age=15),
        "6 changed cases",
    ),
    "a returned case": (
        lambda of: Case.objects.filter(pk=case_of(of).pk).update(state=Case.State.RETURNED),
        "1 changed case",
    ),
    "comments": (comment, "2 comments"),
    "a sample's size": (
        lambda of: of.samples.filter(group="COURT").update(eligible_cases=9),
        "1 changed sample",
    ),
    "a planned interview": (plan, "1 planned interview"),
    "linked cases": (link, "1 link"),
    "a judgement": (judge, "1 judgement"),
    "a finding and its evidence": (find, "1 finding and 1 evidence item"),
    "a hearing": (
        lambda of: builder.hearing(of, builder.user(), builder.user()),
        "1 panel submission",
    ),
    "a decision": (lambda of: builder.decision(of), "1 panel decision"),
    "a withdrawn decision": (withdraw, "1 panel decision"),
    "a confirmation": (agree, "1 confirmation"),
    "another state": (
        lambda of: move(of, Inspection.State.FIELDWORK),
        "a move to “Fieldwork”",
    ),
}


def everything() -> dict[str, list[Any]]:
    """Every row of our apps, by table."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for app in ("inspections", "cases", "ratings")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


@pytest.fixture
def inspection() -> Inspection:
    """One that was replayed, beside another."""
    assert replay(GATESHEAD, WIRRAL)[0] == 0
    return Inspection.objects.get(service__name__startswith="Gateshead")


@pytest.mark.parametrize("kind", RECORDED)
def test_what_people_recorded_is_named_and_kept(inspection: Inspection, kind: str) -> None:
    record, words = RECORDED[kind]
    record(inspection)
    before = everything()

    code, out, err = replay(GATESHEAD, "--json")

    assert (code, out) == (2, "[]\n")
    assert err == (
        f"{GATESHEAD}: expected an inspection that can be replaced, but people have recorded in "
        f"this one ({inspection.service}) since: {words}. With --replace-recorded its cases, "
        "samples, judgements and decisions are deleted. Nothing of this file was stored.\n"
    )
    assert everything() == before


@pytest.mark.parametrize("kind", RECORDED)
def test_what_people_recorded_is_replaced_when_asked_for(inspection: Inspection, kind: str) -> None:
    record, _ = RECORDED[kind]
    record(inspection)

    assert replay(GATESHEAD, "--replace-recorded")[0] == 0

    inspection.refresh_from_db()
    assert inspection.state == Inspection.State.PANEL
    assert not Comment.objects.exists()
    assert set(inspection.cases.values_list("state", "age")) == {(Case.State.SIGNED_OFF, None)}
    for model, by in ((Judgement, "saved_by"), (Discretion, "decided_by")):
        rows = model._default_manager.filter(inspection=inspection)
        assert set(rows.values_list(f"{by}__name", flat=True)) == {"Replay of a published report"}


def test_several_kinds_are_named_together_and_other_files_load(inspection: Inspection) -> None:
    for kind in ("an answer", "comments", "a decision"):
        RECORDED[kind][0](inspection)

    code, out, err = replay(GATESHEAD, WIRRAL)

    assert code == 2
    assert "1 saved answer, 2 comments and 1 panel decision. With" in err
    assert out.startswith("Wirral")


def test_findings_evidence_and_hearings_stay_when_the_rest_is_replaced(
    inspection: Inspection,
) -> None:
    find(inspection)
    builder.hearing(inspection, builder.user(), builder.user())
    assert replay(GATESHEAD, "--replace-recorded")[0] == 0
    assert (inspection.findings.count(), inspection.evidence.count()) == (1, 1)
    assert PanelHearing.objects.filter(inspection=inspection).count() == 1


def test_a_team_and_who_holds_a_case_are_no_recording(inspection: Inspection) -> None:
    inspection.cases.update(allocated_to=builder.inspector(inspection))
    assert replay(GATESHEAD)[0] == 0
    assert inspection.memberships.count() == 1


def test_what_the_database_refuses_is_said_in_words_and_changes_nothing(
    inspection: Inspection,
) -> None:
    builder.decision(inspection)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE cases_case ADD CONSTRAINT young CHECK (reference <> 'C-01') NOT VALID"
        )
    before = everything()
    code, _, err = replay(GATESHEAD, "--replace-recorded")
    assert code == 2
    assert "the database refuses it (" in err
    assert "young" in err
    assert everything() == before


def test_no_table_is_forgotten() -> None:
    """Each table of an inspection counts, or belongs to one that counts."""
    asked = {table._meta.db_table for table, _ in tables()}
    counted = asked - {table._meta.db_table for table in KEPT}
    of_meetings = {"ratings_panelmeeting", "ratings_panelseat"}  # counted as submissions
    for table in sealed_tables():
        steps = {step.table for way in table.ways for step in way}
        assert table.name in asked | of_meetings or counted & steps, table.name
