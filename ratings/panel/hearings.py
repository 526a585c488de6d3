"""The hearing of an inspection that counts now, and who takes part in it."""

from __future__ import annotations

from collections.abc import Sequence

from inspections.models import Inspection, User
from ratings.models import PanelHearing


def current_hearing(inspection: Inspection) -> PanelHearing | None:
    """The latest hearing; ``None`` for an inspection that was never submitted, as when it
    was replayed from its report."""
    return (
        inspection.hearings.select_related("meeting__chair", "submitted_by")
        .order_by("-submitted_at", "-pk")
        .first()
    )


def members_hearing(hearing: PanelHearing) -> Sequence[User]:
    """The members of the meeting who take part, those who stepped aside left out."""
    aside = hearing.stepped_aside.values("member")
    return list(hearing.meeting.members.exclude(pk__in=aside).order_by("name", "pk"))
