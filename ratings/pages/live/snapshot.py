"""What the open ratings pages of an inspection show at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.template.loader import render_to_string

from inspections.models import Inspection, User
from ratings.pages.presenters import Part, ratings_page
from ratings.policies import can_decide, can_see_ratings
from ratings.service import rate_inspection


class Audience(StrEnum):
    """Who sees the same ratings page."""

    READERS = "READERS"
    DECIDERS = "DECIDERS"
    """They also find a link to decide discretion beside each rating."""


def audience_of(user: User, inspection: Inspection) -> Audience | None:
    """Which page ``user`` sees; ``None`` for whoever may not see ratings now."""
    if not can_see_ratings(user, inspection):
        return None
    return Audience.DECIDERS if can_decide(user, inspection) else Audience.READERS


@dataclass(frozen=True)
class Snapshot:
    """The parts of the page, rendered, as they were at ``rated_at``.

    ``version`` is the room's; ``state`` the inspection's: who may see and decide hangs
    on it. ``parts`` holds each part's view and its HTML by the part's name.
    """

    version: int
    state: str
    rated_at: datetime
    parts: dict[str, tuple[Part, str]]

    def shows_the_same_as(self, other: Snapshot) -> bool:
        return self.state == other.state and not any(self.differing_from(other))

    def differing_from(self, other: Snapshot | None) -> Iterator[str]:
        """The HTML of each part that ``other`` doesn't show in the same way."""
        for name, (_, html) in self.parts.items():
            if other is None or name not in other.parts or other.parts[name][1] != html:
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
    page = ratings_page(rated, may_decide=audience is Audience.DECIDERS)
    return Snapshot(
        version=version,
        state=inspection.state,
        rated_at=rated.rated_at,
        parts={part.name: (part, _html(part, earlier)) for part in page.parts},
    )


def _html(part: Part, earlier: Snapshot | None) -> str:
    known = None if earlier is None else earlier.parts.get(part.name)
    if known is not None and known[0] == part:
        return known[1]
    return render_to_string(part.template, {"part": part})
