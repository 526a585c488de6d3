"""The certificate of what was removed from an inspection once it need not be kept any longer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from inspections.invariants import has_words
from inspections.models.inspections import Inspection


class DeletionCertificate(models.Model):
    """The case content of an inspection was removed, by the one function that may (ADR 38).

    Only that function writes a row, and triggers let case content go in the transaction that wrote
    it: ``made_in``. ``rows`` counts what was removed by table, ``entries`` how many of them were
    entries of the chain over the history, whose last entry was ``head_number`` with the digest
    ``head_sha256``. The rule is ``months`` after ``published_date``. A row never changes.
    """

    inspection = models.OneToOneField(
        Inspection, on_delete=models.PROTECT, related_name="deletion_certificate"
    )
    removed_at = models.DateTimeField()
    removed_by = models.CharField(max_length=200)
    database_role = models.CharField(max_length=63)
    seal_sha256 = models.CharField(max_length=64)
    published_date = models.DateField()
    months = models.PositiveSmallIntegerField()
    rows = models.JSONField()
    entries = models.PositiveIntegerField()
    head_number = models.PositiveIntegerField()
    head_sha256 = models.CharField(max_length=64)
    made_in = models.CharField(max_length=20)

    class Meta:
        constraints = [
            has_words("deletioncertificate_says_who", "removed_by"),
            models.CheckConstraint(
                condition=Q(head_number__gte=1), name="deletioncertificate_after_a_head"
            ),
        ]

    def __str__(self) -> str:
        return f"Case content of {self.inspection} removed"

    @property
    def file_name(self) -> str:
        return f"deletion-certificate-{self.inspection_id}.json"
