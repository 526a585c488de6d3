"""What the ratings panel decided, and where replayed inspections came from."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from inspections.editions import Rating
from inspections.models import Inspection, RatingChoice, User

ONE_BAND = Q()
for lower, higher in zip(list(Rating)[:-1], list(Rating)[1:], strict=True):
    ONE_BAND |= Q(from_rating=lower.name, to_rating=higher.name)
    ONE_BAND |= Q(from_rating=higher.name, to_rating=lower.name)


class DiscretionQuerySet(models.QuerySet["Discretion"]):
    def standing(self) -> DiscretionQuerySet:
        """Decisions that the panel has not withdrawn or replaced; some may be stale."""
        return self.filter(withdrawn_at__isnull=True)


class Discretion(models.Model):
    """A decision of the ratings panel to move one rating by one band.

    It moves a key question's rating, or, where ``key_question`` is empty, the
    standard's. ``from_rating`` is the computed rating on the day. A decision is never
    changed: another takes its place, or it is withdrawn, and both stay.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="discretions")
    standard = models.CharField(max_length=10)
    key_question = models.CharField(max_length=10, blank=True)
    from_rating = models.CharField(max_length=20, choices=RatingChoice)
    to_rating = models.CharField(max_length=20, choices=RatingChoice)
    meeting_date = models.DateField(null=True, blank=True)
    members_present = models.ManyToManyField(User, related_name="+", blank=True)
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

    objects = DiscretionQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "standard", "key_question", "decided_at")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "standard", "key_question"],
                condition=Q(withdrawn_at__isnull=True),
                name="discretion_one_standing",
            ),
            models.CheckConstraint(condition=ONE_BAND, name="discretion_moves_one_band"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="discretion_withdrawn_by_someone",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="discretion_on_a_rating_of_its_edition",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("inspection_id", "standard", "key_question"),
                declare=[("edition_code", "text")],
                func="""
                    SELECT edition_id INTO edition_code
                    FROM inspections_inspection WHERE id = NEW.inspection_id;
                    IF NOT EXISTS (
                        SELECT 1 FROM inspections_editionstandard
                        WHERE edition_id = edition_code AND code = NEW.standard
                    ) OR (NEW.key_question <> '' AND NOT EXISTS (
                        SELECT 1 FROM inspections_editionquestion
                        WHERE edition_id = edition_code AND standard = NEW.standard
                            AND code = NEW.key_question AND is_key_question AND "group" <> ''
                    )) THEN
                        RAISE EXCEPTION 'Edition % has no rating for % %.',
                            edition_code, NEW.standard, NEW.key_question
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key_question or self.standard}: {self.from_rating} to {self.to_rating}"


class Replay(models.Model):
    """Which published report an inspection was replayed from.

    ``key`` tells reports apart; replaying a report again replaces the inspection that
    carries its key. ``published`` is the outcome that the report prints, as read.
    """

    inspection = models.OneToOneField(Inspection, on_delete=models.CASCADE, related_name="replay")
    key = models.CharField(max_length=400, unique=True)
    report_title = models.CharField(max_length=300, blank=True)
    published = models.JSONField()
    replayed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.report_title or self.key
