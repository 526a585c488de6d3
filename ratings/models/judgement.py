"""Judgements on the qualitative standards."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from inspections.framework import Rating
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
            models.CheckConstraint(
                condition=Q(
                    rating__in=["INADEQUATE", "REQUIRES_IMPROVEMENT", "GOOD", "OUTSTANDING"]
                ),
                name="judgement_rating_known",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="judgement_on_a_qualitative_standard",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("inspection_id", "standard"),
                declare=[("edition_code", "text")],
                func="""
                    SELECT edition_id INTO edition_code
                    FROM inspections_inspection WHERE id = NEW.inspection_id;
                    IF NOT EXISTS (
                        SELECT 1 FROM inspections_editionstandard
                        WHERE edition_id = edition_code AND code = NEW.standard AND is_qualitative
                    ) THEN
                        RAISE EXCEPTION
                            'Standard % is not a qualitative standard of edition %.',
                            NEW.standard, edition_code
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard}: {self.get_rating_display()}"
