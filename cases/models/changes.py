"""What became of a case, kept by the actions that change it; rows are only ever added.

The history of its answers is ``AnswerSave``.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from cases.models.case import Case
from inspections.models import User


class CaseDetailsChange(models.Model):
    """One save of a case's details: ``version`` is the version that it made.

    ``changed`` holds ``{field: [before, after]}``, as JSON writes the values: a date as
    ``2021-03-14``, nothing recorded as ``""`` or ``null``.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="details_changes")
    version = models.PositiveIntegerField()
    changed = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("case", "version")
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="casedetailschange_once"),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="casedetailschange_version_from_one"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="casedetailschange_stays_as_made",
                fields=["case", "version", "changed", "saved_at", "saved_by"],
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.version} of the details"


class CaseMove(models.Model):
    """One step of a case from allocation to sign-off; ``given_to`` where it was allocated."""

    class Kind(models.TextChoices):
        ALLOCATED = "ALLOCATED", "Allocated"
        SUBMITTED = "SUBMITTED", "Submitted"
        RETURNED = "RETURNED", "Returned with comments"
        SIGNED_OFF = "SIGNED_OFF", "Signed off"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=12, choices=Kind)
    given_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("case", "moved_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="ALLOCATED", given_to__isnull=False)
                | Q(kind__in=["SUBMITTED", "RETURNED", "SIGNED_OFF"], given_to__isnull=True),
                name="casemove_allocated_to_somebody",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="casemove_stays_as_made",
                fields=["case", "kind", "given_to", "moved_at", "moved_by"],
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
