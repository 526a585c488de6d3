"""The page of one rating that the panel may move: figures, limits, and every decision on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from inspections.framework import Rating
from inspections.models import User
from inspections.presenters import Tag
from ratings import policies
from ratings.engine import NotRateable, StandardRating
from ratings.models import Discretion, Judgement
from ratings.panel.hearings import current_hearing, members_hearing
from ratings.service import KeyQuestionRow, RatedInspection, StandingDecision
from ratings.targets import Target
from ratings.words import on_date, rated_as, tag_of


@dataclass(frozen=True)
class DiscretionPage:
    """``why_not`` says in words why no decision can be made here now, by this person.

    ``standing`` is the decision that a new one would take the place of; ``over_it`` warns
    that one about the whole standard stands over this key question's. ``lead_view`` is what
    the lead inspector wrote when submitting the inspection.
    """

    service: str
    title: str
    text: str
    code: str
    computed: Tag
    computed_rating: Rating | NotRateable
    decided: Tag
    key_questions: tuple[KeyQuestionRow, ...]
    standard: StandardRating
    judgement: Judgement | None
    standing: StandingDecision | None
    over_it: str
    lead_view: str
    why_not: str
    records: tuple[DecisionRecord, ...]

    @property
    def may_decide(self) -> bool:
        return not self.why_not


def discretion_page(rated: RatedInspection, target: Target, user: User) -> DiscretionPage:
    """What ``user`` sees of the rating that ``target`` names."""
    outcome, inspection = rated.outcome, rated.inspection
    standard = outcome.by_code[target.standard.code]
    rating = outcome.key_questions_by_code[target.code] if target.key_question else standard
    refused = policies.why_not_decide(user, inspection)
    why_not = refused
    if why_not is None and isinstance(rating.computed, NotRateable):
        why_not = f"There is no rating to move: {target.title} is {rated_as(rating.computed)}."
    standing = next(
        (one for one in rated.decisions if one.applied.discretion.target == target.code), None
    )
    questions = next(row for row in rated.standards if row.rated is standard).key_questions
    rows = (
        Discretion.objects.filter(
            inspection=inspection,
            standard=target.standard.code,
            key_question=target.key_question,
        )
        .select_related("decided_by", "withdrawn_by", "hearing__meeting")
        .order_by("-decided_at")
    )
    over_it = target.over_it_in(outcome)
    hearing = current_hearing(inspection)
    return DiscretionPage(
        service=inspection.service.name,
        title=target.title,
        text=target.text,
        code=target.code,
        computed=tag_of(rating.computed),
        computed_rating=rating.computed,
        decided=tag_of(rating.decided),
        key_questions=tuple(
            row for row in questions if not target.key_question or row.rated is rating
        ),
        standard=standard,
        judgement=rated.judgements.get(target.code),
        standing=standing,
        over_it=""
        if over_it is None or over_it.stale
        else f"A decision about the whole standard {target.standard.code} stands. While it does, "
        "a decision about this key question does not change the standard’s rating.",
        lead_view="" if hearing is None else hearing.lead_view,
        why_not=why_not or "",
        records=tuple(decision_record(row, may_withdraw=refused is None) for row in rows),
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
