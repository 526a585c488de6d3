"""The editions that inspections are made against, as the database knows them."""

from __future__ import annotations

from django.db import models


class EditionRecord(models.Model):
    """An edition of the framework as the database knows it: code and digest.

    The framework itself is read from its file; this row, with the standards and
    questions below it, lets the database refuse evidence that doesn't belong to an
    inspection's edition. ``inspections.actions.record_editions`` writes them.
    """

    code = models.CharField(max_length=20, primary_key=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.code


class EditionStandard(models.Model):
    """A standard of an edition, and whether it is judged rather than computed."""

    edition = models.ForeignKey(EditionRecord, on_delete=models.CASCADE)
    code = models.CharField(max_length=10)
    is_qualitative = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="edition_standard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.edition_id})"


class GroupChoice(models.TextChoices):
    """The group of a sampled case, as stored; see ``inspections.framework.Group``."""

    COURT = "COURT", "Court disposal"
    OUT_OF_COURT = "OUT_OF_COURT", "Out-of-court disposal"
    RESETTLEMENT = "RESETTLEMENT", "Resettlement"


class EditionQuestion(models.Model):
    """A question of an edition that is answered in every case of ``group``, or, where
    ``group`` is empty, a key question of a qualitative standard."""

    edition = models.ForeignKey(EditionRecord, on_delete=models.CASCADE)
    standard = models.CharField(max_length=10)
    code = models.CharField(max_length=10)
    group = models.CharField(max_length=12, choices=GroupChoice, blank=True)
    is_key_question = models.BooleanField()
    allows_not_applicable = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="edition_question_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.edition_id})"
