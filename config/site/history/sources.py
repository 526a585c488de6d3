"""What the record consists of: every table that is only added to, and what of it may be told.

Histories of inspections are those of the chain (``ratings.results.history.sources``); the others
are found, so that a new history can't be forgotten. Everything here is SQL about a row ``t``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from pghistory.core import event_models

from cases.models import AnswerSave, Case, CaseRead, CommentReply, DetailSave
from cases.words import READ_PAGES
from inspections.models import HistoryExport, Membership, SignInRecord, User
from ratings.models import Attendance, PresentAtDecision, SteppedAside
from ratings.results.history.sources import Source
from ratings.results.history.sources import sources as chained


class What(models.TextChoices):
    """Kinds of what is recorded, to search for."""

    READS = "READS", "Cases read"
    SIGN_INS = "SIGN_INS", "Sign-ins, passwords and second steps"
    SAVES = "SAVES", "Answers and details saved"
    RESULTS = "RESULTS", "Confirmations, seals, reopenings and publications"
    CHANGES = "CHANGES", "All other changes"
    EXPORTS = "EXPORTS", "Exports of inspections and of this record"


EVENT_USER = "t.pgh_context ->> 'user'"
LABELS = {"insert": "added", "update": "changed", "delete": "removed"}
"""What happened to a record, by the label of its event."""
SAID = {
    "cases_quotablemarkevent": {
        "quotable": "Note marked as quotable",
        "not_quotable": "Note no longer quotable",
    },
    "cases_takenoutevent": {"insert": "Case taken out of the sample"},
    "cases_putbackevent": {"insert": "Case put back in the sample"},
    "ratings_attendanceevent": {
        "insert": "Attendance at a hearing recorded",
        "update": "Attendance at a hearing changed",
        "delete": "Attendance at a hearing no longer counts",
    },
    "ratings_presentatdecisionevent": {"insert": "Present when a decision was recorded"},
    "ratings_steppedasideevent": {"insert": "Stepping aside from a hearing recorded"},
}
"""What happened, by table and label, where the record is what somebody did."""
ABOUT: Mapping[type[models.Model], str] = {
    User: "t.pgh_obj_id",
    Membership: "t.user_id",
    Attendance: "t.member_id",
    PresentAtDecision: "t.member_id",
    SteppedAside: "t.member_id",
}
"""The number of the account that a record is about, who need not be whoever made it."""

NOTHING = "NULL"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A table of what is recorded. ``name`` orders entries of the same moment.

    ``key`` and ``at`` are columns. ``who`` is the number of who did it, and ``has_done`` the
    condition that one of ``%s`` did; ``about`` is the number of the account that it was done to.
    ``inspection`` and ``case`` are the numbers of what it belongs to, and ``of_inspection`` is the
    condition that it belongs to inspection ``%s``, with ``join`` to say so. ``label`` is the kind
    within the table, and ``called`` what happened in words, by label. ``place`` is the client's
    address.
    """

    name: str
    what: str
    table: str
    key: str
    at: str
    called: Mapping[str, str]
    who: str = NOTHING
    has_done: str = "false"
    about: str = NOTHING
    label: str = "''"
    inspection: str = NOTHING
    of_inspection: str = ""
    join: str = ""
    case: str = NOTHING
    place: str = NOTHING
    key_type: str = "bigint"
    only: str = "true"

    def words(self, label: str) -> str:
        return self.called.get(label, self.called[""])


@cache
def recorded() -> dict[str, Recorded]:
    """Every table by its name, in the order of their names."""
    return {one.name: one for one in sorted(_recorded(), key=lambda one: one.name)}


