"""The chain over an inspection's history finds what its owner changed behind its back."""

from __future__ import annotations

from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases.actions.answers import Save, record_answers
from cases.models import AnswerSave
from config.demonstration import builder
from ratings.models import HistoryLink, SealedResult, SteppedAside
from ratings.results.actions import reopen
from ratings.results.export.actions import record_export
from ratings.results.history import Head, link_history, verify_history
from ratings.results.history.keeping import link_open_histories
from ratings.results.history.sources import Source, sources
from ratings.results.retention.actions import record_publication, set_months
from tests import scenes
from tests.integration.results.test_database_holds_the_seal import (
    announce_with_a_checklist,
    check_deferred,
    mark_a_note,
    plan_the_cases,
    rest_a_finding_on_evidence,
    run,
    talk_about_a_case,
)
from tests.integration.results.test_seal import sealed
from tests.integration.sampling.scenes import add_rows_of_sampling
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """An inspection whose history has three saves of one answer, all linked."""
    scene = scenes.scene()
    for version in range(3):
        save(scene, version)
    check_deferred()
    link_history(scene.inspection.pk)
    return scene


def save(scene: Scene, base_version: int, note: str = "") -> Save:
    sent = Save("2.1.1", "YES", note or f"Note {base_version}", base_version)
    record_answers(case_id=scene.case.pk, saves=[sent], by=scene.inspector)
    return sent


