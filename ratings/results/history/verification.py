"""Verifies the chain over an inspection's history: what was changed, removed or inserted since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from inspections.models import DeletionCertificate
from ratings.models import HistoryLink, SealedResult, months_after
from ratings.results.history.chain import START, Entry, Head, joined
from ratings.results.history.sources import Source, digest_sql, sources


@dataclass(frozen=True, slots=True)
class Break:
    """Where the history differs from its chain, at or after the entry of ``number``, in words."""

    number: float
    words: str


@dataclass
class VerifiedHistory:
    """``head`` is the last entry of the chain, ``breaks`` what differs from it, the first one
    first; ``not_linked`` counts entries recorded since, for which nothing can be said. ``purged``
    are the entries that a deletion certificate accounts for, as runs from a number to another:
    their digests are in the chain, and they are gone."""

    head: Head | None
    complete_until: datetime | None = None
    not_linked: int = 0
    breaks: list[Break] = field(default_factory=list)
    purged: tuple[tuple[int, int], ...] = ()
    certificate: DeletionCertificate | None = None

    @property
    def holds(self) -> bool:
        return not self.breaks


def verify_history(inspection_id: int, known: Sequence[Head] = ()) -> VerifiedHistory:
    """Compare the history of an inspection with its chain, and this with its seals and ``known``.

    Whoever owns the tables can write a whole chain anew: heads that are known from elsewhere, and
    those that signed seals name, tell.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        links = list(HistoryLink.objects.filter(inspection_id=inspection_id).order_by("number"))
        certificate = DeletionCertificate.objects.filter(inspection_id=inspection_id).first()
        purged = _purged(links) if certificate else {}
        kept = [link for link in links if link.number not in purged]
        breaks = [*_of_chain(inspection_id, links), *_of_heads(inspection_id, links, known)]
        if certificate:
            breaks += _of_certificate(certificate, purged, links)
        not_linked = 0
        for source in sources().values():
            breaks += _changed_or_removed(source, kept)
            inserted, new = _not_in_chain(source, inspection_id, links)
            breaks += inserted
            not_linked += new
        known_sources = sources().keys()
        breaks += [
            Break(link.number, f"{_name(link)} is of a kind that this program doesn’t know.")
            for link in links
            if link.source not in known_sources
        ]
    breaks.sort(key=lambda one: one.number)
    if not links:
        return VerifiedHistory(None, None, not_linked, breaks)
    last = links[-1]
    return VerifiedHistory(
        Head(last.number, last.sha256),
        last.complete_until,
        not_linked,
        breaks,
        tuple(_runs(sorted(purged))),
        certificate,
    )


def _purged(links: list[HistoryLink]) -> dict[int, HistoryLink]:
    """The links of case content, by number: of entries that a purge removed, all of them."""
    known = sources()
    return {
        link.number: link for link in links if link.source in known and known[link.source].is_purged
    }


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Numbers that follow on each other, as the first and the last of each run."""
    start = before = None
    for number in numbers:
        if start is None or before is None:
            start = number
        elif number != before + 1:
            yield start, before
            start = number
        before = number
    if start is not None and before is not None:
        yield start, before


def _of_certificate(
    certificate: DeletionCertificate, purged: dict[int, HistoryLink], links: list[HistoryLink]
) -> Iterator[Break]:
    """A certificate that doesn't account for what is gone, or case content that is there again."""
    due = months_after(certificate.published_date, certificate.months)
    if timezone.localdate(certificate.removed_at) < due:
        yield Break(
            certificate.head_number,
            f"The deletion certificate says that entries were removed before {_day(due)}, until "
            "which they were to be kept.",
        )
    if len(purged) != certificate.entries:
        yield Break(
            certificate.head_number,
            f"The deletion certificate accounts for {certificate.entries} entries, and the chain "
            f"has {len(purged)} of the kinds that were removed.",
        )
    for link in purged.values():
        if link.number > certificate.head_number:
            yield Break(
                link.number,
                f"{_name(link)} was recorded after all case content had been removed.",
            )
    by_name = sources()
    for name in {source.table for source in by_name.values() if source.is_purged}:
        source = by_name[name]
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT t."{source.key}"::text {source.where}', [certificate.inspection_id]
            )
            there = {row for (row,) in cursor.fetchall()}
            numbers = {link.row: link for link in purged.values() if link.source == name}
            cursor.execute(
                f'SELECT t."{source.key}"::text FROM "{source.table}" t '
                f'WHERE t."{source.key}" = ANY(%s::text[]::{_type_of_key(source)}[])',
                [list(numbers)],
            )
            there |= {row for (row,) in cursor.fetchall()}
        for row in sorted(there):
            if row in numbers:
                words = f"{_name(numbers[row])} was removed by a purge and is there again."
                yield Break(numbers[row].number, words)
            elif not any(link.row == row and link.source == name for link in links):
                yield Break(
                    certificate.head_number + 0.5,
                    f"{_capital(source.called)} ({row}) is there, though all case content was "
                    "removed.",
                )


