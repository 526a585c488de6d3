"""What an export consists of: every table with rows of the inspection, found by foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cases.models import Case, DetailSave
from inspections.models import Inspection, Service
from ratings.models import HistoryLink, PanelHearing, PanelMeeting, PanelSeat
from ratings.results.history.sources import rows_of
from ratings.results.kinds import kind
from ratings.results.tables import APPS, ways

REDACTED = "[redacted]"

CODES = frozenset(
    {
        "area",
        "case_question",
        "command_user",
        "columns",
        "database_role",
        "edition",
        "field",
        "head_sha256",
        "key",
        "key_question",
        "made_in",
        "name",
        "pgh_context",
        "pgh_label",
        "question",
        "reference",
        "removed_by",
        "result_sha256",
        "row",
        "row_sha256",
        "rows",
        "seal_sha256",
        "sha256",
        "signature",
        "signed_with",
        "source",
        "standard",
    }
)
"""Columns of text that hold codes, digests, a case's reference or the name of a service. Whatever
isn't named here, and isn't a choice from a list, is taken for free text: a new column is redacted
until somebody says otherwise."""


@dataclass(frozen=True)
class Part:
    """One file of an export: the rows ``t`` of ``table``, as JSON, in the order of their keys.

    ``sql`` is FROM and WHERE, for the inspection's number; ``free`` the columns with free text.
    """

    table: str
    words: str
    sql: str
    key: str
    free: frozenset[str]

    @property
    def file_name(self) -> str:
        return f"{self.table}.jsonl"

    def redact(self, row: dict[str, Any]) -> None:
        """Replace what was typed. Empty stays empty, so that one sees what there was."""
        for column in self.free:
            if row.get(column) not in (None, "", [], {}) and not self._is_choice(row, column):
                row[column] = REDACTED

    def _is_choice(self, row: dict[str, Any], column: str) -> bool:
        """A save of a detail holds a text, or a choice, number or date."""
        if self.table != DetailSave._meta.db_table or column != "value":
            return False
        return _is_of_a_list(Case._meta.get_field(str(row["field"])), row[column])


def parts() -> list[Part]:
    """In the order of the tables' names."""
    return sorted(_parts(), key=lambda part: part.table)


def _parts() -> Iterator[Part]:
    yield _part(Inspection, "t.id = %s")
    yield _part(Service, "t.id = (SELECT service_id FROM inspections_inspection WHERE id = %s)")
    yield _part(HistoryLink, "t.inspection_id = %s")
    heard = f"SELECT meeting_id FROM {PanelHearing._meta.db_table} WHERE inspection_id = %s"
    yield _part(PanelMeeting, f"t.id IN ({heard})")
    yield _part(PanelSeat, f"t.meeting_id IN ({heard})")
    for app in APPS:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if any(ways(model)):
                yield _part(model)


def _part(model: type[models.Model], where: str = "") -> Part:
    meta = model._meta
    assert meta.pk is not None
    return Part(
        table=meta.db_table,
        words=kind(meta.db_table),
        sql=f'FROM "{meta.db_table}" t WHERE {where}' if where else rows_of(model),
        key=str(meta.pk.column),
        free=frozenset(str(one.column) for one in meta.local_concrete_fields if _is_free(one)),
    )


def _is_of_a_list(field: Any, value: Any) -> bool:
    """Whether a detail's ``value``, as JSON has it, is a number, a date, or some of the choices of
    its ``field``. The value itself is looked at: a text may stand where none belongs."""
    if isinstance(value, bool | int):
        return True
    if isinstance(field, models.DateField):
        try:
            return bool(date.fromisoformat(value))
        except (TypeError, ValueError):
            return False
    choices = field.base_field.choices if isinstance(field, ArrayField) else field.choices
    known = {key for key, _ in choices or ()}
    return set(value if isinstance(value, list) else [value]) <= known


def _is_free(field: Any) -> bool:
    if field.name in CODES or field.choices:
        return False
    if isinstance(field, ArrayField):
        return _is_free(field.base_field)
    return isinstance(field, models.CharField | models.TextField | models.JSONField)
