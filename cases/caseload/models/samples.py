"""The samples of an inspection, each draw of them, and which cases it gave."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.caseload.models.lists import ListedCase
from inspections.invariants import has_words, one_of
from inspections.models import GroupChoice, Inspection, User


@pghistory.track()
class Sample(models.Model):
    """The sample of one group of cases.

    ``eligible_cases`` is the number of cases whose disposal falls in the window;
    ``wanted_cases`` is the size the lead inspector set, with ``size_reason`` where it
    differs from the calculated one. Both are empty if not recorded, as for an inspection
    replayed from its report. A draw fills them, and its window.
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


@pghistory.track()
class Draw(models.Model):
    """One draw of a sample, with all that is needed to repeat and to explain it. It never changes.

    ``size_rule`` is the rule's key, which ends in its version; ``size_words`` says how it came to
    ``size``, ``size_reason`` is the lead's for a number of their own. ``as_of`` is the day on which
    a case had to have started. ``eligible_rows`` are the numbers of the rows it was drawn from, and
    ``left_out`` counts the others by reason. ``counts`` has for each margin and category the number
    in the population and in the sample; ``largest_difference`` is in percentage points.
    ``adjustments`` are sentences. A later draw says in ``reason`` why it replaces the one before.
    """

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="draws")
    number = models.PositiveIntegerField()
    window_start_date = models.DateField()
    window_end_date = models.DateField()
    as_of = models.DateField()
    listed_cases = models.PositiveIntegerField()
    eligible_cases = models.PositiveIntegerField()
    left_out = models.JSONField(default=dict)
    eligible_rows = ArrayField(models.BigIntegerField(), default=list)
    size_rule = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    size_words = models.TextField()
    size_reason = models.TextField(blank=True)
    seed = models.PositiveBigIntegerField()
    margins = models.JSONField(default=list)
    cap = models.PositiveIntegerField(null=True)
    reserve_percent = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    largest_difference = models.DecimalField(max_digits=6, decimal_places=2)
    largest_at = models.JSONField(default=list)
    adjustments = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("sample", "-number")
        constraints = [
            models.UniqueConstraint(fields=["sample", "number"], name="draw_number_once"),
            models.CheckConstraint(
                condition=Q(number=1) | Q(reason__regex=r"\S"), name="draw_again_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(size__lte=F("eligible_cases")), name="draw_no_more_than_eligible"
            ),
            has_words("draw_size_in_words", "size_words"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Draw {self.number}"

    @property
    def selected_cases(self) -> int:
        """How many were selected: fewer than ``size`` where a cap leaves too few."""
        margins = self.counts.values()
        return max((sum(drawn for _, drawn in one.values()) for one in margins), default=self.size)


class DrawnCase(models.Model):
    """A row that a draw selected, or drew as a reserve, in its place. It never changes."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="drawn")
    listed = models.ForeignKey(ListedCase, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    is_reserve = models.BooleanField()

    class Meta:
        ordering = ("draw", "is_reserve", "place")
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "is_reserve", "place"], name="drawncase_place_once"
            ),
            models.UniqueConstraint(fields=["draw", "listed"], name="drawncase_row_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.listed}, {'reserve' if self.is_reserve else 'place'} {self.place}"
