"""What the pages of a meeting and of the panel show besides ratings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from operator import attrgetter
from typing import Any

from inspections.framework import Rating
from inspections.history import events_of
from inspections.models import Inspection, User
from ratings.hearing_members import present_members, why_chair_cannot_act
from ratings.models import (
    Discretion,
    PanelHearing,
    PanelMeeting,
    current_hearing,
    hearings,
    hearings_of,
)
from ratings.panel.readiness import panel_again
from ratings.permissions import NAME_CHAIR, RELEASE, SEE_PANEL
from ratings.service import RatedInspection, StandardRow, rate_inspection

NAMES_CHAIR_IN = frozenset({Inspection.State.PANEL, Inspection.State.SEALED})


def _by_fewest_changed_answers(rated: RatedInspection) -> list[StandardRow]:
    """The standards that the fewest changed answers would rate otherwise first; then those that no
    changed answer moves."""

    def fewest(row: StandardRow) -> float:
        moves = (row.near.up, row.near.down)
        return min((move.answers for move in moves if move is not None), default=inf)

    return sorted(rated.standards, key=fewest)


def _by_decided_rating(rated: RatedInspection) -> list[StandardRow]:
    """The lowest decided ratings first; those without one last."""

    def rating(row: StandardRow) -> float:
        decided = row.rated.decided
        return float(decided) if isinstance(decided, Rating) else inf

    return sorted(rated.standards, key=rating)


ORDERS: Mapping[str, Callable[[RatedInspection], Sequence[StandardRow]]] = {
    "standard": attrgetter("standards"),
    "closeness": _by_fewest_changed_answers,
    "likelihood": attrgetter("closest_first"),
    "decided": _by_decided_rating,
}
"""The orders of all ratings on the panel's page; by likelihood of another rating in the whole
caseload, the likeliest first. Standards that are equal stay in the report's order."""


@dataclass(frozen=True)
class MeetingDecision:
    """A decision of a meeting. ``state`` is empty while it applies, else “out of date”,
    “withdrawn” or “replaced by another”."""

    discretion: Discretion
    state: str


@dataclass(frozen=True)
class HeardInspection:
    """An inspection of a meeting, with what the reader may see of it.

    ``hearing`` is the latest one there; ``earlier`` are those before it there, the latest first,
    for readers who may see what was said. ``aside`` is the reader's reason for stepping aside.
    ``is_mine`` is true for readers who may open the panel's page of it now.
    ``decisions`` are all that the meeting took, from the first submission to it to the last,
    ``None`` for readers who may not see them now. ``rated`` is ``None`` for them too, and if
    another meeting heard it later.
    """

    hearing: PanelHearing
    aside: str
    is_mine: bool = False
    earlier: Sequence[PanelHearing] = ()
    decisions: Sequence[MeetingDecision] | None = None
    rated: RatedInspection | None = None


def inspections_heard(meeting: PanelMeeting, reader: User) -> tuple[list[HeardInspection], int]:
    """The inspections of a meeting that ``reader`` may see, and the number of others.

    Nine queries, and as many as a rating takes for each inspection whose ratings they see.
    """
    rows = (
        meeting.hearings.select_related("inspection__service", "meeting__chair", "submitted_by")
        .prefetch_related(
            "stepped_aside__member",
            "discretions",
            "named_chairs__chair",
            "named_chairs__named_by",
        )
        .order_by("submitted_at", "pk")
    )
    # An inspection submitted twice to one meeting is listed once, with its latest hearing.
    latest = {hearing.inspection_id: hearing for hearing in rows}
    each: dict[int, list[PanelHearing]] = {pk: [] for pk in latest}
    for hearing in rows:
        each[hearing.inspection_id].append(hearing)
    visible = Inspection.objects.visible_to(reader, SEE_PANEL.who).filter(pk__in=latest)
    mine = {one.pk: one for one in visible.with_team().prefetch_related("hearings")}
    heard = []
    for pk, hearing in latest.items():
        aside = next(
            (row.reason for row in hearing.stepped_aside.all() if row.member_id == reader.pk), ""
        )
        if pk in mine:
            heard.append(_heard(mine[pk], each[pk], aside, reader))
        elif aside:
            heard.append(HeardInspection(hearing, aside))
    return heard, len(latest) - len(heard)