def _of_chain(inspection_id: int, links: list[HistoryLink]) -> Iterator[Break]:
    """Links that are missing, were changed, or don't follow on the one before."""
    before, expected = START, 1
    for link in links:
        if link.number != expected:
            missing = (
                f"Entry {expected} is"
                if link.number == expected + 1
                else f"Entries {expected} to {link.number - 1} are"
            )
            yield Break(expected, f"{missing} missing from the chain.")
        elif joined(inspection_id, _entry(link), before) != link.sha256:
            yield Break(
                link.number,
                f"{_name(link)}: its digest in the chain is not what follows from it and the "
                "entry before. One of the two links was changed.",
            )
        before, expected = link.sha256, link.number + 1


def _of_heads(
    inspection_id: int, links: list[HistoryLink], known: Sequence[Head]
) -> Iterator[Break]:
    by_number = {link.number: link.sha256 for link in links}
    seals = SealedResult.objects.filter(inspection=inspection_id).order_by("number")
    heads = [("The head that was given", head) for head in known]
    for one in DeletionCertificate.objects.filter(inspection_id=inspection_id):
        heads.append(("The deletion certificate", Head(one.head_number, one.head_sha256)))
    for seal in seals:
        stated = json.loads(seal.document).get("history")
        if stated is not None:
            heads.append((f"Seal {seal.number}", Head(stated["entries"], stated["sha256"])))
    for called, head in heads:
        if head.number and by_number.get(head.number) != head.sha256:
            there = by_number.get(head.number, "nothing")
            yield Break(
                head.number,
                f"{called} names entry {head.number} with the digest {head.sha256}; "
                f"the chain has {there} there. It was written anew.",
            )


def _changed_or_removed(source: Source, links: list[HistoryLink]) -> Iterator[Break]:
    linked = {link.row: link for link in links if link.source == source.name}
    if not linked:
        return
    actual: dict[str, str] = {}
    # Links of one source differ in their columns only where a table got another one meanwhile.
    for columns in {tuple(link.columns) for link in linked.values()}:
        rows = [row for row, link in linked.items() if tuple(link.columns) == columns]
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT t."{source.key}"::text, {digest_sql("%s")} FROM "{source.table}" t '
                f'WHERE t."{source.key}" = ANY(%s::text[]::{_type_of_key(source)}[]) '
                f"AND {source.only}",
                [list(columns), rows],
            )
            actual |= dict(cursor.fetchall())
    for row, link in linked.items():
        if row not in actual:
            yield Break(link.number, f"{_name(link)} was removed after it was linked.")
        elif actual[row] != link.row_sha256:
            yield Break(link.number, f"{_name(link)} was changed after it was linked.")


def _type_of_key(source: Source) -> str:
    return "uuid" if source.table in ("cases_answersave", "cases_detailsave") else "bigint"


def _not_in_chain(
    source: Source, inspection_id: int, links: list[HistoryLink]
) -> tuple[list[Break], int]:
    """Entries recorded before the chain was complete and not in it, and how many came later."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT t."{source.key}"::text, t."{source.at}" {source.where} AND NOT EXISTS (
                SELECT FROM "{HistoryLink._meta.db_table}" l
                WHERE l.inspection_id = %s AND l.source = %s AND l."row" = t."{source.key}"::text
            ) ORDER BY 2, 1
            """,
            [inspection_id, inspection_id, source.name],
        )
        rows = cursor.fetchall()
    if not links:
        return [], len(rows)
    complete_until = links[-1].complete_until
    inserted = [
        Break(after + 0.5, _inserted(source, row, at, after, complete_until))
        for row, at in rows
        if at < complete_until - source.early
        for after in [max((one.number for one in links if one.recorded_at <= at), default=0)]
    ]
    return inserted, len(rows) - len(inserted)


def _inserted(source: Source, row: str, at: datetime, after: int, complete_until: datetime) -> str:
    called = _capital(source.called)
    where = f"after entry {after}" if after else "before the first entry"
    return (
        f"{called} ({row}), recorded {_when(at)}, was inserted {where}: "
        f"the chain has everything until {_when(complete_until)}, and not this."
    )


def _name(link: HistoryLink) -> str:
    source = sources().get(link.source)
    called = source.called if source else link.source
    return f"Entry {link.number}, {called} ({link.row}) recorded {_when(link.recorded_at)},"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _when(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y \\a\\t H:i:s")


def _entry(link: HistoryLink) -> Entry:
    return Entry(
        link.number,
        link.source,
        link.row,
        link.recorded_at,
        tuple(link.columns),
        link.row_sha256,
        link.complete_until,
    )
