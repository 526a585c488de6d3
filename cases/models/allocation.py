"""What bears on who records which case: declared interests, linked cases, and interviews."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import pghistory
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from cases.models.case import Case
from cases.models.order import ReferenceOrder
from inspections.invariants import has_words, one_of, refuse_unless
from inspections.models import GroupChoice, Inspection, Service, User
from inspections.versions import Versioned


@pghistory.track()
class DeclaredInterest(models.Model):
    """A person has an interest in a service, such as having worked there, and so is given no case
    of it, in this inspection or a later one. Cases that they hold already stay theirs."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="declared_interests")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField()
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("service", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "service"],
                name="interest_once",
                violation_error_message="This interest is declared already.",
            ),
            has_words("interest_has_a_reason", "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.service}"


class LinkedCasesQuerySet(models.QuerySet["LinkedCases"]):
    def with_cases(self) -> LinkedCasesQuerySet:
        """In the order of their first case, each with its sampled cases and their holders."""
        cases = Case.objects.in_sample().select_related("allocated_to").in_order()
        first = models.Min(ReferenceOrder("members__case__reference"))
        return (
            self.annotate(first=first)
            .order_by("first", "pk")
            .prefetch_related(Prefetch("cases", cases))
        )


@pghistory.track()
class LinkedCases(Versioned):
    """Cases of one inspection that one inspector had better record together."""

    class Why(models.TextChoices):
        SIBLINGS = "SIBLINGS", "Siblings"
        CO_DEFENDANTS = "CO_DEFENDANTS", "Co-defendants"
        OTHER = "OTHER", "Another link"

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="linked_cases"
    )
    why = models.CharField(max_length=13, choices=Why)
    cases = models.ManyToManyField(Case, through="LinkedCase", related_name="+")

    objects = LinkedCasesQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "pk")
        constraints = [
            *Versioned.Meta.constraints,
            one_of("linked_cases_why_known", "why", ["SIBLINGS", "CO_DEFENDANTS", "OTHER"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()}: {', '.join(map(str, self.cases.all()))}"


def _of_the_same_inspection(name: str, of: str, message: str) -> object:
    return refuse_unless(
        name,
        f"""
            (SELECT inspection_id FROM cases_case WHERE id = NEW.case_id)
            = (SELECT inspection_id FROM {of})
        """,
        message,
    )


@pghistory.track()
class LinkedCase(models.Model):
    """A case belongs to one set of linked cases at most."""

    linked = models.ForeignKey(LinkedCases, on_delete=models.CASCADE, related_name="members")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="linked")

    class Meta:
        triggers = [
            _of_the_same_inspection(
                "linked_case_of_the_inspection",
                "cases_linkedcases WHERE id = NEW.linked_id",
                "Linked cases belong to one inspection.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}"


@pghistory.track()
class ExpectedMinutes(models.Model):
    """How long the lead inspector expects a case of one group to take, where it isn't the time that
    ``cases.allocation.minutes`` has."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.CASCADE, related_name="expected_minutes"
    )
    group = models.CharField(max_length=12, choices=GroupChoice)
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "expected minutes"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "group"], name="expected_minutes_once"),
            one_of("expected_minutes_group_known", "group", GroupChoice.values),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=2_400),
                name="expected_minutes_within_a_working_week",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.minutes}"


class InterviewSlotQuerySet(models.QuerySet["InterviewSlot"]):
    def in_order(self) -> InterviewSlotQuerySet:
        """By time, each with its inspector and cases."""
        cases = Case.objects.in_order()
        return (
            self.order_by("start_at", "pk")
            .select_related("inspector")
            .prefetch_related(Prefetch("cases", cases))
        )

    def of(self, inspector: User) -> InterviewSlotQuerySet:
        return self.filter(inspector=inspector.pk)

    def ending_after(self, moment: datetime) -> InterviewSlotQuerySet:
        """Those that are not over by ``moment``."""
        length = models.ExpressionWrapper(
            models.F("minutes") * timedelta(minutes=1), output_field=models.DurationField()
        )
        end = models.ExpressionWrapper(
            models.F("start_at") + length, output_field=models.DateTimeField()
        )
        return self.alias(end=end).filter(end__gt=moment)


@pghistory.track()
class InterviewSlot(Versioned):
    """An interview of a case manager about one case or several.

    ``case_manager`` is the service's reference for them, never a name. ``place`` is a room or a
    link.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="interviews")
    inspector = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    case_manager = models.CharField(max_length=40)
    start_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    cases = models.ManyToManyField(Case, through="InterviewedCase", related_name="interviews")

    objects = InterviewSlotQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "start_at", "pk")
        constraints = [
            *Versioned.Meta.constraints,
            has_words("interviewslot_has_a_case_manager", "case_manager"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="interviewslot_within_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"Interview with case manager {self.case_manager}"

    @property
    def end_at(self) -> datetime:
        return self.start_at + timedelta(minutes=self.minutes)

    @property
    def references(self) -> Collection[str]:
        return [case.reference for case in self.cases.all()]

    @property
    def inspector_name(self) -> str:
        return str(self.inspector)

    @property
    def in_words(self) -> str:
        """“10:30 to 11:30, Ada Inspector with case manager CM-4”."""
        start, end = (timezone.localtime(at) for at in (self.start_at, self.end_at))
        return (
            f"{start:%H:%M} to {end:%H:%M}, {self.inspector} with case manager {self.case_manager}"
        )


@pghistory.track()
class InterviewedCase(models.Model):
    slot = models.ForeignKey(InterviewSlot, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "case"], name="interviewed_case_once"),
        ]
        triggers = [
            _of_the_same_inspection(
                "interviewed_case_of_the_inspection",
                "cases_interviewslot WHERE id = NEW.slot_id",
                "An interview is about cases of its inspection.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot}, {self.case}"
