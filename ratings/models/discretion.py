"""Decisions of the ratings panel."""

from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Prefetch, Q

from inspections.framework import Rating
from inspections.invariants import EDITION, both_or_neither, refuse_unless
from inspections.models import Inspection, User
from inspections.names import NameOrder
from ratings.models.judgement import RatingChoice
from ratings.models.panel import PanelHearing, hearings_of
from ratings.models.quorum import current_hearing_of, is_quorate, is_replay

HEARING = current_hearing_of("NEW.inspection_id")
ONE_BAND = Q()
for lower, higher in zip(list(Rating)[:-1], list(Rating)[1:], strict=True):
    ONE_BAND |= Q(from_rating=lower.name, to_rating=higher.name)
    ONE_BAND |= Q(from_rating=higher.name, to_rating=lower.name)


class DiscretionQuerySet(models.QuerySet["Discretion"]):
    def current(self) -> DiscretionQuerySet:
        """Decisions that the panel has not withdrawn or replaced; some may be stale."""
        return self.filter(withdrawn_at__isnull=True)


@pghistory.track()
class Discretion(models.Model):
    """A decision of the ratings panel to move one rating by one band.

    It moves a key question's rating or, if ``key_question`` is empty, the standard's.
    ``from_rating`` is the computed rating on the day. A decision never changes: it is
    replaced or withdrawn, and stays on record. Its ``hearing`` gives the date; decisions replayed
    from a published report have none. Nobody may decide who worked on the inspection or stepped
    aside from it, and nothing is decided or withdrawn without the quorum of the current hearing.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="discretions")
    standard = models.CharField(max_length=10)
    key_question = models.CharField(max_length=10, blank=True)
    from_rating = models.CharField(max_length=20, choices=RatingChoice)
    to_rating = models.CharField(max_length=20, choices=RatingChoice)
    hearing = models.ForeignKey(
        PanelHearing, on_delete=models.PROTECT, null=True, blank=True, related_name="discretions"
    )
    lead_view = models.TextField()
    evidence = models.TextField()
    reason = models.TextField()
    footnote = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)
    """Empty where another decision replaced it, whose own reason says why."""

    objects = DiscretionQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "standard", "key_question", "decided_at")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "standard", "key_question"],
                condition=Q(withdrawn_at__isnull=True),
                name="discretion_one_current",
            ),
            models.CheckConstraint(condition=ONE_BAND, name="discretion_moves_one_band"),
            both_or_neither("discretion_withdrawn_by_someone", "withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                condition=Q(withdrawn_reason="") | Q(withdrawn_at__isnull=False),
                name="discretion_withdrawn_for_a_reason",
            ),
        ]
        triggers = [
            refuse_unless(
                "discretion_on_a_rating_of_its_edition",
                f"""
                    EXISTS (
                        SELECT FROM inspections_editionstandard
                        WHERE edition_id = {EDITION} AND code = NEW.standard
                    ) AND (NEW.key_question = '' OR EXISTS (
                        SELECT FROM inspections_editionquestion
                        WHERE edition_id = {EDITION} AND standard = NEW.standard
                            AND code = NEW.key_question AND is_key_question AND "group" <> ''
                    ))
                """,
                "Edition % has no rating for % %.",
                *(EDITION, "NEW.standard", "NEW.key_question"),
                on=pgtrigger.Insert
                | pgtrigger.UpdateOf("inspection_id", "standard", "key_question"),
            ),
            refuse_unless(
                "discretion_without_an_interest",
                """
                    NOT EXISTS (
                        SELECT FROM inspections_membership
                        WHERE inspection_id = NEW.inspection_id AND user_id = NEW.decided_by_id
                            AND role <> 'PANEL_MEMBER'
                    ) AND NOT EXISTS (
                        SELECT FROM ratings_steppedaside s
                        JOIN ratings_panelhearing h ON h.id = s.hearing_id
                        WHERE h.inspection_id = NEW.inspection_id
                            AND s.member_id = NEW.decided_by_id
                    )
                """,
                "Who worked on an inspection or stepped aside from it takes no part in its "
                "decisions.",
                on=pgtrigger.Insert | pgtrigger.UpdateOf("inspection_id", "decided_by_id"),
            ),
            refuse_unless(
                "discretion_in_a_hearing_of_its_inspection",
                """
                    NEW.hearing_id IS NULL OR EXISTS (
                        SELECT FROM ratings_panelhearing
                        WHERE id = NEW.hearing_id AND inspection_id = NEW.inspection_id
                    )
                """,
                "The hearing of a decision is about another inspection.",
                on=pgtrigger.Insert | pgtrigger.UpdateOf("inspection_id", "hearing_id"),
            ),
            refuse_unless(
                "discretion_with_a_quorum",
                # Withdrawn in the current hearing, though it may have been decided in an earlier
                # one. Replayed decisions have no hearing; people may submit the replay, and it may
                # be replaced after that.
                f"""
                    {is_quorate(HEARING)} AND (
                        NEW.hearing_id = {HEARING}
                        OR TG_OP = 'UPDATE' AND NEW.hearing_id IS NOT DISTINCT FROM OLD.hearing_id
                    )
                    OR NEW.hearing_id IS NULL AND (
                        {HEARING} IS NULL
                        OR TG_OP = 'INSERT' AND {is_replay("NEW.inspection_id")}
                    )
                """,
                "The panel decides, and withdraws a decision, in a hearing where the members whom "
                "its quorum needs are present.",
                on=pgtrigger.Insert
                | pgtrigger.UpdateOf("inspection_id", "hearing_id", "withdrawn_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.from_rating} to {self.to_rating}"

    @property
    def target(self) -> str:
        """The code of what it moves: the key question if there is one, else the standard."""
        return self.key_question or self.standard

    @property
    def is_current(self) -> bool:
        """Whether it was neither withdrawn nor replaced; it may be stale."""
        return self.withdrawn_at is None

    @property
    def members_present(self) -> list[User]:
        """Who was there when it was recorded. Before attendance was recorded, the members of its
        meeting who took part; nobody for a replayed decision."""
        there = [row.member for row in self.present.all()]
        if there or self.hearing is None:
            return there
        return self.hearing.members

    @property
    def meeting_date(self) -> date | None:
        """When the panel met; ``None`` for a replayed decision. Load ``hearing__meeting``."""
        return None if self.hearing is None else self.hearing.meeting.meeting_date


@pghistory.track()
class PresentAtDecision(models.Model):
    """A member of the panel who was there when a decision was recorded, whatever attendance is
    recorded later."""

    discretion = models.ForeignKey(Discretion, on_delete=models.CASCADE, related_name="present")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("discretion", NameOrder("member__name"), "member__email")
        constraints = [
            models.UniqueConstraint(fields=["discretion", "member"], name="presentatdecision_once"),
        ]
        verbose_name_plural = "members present at decisions"

    def __str__(self) -> str:
        return str(self.member)


def decisions_of(inspection: Inspection) -> list[Discretion]:
    """Every decision about ``inspection``, including withdrawn ones, in the order taken, with who
    was present; two queries once its hearings are loaded."""
    hearings = {hearing.pk: hearing for hearing in hearings_of(inspection)}
    decisions = list(
        inspection.discretions.select_related("decided_by", "withdrawn_by")
        .prefetch_related(
            Prefetch(
                "present",
                PresentAtDecision.objects.select_related("member").order_by(
                    NameOrder("member__name"), "member_id"
                ),
            )
        )
        .order_by("decided_at", "pk")
    )
    for decision in decisions:
        if decision.hearing_id is not None:
            decision.hearing = hearings[decision.hearing_id]
    return decisions
