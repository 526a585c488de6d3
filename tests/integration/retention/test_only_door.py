"""Through the application's connection nothing is removed but by the function, past the date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from inspections.models import DeletionCertificate
from ratings.models import Publication, RetentionPeriod
from ratings.results.tables import purged_tables
from tests.integration.results.test_database_holds_the_seal import check_deferred, run
from tests.integration.retention.scenes import due_on, marked

pytestmark = pytest.mark.django_db


@contextmanager
def as_the_application() -> Iterator[None]:
    """With the rights of the application's role, in the transaction of the test."""
    check_deferred()
    run(f"SET LOCAL ROLE {settings.APPLICATION_ROLE}")
    try:
        yield
    finally:
        run("RESET ROLE")


def refused(sql: str) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(error.value)


def test_nothing_goes_past_the_function_before_or_after_it() -> None:
    own = marked()
    due_on(own.inspection, timezone.localdate())
    number = own.inspection.pk
    rows = {table: run(f'SELECT count(*) FROM "{table}"')[0][0] for table in purged_tables()}
    with as_the_application():
        for table in purged_tables():
            if rows[table]:
                assert "sealed" in (said := refused(f'DELETE FROM "{table}"')) or (
                    "permission denied" in said
                ), table
        for sql, words in (
            ("ALTER FUNCTION ratings_purge(bigint, text) RESET ALL", "must be owner"),
            ("DROP FUNCTION ratings_purge(bigint, text)", "must be owner"),
            ("UPDATE ratings_publication SET months = 3", "permission denied"),
            ("DELETE FROM ratings_retentionperiod", "permission denied"),
            (_certificate(number), "permission denied"),
            # The setting that the function gives holds for the owner alone.
            (
                "SET LOCAL pgtrigger.ignore = '{pgtrigger_append_only_f6d02}'; "
                "DELETE FROM cases_answersave",
                "permission denied",
            ),
        ):
            assert words in refused(sql), sql
        run("SELECT ratings_purge(%s, 'the application')", number)
        # The transaction is the one that the certificate names, and what is kept still stays.
        for table in ("ratings_judgement", "ratings_discretion", "inspections_membership"):
            assert "is sealed" in refused(f'DELETE FROM "{table}"'), table
        for table in ("ratings_judgementevent", "ratings_historylink", "ratings_sealedresult"):
            assert "permission denied" in refused(f'DELETE FROM "{table}"'), table
        assert "is sealed" in refused(
            "INSERT INTO cases_case SELECT * FROM jsonb_populate_record(NULL::cases_case, "
            f'\'{{"id": 1, "inspection_id": {number}, "reference": "C"}}\')'
        )
    assert DeletionCertificate.objects.get().database_role == connection.settings_dict["USER"]


def _certificate(number: int) -> str:
    return (
        "INSERT INTO inspections_deletioncertificate (inspection_id, removed_at, removed_by, "
        "database_role, seal_sha256, published_date, months, rows, entries, head_number, "
        f"head_sha256, made_in) SELECT {number}, now(), 'me', 'me', '', now(), 3, '{{}}', 0, 1, "
        "'', pg_current_xact_id()::text"
    )


def test_no_date_of_publication_opens_the_door_early() -> None:
    own = marked()
    seal = own.inspection.sealed_results.get()
    today = timezone.localdate()
    with as_the_application():
        for day, months in (
            (today - timedelta(days=400), 12),
            (today + timedelta(days=1), 12),
            (today, 0),
            (today, 2),
        ):
            said = refused(
                "INSERT INTO ratings_publication (sealed_result_id, published_date, months, "
                f"recorded_at, recorded_by_id) VALUES ({seal.pk}, '{day}', {months}, now(), "
                f"{own.made.lead.pk})"
            )
            assert "after it was sealed" in said or "months_in_bounds" in said
        assert "months_in_bounds" in refused(
            "INSERT INTO ratings_retentionperiod (inspection_id, months, reason, changed_at, "
            f"changed_by_id) VALUES ({own.inspection.pk}, 0, 'x', now(), {own.made.lead.pk})"
        )
        now = timezone.now()
        # The least that can be said: published today, and kept for three months.
        Publication.objects.create(
            sealed_result=seal,
            published_date=today,
            months=3,
            recorded_at=now,
            recorded_by=own.made.lead,
        )
        assert "is kept until" in refused(f"SELECT ratings_purge({own.inspection.pk}, 'x')")
    assert not RetentionPeriod.objects.exists()
    assert own.inspection.cases.exists()


def test_nobody_but_the_application_may_call_it() -> None:
    run("CREATE ROLE test_somebody_else")
    run("SET LOCAL ROLE test_somebody_else")
    assert "permission denied" in refused("SELECT ratings_purge(1, 'x')")
    run("RESET ROLE")
    (search_path,) = run("SELECT proconfig FROM pg_proc WHERE proname = 'ratings_purge'")[0]
    assert search_path == ["search_path=pg_catalog, public, pg_temp"]


def test_the_command_needs_no_more_rights_than_to_serve() -> None:
    own = marked()
    due_on(own.inspection, timezone.localdate())
    with as_the_application():
        call_command("purge", verbosity=0)
    check_deferred()
    assert not own.inspection.cases.exists()
