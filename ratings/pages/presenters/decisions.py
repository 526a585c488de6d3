"""The ratings panel's decisions beside what they move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from inspections.framework import Rating
from inspections.presenters import Tag, rating_tag
from ratings.engine import AppliedDiscretion, NotRateable
from ratings.models import Discretion
from ratings.panel.hearings import members_hearing
from ratings.words import on_date, rated_as


@dataclass(frozen=True)
class DecisionView:
    """One decision. ``said`` tells what it did or, when stale, why it no longer applies."""

    target: str
    said: str
    stale: bool
    from_rating: Tag
    to_rating: Tag
    reason: str
    footnote: str
    note: int | None
    url: str


def decision_view(
    applied: AppliedDiscretion,
    row: Discretion,
    computed: Rating | NotRateable,
    note: int | None,
) -> DecisionView:
    """``row`` is the decision as stored, ``computed`` the rating it is about as it is now,
    ``note`` its footnote's number where one is printed."""
    move = applied.discretion
    moved = (
        f"The ratings panel moved {move.target} from {move.from_rating.label} "
        f"to {move.to_rating.label}{on_date(row.meeting_date)}."
    )
    if applied.stale:
        moved += (
            f" It is now computed as {rated_as(computed)}, so the decision no longer applies "
            "and is for the panel to look at again."
        )
    return DecisionView(
        target=move.target,
        said=moved,
        stale=applied.stale,
        from_rating=rating_tag(move.from_rating),
        to_rating=rating_tag(move.to_rating),
        reason=row.reason,
        footnote=row.footnote,
        note=note,
        url=reverse("ratings:discretion", args=[row.inspection_id, move.target]),
    )


@dataclass(frozen=True)
class DecisionRecord:
    """Everything kept about a decision, standing or withdrawn, for its own page."""

    said: str
    rows: list[dict[str, str]]
    withdraw_url: str
    withdrawn_by: str
    withdrawn_at: datetime | None
    decided_by: str
    decided_at: datetime


def decision_record(row: Discretion, *, may_withdraw: bool) -> DecisionRecord:
    members = [] if row.hearing is None else [one.name for one in members_hearing(row.hearing)]
    facts = {
        "Members present": ", ".join(members) or "Not recorded",
        "Lead inspector’s view": row.lead_view or "Not recorded",
        "Evidence weighed": row.evidence or "Not recorded",
        "Reason": row.reason,
        "Footnote": row.footnote,
    }
    standing = row.withdrawn_at is None
    return DecisionRecord(
        said=(
            f"From {Rating[row.from_rating].label} to {Rating[row.to_rating].label}"
            f"{on_date(row.meeting_date)}"
        ),
        rows=[{"key": key, "value": value} for key, value in facts.items()],
        withdraw_url=reverse("ratings:withdraw", args=[row.inspection_id, row.pk])
        if standing and may_withdraw
        else "",
        withdrawn_by="" if row.withdrawn_by is None else row.withdrawn_by.name,
        withdrawn_at=row.withdrawn_at,
        decided_by=row.decided_by.name,
        decided_at=row.decided_at,
    )
