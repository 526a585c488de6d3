"""How each case came into its sample, and why some were taken out of it, and put back."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from cases.caseload.models.samples import DrawnCase
from inspections.invariants import has_words, one_of
from inspections.models import User


@pghistory.track()
class CaseSource(models.Model):
    """How a case came into the sample, and the service's own reference, which only the lead sees.

    ``reason`` is given for whatever wasn't selected by the draw; ``replaces`` is the case in whose
    place it came.
    """

    class Kind(models.TextChoices):
        DRAWN = "DRAWN", "Drawn"
        RESERVE = "RESERVE", "From the reserves"
        BY_HAND = "BY_HAND", "Added by hand"

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="source")
    kind = models.CharField(max_length=10, choices=Kind)
    service_reference = models.CharField(max_length=40)
    drawn = models.ForeignKey(DrawnCase, on_delete=models.PROTECT, null=True, related_name="+")
    replaces = models.ForeignKey(
        "cases.Case", on_delete=models.SET_NULL, null=True, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            one_of("casesource_kind_known", "kind", ["DRAWN", "RESERVE", "BY_HAND"]),
            has_words("casesource_has_a_reference", "service_reference"),
            models.CheckConstraint(
                condition=Q(kind="DRAWN") | Q(reason__regex=r"\S"),
                name="casesource_has_a_reason_unless_drawn",
            ),
            models.CheckConstraint(
                condition=Q(kind="BY_HAND") | Q(drawn__isnull=False),
                name="casesource_from_a_draw_unless_by_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_reference}, {self.get_kind_display()}"


@pghistory.track()
class TakenOut(models.Model):
    """Why a case is out of the sample. It never changes, and goes when the case is put back; its
    events stay."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="taken_out")
    reason = models.TextField()
    taken_out_at = models.DateTimeField()
    taken_out_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [has_words("takenout_has_a_reason", "reason")]
        triggers = [pgtrigger.Protect(name="stays_as_said", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.case} taken out"


@pghistory.track()
class PutBack(models.Model):
    """Why a case that had been taken out was put back in the sample. It never changes."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="put_back")
    reason = models.TextField()
    put_back_at = models.DateTimeField()
    put_back_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("case", "pk")
        constraints = [has_words("putback_has_a_reason", "reason")]
        triggers = [pgtrigger.Protect(name="stays_as_said", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.case} put back"
