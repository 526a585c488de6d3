"""Searches all that is recorded, the latest first.

Each table is asked for its latest rows after the ones shown already, by an index on its time
(``config.site.history.indexes``), and the latest of all of these are taken. So a page costs the
same however much is recorded, and nothing is counted. What is asked for with it (whose, of which
inspection and case) is a fixed number of queries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from django.db import connection

from cases.models import Case
from config.site.history.sources import NOTHING, Recorded, recorded
from inspections.models import Inspection, User


@dataclass(frozen=True, slots=True)
class Asked:
    """What to search for; ``None`` asks for everything. ``people`` and ``cases`` are numbers, of
    which any may be it; from ``since`` on, and before ``until``."""

    people: Sequence[int] | None = None
    inspection: int | None = None
    cases: Sequence[int] | None = None
    since: datetime | None = None
    until: datetime | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the record an entry is."""

    at: datetime
    source: str
    key: str

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}~{self.source}~{self.key}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that ``text`` names; ``None`` for anything that no page of ours sends."""
        at, _, rest = text.partition("~")
        source, _, key = rest.partition("~")
        if source not in recorded() or not KEYS[recorded()[source].key_type].fullmatch(key):
            return None
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            return None
        return None if moment.tzinfo is None else cls(moment, source, key)


KEYS = {
    "bigint": re.compile(r"[0-9]{1,18}"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in words. ``who`` is empty where the service itself did it, or nobody is known;
    ``client`` is the address of the network that a sign-in came from."""

    at: datetime
    who: str
    what: str
    inspection: str
    inspection_id: int | None
    case: str
    client: str


@dataclass(frozen=True, slots=True)
class Found:
    """Entries, and the place of the last one if there are further ones."""

    entries: list[Entry]
    further: Place | None


Row = tuple[datetime, str, str, str, int | None, int | None, int | None, int | None, str | None]


def search(asked: Asked, after: Place | None = None, *, most: int) -> Found:
    """The latest entries that are ``asked`` for and come after the one at ``after``."""
    statement, values = statement_of(asked, after, most + 1)
    if not statement:
        return Found([], None)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Row] = cursor.fetchall()
    shown = rows[:most]
    further = None
    if len(rows) > most:
        at, source, key, *_ = shown[-1]
        further = Place(at, source, _unpadded(key, source))
    return Found(list(_in_words(shown)), further)


def statement_of(asked: Asked, after: Place | None, most: int) -> tuple[str, list[Any]]:
    """The statement and its values; empty if nothing that is recorded can be what is asked."""
    parts, values = [], []
    for source in recorded().values():
        found = _part(source, asked, after, most)
        if found is not None:
            parts.append(found.sql)
            values += found.values
    if not parts:
        return "", []
    return (
        "SELECT at, source, key, label, who, about, inspection, case_id, place FROM (\n"
        + "\nUNION ALL\n".join(parts)
        + '\n) entries ORDER BY at DESC, source COLLATE "C", key COLLATE "C" DESC LIMIT %s',
        [*values, most],
    )


@dataclass(slots=True)
class _Part:
    sql: str = ""
    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def where(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values += values


def _part(source: Recorded, asked: Asked, after: Place | None, most: int) -> _Part | None:
    """The latest rows of one table; ``None`` if none of it can be what is asked."""
    part, at, key = _Part(), f't."{source.at}"', f't."{source.key}"'
    if asked.what and source.what != asked.what:
        return None
    part.where(source.only)
    join = ""
    if asked.people is not None:
        if source.who == NOTHING:
            return None
        part.where(source.has_done, [*map(str, asked.people)] if _is_text(source) else asked.people)
    if asked.inspection is not None:
        if not source.of_inspection:
            return None
        part.where(source.of_inspection, asked.inspection)
        join = source.join
    if asked.cases is not None:
        if source.case == NOTHING:
            return None
        part.where(f"{source.case} = ANY(%s)", list(asked.cases))
    if asked.since is not None:
        part.where(f"{at} >= %s", asked.since)
    if asked.until is not None:
        part.where(f"{at} < %s", asked.until)
    if after is not None:
        if source.name == after.source:
            part.where(f"({at}, {key}) < (%s, %s::{source.key_type})", after.at, after.key)
        else:
            # Of the same moment, tables come in the order of their names.
            part.where(f"{at} {'<=' if source.name > after.source else '<'} %s", after.at)
    part.values.append(most)
    padded = f"{key}::text" if source.key_type == "uuid" else f"lpad({key}::text, 20, '0')"
    part.sql = f"""
        SELECT {at} AS at, '{source.name}' AS source, {padded} AS key, {source.label} AS label,
            {source.who}::bigint AS who, {source.about}::bigint AS about,
            {source.inspection}::bigint AS inspection, {source.case}::bigint AS case_id,
            {source.place}::text AS place
        FROM (
            SELECT t.* FROM "{source.table}" t {join} WHERE {" AND ".join(part.conditions)}
            ORDER BY {at} DESC, {key} DESC LIMIT %s
        ) t
    """
    return part


def _is_text(source: Recorded) -> bool:
    return "::text[]" in source.has_done


def _unpadded(key: str, source: str) -> str:
    return key if recorded()[source].key_type == "uuid" else str(int(key))


def _in_words(rows: Iterable[Row]) -> Iterator[Entry]:
    rows = list(rows)
    people = _by_number(User.objects, (one for row in rows for one in (row[4], row[5])))
    inspections = _by_number(Inspection.objects.select_related("service"), (row[6] for row in rows))
    cases = _by_number(Case.objects.select_related("inspection__service"), (row[7] for row in rows))
    for at, source, _, label, who, about, inspection_id, case_id, place in rows:
        what = recorded()[source].words(label)
        case = cases.get(case_id)
        inspection = inspections.get(inspection_id)
        yield Entry(
            at=at,
            who=_named(people, who, "Account"),
            what=what if about is None else f"{what}: {_named(people, about, 'account')}",
            inspection=str(inspection.service)
            if inspection is not None
            else _removed(inspection_id, "Inspection"),
            inspection_id=None if inspection is None else inspection_id,
            case=case.reference if case is not None else _removed(case_id, "Case"),
            client=place or "",
        )


def _by_number(records: Any, numbers: Iterable[int | None]) -> Mapping[int | None, Any]:
    """One query, also for none, so that their number is fixed."""
    found: Mapping[int | None, Any] = {
        one.pk: one for one in records.filter(pk__in={*numbers} - {None} or {0})
    }
    return found


def _named(people: Mapping[int | None, Any], number: int | None, noun: str) -> str:
    person = people.get(number)
    return str(person) if person is not None else _removed(number, noun)


def _removed(number: int | None, noun: str) -> str:
    return "" if number is None else f"{noun} {number}, removed since"
