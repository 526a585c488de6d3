"""What the database refuses in a sealed inspection, tried with raw SQL."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from cases.actions import mark_quotable
from cases.models import Answer
from config.demonstration import builder
from inspections.models import Inspection
from ratings.models import Reopening, Replay, SealedResult, SteppedAside
from ratings.results.actions import TriggersMissing, agree_to_seal, readiness, reopen
from ratings.results.document import canonical, digest
from ratings.results.tables import APPS, WRITABLE_WHILE_SEALED, event_tables, sealed_tables
from ratings.results.triggers import install_triggers, missing_triggers
from tests import scenes
from tests.integration.results.test_seal import sealed
from tests.integration.sampling.scenes import add_rows_of_sampling
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

SEALED = "is sealed, so nothing of it can change|stay as they are for ever"
TABLES = [table.name for table in sealed_tables()]


@pytest.fixture
def scene() -> Scene:
    """A sealed inspection with a row in every table that hangs on it."""
    scene = scenes.before_panel()
    assert scene.hearing is not None
    scenes.decide(scene)
    SteppedAside.objects.create(hearing=scene.hearing, member=builder.user(), reason="A relative.")
    Replay.objects.create(
        inspection=scene.inspection, key="a report", published={}, replayed_at=timezone.now()
    )
    announce_with_a_checklist(scene)
    add_rows_of_sampling(scene)
    rest_a_finding_on_evidence(scene)
    mark_a_note(scene)
    talk_about_a_case(scene)
    plan_the_cases(scene)
    sealed(scene)
    check_deferred()
    return scene


def announce_with_a_checklist(scene: Scene) -> None:
    day = timezone.localdate()
    scene.inspection.windows.create(group="COURT", start_date=day, end_date=day)
    scene.inspection.requested_items.create(
        kind="NARRATIVE", asked_date=day, saved_at=timezone.now(), saved_by=scene.lead
    )


def rest_a_finding_on_evidence(scene: Scene) -> None:
    made = {"saved_at": timezone.now(), "saved_by": scene.lead}
    document = scene.inspection.evidence.create(
        kind="DOCUMENT", title="Board minutes", added_by=scene.lead, **made
    )
    finding = scene.inspection.findings.create(
        key_question="1.1.1", kind="STRENGTH", text="The board acts on data.", position=1, **made
    )
    finding.supports.create(use=document.uses.create(key_question="1.1.1"))


def mark_a_note(scene: Scene) -> None:
    answer = Answer.objects.filter(case__inspection=scene.inspection)[0]
    mark_quotable(answer=answer, version=answer.version, quotable=True, by=scene.lead)


def plan_the_cases(scene: Scene) -> None:
    """Rows that are written before and in fieldwork."""
    made = {"saved_at": timezone.now(), "saved_by": scene.lead}
    first, second, *_ = scene.inspection.cases.all()
    linked = scene.inspection.linked_cases.create(why="SIBLINGS", **made)
    for case in (first, second):
        linked.members.create(case=case)
    slot = scene.inspection.interviews.create(
        inspector=scene.inspector, case_manager="CM-1", start_at=timezone.now(), minutes=60, **made
    )
    slot.cases.add(first)
    builder.interest(scene.inspection, scene.inspector, by=scene.lead)
    scene.inspection.expected_minutes.create(group="COURT", minutes=200)


def talk_about_a_case(scene: Scene) -> None:
    """Rows that the case's own actions keep while fieldwork is open."""
    case, now = scene.inspection.cases.all()[0], timezone.now()
    comment = case.comments.create(
        text="Say why.", made_at=now, made_by=scene.lead, resolved_at=now, resolved_by=scene.lead
    )
    comment.replies.create(text="Said.", made_at=now, made_by=scene.lead)
    case.detail_saves.create(
        field="age", value=15, base_version=0, version=1, saved_at=now, saved_by=scene.lead
    )


