"""Every write to professional discretion."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings import policies
from ratings.engine import NotRateable
from ratings.models import Discretion
from ratings.panel.hearings import current_hearing
from ratings.service import rate_inspection
from ratings.targets import find_target


class DecidedMeanwhile(Exception):
    """Another decision stands on the rating than the panel member saw, or none any more."""

    def __init__(self, standing: Discretion | None) -> None:
        super().__init__("The panel's decision on this rating has changed meanwhile.")
        self.standing = standing


class RatingMoved(Exception):
    """The rating that the panel saw is no longer the computed one; ``computed`` is."""

    def __init__(self, computed: Rating | NotRateable) -> None:
        super().__init__("The computed rating has changed since the panel saw it.")
        self.computed = computed


@transaction.atomic
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

    It is taken in the hearing that counts now, which says when the panel met and who was
    present. ``from_rating`` is the computed rating that the panel saw, and ``in_place_of``
    the key of the decision that it saw standing on it, which is withdrawn; both stay.
    Raises ``Refused`` in words, ``RatingMoved`` when another rating is computed by now,
    ``DecidedMeanwhile`` when another decision stands, so that none is replaced unread, and
    ``ValueError`` for a rating that nothing computes, which no form offers.
    """
    locked = _locked(inspection)
    policies.check_decide(by, locked)
    target = find_target(locked.framework, key_question or standard)
    if target is None or target.standard.code != standard:
        raise ValueError(f"Discretion moves no rating of {standard} {key_question}.")
    computed = target.computed_in(rate_inspection(locked).outcome)
    if computed != from_rating:
        raise RatingMoved(computed)
    about = Discretion.objects.filter(
        inspection=locked, standard=standard, key_question=key_question
    )
    standing = about.standing().first()
    if (None if standing is None else standing.pk) != in_place_of:
        raise DecidedMeanwhile(standing)
    now = timezone.now()
    about.standing().update(withdrawn_at=now, withdrawn_by=by)
    discretion = Discretion.objects.create(
        inspection=locked,
        hearing=current_hearing(locked),
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
    announce(locked.pk)
    return discretion


@transaction.atomic
def withdraw_discretion(*, discretion: Discretion, by: User) -> None:
    """Let a decision stand no longer; it stays in the record.

    Raises ``Refused`` in words, also when it was withdrawn or replaced already.
    """
    locked = _locked(discretion.inspection)
    policies.check_decide(by, locked)
    withdrawn = (
        Discretion.objects.standing()
        .filter(pk=discretion.pk)
        .update(withdrawn_at=timezone.now(), withdrawn_by=by)
    )
    if not withdrawn:
        raise Refused("This decision has been withdrawn or replaced already.")
    announce(locked.pk)


def _locked(inspection: Inspection) -> Inspection:
    """The inspection's fresh row, held: no other decision or change of state comes between."""
    return Inspection.objects.select_for_update().get(pk=inspection.pk)
