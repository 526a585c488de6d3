"""Joins entries of an inspection's history to its chain, after they were committed.

A save waits for none of this. Whatever was committed and isn't linked is linked, in the order of
its times. What commits later is linked by a later call; what was recorded before the time at which
an earlier call found everything is left out, for ``verify_history`` to name.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from ratings.models import HistoryLink
from ratings.results.history.chain import START, Entry, Head, joined
from ratings.results.history.sources import Source, digest_sql, sources

# The earliest time that an entry which can't be seen yet may be recorded with: each is recorded
# in its transaction, so not before this began. It must be asked before the entries are read.
COMPLETE_UNTIL = """
    SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
"""


def link_history(inspection_id: int) -> Head:
    """Link what isn't linked yet; returns the last entry of the chain.

    Two calls at once wait for each other. Only they do: no save takes this lock.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('history of an inspection', %s))",
            [inspection_id],
        )
        cursor.execute(COMPLETE_UNTIL)
        (complete_until,) = cursor.fetchone()
        latest = HistoryLink.objects.filter(inspection_id=inspection_id).last()
        found = []
        for source in sources().values():
            cursor.execute(*_not_linked(source, inspection_id, latest))
            found += [(at, source.name, row, source, sha256) for row, at, sha256 in cursor]
        found.sort(key=itemgetter(0, 1, 2))
        number, before = (latest.number, latest.sha256) if latest else (0, START)
        if latest:
            complete_until = max(complete_until, latest.complete_until)
        links = []
        for at, name, row, source, sha256 in found:
            number += 1
            entry = Entry(number, name, row, at, source.columns, sha256, complete_until)
            before = joined(inspection_id, entry, before)
            links.append(_link(inspection_id, entry, before))
        HistoryLink.objects.bulk_create(links, batch_size=1_000)
    return Head(number, before)


def _not_linked(
    source: Source, inspection_id: int, latest: HistoryLink | None
) -> tuple[str, list[Any]]:
    """A query for the entries of ``source`` that are to be linked."""
    sql = f"""
        SELECT t."{source.key}"::text, t."{source.at}", {digest_sql("%s")}
        {source.where} AND t."{source.at}" >= %s AND NOT EXISTS (
            SELECT FROM "{HistoryLink._meta.db_table}" l
            WHERE l.inspection_id = %s AND l.source = %s AND l."row" = t."{source.key}"::text
        )
    """
    since = latest.complete_until - source.early if latest else "-infinity"
    return sql, [list(source.columns), inspection_id, since, inspection_id, source.name]


def _link(inspection_id: int, entry: Entry, sha256: str) -> HistoryLink:
    return HistoryLink(
        inspection_id=inspection_id,
        number=entry.number,
        source=entry.source,
        row=entry.row,
        recorded_at=entry.recorded_at,
        columns=list(entry.columns),
        row_sha256=entry.row_sha256,
        complete_until=entry.complete_until,
        sha256=sha256,
    )
