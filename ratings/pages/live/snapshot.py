"""The contents of an inspection's open ratings pages at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.template.loader import render_to_string

from inspections.models import Inspection
from ratings.pages.rights import Rights
from ratings.service import StandardRow, rate_inspection


@dataclass(frozen=True)
class Snapshot:
    """The parts of the page, rendered, as they were at ``rated_at``.

    ``version`` is the channel's, ``state`` the inspection's, on which permissions depend. ``rows``
    are the standards that ``parts`` show; both are by the part's name.
    """

    version: int
    state: str
    rated_at: datetime
    rows: dict[str, StandardRow]
    parts: dict[str, str]

    def shows_the_same_as(self, other: Snapshot) -> bool:
        return self.state == other.state and not any(self.differing_from(other))

    def differing_from(self, other: Snapshot | None) -> Iterator[str]:
        """The HTML of each part that ``other`` doesn't show in the same way."""
        for name, html in self.parts.items():
            if other is None or other.parts.get(name) != html:
                yield html


def take_snapshot(
    inspection_id: int, version: int, rights: Rights, earlier: Snapshot | None
) -> Snapshot:
    """Rate the inspection and render what differs from ``earlier``, for those with ``rights``.

    Returns the thread's database connection to the pool: an open page holds none while it waits.
    Raises ``Inspection.DoesNotExist``.
    """
    try:
        inspection = Inspection.objects.get(pk=inspection_id)
        rated = rate_inspection(inspection)
    finally:
        connection.close()
    context = {
        "edition": rated.outcome.edition,
        "inspection_id": inspection_id,
        "rights": rights,
    }
    parts: dict[str, str] = {}
    parts["headline"] = render_to_string(
        "ratings/parts/headline.html", {"rated": rated, "rights": rights}
    )
    rows = {row.rated.code: row for row in rated.standards}
    for code, row in rows.items():
        if earlier is not None and earlier.rows.get(code) == row:
            parts[code] = earlier.parts[code]
        else:
            parts[code] = render_to_string("ratings/parts/standard.html", context | {"row": row})
    parts["notes"] = render_to_string("ratings/parts/notes.html", {"decisions": rated.decisions})
    return Snapshot(version, inspection.state, rated.rated_at, rows, parts)
