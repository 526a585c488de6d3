"""What the history of an inspection consists of: tables whose rows are added and never change.

Saves, comments, confirmations, seals and reopenings are their rows themselves; every other record
has the events that django-pghistory writes. They are found by foreign keys, as what a seal holds
is. A meeting of the panel hears several inspections, and accounts and services belong to none:
their events are in no chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from django.db import models
from pghistory.core import event_models

from cases.models import AnswerSave, Case, Comment, CommentReply, DetailSave
from inspections.models import DeletionCertificate, Inspection
from ratings.models import (
    InspectionExport,
    NamedChair,
    Publication,
    Reopening,
    RetentionPeriod,
    SealAgreement,
    SealedResult,
)
from ratings.results.tables import Step, purged_tables, ways

MOMENT = timedelta(milliseconds=100)
"""In which a transaction begins: between its time and when others see that it has begun."""

CLOCKS_APART = timedelta(seconds=2)
"""How far the clocks of the service's machines may be from the database's."""


@dataclass(frozen=True)
class Source:
    """A table of entries. ``name`` is how a link names it and ``called`` how words do; ``key`` and
    ``at`` are the columns of an entry's number and time, ``columns`` those that never change;
    ``only`` is a condition. ``join`` leads to the inspection, whose number ``inspection`` is.
    ``early`` is by how much an entry's time may be before its transaction's."""

    name: str
    called: str
    table: str
    key: str
    at: str
    columns: tuple[str, ...]
    join: str
    inspection: str
    only: str = "true"
    early: timedelta = MOMENT

    @property
    def is_purged(self) -> bool:
        """Whether these entries go once case content need not be kept any longer."""
        return self.table in purged_tables()

    @property
    def where(self) -> str:
        return f'FROM "{self.table}" t {self.join} WHERE {self.inspection} = %s AND {self.only}'


@cache
def sources() -> dict[str, Source]:
    """Every source by its name."""
    return {source.name: source for source in _sources()}


def digest_sql(columns: str) -> str:
    """SQL for the digest of the row ``t``, of the columns that are given as SQL.

    ``jsonb`` writes equal values the same, whatever the order of columns; a column that is added
    to the table later changes no digest. Times are written in the session's time zone, UTC.
    """
    return f"""
        encode(sha256(convert_to((
            SELECT jsonb_object_agg(one.key, one.value)::text
            FROM jsonb_each(to_jsonb(t)) one WHERE one.key = ANY({columns})
        ), 'UTF8')), 'hex')
    """


def _sources() -> Iterator[Source]:
    # What stood already is filled in after a save was kept, once (``KeptSave``).
    yield _source(AnswerSave, "a save of an answer", "saved_at", without=("same_as",))
    yield _source(
        DetailSave, "a save of a detail", "saved_at", without=("same_as",), early=CLOCKS_APART
    )
    # A comment is resolved later, which is an entry of its own.
    resolved = ("resolved_at", "resolved_by_id")
    yield _source(Comment, "a comment", "made_at", without=resolved)
    yield _source(
        Comment,
        "a comment’s resolution",
        "resolved_at",
        early=CLOCKS_APART,
        name="cases_comment resolved",
        columns=("id", *resolved),
        only="t.resolved_at IS NOT NULL",
    )
    yield _source(CommentReply, "a reply to a comment", "made_at")
    yield _source(SealAgreement, "a confirmation of the result", "agreed_at", early=CLOCKS_APART)
    yield _source(SealedResult, "a seal", "sealed_at", early=CLOCKS_APART)
    yield _source(NamedChair, "a chair named later", "named_at", early=CLOCKS_APART)
    yield _source(Reopening, "a reopening", "reopened_at", early=CLOCKS_APART)
    yield _source(Publication, "a publication", "recorded_at", early=CLOCKS_APART)
    yield _source(RetentionPeriod, "a period of keeping", "changed_at", early=CLOCKS_APART)
    yield _source(
        InspectionExport, "an export of the inspection", "exported_at", early=CLOCKS_APART
    )
    yield _source(DeletionCertificate, "a deletion certificate", "removed_at")
    for model in event_models():
        if any(ways(model)):
            tracked = _tracked_by(model)._meta.verbose_name
            yield _source(model, f"an event of “{tracked}”", "pgh_created_at")


def _source(
    model: type[models.Model],
    called: str,
    at: str,
    *,
    name: str = "",
    columns: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    only: str = "true",
    early: timedelta = MOMENT,
) -> Source:
    meta = model._meta
    every = [str(field.column) for field in meta.local_concrete_fields]
    join, inspection = _joined(min(ways(model), key=len))
    assert meta.pk is not None
    return Source(
        name=name or meta.db_table,
        called=called,
        table=meta.db_table,
        key=str(meta.pk.column),
        at=at,
        columns=columns or tuple(sorted(set(every) - set(without))),
        join=join,
        inspection=inspection,
        only=only,
        early=early,
    )


def rows_of(model: type[models.Model]) -> str:
    """The FROM and WHERE, for an inspection's number, of all rows ``t`` of a table that belong to
    it; of events, those about removed records too."""
    join, inspection = _joined(min(ways(model), key=len))
    return f'FROM "{model._meta.db_table}" t {join} WHERE {inspection} = %s'


def _tracked_by(events: Any) -> type[models.Model]:
    """The model of the records whose ``events`` these are."""
    tracked: type[models.Model] = events.pgh_tracked_model
    return tracked


def _joined(way: tuple[Step, ...]) -> tuple[str, str]:
    """The joins from ``t`` along ``way``, and the column with the inspection's number."""
    assert way[-1].table == Inspection._meta.db_table
    joins, before = [], "t"
    for number, (step, following) in enumerate(pairwise(way), start=1):
        rows, this = _rows(step.table, step.match, following.column), f"w{number}"
        joins.append(f'JOIN {rows} {this} ON {this}."{step.match}" = {before}."{step.column}"')
        before = this
    return " ".join(joins), f'{before}."{way[-1].column}"'


def _rows(table: str, match: str, column: str) -> str:
    """The rows of ``table``, removed ones too: an entry may be about what was removed since."""
    if table == Case._meta.db_table:
        # The most entries are about cases, and a case with saves can't be removed but with them.
        return f'"{table}"'
    events = {_tracked_by(model)._meta.db_table: model._meta.db_table for model in event_models()}
    if table not in events:
        return f'"{table}"'
    return f"""(
        SELECT "{match}", "{column}" FROM "{table}"
        UNION SELECT pgh_obj_id, "{column}" FROM "{events[table]}"
    )"""