def _heard(
    inspection: Inspection, there: Sequence[PanelHearing], aside: str, reader: User
) -> HeardInspection:
    """``there`` are its hearings at the meeting, the latest last."""
    *earlier, hearing = there
    found = HeardInspection(hearing, aside, is_mine=SEE_PANEL.can(reader, inspection))
    if not inspection.gives_ratings or not found.is_mine:
        return found
    if inspection.certificate is not None:
        # There is nothing left to rate; the sealed result has its ratings.
        return found
    is_current = all(
        other.submitted_at <= hearing.submitted_at for other in inspection.hearings.all()
    )
    rated = rate_inspection(inspection) if is_current else None
    stale = set() if rated is None else {one.target for one in rated.outcome.stale}
    decided = [one for each in there for one in each.discretions.all()]
    in_order = sorted(decided, key=lambda one: (one.decided_at, one.pk))
    decisions = [MeetingDecision(one, _state_of(one, stale)) for one in in_order]
    return replace(found, earlier=earlier[::-1], decisions=decisions, rated=rated)


def _state_of(decision: Discretion, stale: Collection[str]) -> str:
    if not decision.is_current:
        return "withdrawn" if decision.withdrawn_reason else "replaced by another"
    return "out of date" if decision.target in stale else ""


def why_no_chair(inspection: Inspection) -> str | None:
    """Why nobody can chair the current hearing until another chair is named, in words."""
    hearing = current_hearing(inspection)
    if hearing is None or inspection.state not in NAMES_CHAIR_IN:
        return None
    return why_chair_cannot_act(hearing, inspection)


def left_since(inspection: Inspection) -> list[User]:
    """Those recorded as present in the current hearing who can't sit in it any more and so don't
    count, while the panel has the inspection."""
    hearing = current_hearing(inspection)
    if hearing is None or inspection.state != Inspection.State.PANEL:
        return []
    counted = present_members(hearing, inspection)
    return [one for one in hearing.present if one not in counted]


def earlier_hearings(inspection: Inspection) -> list[PanelHearing]:
    """Those before the current one, the latest first: what was said in them stays to be read."""
    return hearings_of(inspection)[-2::-1]


@dataclass(frozen=True)
class AdministratedHearing:
    """What an administrator is told of a hearing, in a sentence, and what they can do."""

    hearing: PanelHearing
    said: str
    may_name_chair: bool
    may_release: bool


def administrated(meeting: PanelMeeting, administrator: User) -> list[AdministratedHearing]:
    """The current hearings of this meeting for which ``administrator`` can name another chair, or
    which they can release."""
    heard = Inspection.objects.set_up_by(administrator).filter(hearings__meeting=meeting).distinct()
    found = []
    for inspection in heard.with_team().prefetch_related(*hearings()):
        hearing = current_hearing(inspection)
        if hearing is None or hearing.meeting_id != meeting.pk:
            continue
        may_name = NAME_CHAIR.can(administrator, inspection)
        may_release = RELEASE.can(administrator, inspection) and panel_again(inspection) is not None
        if may_name:
            said = why_no_chair(inspection) or f"{hearing.chair} chairs this hearing."
            found.append(AdministratedHearing(hearing, said, may_name, may_release))
        elif may_release:
            said = "It was given back, and goes before the same panel again."
            found.append(AdministratedHearing(hearing, said, may_name, may_release))
    return found


def givings_back(inspection: Inspection) -> list[Any]:
    """Events of the inspection, one for each time that the panel gave it back, the first one
    first: ``moved_back_at``, ``moved_back_by`` and ``moved_back_reason``."""
    given_back = events_of(Inspection).filter(
        pgh_obj=inspection.pk, state=Inspection.State.REVIEW, moved_back_at__isnull=False
    )
    # Other changes of the inspection meanwhile are events with the same reason.
    each = given_back.order_by("moved_back_at", "pgh_id").distinct("moved_back_at")
    return list(each.select_related("moved_back_by"))
