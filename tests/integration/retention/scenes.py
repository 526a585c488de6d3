"""Sealed inspections with a marker in everything that was typed, published long ago or lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from cases.actions import comment_on, reply_to, resolve
from cases.models import Case
from config.demonstration import builder
from inspections.models import Inspection
from ratings.models import Publication, months_after
from ratings.results.history.sources import rows_of
from ratings.results.tables import purged_models
from tests.integration.access.everything import Everything, everything
from tests.integration.results.test_database_holds_the_seal import (
    check_deferred,
    run,
)

MARKER = "Zebra-crossing-nineteen"
"""In every text of case content that somebody typed; nothing else says this."""


def marked() -> Everything:
    """A sealed inspection with every record there is, and the marker in each free text of case
    content, in what stood there before and in saves that were in conflict, too."""
    own = everything()
    made = own.made
    case = Case.objects.get(pk=own.ids["case_id"])
    builder.details(case, made.inspector, age=15)
    comment = comment_on(case=case, text="Say why.", by=made.lead)
    reply_to(comment=comment, text="Said.", by=made.inspector)
    resolve(comment=comment, by=made.inspector)
    made.inspection.expected_minutes.create(group="COURT", minutes=200)
    written = mark_everything(made.inspection)
    assert {("cases_answersave", "note"), ("ratings_evidenceevent", "notes")} < written
    own.submit()
    own.seal()
    check_deferred()
    return own


def mark_everything(inspection: Inspection) -> set[tuple[str, str]]:
    """Write the marker into each column of free text of case content, whatever refuses it; returns
    table and column. The columns are found, so that a new one can't be forgotten."""
    found = set()
    check_deferred()
    for model in purged_models():
        table, key = model._meta.db_table, model._meta.pk
        assert key is not None
        columns = [one for one in text_columns(model) if not has_known_values(one)]
        run(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for column in columns:
            run(
                f'UPDATE "{table}" SET "{column.column}" = {_marker(column)} WHERE '
                f'"{key.column}" IN (SELECT t."{key.column}" {rows_of(model)})',
                inspection.pk,
            )
            found.add((table, str(column.column)))
        triggers_on(table)
    return found


def triggers_on(table: str) -> None:
    """As they were: all of them, and those of seals always."""
    check_deferred()
    run(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    for (name,) in run(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'a_seal%%'",
        table,
    ):
        run(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {name}')


def text_columns(model: type[models.Model]) -> list[Any]:
    texts = models.CharField | models.TextField | models.JSONField
    return [one for one in model._meta.local_concrete_fields if isinstance(one, texts)]


def has_known_values(field: Any) -> bool:
    """Columns that a constraint, or the code that reads them, allows certain values alone."""
    return bool(field.choices) or field.name in {
        "case_question",
        "child_hash",
        "field",
        "key_question",
        "pgh_label",
        "pgh_context",
        "question",
        "reference",
        "sha256",
        "size_rule",
    }


def _marker(field: Any) -> str:
    if isinstance(field, models.JSONField):
        return f"to_jsonb('{MARKER}'::text)"
    longest = getattr(field, "max_length", None)
    return f"left('{MARKER}', {longest})" if longest else f"'{MARKER}'"


def published_on(inspection: Inspection, day: date, months: int = 12) -> Publication:
    """Published on ``day``, which may be before the seal, as no trigger lets anybody say."""
    check_deferred()
    run("ALTER TABLE ratings_publication DISABLE TRIGGER USER")
    seal = inspection.sealed_results.latest()
    made = Publication.objects.create(
        sealed_result=seal,
        published_date=day,
        months=months,
        recorded_at=timezone.now(),
        recorded_by=inspection.memberships.get(role="LEAD_INSPECTOR").user,
    )
    triggers_on("ratings_publication")
    return made


def due_on(inspection: Inspection, day: date, months: int = 12) -> Publication:
    """Published such that its case content is removed from ``day`` on."""
    published = day
    while months_after(published, months) > day:
        published -= timedelta(days=28)
    while months_after(published, months) < day:
        published += timedelta(days=1)
    assert months_after(published, months) == day
    return published_on(inspection, published, months)


def everywhere(marker: str) -> Iterator[tuple[str, str]]:
    """Each table and column of the database, of text, JSON or arrays, that says ``marker``."""
    columns = run(
        """
        SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
            AND a.attnum > 0 AND NOT a.attisdropped
            AND a.atttypid::regtype::text ~ '^(text|character|json|jsonb|bytea)'
        """
    )
    assert len({table for table, _ in columns}) > len(apps.get_models()) / 2
    for table, column in columns:
        sql = f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text ILIKE %s)'
        with connection.cursor() as cursor:
            cursor.execute(sql, [f"%{marker}%"])
            if cursor.fetchone() == (True,):
                yield table, column
