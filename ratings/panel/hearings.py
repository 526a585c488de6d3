"""The hearing of an inspection that counts now, and who takes part in it."""

from __future__ import annotations

from collections.abc import Sequence

from inspections.models import Inspection, User
from ratings.models import PanelHearing, SteppedAside


def current_hearing(inspection: Inspection) -> PanelHearing | None:
    """The latest hearing; ``None`` for an inspection that was never submitted, as when it
    was replayed from its report."""
    return (
        inspection.hearings.select_related("meeting__chair", "submitted_by")
        .order_by("-submitted_at", "-pk")
        .first()
    )


def why_aside(user: User, inspection: Inspection) -> str | None:
    """Why ``user`` steps aside from the hearing that counts, or ``None``."""
    if inspection.state not in {Inspection.State.PANEL, Inspection.State.SEALED}:
        return None
    latest = inspection.hearings.order_by("-submitted_at", "-pk").values("pk")[:1]
    return (
        SteppedAside.objects.filter(hearing__in=latest, member=user)
        .values_list("reason", flat=True)
        .first()
    )


def members_hearing(hearing: PanelHearing) -> Sequence[User]:
    """The members of the meeting who take part, those who stepped aside left out."""
    aside = hearing.stepped_aside.values("member")
    return list(hearing.meeting.members.exclude(pk__in=aside).order_by("name", "pk"))
