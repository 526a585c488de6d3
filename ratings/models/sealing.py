"""Sealed results, confirmations of results, and their reopening. Rows can only be added.

The triggers of ``ratings.results.triggers`` enforce this, and that nothing else of a sealed
inspection changes.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Prefetch, Q, prefetch_related_objects

from inspections.invariants import one_of
from inspections.models import Inspection, User


class Signatory(models.TextChoices):
    """The people whose confirmation a seal needs."""

    LEAD_INSPECTOR = "LEAD_INSPECTOR", "Lead inspector"
    CHAIR = "CHAIR", "Chair of the ratings panel"


class SealAgreement(models.Model):
    """The lead inspector or the chair confirms a result, which is to be sealed.

    ``result_sha256`` is the digest of the result as they saw it. The confirmation counts
    while the result still has that digest.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="seal_agreements"
    )
    signatory = models.CharField(max_length=14, choices=Signatory)
    result_sha256 = models.CharField(max_length=64)
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("inspection", "agreed_at", "pk")
        get_latest_by = ("agreed_at", "pk")
        constraints = [
            one_of("sealagreement_signatory_known", "signatory", Signatory.values),
        ]

    def __str__(self) -> str:
        return f"{self.get_signatory_display()}: {self.result_sha256[:12]}"


class SealedResult(models.Model):
    """The result of an inspection that lead inspector and chair confirmed.

    ``document`` is the canonical JSON document of schema ``sealed-result/1`` and
    ``sha256`` its digest. ``number`` counts an inspection's seals from 1: a reopened
    inspection ends in another seal, whose document names the digest of the one before.
    ``signature`` is that of the document in hexadecimal, and ``signed_with`` the fingerprint of
    its key; both are empty for a seal made before seals were signed, or without a key.
    """

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="sealed_results"
    )
    number = models.PositiveSmallIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    lead_agreed_at = models.DateTimeField()
    lead_agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chair_agreed_at = models.DateTimeField()
    chair_agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()
    signed_with = models.CharField(max_length=64, blank=True, default="")
    signature = models.CharField(max_length=128, blank=True, default="")

    class Meta:
        ordering = ("inspection", "number")
        get_latest_by = "number"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="sealedresult_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="sealedresult_from_one"),
            models.CheckConstraint(
                condition=~Q(lead_agreed_by=models.F("chair_agreed_by")),
                name="sealedresult_agreed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(signed_with="", signature="")
                | Q(signed_with__regex="^[0-9a-f]{64}$", signature__regex="^[0-9a-f]{128}$"),
                name="sealedresult_signed_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"Seal {self.number} of {self.inspection}"

    @property
    def file_name(self) -> str:
        """Such as ``sealed-result-17-1.json``: the inspection's number, then the seal's."""
        return f"sealed-result-{self.inspection_id}-{self.number}.json"


class Reopening(models.Model):
    """The chair reopens a sealed inspection; the seal itself stays."""

    sealed_result = models.OneToOneField(
        SealedResult, on_delete=models.PROTECT, related_name="reopening"
    )
    reason = models.TextField()
    reopened_at = models.DateTimeField()
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.sealed_result} reopened"


def standing_reopening(inspection: Inspection) -> Reopening | None:
    """The reopening of the latest seal, until there is another seal; ``None`` while a result is
    sealed or none ever was."""
    seals = seals_of(inspection)
    return getattr(seals[0], "reopening", None) if seals else None


def seals_of(inspection: Inspection) -> list[SealedResult]:
    """Every seal of ``inspection`` with its reopening, the latest first; loaded once an object."""
    seals = SealedResult.objects.select_related("reopening__reopened_by")
    prefetch_related_objects([inspection], Prefetch("sealed_results", seals.order_by("-number")))
    return list(inspection.sealed_results.all())
