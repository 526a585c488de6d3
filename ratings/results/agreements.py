"""What lead inspector and chair have agreed to, and whether that still is the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspections.models import Inspection
from ratings.models import Part, SealAgreement
from ratings.panel.readiness import Lack, lacking, stale_decisions
from ratings.results.document import digest
from ratings.results.gather import result_of
from ratings.service import RatedInspection, rate_inspection


@dataclass(frozen=True)
class Readiness:
    """How near an inspection is to its seal.

    ``result_sha256`` is the digest of the result as it is now. ``agreed`` holds each
    part's agreement to it, ``void`` the agreement of a part to a result that has changed
    since. ``obstacles`` are what has to happen before anybody can agree.
    """

    rated: RatedInspection
    result_sha256: str
    agreed: Mapping[Part, SealAgreement]
    void: Mapping[Part, SealAgreement]
    obstacles: tuple[Lack, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Where each part's agreement stands, a sentence each."""
        return tuple(self._words_of(part) for part in Part)

    def _words_of(self, part: Part) -> str:
        if part in self.agreed:
            return f"{part.label}: {self.agreed[part].agreed_by} has agreed to this result."
        if part in self.void:
            return (
                f"{part.label}: {self.void[part].agreed_by} agreed to an earlier result. "
                "It has changed since, so that agreement no longer counts."
            )
        return f"{part.label}: has not agreed yet."


def readiness(inspection: Inspection) -> Readiness:
    """How near ``inspection`` is to its seal, from what the database holds now."""
    rated = rate_inspection(inspection)
    current = digest(result_of(rated))
    latest: dict[Part, SealAgreement] = {}
    sealed = inspection.sealed_results.order_by("-number").first()
    agreements = inspection.seal_agreements.select_related("agreed_by").order_by("agreed_at", "pk")
    if sealed is not None:
        agreements = agreements.filter(agreed_at__gt=sealed.sealed_at)
    for agreement in agreements:
        latest[Part(agreement.part)] = agreement
    return Readiness(
        rated=rated,
        result_sha256=current,
        agreed={part: one for part, one in latest.items() if one.result_sha256 == current},
        void={part: one for part, one in latest.items() if one.result_sha256 != current},
        obstacles=(*lacking(rated), *stale_decisions(rated)),
    )
