"""What holds for the case content of an inspection: published or not, kept until when, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from inspections.models import DeletionCertificate, Inspection
from ratings.models import Publication, RetentionPeriod, SealedResult, months_after, seals_of
from ratings.results.kinds import kind


@dataclass(frozen=True)
class Standing:
    """``seal`` is the one that stands. The latest of ``publications`` and ``periods`` counts."""

    inspection: Inspection
    seal: SealedResult | None
    publications: tuple[Publication, ...]
    periods: tuple[RetentionPeriod, ...]

    @property
    def publication(self) -> Publication | None:
        return self.publications[-1] if self.publications else None

    @property
    def months(self) -> int:
        """After publication: of this inspection, else as settings said when it was published, else
        as they say now."""
        if self.periods:
            return self.periods[-1].months
        if self.publication is not None:
            return self.publication.months
        return int(settings.CASE_CONTENT_MONTHS)

    @property
    def due_date(self) -> date | None:
        """The first day on which case content is removed; none before publication."""
        if self.publication is None:
            return None
        return months_after(self.publication.published_date, self.months)

    def is_due(self, today: date) -> bool:
        due = self.due_date
        return due is not None and due <= today and self.inspection.certificate is None


def standing_of(inspection: Inspection) -> Standing:
    """Three queries at most."""
    seals = seals_of(inspection)
    seal = seals[0] if seals and inspection.is_sealed else None
    published = () if seal is None else seal.publications.select_related("recorded_by")
    periods = inspection.retention_periods.select_related("changed_by")
    return Standing(inspection, seal, tuple(published), tuple(periods))


def due_inspections(today: date) -> list[Standing]:
    """Those whose case content need not be kept any longer, in the order of their numbers."""
    published = Inspection.objects.filter(
        state=Inspection.State.SEALED,
        deletion_certificate=None,
        sealed_results__publications__isnull=False,
    )
    found = published.select_related("service").order_by("pk").distinct("pk")
    return [one for one in map(standing_of, found) if one.is_due(today)]


def counts_in_words(certificate: DeletionCertificate) -> list[tuple[str, int]]:
    """What was removed, by kind: “answers”, 1,240."""
    return sorted((kind(table), number) for table, number in certificate.rows.items())
