"""The page of one rating that the panel may move: figures, limits, and every decision on it."""

from __future__ import annotations

from dataclasses import dataclass

from inspections.framework import Rating
from inspections.models import User
from inspections.presenters import Tag
from ratings import policies
from ratings.engine import NotRateable
from ratings.models import Discretion
from ratings.pages.presenters.decisions import (
    DecisionRecord,
    DecisionView,
    decision_record,
    decision_view,
)
from ratings.pages.presenters.standard import (
    JudgementView,
    KeyQuestionRow,
    judgement_view,
    key_question_row,
)
from ratings.panel.hearings import current_hearing
from ratings.service import RatedInspection
from ratings.targets import Target
from ratings.words import rated_as, tag_of


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
    shows_not_applicable: bool
    judgement: JudgementView | None
    standing: DecisionView | None
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
    standing = None
    if rating.discretion is not None:
        row = rated.discretions[target.standard.code, target.key_question]
        standing = decision_view(rating.discretion, row, rating.computed, None)
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
            key_question_row(rated, question, standard, may_decide=False)
            for question in target.figures_in(outcome)
        ),
        shows_not_applicable=outcome.edition.key_question_not_applicable,
        judgement=judgement_view(rated.judgements.get(target.code)),
        standing=standing,
        over_it=""
        if over_it is None or over_it.stale
        else f"A decision about the whole standard {target.standard.code} stands. While it does, "
        "a decision about this key question does not change the standard’s rating.",
        lead_view="" if hearing is None else hearing.lead_view,
        why_not=why_not or "",
        records=tuple(decision_record(row, may_withdraw=refused is None) for row in rows),
    )
