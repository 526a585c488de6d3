"""What is set with an announcement: the windows of sampling, and what the service is asked for."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from inspections.invariants import one_of, refuse_unless
from inspections.models.editions import GroupChoice
from inspections.models.inspections import Inspection
from inspections.versions import Versioned


@pghistory.track()
class SamplingWindow(models.Model):
    """The period from which an inspection samples one group of cases; both days belong to it.

    Set with the announcement. Once a sample is drawn from it, it stays.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="windows")
    group = models.CharField(max_length=12, choices=GroupChoice)
    start_date = models.DateField()
    end_date = models.DateField()
    drawn_at = models.DateTimeField(null=True, blank=True)
    """When a sample was first drawn from it; the draw sets it."""

    class Meta:
        ordering = ("inspection", "group")
        triggers = [
            refuse_unless(
                "window_stays_once_drawn",
                """
                    OLD.drawn_at IS NULL OR (
                        NEW.start_date = OLD.start_date AND NEW.end_date = OLD.end_date
                        AND NEW."group" = OLD."group" AND NEW.drawn_at IS NOT NULL
                    )
                """,
                "A sample was drawn from this window, so it stays as it is.",
                on=pgtrigger.Update,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "group"], name="window_once"),
            one_of("window_group_known", "group", GroupChoice.values),
            models.CheckConstraint(
                condition=Q(end_date__gte=F("start_date")),
                name="window_ends_after_it_starts",
                violation_error_message="A window can't end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.start_date} to {self.end_date}"


@pghistory.track()
class RequestedItem(Versioned):
    """One thing that the service is asked to send before fieldwork, and what came of it.

    Without a row, nobody has asked for it. What was asked and has not arrived is outstanding.
    """

    class Kind(models.TextChoices):
        EVIDENCE_IN_ADVANCE = "EVIDENCE_IN_ADVANCE", "Evidence in advance"
        ORGANISATIONAL_DATA = "ORGANISATIONAL_DATA", "Organisational data spreadsheet"
        NARRATIVE = "NARRATIVE", "Narrative"
        CASELOAD_LIST = "CASELOAD_LIST", "Caseload list"
        SURVEY_LISTS = "SURVEY_LISTS", "Survey lists"
        INTERVIEW_TIMETABLE = "INTERVIEW_TIMETABLE", "Interview timetable"

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="requested_items"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    asked_date = models.DateField(null=True, blank=True)
    due_date = models.DateField(null=True, blank=True)
    received_date = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("inspection", "kind")
        constraints = [
            *Versioned.Meta.constraints,
            models.UniqueConstraint(fields=["inspection", "kind"], name="requested_item_once"),
            one_of(
                "requested_item_kind_known",
                "kind",
                [
                    "EVIDENCE_IN_ADVANCE",
                    "ORGANISATIONAL_DATA",
                    "NARRATIVE",
                    "CASELOAD_LIST",
                    "SURVEY_LISTS",
                    "INTERVIEW_TIMETABLE",
                ],
            ),
            models.CheckConstraint(
                condition=Q(due_date=None) | Q(due_date__gte=F("asked_date")),
                name="requested_item_due_after_it_was_asked",
                violation_error_message="The day it is due can't be before the day it was asked.",
            ),
            models.CheckConstraint(
                condition=Q(received_date=None) | Q(received_date__gte=F("asked_date")),
                name="requested_item_received_after_it_was_asked",
                violation_error_message="It can't have arrived before it was asked for.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
