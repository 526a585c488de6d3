"""Writes an export: a ZIP of JSON lines with an index to read and a digest of each file.

Rows come from the database a few at a time and go into the file at once, so that an inspection of
any size takes the same memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from inspections.models import Inspection, User
from ratings.results.export.contents import Part, parts

ROWS_AT_A_TIME = 500

INDEX, DIGESTS, PEOPLE = "index.txt", "sha256sums.txt", "people.jsonl"


@dataclass(frozen=True)
class Written:
    """A file of the archive."""

    name: str
    words: str
    rows: int
    sha256: str


def write_export(inspection: Inspection, into: IO[bytes], *, redacted: bool) -> list[Written]:
    """Write everything that ``inspection`` holds, as it is at one moment."""
    written = []
    with transaction.atomic(), ZipFile(into, "w", ZIP_DEFLATED) as archive:
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        people: set[int] = set()
        for part in parts():
            rows = _rows(part, inspection, redacted, people)
            written.append(_write(archive, part.file_name, part.words, rows))
        written.append(_write(archive, PEOPLE, "People whom records name", _people(people)))
        archive.writestr(INDEX, _index(inspection, written, redacted))
        digests = "".join(f"{one.sha256}  {one.name}\n" for one in written)
        archive.writestr(DIGESTS, digests)
    return written


def _write(archive: ZipFile, name: str, words: str, rows: Iterator[dict[str, Any]]) -> Written:
    found, number = sha256(), 0
    info = ZipInfo(name, date_time=timezone.localtime().timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n"
            file.write(line)
            found.update(line)
            number += 1
    return Written(name, words, number, found.hexdigest())


def _rows(
    part: Part, inspection: Inspection, redacted: bool, people: set[int]
) -> Iterator[dict[str, Any]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f'SELECT to_jsonb(t)::text {part.sql} ORDER BY t."{part.key}"', [inspection.pk]
        )
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            for (text,) in rows:
                row = json.loads(text)
                people |= _named(row)
                if redacted:
                    part.redact(row)
                yield row


def _named(row: dict[str, Any]) -> set[int]:
    """The numbers of accounts in a row: who did it, and whom it is given to."""
    by_column = {
        value
        for column, value in row.items()
        if isinstance(value, int)
        and (
            column.endswith(("_by_id", "_to_id"))
            or column in ("user_id", "inspector_id", "member_id", "chair_id")
        )
    }
    context = row.get("pgh_context")
    by = context.get("user") if isinstance(context, dict) else None
    return by_column | ({by} if isinstance(by, int) else set())


def _people(numbers: set[int]) -> Iterator[dict[str, Any]]:
    for person in User.objects.filter(pk__in=numbers).order_by("pk").only("name"):
        yield {"id": person.pk, "name": person.name}


def _index(inspection: Inspection, written: list[Written], redacted: bool) -> str:
    """What is in the archive, for whoever opens it."""
    now = timezone.localtime()
    lines = [
        f"Inspection {inspection.pk}: {inspection.service.name}, {inspection.framework.name}",
        f"Exported on {date_format(now, 'j F Y')} at {date_format(now, 'H:i')}.",
        "",
    ]
    if redacted:
        lines += ["Notes and all other free texts are replaced by [redacted], in histories too."]
    if certificate := inspection.certificate:
        day = date_format(timezone.localtime(certificate.removed_at), "j F Y")
        lines += [f"Case content was removed on {day}; what follows is what was kept."]
    lines += [
        "Each file has one record a line, as JSON. Numbers of people are explained in",
        "people.jsonl, numbers of other records by the files of their tables.",
        "Times are in UTC, or say so.",
        f"{DIGESTS} has the SHA-256 of each file: sha256sum --check {DIGESTS}",
        "",
        f"{'records':>8}  file",
    ]
    lines += [f"{one.rows:>8}  {one.name:<40} {one.words}" for one in written if one.rows]
    empty = [one.words for one in written if not one.rows]
    lines += ["", f"There are none of these: {', '.join(empty)}." if empty else ""]
    return "\n".join(lines).rstrip() + "\n"
