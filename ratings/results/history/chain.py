"""How an entry is joined to the one before it: pure, so that it can be computed anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ratings.results.document import digest

START = ""
"""What the first entry is joined to."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: how many there are, and the digest that stands for all of them."""

    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a link says of an entry, besides the digest that joins it."""

    number: int
    source: str
    row: str
    recorded_at: datetime
    columns: tuple[str, ...]
    row_sha256: str
    complete_until: datetime


def joined(inspection_id: int, entry: Entry, before: str) -> str:
    """The digest of ``entry``, which follows on the entry whose digest is ``before``."""
    return digest(
        {
            "inspection": inspection_id,
            "number": entry.number,
            "source": entry.source,
            "row": entry.row,
            "recorded_at": _moment(entry.recorded_at),
            "columns": entry.columns,
            "row_sha256": entry.row_sha256,
            "complete_until": _moment(entry.complete_until),
            "before": before,
        }
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
