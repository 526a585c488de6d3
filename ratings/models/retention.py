"""When a sealed result was published, for how long case content is kept, and what was exported.

Rows are only ever added: the latest one counts. ``ratings.results.triggers`` refuses a date of
publication before the seal or to come.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from inspections.invariants import has_words
from inspections.models import Inspection, User
from ratings.models.sealing import SealedResult

FEWEST_MONTHS, MOST_MONTHS = 3, 240
"""Case content is kept for so many months at least: nobody can make it a matter of days."""


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last of that month, as PostgreSQL counts months."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = date.fromordinal(first_of_next.toordinal() - 1)
    return min(last, last.replace(day=min(day.day, last.day)))


class Publication(models.Model):
    """A sealed result was published on ``published_date``.

    ``months`` is for how long case content was kept by default when this was recorded. A date that
    was recorded wrongly is put right by another row.
    """

    sealed_result = models.ForeignKey(
        SealedResult, on_delete=models.PROTECT, related_name="publications"
    )
    published_date = models.DateField()
    months = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("sealed_result", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(months__range=(3, 240)), name="publication_months_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sealed_result} published {self.published_date}"


class RetentionPeriod(models.Model):
    """An administrator says, with a reason, for how many months after publication the case content
    of this inspection is kept."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="retention_periods"
    )
    months = models.PositiveSmallIntegerField()
    reason = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("inspection", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(months__range=(3, 240)), name="retentionperiod_months_in_bounds"
            ),
            has_words("retentionperiod_has_a_reason", "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection}: {self.months} months"


class InspectionExport(models.Model):
    """Everything that an inspection held was exported, for ``purpose``.

    ``exported_by`` is empty for the command, which runs as ``command_user`` of its machine.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="exports")
    redacted = models.BooleanField()
    purpose = models.TextField()
    exported_at = models.DateTimeField()
    exported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    command_user = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        ordering = ("inspection", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(exported_by__isnull=False, command_user="")
                | Q(exported_by__isnull=True) & ~Q(command_user=""),
                name="inspectionexport_says_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} exported"