def as_owner(table: str, sql: str, *values: Any) -> None:
    """Run ``sql`` as somebody who may switch triggers off does."""
    check_deferred()
    run(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    run(sql, *values)
    check_deferred()
    run(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def first_break(scene: Scene) -> str:
    found = verify_history(scene.inspection.pk)
    assert not found.holds
    return found.breaks[0].words


def verified(scene: Scene, *arguments: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_history", str(scene.inspection.pk), *arguments, stdout=out, stderr=err)
    except SystemExit as left:
        assert isinstance(left.code, int)
        return left.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_an_untouched_history_holds(scene: Scene) -> None:
    found = verify_history(scene.inspection.pk)
    assert found.breaks == []
    assert found.not_linked == 0
    assert found.head == link_history(scene.inspection.pk)
    code, out, err = verified(scene)
    assert (code, err) == (0, "")
    assert f"The history of inspection {scene.inspection.pk} holds: " in out
    assert found.head is not None
    assert f"Head {found.head.number}:{found.head.sha256}" in out


def test_what_was_recorded_since_is_counted_until_it_is_linked(scene: Scene) -> None:
    save(scene, 3)
    save(scene, 4)
    code, out, _ = verified(scene)
    assert code == 0
    assert "Not linked yet: 2 entries, of which nothing can be said." in out
    before = HistoryLink.objects.count()
    call_command("link_history", stdout=StringIO())
    assert HistoryLink.objects.count() == before + 2
    assert "Not linked yet" not in verified(scene)[1]


def test_an_inspection_without_links_and_one_that_is_not_there_say_so() -> None:
    fresh = scenes.scene()
    code, out, _ = verified(fresh)
    assert code == 0
    assert "Nothing of the history of inspection" in out
    fresh.inspection.pk = 0
    code, _, err = verified(fresh)
    assert (code, err) == (2, "There is no inspection 0.\n")


def test_the_first_changed_entry_is_named_in_words(scene: Scene) -> None:
    second = AnswerSave.objects.get(version=2)
    as_owner(
        "cases_answersave", "UPDATE cases_answersave SET note = 'Other' WHERE id = %s", second.pk
    )
    third = AnswerSave.objects.get(version=3)
    as_owner("cases_answersave", "UPDATE cases_answersave SET value = 'NO' WHERE id = %s", third.pk)
    code, _, err = verified(scene)
    assert code == 1
    # Both were saved at the same moment: a test is one transaction.
    first = HistoryLink.objects.filter(row__in=[str(second.pk), str(third.pk)]).earliest("number")
    assert err.startswith(f"Entry {first.number}, a save of an answer ({first.row}) recorded ")
    assert "was changed after it was linked." in err
    assert "does not hold. This is the first of 2 differences." in err


def test_a_removed_entry_is_named(scene: Scene) -> None:
    second = AnswerSave.objects.get(version=2)
    as_owner("cases_answersave", "DELETE FROM cases_answersave WHERE id = %s", second.pk)
    assert "was removed after it was linked" in first_break(scene)
    assert str(second.pk) in first_break(scene)


def test_an_inserted_entry_is_named_and_never_linked(scene: Scene) -> None:
    as_owner(
        "cases_answersave",
        """
        INSERT INTO cases_answersave (id, case_id, question, value, note, base_version, saved_at,
            saved_by_id)
        SELECT gen_random_uuid(), case_id, question, 'NO', 'Never said', 0,
            saved_at - interval '1 minute', saved_by_id
        FROM cases_answersave WHERE version = 1
        """,
    )
    forged = AnswerSave.objects.get(note="Never said")
    for _ in range(2):
        words = first_break(scene)
        assert words.startswith(f"A save of an answer ({forged.pk}), recorded ")
        assert "was inserted before the first entry: the chain has everything until" in words
        link_history(scene.inspection.pk)
    assert verified(scene)[0] == 1


def test_an_event_of_a_record_that_is_gone_is_part_of_the_history() -> None:
    scene = scenes.scene()
    item = scene.evidence("MEETING", "1.1.1")
    use = item.uses.get()
    item.delete()
    link_history(scene.inspection.pk)
    rows = HistoryLink.objects.filter(source="ratings_evidenceuseevent")
    assert rows.count() == 2, "made and removed"
    as_owner(
        "ratings_evidenceuseevent",
        "DELETE FROM ratings_evidenceuseevent WHERE pgh_obj_id = %s AND pgh_label = 'delete'",
        use.pk,
    )
    assert "“evidence use”" in first_break(scene)


def everything() -> Scene:
    """A sealed and reopened inspection with an entry of every kind."""
    scene = scenes.before_panel()
    scenes.decide(scene)
    SteppedAside.objects.create(hearing=scene.hearing, member=builder.user(), reason="A relative.")
    announce_with_a_checklist(scene)
    add_rows_of_sampling(scene)
    rest_a_finding_on_evidence(scene)
    mark_a_note(scene)
    talk_about_a_case(scene)
    plan_the_cases(scene)
    scene, seal = sealed(scene)
    today = timezone.localdate()
    record_publication(inspection=scene.inspection, published_date=today, by=scene.lead)
    administrator = builder.user("Alex Administrator", is_staff=True)
    scene.hearing.named_chairs.create(
        chair=scene.chair, reason="As before.", named_at=timezone.now(), named_by=administrator
    )
    set_months(inspection=scene.inspection, months=24, reason="A court.", by=administrator)
    record_export(inspection=scene.inspection, redacted=True, purpose="A court.", by=scene.lead)
    reopen(sealed_result=seal, reason="An error.", by=scene.chair)
    return scene


def test_every_table_of_the_history_is_held_against_change_removal_and_insertion() -> None:
    scene = everything()
    check_deferred()
    link_history(scene.inspection.pk)
    assert verify_history(scene.inspection.pk).breaks == []
    linked = set(HistoryLink.objects.values_list("source", flat=True))
    # A certificate comes with a purge, which has tests of its own (tests/integration/retention).
    known = {name: one for name, one in sources().items() if "certificate" not in one.called}
    assert linked == set(known), "give the inspection an entry of each"
    latest = {
        source: HistoryLink.objects.filter(source=source.name).latest("number").row
        for source in known.values()
    }
    for tamper, words in (
        (changed, "was changed after it was linked"),
        (removed, "was removed after it was linked"),
        (inserted, "was inserted"),
    ):
        all_are_named(scene, {source: tamper(source, row) for source, row in latest.items()}, words)


POINTING_FIRST = ("cases_commentreply", "ratings_publication", "ratings_reopening")
"""Rows of these tables point to other entries, and so are removed before them."""


def all_are_named(scene: Scene, tampering: dict[Source, str], words: str) -> None:
    with transaction.atomic():
        for source in sorted(tampering, key=lambda one: one.table not in POINTING_FIRST):
            if sql := tampering[source]:
                as_owner(source.table, sql)
        said = [one.words.lower() for one in verify_history(scene.inspection.pk).breaks]
        for source, sql in tampering.items():
            name = f"{source.called.lower()} ("
            found = any(name in line and words in line for line in said)
            assert found or not sql, (source.name, words, said)
        transaction.set_rollback(True)


def changed(source: Source, row: str) -> str:
    return (
        f'UPDATE "{source.table}" SET "{source.at}" = "{source.at}" + interval \'1 microsecond\' '
        f"WHERE \"{source.key}\"::text = '{row}'"
    )


def removed(source: Source, row: str) -> str:
    if "resolved" in source.name:
        return ""  # with its comment
    return f'DELETE FROM "{source.table}" WHERE "{source.key}"::text = \'{row}\''


def inserted(source: Source, row: str) -> str:
    """A copy of an entry, an hour earlier; empty where a constraint allows no second one."""
    if source.table in ("ratings_reopening",) or "resolved" in source.name:
        return ""
    changes = {
        source.key: "gen_random_uuid()"
        if "-" in row
        else f'(SELECT max("{source.key}") + 1 FROM "{source.table}")',
        source.at: f"\"{source.at}\" - interval '1 hour'",
        "version": "NULL",
        "number": "number + 1" if source.table == "ratings_sealedresult" else "number",
        "save_id": "NULL",
    }
    columns = [f'"{column}"' for column in source.columns]
    values = [changes.get(column, f'"{column}"') for column in source.columns]
    if source.name.endswith("event"):
        values = [
            f'"{column}"' if column not in (source.key, source.at) else changes[column]
            for column in source.columns
        ]
    return (
        f'INSERT INTO "{source.table}" ({", ".join(columns)}) SELECT {", ".join(values)} '
        f'FROM "{source.table}" WHERE "{source.key}"::text = \'{row}\''
    )


class TestChain:
    """What is done to the links themselves."""

    def test_links_are_only_ever_added(self, scene: Scene) -> None:
        for sql in (
            "UPDATE ratings_historylink SET number = number",
            "DELETE FROM ratings_historylink",
            "TRUNCATE ratings_historylink",
        ):
            with pytest.raises(IntegrityError, match="for ever"):
                run(sql)

    def test_a_link_that_was_changed_is_found(self, scene: Scene) -> None:
        as_owner(
            "ratings_historylink",
            "UPDATE ratings_historylink SET recorded_at = recorded_at - interval '1 day' "
            "WHERE number = 2",
        )
        assert first_break(scene).startswith("Entry 2, ")
        assert "One of the two links was changed." in first_break(scene)

    def test_a_link_that_was_removed_is_found(self, scene: Scene) -> None:
        as_owner("ratings_historylink", "DELETE FROM ratings_historylink WHERE number = 2")
        assert first_break(scene) == "Entry 2 is missing from the chain."

    def test_an_entry_removed_with_its_link_is_found(self, scene: Scene) -> None:
        second = AnswerSave.objects.get(version=2)
        as_owner("cases_answersave", "DELETE FROM cases_answersave WHERE id = %s", second.pk)
        as_owner(
            "ratings_historylink", "DELETE FROM ratings_historylink WHERE row = %s", str(second.pk)
        )
        assert "is missing from the chain" in first_break(scene)

    @pytest.mark.parametrize("from_number", [None, 1])
    def test_a_chain_written_anew_is_told_by_a_head_kept_elsewhere(
        self, scene: Scene, from_number: int | None
    ) -> None:
        head = link_history(scene.inspection.pk)
        second = AnswerSave.objects.get(version=2)
        number = from_number or HistoryLink.objects.get(row=str(second.pk)).number
        as_owner("cases_answersave", "UPDATE cases_answersave SET note = 'x' WHERE version = 2")
        as_owner("ratings_historylink", f"DELETE FROM ratings_historylink WHERE number >= {number}")
        link_history(scene.inspection.pk)
        assert verify_history(scene.inspection.pk).holds, "nothing else tells"
        found = verify_history(scene.inspection.pk, [head])
        assert f"The head that was given names entry {head.number}" in found.breaks[0].words
        code, _, err = verified(scene, "--head", f"{head.number}:{head.sha256}")
        assert code == 1
        assert "It was written anew." in err

    def test_a_seal_names_the_head_so_what_led_to_it_cannot_be_written_anew(self) -> None:
        scene, _ = sealed()
        stated = SealedResult.objects.get().document
        head = Head(
            HistoryLink.objects.latest("number").number,
            HistoryLink.objects.latest("number").sha256,
        )
        assert f'"history":{{"entries":{head.number},"sha256":"{head.sha256}"}}' in stated
        assert verify_history(scene.inspection.pk).not_linked == 2, "the seal and its event"
        link_history(scene.inspection.pk)
        assert verify_history(scene.inspection.pk).holds
        as_owner("ratings_judgementevent", "UPDATE ratings_judgementevent SET rationale = 'Better'")
        as_owner("ratings_historylink", "DELETE FROM ratings_historylink")
        link_history(scene.inspection.pk)
        assert first_break(scene).startswith(f"Seal 1 names entry {head.number} with the digest")

    def test_a_column_added_later_changes_no_digest(self, scene: Scene) -> None:
        check_deferred()
        run("ALTER TABLE cases_answersave ADD COLUMN extra text NOT NULL DEFAULT 'x'")
        assert verify_history(scene.inspection.pk).breaks == []

    def test_the_service_links_what_is_under_way_or_was_just_sealed(self) -> None:
        scene, _ = sealed()
        other = scenes.scene()
        link_open_histories()
        for one in (scene, other):
            assert verify_history(one.inspection.pk).not_linked == 0


@pytest.mark.django_db(transaction=True)
def test_a_save_under_way_is_linked_later_and_one_put_before_it_is_not() -> None:
    scene = scenes.scene()
    save(scene, 0)
    info = connection.get_connection_params()
    info.pop("cursor_factory", None), info.pop("context", None)
    with psycopg.connect(**info) as under_way:
        under_way.execute(
            "INSERT INTO cases_answersave (id, case_id, question, value, note, base_version, "
            "saved_at, saved_by_id) SELECT gen_random_uuid(), case_id, question, value, 'Slow', 0, "
            "now(), saved_by_id FROM cases_answersave"
        )
        link_history(scene.inspection.pk)
        under_way.commit()
    found = verify_history(scene.inspection.pk)
    assert (found.breaks, found.not_linked) == ([], 1)
    linked_after = timezone.now()
    link_history(scene.inspection.pk)
    found = verify_history(scene.inspection.pk)
    assert (found.breaks, found.not_linked) == ([], 0)
    as_owner(
        "cases_answersave",
        "INSERT INTO cases_answersave (id, case_id, question, value, note, base_version, "
        "saved_at, saved_by_id) SELECT gen_random_uuid(), case_id, question, value, 'Forged', 0, "
        "saved_at - interval '1 second', saved_by_id FROM cases_answersave WHERE note = 'Slow'",
    )
    assert "was inserted" in first_break(scene)
    assert found.complete_until is not None
    assert found.complete_until >= linked_after
