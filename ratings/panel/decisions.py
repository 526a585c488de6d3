"""Professional discretion: the ratings that can be moved, and every write to decisions."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.framework import Edition, Rating, Standard
from inspections.history import action
from inspections.models import Inspection, User
from inspections.versions import Conflict
from ratings.engine import AppliedDiscretion, NotRateable, Outcome
from ratings.hearing_members import present_members
from ratings.models import Discretion, PresentAtDecision, current_hearing, lock_for_panel
from ratings.permissions import DECIDE
from ratings.service import rate_inspection

WITHDRAWN_ALREADY = "This decision has been withdrawn or replaced already."


@dataclass(frozen=True)
class DecisionTarget:
    """A standard, or one of its key questions (``key_question`` is empty for the standard)."""

    standard: Standard
    key_question: str
    text: str

    @property
    def code(self) -> str:
        return self.key_question or self.standard.code

    @property
    def title(self) -> str:
        """“standard 3.1 Assessment” or “key question 3.1.2”."""
        if self.key_question:
            return f"key question {self.key_question}"
        return f"standard {self.standard.code} {self.standard.name}"

    def overriding_decision(self, outcome: Outcome) -> AppliedDiscretion | None:
        """The decision about the whole standard that applies in place of this key question's."""
        rated = outcome.by_code[self.standard.code]
        return rated.discretion if self.key_question and rated.is_overridden else None


def find_target(edition: Edition, code: str) -> DecisionTarget | None:
    """The target with this code; ``None`` for a key question of a qualitative standard, which
    has no rating."""
    standard = edition.standards_by_code.get(code)
    if standard is not None:
        return DecisionTarget(standard, "", standard.statement)
    standard = edition.standard_of_question.get(code)
    question = edition.key_questions_by_code.get(code)
    if standard is None or question is None or standard.is_qualitative:
        return None
    return DecisionTarget(standard, question.code, question.text)


def moves_from(rating: Rating | NotRateable) -> list[tuple[Rating, str]]:
    """One band up and one down, if they exist, with the words for each (method.md, Professional
    discretion)."""
    if isinstance(rating, NotRateable):
        return []
    return [
        (to, f"{'Up' if to > rating else 'Down'} one band, to {to.label}")
        for to in sorted(Rating, reverse=True)
        if abs(to - rating) == 1
    ]


class RatingMoved(Exception):
    """The computed rating changed since the panel saw it; ``computed`` is the current one."""

    def __init__(self, computed: Rating | NotRateable) -> None:
        super().__init__("The computed rating has changed since the panel saw it.")
        self.computed = computed


@action
def decide_discretion(
    *,
    inspection: Inspection,
    standard: str,
    key_question: str,
    from_rating: Rating,
    to_rating: Rating,
    lead_view: str,
    evidence: str,
    reason: str,
    footnote: str,
    by: User,
    in_place_of: int | None = None,
) -> Discretion:
    """Record that the panel moves a standard, or one ``key_question`` of it, by one band.

    It belongs to the current hearing, and who is present there is kept with it. ``from_rating`` is
    the computed rating that the panel saw, and ``in_place_of`` the key of the current decision that
    it saw, which is withdrawn; both stay on record. Raises ``Refused``, ``RatingMoved`` when the
    computed rating has changed, ``Conflict`` when another decision is current, so that none is
    replaced unread, and ``ValueError`` for a target without a rating, which no form offers.
    """
    locked = lock_for_panel(inspection)
    DECIDE.check(by, locked)
    target = find_target(locked.framework, key_question or standard)
    if target is None or target.standard.code != standard:
        raise ValueError(f"Discretion moves no rating of {standard} {key_question}.")
    computed = rate_inspection(locked).outcome.rating_of(target.code).computed
    if computed != from_rating:
        raise RatingMoved(computed)
    decisions = Discretion.objects.filter(
        inspection=locked, standard=standard, key_question=key_question
    )
    current = decisions.current().select_related("decided_by").first()
    if (None if current is None else current.pk) != in_place_of:
        raise Conflict(current)
    hearing = current_hearing(locked)
    assert hearing is not None, "the permission lets nobody decide who is in no hearing"
    now = timezone.now()
    decisions.current().update(withdrawn_at=now, withdrawn_by=by)
    discretion = Discretion.objects.create(
        inspection=locked,
        hearing=hearing,
        standard=standard,
        key_question=key_question,
        from_rating=from_rating.name,
        to_rating=to_rating.name,
        lead_view=lead_view,
        evidence=evidence,
        reason=reason,
        footnote=footnote,
        decided_at=now,
        decided_by=by,
    )
    PresentAtDecision.objects.bulk_create(
        PresentAtDecision(discretion=discretion, member=member)
        for member in present_members(hearing, locked)
    )
    announce(locked.pk)
    return discretion


@action
def withdraw_discretion(*, discretion: Discretion, reason: str, by: User) -> None:
    """Withdraw a decision, with the reason; it stays on record.

    Raises ``Refused``, also when it was withdrawn or replaced already.
    """
    locked = lock_for_panel(discretion.inspection)
    DECIDE.check(by, locked)
    withdrawn = (
        Discretion.objects.current()
        .filter(pk=discretion.pk)
        .update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason)
    )
    if not withdrawn:
        raise Refused(WITHDRAWN_ALREADY)
    announce(locked.pk)
