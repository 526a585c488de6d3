"""What the open ratings pages of an inspection show at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.template.loader import render_to_string

from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS
from ratings.permissions import DECIDE
from ratings.service import StandardRow, rate_inspection


class Audience(StrEnum):
    """Who sees the same ratings page."""

    READERS = "READERS"
    DECIDERS = "DECIDERS"
    """They also find a link to decide discretion beside each rating."""


def audience_of(user: User, inspection: Inspection) -> Audience | None:
    """Which page ``user`` sees; ``None`` for whoever may not see ratings now."""
    if not SEE_RATINGS.can(user, inspection):
        return None
    return Audience.DECIDERS if DECIDE.can(user, inspection) else Audience.READERS


@dataclass(frozen=True)
class Snapshot:
    """The parts of the page, rendered, as they were at ``rated_at``.

    ``version`` is the room's; ``state`` the inspection's: who may see and decide hangs
    on it. ``rows`` are the standards that ``parts`` shows, and both go by the part's name.
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
    inspection_id: int, version: int, audience: Audience, earlier: Snapshot | None
) -> Snapshot:
    """Rate the inspection and render what differs from ``earlier``.

    Gives the thread's database connection back: an open page holds none while it waits.
    Raises ``Inspection.DoesNotExist``.
    """
    try:
        inspection = Inspection.objects.get(pk=inspection_id)
        rated = rate_inspection(inspection)
    finally:
        connection.close()
    context = {
        "edition": rated.outcome.edition,
        "decide_in": inspection_id if audience is Audience.DECIDERS else None,
    }
    parts: dict[str, str] = {}
    parts["headline"] = render_to_string("ratings/parts/headline.html", {"rated": rated})
    rows = {row.rated.code: row for row in rated.standards}
    for code, row in rows.items():
        if earlier is not None and earlier.rows.get(code) == row:
            parts[code] = earlier.parts[code]
        else:
            parts[code] = render_to_string("ratings/parts/standard.html", context | {"row": row})
    parts["notes"] = render_to_string("ratings/parts/notes.html", {"decisions": rated.decisions})
    return Snapshot(version, inspection.state, rated.rated_at, rows, parts)
