"""Judgements on the qualitative standards."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from inspections.framework import Rating
from inspections.invariants import EDITION, one_of, refuse_unless
from inspections.models import Inspection
from inspections.versions import Versioned


class RatingChoice(models.TextChoices):
    """The four ratings as they are stored."""

    INADEQUATE = Rating.INADEQUATE.name, Rating.INADEQUATE.label
    REQUIRES_IMPROVEMENT = Rating.REQUIRES_IMPROVEMENT.name, Rating.REQUIRES_IMPROVEMENT.label
    GOOD = Rating.GOOD.name, Rating.GOOD.label
    OUTSTANDING = Rating.OUTSTANDING.name, Rating.OUTSTANDING.label


@pghistory.track()
class Judgement(Versioned):
    """The lead inspector's rating of one qualitative standard, and why."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="judgements")
    standard = models.CharField(max_length=10)
    rating = models.CharField(max_length=20, choices=RatingChoice)
    rationale = models.TextField()

    class Meta:
        ordering = ("inspection", "standard")
        constraints = [
            *Versioned.Meta.constraints,
            models.UniqueConstraint(fields=["inspection", "standard"], name="judgement_once"),
            one_of("judgement_rating_known", "rating", RatingChoice.values),
        ]
        triggers = [
            refuse_unless(
                "judgement_on_a_qualitative_standard",
                f"""
                    EXISTS (
                        SELECT FROM inspections_editionstandard
                        WHERE edition_id = {EDITION} AND code = NEW.standard AND is_qualitative
                    )
                """,
                "Standard % is not a qualitative standard of edition %.",
                "NEW.standard",
                EDITION,
                on=pgtrigger.Insert | pgtrigger.UpdateOf("inspection_id", "standard"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard}: {self.get_rating_display()}"