def _recorded() -> Iterator[Recorded]:
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    for source in chained().values():
        yield _of_inspection(source, by_table[source.table])
    in_chains = {source.table for source in chained().values()}
    for events in event_models():
        if events._meta.db_table not in in_chains:
            yield _of_events(events)
    yield Recorded(
        name=CaseRead._meta.db_table,
        what=What.READS,
        table=CaseRead._meta.db_table,
        key="id",
        at="read_at",
        who="t.reader_id",
        has_done="t.reader_id = ANY(%s)",
        label="t.page",
        called={"": "Read: a page of the case"}
        | {page: f"Read: {words[0].lower()}{words[1:]}" for page, words in READ_PAGES.items()},
        inspection="t.inspection_id",
        of_inspection="t.inspection_id = %s",
        case="t.case_id",
    )
    yield Recorded(
        name=SignInRecord._meta.db_table,
        what=What.SIGN_INS,
        table=SignInRecord._meta.db_table,
        key="id",
        at="recorded_at",
        who="t.user_id",
        has_done="t.user_id = ANY(%s)",
        about="t.of_id",
        label="t.kind",
        called={"": "Signing in"} | {str(kind): kind.label for kind in SignInRecord.Kind},
        place="host(t.client_address)",
    )
    yield Recorded(
        name=HistoryExport._meta.db_table,
        what=What.EXPORTS,
        table=HistoryExport._meta.db_table,
        key="id",
        at="exported_at",
        who="t.exported_by_id",
        has_done="t.exported_by_id = ANY(%s)",
        called={"": "Exported this record"},
    )


def _of_inspection(source: Source, model: type[models.Model]) -> Recorded:
    if source.key == "pgh_id":
        events = _of_events(model)
        who, has_done, label, called = events.who, events.has_done, events.label, events.called
        about, what = events.about, str(What.CHANGES)
    else:
        by = f"{source.at.removesuffix('_at')}_by_id"
        columns = {field.column for field in model._meta.concrete_fields}
        who = f"t.{by}" if by in columns else NOTHING
        has_done = f"{who} = ANY(%s)" if by in columns else "false"
        label, about, called = "''", NOTHING, {"": capfirst(_without_article(source.called))}
        what = OF_ROWS.get(source.name, What.CHANGES)
    is_direct = source.inspection.startswith("t.")
    return Recorded(
        name=source.name,
        what=what,
        table=source.table,
        key=source.key,
        at=source.at,
        who=who,
        has_done=has_done,
        about=about,
        label=label,
        called=called,
        inspection=source.inspection
        if is_direct
        # Asked of the few rows that are shown: by index, also where records were removed since.
        else f"(SELECT {source.inspection} FROM (SELECT t.*) t {source.join} LIMIT 1)",
        of_inspection=f"{source.inspection} = %s",
        join=source.join,
        case=_case_of(model),
        key_type="uuid" if model in (AnswerSave, DetailSave) else "bigint",
        only=source.only,
    )


OF_ROWS: Mapping[str, str] = {
    AnswerSave._meta.db_table: What.SAVES,
    DetailSave._meta.db_table: What.SAVES,
    "ratings_sealagreement": What.RESULTS,
    "ratings_sealedresult": What.RESULTS,
    "ratings_reopening": What.RESULTS,
    "ratings_publication": What.RESULTS,
    "ratings_inspectionexport": What.EXPORTS,
}


def _without_article(words: str) -> str:
    """“A save of an answer” is the line of a list, so it begins with the noun."""
    return words.removeprefix("an ").removeprefix("a ")


def _of_events(events: Any) -> Recorded:
    meta, tracked = events._meta, events.pgh_tracked_model
    # “User” is Django's word.
    noun = "Account" if tracked is User else capfirst(str(tracked._meta.verbose_name))
    about = ABOUT.get(tracked, NOTHING)
    return Recorded(
        name=meta.db_table,
        what=What.CHANGES,
        table=meta.db_table,
        key="pgh_id",
        at="pgh_created_at",
        who=f"({EVENT_USER})::bigint",
        has_done=f"{EVENT_USER} = ANY(%s::text[])",
        about=about,
        label="t.pgh_label",
        called={"": noun}
        | {label: f"{noun} {words}" for label, words in LABELS.items()}
        | SAID.get(meta.db_table, {}),
        case=_case_of(events),
    )


def _case_of(model: Any) -> str:
    """The case that a row of ``model`` is about, if it names one."""
    if getattr(model, "pgh_tracked_model", None) is Case:
        return "t.pgh_obj_id"
    if model is CommentReply:
        return "(SELECT c.case_id FROM cases_comment c WHERE c.id = t.comment_id)"
    columns = {field.column for field in model._meta.concrete_fields}
    return "t.case_id" if "case_id" in columns else NOTHING
