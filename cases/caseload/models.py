"""The samples of an inspection, and the numbers known when they were drawn."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from inspections.invariants import one_of
from inspections.models import GroupChoice, Inspection


@pghistory.track()
class Sample(models.Model):
    """The sample of one group of cases.

    ``eligible_cases`` is the number of cases whose disposal falls in the window;
    ``wanted_cases`` is the size the lead inspector set, with ``size_reason`` where it
    differs from the calculated one. Both are empty if not recorded, as for an inspection
    replayed from its report.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="samples")
    group = models.CharField(max_length=12, choices=GroupChoice)
    window_start_date = models.DateField(null=True, blank=True)
    window_end_date = models.DateField(null=True, blank=True)
    eligible_cases = models.PositiveIntegerField(null=True, blank=True)
    wanted_cases = models.PositiveIntegerField(null=True, blank=True)
    size_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("inspection", "group")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "group"], name="sample_once_a_group"),
            one_of("sample_group_known", "group", GroupChoice.values),
            models.CheckConstraint(
                condition=Q(window_end_date__gte=F("window_start_date")),
                name="sample_window_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()} sample of {self.inspection}"
