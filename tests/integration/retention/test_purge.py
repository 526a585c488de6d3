"""Case content goes so many months after publication, through one function, and is certified."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inspections.models import DeletionCertificate, Inspection, KeptForm
from ratings.models import HistoryLink, SealedResult
from ratings.results.build import file_of
from ratings.results.document import verify
from ratings.results.history import Head, link_history, verify_history
from ratings.results.retention.actions import NotPurged, purge
from ratings.results.tables import purged_models, purged_tables, ways
from tests.integration.access.everything import Everything
from tests.integration.results.test_database_holds_the_seal import check_deferred, run
from tests.integration.retention.scenes import MARKER, due_on, everywhere, marked, triggers_on

pytestmark = pytest.mark.django_db

CALLED = "a test"


@pytest.fixture
def own() -> Everything:
    """Sealed, and not published."""
    return marked()


@pytest.fixture
def due(own: Everything) -> Everything:
    """Its case content is to be removed from today on."""
    due_on(own.inspection, timezone.localdate())
    return own


def purged(*arguments: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("purge", *arguments, stdout=out, stderr=err)
    except SystemExit as left:
        assert isinstance(left.code, int)
        return left.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def counts() -> dict[str, int]:
    """Rows of each table of the service."""
    tables = [one for (one,) in run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return {table: run(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}


def contents(own: Everything) -> dict[str, int]:
    return {table: number for table, number in counts().items() if table in purged_tables()}


def test_nothing_is_removed_a_day_before_the_date(own: Everything) -> None:
    due_on(own.inspection, timezone.localdate() + timedelta(days=1))
    before = counts()
    assert purged() == (0, "Nothing is due.\n", "")
    with pytest.raises(NotPurged, match="is kept until"):
        purge(inspection=own.inspection, called=CALLED)
    check_deferred()
    assert counts() == before


def test_nothing_is_removed_before_publication(own: Everything) -> None:
    assert purged() == (0, "Nothing is due.\n", "")
    with pytest.raises(NotPurged, match="was not published"):
        purge(inspection=own.inspection, called=CALLED)


def test_on_the_day_all_of_it_goes_and_the_sealed_result_stays(due: Everything) -> None:
    seal = SealedResult.objects.get()
    sealed = file_of(seal)
    other = marked()
    before = counts()
    code, out, err = purged()
    assert (code, err) == (0, "")
    assert f"Inspection {due.inspection.pk}, {due.inspection.service.name}: published" in out
    check_deferred()
    certificate = DeletionCertificate.objects.get()
    gone = {table: before[table] - number for table, number in counts().items()}
    assert {table: number for table, number in gone.items() if number > 0} == certificate.rows
    assert set(certificate.rows) <= purged_tables()
    assert other.inspection.cases.exists()
    assert not due.inspection.cases.exists()
    kept = SealedResult.objects.get(pk=seal.pk)
    assert file_of(kept) == sealed
    found = verify(file_of(kept), kept.file_name, seal.sha256)
    assert found.holds, found.differences


def test_no_table_of_the_database_holds_a_purged_text(due: Everything) -> None:
    KeptForm.objects.create(
        user=due.made.inspector,
        form=uuid4(),
        address=f"/inspections/{due.inspection.pk}/cases/{due.ids['case_id']}/",
        entered=[["note", [MARKER]]],
    )
    written = set(everywhere(MARKER))
    tables = {model._meta.db_table for model in purged_models()}
    assert {table for table, _ in written} - tables == {
        "inspections_keptform",
        "ratings_sealedresult",
    }
    assert len(written) > 40
    purged()
    check_deferred()
    # What was sealed is kept as it was sealed: the last texts of evidence and findings in it.
    assert set(everywhere(MARKER)) == {("ratings_sealedresult", "document")}
    document = json.loads(SealedResult.objects.get().document)
    judged_from = document["result"].pop("judged_from")
    assert MARKER in json.dumps(judged_from)
    assert MARKER not in json.dumps(document)


def test_every_table_of_case_content_has_rows_before_the_purge_and_none_after(
    due: Everything,
) -> None:
    none = {table for table, number in contents(due).items() if number == 0}
    # A case that left the sample and came back, and a lead's own draw, have tests of their own.
    assert none <= {
        "cases_takenout",
        "cases_takenoutevent",
        "cases_putback",
        "cases_putbackevent",
        "cases_leadchoice",
        "ratings_findingsupport",
        "ratings_findingsupportevent",
    }, none
    purged()
    check_deferred()
    assert not any(contents(due).values())


def test_the_function_removes_what_the_program_says_it_does() -> None:
    (source,) = run("SELECT prosrc FROM pg_proc WHERE proname = 'ratings_purge'")[0]
    named = {
        word for word in source.replace("'", " ").split() if word.startswith(("cases_", "rat"))
    }
    assert purged_tables() <= named
    of_cases = {model for model in purged_models() if model._meta.app_label == "cases"}
    assert all(any(ways(model)) for model in of_cases)


def test_the_history_still_verifies_and_says_what_was_purged(due: Everything) -> None:
    before = link_history(due.inspection.pk)
    purged()
    check_deferred()
    found = verify_history(due.inspection.pk)
    assert found.breaks == []
    assert found.not_linked == 0
    certificate = DeletionCertificate.objects.get()
    assert (certificate.head_number, certificate.head_sha256) == (before.number, before.sha256)
    assert found.head is not None
    assert found.head.number == before.number + 1, "the certificate is an entry"
    assert sum(last - first + 1 for first, last in found.purged) == certificate.entries > 50
    assert verify_history(due.inspection.pk, [before]).holds
    out = StringIO()
    call_command("verify_history", str(due.inspection.pk), stdout=out)
    assert f"Case content was removed on {timezone.localdate():%-d %B %Y}" in out.getvalue()


def tampered(sql: str, table: str, *values: Any) -> str:
    """What the verification finds first after ``sql``, and that all is well without it."""
    (inspection,) = DeletionCertificate.objects.values_list("inspection", flat=True)
    assert verify_history(inspection).holds
    with transaction.atomic():
        check_deferred()
        run(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        run(sql, *values)
        triggers_on(table)
        found = verify_history(inspection)
        transaction.set_rollback(True)
    assert not found.holds
    return " ".join(one.words for one in found.breaks)


def test_tampering_after_a_purge_is_found(due: Everything) -> None:
    purged()
    check_deferred()
    event = HistoryLink.objects.filter(source="ratings_judgementevent").latest("number")
    for sql, table, words in (
        (
            f"UPDATE ratings_judgementevent SET rationale = 'Better' WHERE pgh_id = {event.row}",
            "ratings_judgementevent",
            "was changed after it was linked",
        ),
        (
            f"DELETE FROM ratings_judgementevent WHERE pgh_id = {event.row}",
            "ratings_judgementevent",
            "was removed after it was linked",
        ),
        (
            "DELETE FROM ratings_historylink WHERE source = 'cases_answersave' AND number = ("
            "SELECT max(number) FROM ratings_historylink WHERE source = 'cases_answersave')",
            "ratings_historylink",
            "is missing from the chain",
        ),
        (
            "UPDATE ratings_historylink SET row_sha256 = repeat('0', 64) WHERE number = 1",
            "ratings_historylink",
            "One of the two links was changed",
        ),
        (
            "UPDATE inspections_deletioncertificate SET months = months - 1",
            "inspections_deletioncertificate",
            "a deletion certificate",
        ),
        (
            "UPDATE inspections_deletioncertificate SET entries = entries + 1",
            "inspections_deletioncertificate",
            "accounts for",
        ),
        (
            "UPDATE inspections_deletioncertificate SET published_date = published_date + 400",
            "inspections_deletioncertificate",
            "were to be kept",
        ),
        (
            "INSERT INTO cases_caseevent (pgh_created_at, pgh_label, pgh_obj_id, id, inspection_id,"
            ' reference, "group", state, version, disposal_type, disposal_local_name,'
            " offence_category, offence_type, gender, ethnicity, looked_after, protection_plan,"
            " education_status, serious_harm_level, serious_harm_agreed, serious_harm_own_level,"
            " serious_harm_reason, safety_level, safety_agreed, safety_own_level, safety_reason,"
            " case_manager_interviewed, no_interview_reason, interview_notes,"
            " management_oversight_met_needs, factors, good_practice, poor_practice)"
            f" SELECT now(), 'insert', 1, 1, {due.inspection.pk}, 'C-1', 'COURT', 'NOT_STARTED', 0,"
            " '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '',"
            " '{}', '', ''",
            "cases_caseevent",
            "is there, though all case content was removed",
        ),
    ):
        assert words in tampered(sql, table), sql


def test_a_history_that_does_not_hold_is_not_purged(due: Everything) -> None:
    check_deferred()
    link_history(due.inspection.pk)
    run("ALTER TABLE cases_answersave DISABLE TRIGGER USER")
    run(
        "UPDATE cases_answersave SET value = 'NO', note = 'Other' WHERE ctid = ("
        "SELECT min(ctid) FROM cases_answersave)"
    )
    triggers_on("cases_answersave")
    before = counts()
    code, _, err = purged()
    assert code == 1
    assert "Nothing was removed. Its history does not hold." in err
    assert counts() == before


def test_a_dry_run_lists_and_changes_nothing(due: Everything) -> None:
    before = counts()
    code, out, err = purged("--dry-run")
    assert (code, err) == (0, "")
    assert f"Inspection {due.inspection.pk}, {due.inspection.service.name}: published" in out
    assert f"  Answers: {before['cases_answer']}\n" in out
    check_deferred()
    assert counts() == before
    purged()
    certificate = DeletionCertificate.objects.get()
    listed = sum(int(line.rsplit(": ", 1)[1]) for line in out.splitlines() if line.startswith("  "))
    assert sum(certificate.rows.values()) == listed


def test_a_second_purge_does_nothing(due: Everything) -> None:
    purged()
    check_deferred()
    before = counts()
    assert purged() == (0, "Nothing is due.\n", "")
    with pytest.raises(NotPurged, match="was removed before"):
        purge(inspection=due.inspection, called=CALLED)
    assert counts() == before


def test_a_purge_that_stops_in_the_middle_leaves_everything(due: Everything) -> None:
    check_deferred()
    run(
        "CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'The power is gone.'; END $$"
    )
    run(
        "CREATE TRIGGER z_stop BEFORE DELETE ON ratings_evidenceevent "
        "FOR EACH ROW EXECUTE FUNCTION stop_here()"
    )
    before = counts()
    code, _, err = purged()
    assert code == 1
    assert "The power is gone." in err
    check_deferred()
    assert counts() == before


def test_what_was_reopened_is_not_purged_and_what_was_purged_not_reopened(
    due: Everything,
) -> None:
    purged()
    check_deferred()
    with pytest.raises(IntegrityError, match="can't be reopened"), transaction.atomic():
        run(
            "INSERT INTO ratings_reopening (sealed_result_id, reason, reopened_at, reopened_by_id) "
            "SELECT id, 'An error', now(), chair_agreed_by_id FROM ratings_sealedresult"
        )


def test_the_certificate_stays_as_it_is(due: Everything) -> None:
    purged()
    check_deferred()
    for sql in (
        "UPDATE inspections_deletioncertificate SET months = 3",
        "DELETE FROM inspections_deletioncertificate",
        "TRUNCATE inspections_deletioncertificate",
    ):
        with pytest.raises(IntegrityError, match="for ever"), transaction.atomic():
            run(sql)


def test_the_door_is_open_in_the_transaction_of_the_certificate_alone(due: Everything) -> None:
    """Tests own the tables, and still nothing of a sealed inspection goes without it."""
    for table in ("cases_answer", "cases_answersave", "cases_caseevent", "ratings_evidence"):
        with pytest.raises(IntegrityError), transaction.atomic():
            run(f'DELETE FROM "{table}"')
    assert connection.in_atomic_block
    assert Inspection.objects.get(pk=due.inspection.pk).is_sealed
    assert Head(1, "") != link_history(due.inspection.pk)