def run(sql: str, *values: Any) -> list[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []


def check_deferred() -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def rows(table: str) -> int:
    return int(run(f'SELECT count(*) FROM "{table}"')[0][0])


def first_column(table: str) -> str:
    """A column to write, in a statement that changes nothing."""
    found = run(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND table_schema = current_schema() ORDER BY ordinal_position",
        table,
    )
    return str(found[0][0])


@pytest.mark.parametrize("table", [*TABLES, *event_tables()])
def test_no_row_of_a_sealed_inspection_is_changed_removed_or_added(
    scene: Scene, table: str
) -> None:
    if rows(table) == 0:
        pytest.fail(f"Give the sealed inspection of these tests a row in {table}.")
    before = rows(table)
    column = first_column(table)
    for statement in (
        f'UPDATE "{table}" SET "{column}" = "{column}"',
        f'DELETE FROM "{table}"',
        f'INSERT INTO "{table}" SELECT * FROM "{table}" LIMIT 1',
        f'TRUNCATE "{table}" CASCADE',
    ):
        # A meeting or a seat that nobody hears in yet belongs to no inspection.
        if table == "ratings_panelmeeting" and statement.startswith("INSERT"):
            continue
        with pytest.raises(IntegrityError, match=f"{SEALED}|can't be emptied|doesn't follow on"):
            run(statement)
    assert rows(table) == before


@pytest.mark.parametrize("table", event_tables())
def test_events_never_change_in_any_state(table: str) -> None:
    scene = scenes.before_panel()
    assert scene.hearing is not None
    scenes.decide(scene)
    SteppedAside.objects.create(hearing=scene.hearing, member=builder.user(), reason="A relative.")
    announce_with_a_checklist(scene)
    add_rows_of_sampling(scene)
    rest_a_finding_on_evidence(scene)
    mark_a_note(scene)
    plan_the_cases(scene)
    check_deferred()
    before = rows(table)
    assert before > 0
    for statement in (
        f'UPDATE "{table}" SET pgh_context = \'{{"user": 1}}\'',
        f'DELETE FROM "{table}"',
        f'INSERT INTO "{table}" SELECT * FROM "{table}" LIMIT 1',
        f'TRUNCATE "{table}"',
    ):
        ignoring_pgtrigger = "SELECT set_config('pgtrigger.ignore', '{all}', true);"
        for said in (statement, ignoring_pgtrigger + statement):
            with pytest.raises(IntegrityError, match="stays? (as they are )?for ever"):
                run(said)
    assert rows(table) == before


def test_every_table_that_belongs_to_an_inspection_is_protected() -> None:
    """By any chain of foreign keys, many-to-many tables among them."""

    def hangs(model: type[models.Model], seen: frozenset[type[models.Model]]) -> bool:
        targets = {field.related_model for field in model._meta.local_fields if field.is_relation}
        return Inspection in targets or any(
            hangs(target, seen | {model})
            for target in targets - seen
            if isinstance(target, type) and target not in seen | {model}
        )

    found = {
        model._meta.db_table
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if hangs(model, frozenset())
    }
    unheld = {model._meta.db_table for model in WRITABLE_WHILE_SEALED}
    unheld |= set(event_tables())
    assert found - unheld == set(TABLES) - {"ratings_panelmeeting", "ratings_panelseat"}
    assert missing_triggers() == []


def test_the_inspection_itself_is_protected(scene: Scene) -> None:
    for statement in (
        "UPDATE inspections_inspection SET state = 'PANEL'",
        "UPDATE inspections_inspection SET fieldwork_start_date = '2026-01-01'",
        "UPDATE inspections_inspection SET id = id",
        "DELETE FROM inspections_inspection",
        "TRUNCATE inspections_inspection CASCADE",
    ):
        with pytest.raises(IntegrityError, match=f"{SEALED}|can't be emptied"):
            run(statement)
    assert scene.fresh().state == Inspection.State.SEALED


def test_no_inspection_is_sealed_without_a_sealed_result() -> None:
    inspection = builder.inspection(state=Inspection.State.PANEL)
    with pytest.raises(IntegrityError, match="no sealed result"):
        run("UPDATE inspections_inspection SET state = 'SEALED' WHERE id = %s", inspection.pk)
    with pytest.raises(IntegrityError, match="can't begin with its result sealed"):
        builder.inspection(state=Inspection.State.SEALED)


def test_other_inspections_change_as_before(scene: Scene) -> None:
    other = scenes.before_panel()
    for table in ("cases_case", "ratings_judgement"):
        run(f'UPDATE "{table}" SET id = id WHERE inspection_id = %s', other.inspection.pk)
    run(
        "DELETE FROM cases_answer WHERE case_id IN (SELECT id FROM cases_case "
        "WHERE inspection_id = %s)",
        other.inspection.pk,
    )


def test_evidence_is_not_moved_into_or_out_of_a_sealed_inspection(scene: Scene) -> None:
    other = scenes.before_panel()
    for origin, target in ((scene, other), (other, scene)):
        with pytest.raises(IntegrityError, match=SEALED):
            run(
                "UPDATE cases_sample SET inspection_id = %s WHERE inspection_id = %s",
                target.inspection.pk,
                origin.inspection.pk,
            )


def test_no_session_setting_and_no_temporary_table_bypasses_it(scene: Scene) -> None:
    statement = "UPDATE cases_answer SET value = 'NO'"
    for way_round in (
        "SET LOCAL pgtrigger.ignore = '{a_seal,a_seal_cases_answer}'",
        "SET LOCAL session_replication_role = replica",
        "CREATE TEMPORARY TABLE inspections_inspection AS "
        "SELECT id, 'PANEL' AS state FROM public.inspections_inspection",
        "CREATE TEMPORARY TABLE cases_case AS "
        "SELECT -id AS id, inspection_id FROM public.cases_case",
    ):
        with pytest.raises(IntegrityError, match=SEALED), transaction.atomic():
            run(way_round)
            run(statement)


EQUALS_NOTHING = """
    CREATE SCHEMA aside;
    CREATE FUNCTION aside.never(text, text) RETURNS boolean
        LANGUAGE sql IMMUTABLE AS 'SELECT false';
    CREATE FUNCTION aside.never(varchar, varchar) RETURNS boolean
        LANGUAGE sql IMMUTABLE AS 'SELECT false';
    CREATE OPERATOR aside.= (LEFTARG = text, RIGHTARG = text, FUNCTION = aside.never);
    CREATE OPERATOR aside.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = aside.never);
    SET LOCAL search_path = aside, pg_catalog, public
"""


def test_no_operator_on_the_search_path_replaces_the_comparison(scene: Scene) -> None:
    with pytest.raises(IntegrityError, match=SEALED), transaction.atomic():
        run(EQUALS_NOTHING)
        run("UPDATE public.cases_answer SET version = version + 1")


@pytest.mark.parametrize(
    "statement",
    [
        "MERGE INTO cases_answer a USING cases_answer s ON a.id = s.id "
        "WHEN MATCHED THEN UPDATE SET value = 'NO'",
        "MERGE INTO cases_answer a USING cases_answer s ON a.id = s.id WHEN MATCHED THEN DELETE",
        "INSERT INTO cases_answer SELECT * FROM cases_answer LIMIT 1 "
        "ON CONFLICT (id) DO UPDATE SET value = 'NO'",
        "WITH gone AS (DELETE FROM cases_answer RETURNING 1) SELECT count(*) FROM gone",
        "TRUNCATE inspections_service CASCADE",
        "TRUNCATE inspections_user CASCADE",
    ],
)
def test_no_other_statement_bypasses_it(scene: Scene, statement: str) -> None:
    before = rows("cases_answer")
    with pytest.raises(IntegrityError, match=f"{SEALED}|can't be emptied"):
        run(statement)
    assert rows("cases_answer") == before


def test_rows_copied_into_a_sealed_inspection_are_refused(scene: Scene) -> None:
    with connection.cursor() as cursor:
        with cursor.copy("COPY (SELECT * FROM cases_answer LIMIT 1) TO STDOUT") as out:
            row = b"".join(bytes(part) for part in out)
        with (
            pytest.raises(psycopg.errors.CheckViolation, match=SEALED),
            transaction.atomic(),
            cursor.copy("COPY cases_answer FROM STDIN") as into,
        ):
            into.write(row)


NEVER_CHANGED = {
    "ratings_sealedresult",
    "cases_answersave",
    "cases_caselist",
    "cases_detailsave",
    "cases_draw",
    "cases_drawncase",
    "cases_leadchoice",
    "cases_listedcase",
    "cases_putback",
    "cases_takenout",
}
"""Tables whose rows stay as they are in any state."""


def test_after_reopening_rows_change_again_but_the_seal_stays(scene: Scene) -> None:
    seal = SealedResult.objects.get()
    reopen(sealed_result=seal, reason="An error.", by=scene.chair)
    check_deferred()
    for table in set(TABLES) - NEVER_CHANGED:
        column = first_column(table)
        run(f'UPDATE "{table}" SET "{column}" = "{column}"')
    for statement in (
        "UPDATE ratings_sealedresult SET sealed_at = sealed_at",
        "UPDATE ratings_reopening SET reason = 'Another'",
        "DELETE FROM ratings_reopening",
        "DELETE FROM ratings_sealedresult",
        "TRUNCATE ratings_sealedresult CASCADE",
        "TRUNCATE ratings_reopening",
    ):
        with pytest.raises(IntegrityError, match="for ever"):
            run(statement)


def test_an_inspection_leaves_its_seal_for_the_panel_alone(scene: Scene) -> None:
    Reopening.objects.create(
        sealed_result=SealedResult.objects.get(),
        reason="An error.",
        reopened_at=timezone.now(),
        reopened_by=scene.chair,
    )
    for change in ("state = 'FIELDWORK'", "state = 'PANEL', service_id = service_id + 1"):
        with pytest.raises(IntegrityError, match=SEALED):
            run(f"UPDATE inspections_inspection SET {change}")
    run("UPDATE inspections_inspection SET state = 'PANEL'")


def new_result(of: Scene, **changed: Any) -> SealedResult:
    document = canonical({"made": "up"}).decode()
    now = timezone.now()
    fields = {
        "inspection": of.inspection,
        "number": 1,
        "document": document,
        "sha256": digest({"made": "up"}),
        "lead_agreed_at": now,
        "lead_agreed_by": of.lead,
        "chair_agreed_at": now,
        "chair_agreed_by": of.chair,
        "sealed_at": now,
    }
    return SealedResult.objects.create(**fields | changed)


def test_a_sealed_result_carries_its_digest_follows_on_and_seals_its_inspection() -> None:
    scene = scenes.before_panel()
    with pytest.raises(IntegrityError, match="digest of a sealed result"), transaction.atomic():
        new_result(scene, sha256="0" * 64)
    with pytest.raises(IntegrityError, match="doesn't follow on"), transaction.atomic():
        new_result(scene, number=2)
    with pytest.raises(IntegrityError, match="agreed_by_two"), transaction.atomic():
        new_result(scene, chair_agreed_by=scene.lead)
    with pytest.raises(IntegrityError, match="is not sealed"), transaction.atomic():
        new_result(scene)
        check_deferred()
    with pytest.raises(IntegrityError, match="Only the seal that stands"), transaction.atomic():
        new_result(scene)
        Reopening.objects.create(
            sealed_result=SealedResult.objects.get(),
            reason="An error.",
            reopened_at=timezone.now(),
            reopened_by=scene.chair,
        )


def test_nothing_is_sealed_while_a_trigger_is_missing_and_migrating_puts_it_back() -> None:
    scene = scenes.before_panel()
    agree_to_seal(
        inspection=scene.inspection,
        result_sha256=readiness(scene.fresh()).result_sha256,
        by=scene.lead,
    )
    check_deferred()
    run("ALTER TABLE cases_answer DISABLE TRIGGER a_seal")
    run("DROP TRIGGER a_seal ON cases_case")
    with pytest.raises(TriggersMissing, match="cases_answer, cases_case"), transaction.atomic():
        agree_to_seal(
            inspection=scene.inspection,
            result_sha256=readiness(scene.fresh()).result_sha256,
            by=scene.chair,
        )
    check_deferred()
    install_triggers()
    assert missing_triggers() == []
    run(
        "CREATE OR REPLACE FUNCTION a_seal_cases_answer() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN NEW; END $$"
    )
    assert missing_triggers() == ["cases_answer"]
    install_triggers()
    assert missing_triggers() == []
    assert sealed(scene)[0].fresh().state == Inspection.State.SEALED
