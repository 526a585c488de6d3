"""Confirming a result, sealing it when both have, and reopening it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.history import action
from inspections.models import Inspection, User
from inspections.versions import Conflict
from ratings.models import (
    Reopening,
    SealAgreement,
    SealedResult,
    Signatory,
    lock_for_panel,
    seals_of,
)
from ratings.panel.actions import ask_for_attendance_again
from ratings.panel.readiness import Blocker, NotReady, blockers, stale_decisions
from ratings.permissions import AGREE, REOPEN, signatory_of
from ratings.results.build import build_document, build_result
from ratings.results.document import canonical, digest
from ratings.results.document.canonical import Json
from ratings.results.history import link_history
from ratings.results.signing import sign_if_configured
from ratings.results.triggers import missing_triggers
from ratings.service import RatedInspection, rate_inspection


class TriggersMissing(Exception):
    """Triggers that protect seals are missing; ``manage.py migrate`` restores them."""


@dataclass(frozen=True)
class Readiness:
    """What is missing for an inspection's seal.

    ``result_sha256`` is the digest of the current ``result``. ``agreed`` has each signatory's
    confirmation of it, ``outdated`` those of a result that has changed since. ``blockers`` have
    to be fixed before anybody can confirm.
    """

    rated: RatedInspection
    result: Mapping[str, Json]
    result_sha256: str
    agreed: Mapping[Signatory, SealAgreement]
    outdated: Mapping[Signatory, SealAgreement]
    blockers: tuple[Blocker, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """A sentence about each signatory's confirmation."""
        return tuple(self._words_of(signatory) for signatory in Signatory)

    def _words_of(self, signatory: Signatory) -> str:
        if signatory in self.agreed:
            who = self.agreed[signatory].agreed_by
            return f"{signatory.label}: {who} has confirmed this result."
        if signatory in self.outdated:
            return (
                f"{signatory.label}: {self.outdated[signatory].agreed_by} confirmed an earlier "
                "result. It has changed since, so that confirmation no longer counts."
            )
        return f"{signatory.label}: has not confirmed yet."


def readiness(inspection: Inspection) -> Readiness:
    """What is missing for the seal of ``inspection``, from the current rows."""
    rated = rate_inspection(inspection)
    result = build_result(rated)
    current = digest(result)
    agreements = inspection.seal_agreements.select_related("agreed_by").order_by("agreed_at", "pk")
    if seals := seals_of(inspection):
        agreements = agreements.filter(agreed_at__gt=seals[0].sealed_at)
    latest = {Signatory(agreement.signatory): agreement for agreement in agreements}
    return Readiness(
        rated=rated,
        result=result,
        result_sha256=current,
        agreed={one: row for one, row in latest.items() if row.result_sha256 == current},
        outdated={one: row for one, row in latest.items() if row.result_sha256 != current},
        blockers=(*blockers(rated), *stale_decisions(rated)),
    )


@action
def agree_to_seal(*, inspection: Inspection, result_sha256: str, by: User) -> SealedResult | None:
    """Record that ``by`` confirms the result with this digest, which they have read.

    When lead inspector and chair have confirmed the same result it is sealed at once, and
    the seal is returned. A confirmation of a result that has changed since doesn't count.
    Raises ``Refused``, ``NotReady``, and ``Conflict`` when the digest is not that of the current
    result.
    """
    locked = lock_for_panel(inspection)
    AGREE.check(by, locked)
    signatory = signatory_of(by, locked)
    assert signatory is not None, "the permission lets the two signatories alone confirm"
    now = readiness(locked)
    if now.blockers:
        raise NotReady(now.blockers)
    if now.result_sha256 != result_sha256:
        raise Conflict(
            now,
            "The result has changed since you opened it, so nothing was confirmed. Read it again.",
        )
    if signatory in now.agreed:
        return None
    agreement = SealAgreement.objects.create(
        inspection=locked,
        signatory=signatory,
        result_sha256=result_sha256,
        agreed_at=timezone.now(),
        agreed_by=by,
    )
    agreed = {**now.agreed, signatory: agreement}
    sealed = _seal(locked, now, agreed) if len(agreed) == len(Signatory) else None
    inspection.state = locked.state
    announce(locked.pk)
    return sealed


@action
def reopen(*, sealed_result: SealedResult, reason: str, by: User) -> Reopening:
    """Give a sealed inspection back to the panel; the seal stays and another one follows.

    The chair records anew who is present.
    Raises ``Refused``, also when ``sealed_result`` was reopened already.
    """
    locked = lock_for_panel(sealed_result.inspection)
    REOPEN.check(by, locked)
    if seals_of(locked)[0] != sealed_result:
        raise Refused("This seal was reopened already and another one stands.")
    reopening = Reopening.objects.create(
        sealed_result=sealed_result, reason=reason, reopened_at=timezone.now(), reopened_by=by
    )
    locked.move_on(Inspection.State.PANEL)
    ask_for_attendance_again(locked)
    announce(locked.pk)
    return reopening


def _seal(
    inspection: Inspection, now: Readiness, agreed: Mapping[Signatory, SealAgreement]
) -> SealedResult:
    if missing := missing_triggers():
        raise TriggersMissing(
            f"The database would let these tables change after the seal: {', '.join(missing)}. "
            "Run python manage.py migrate, then confirm again."
        )
    sealed_at = timezone.now()
    # All that led to the seal; its own rows follow in the chain.
    head = link_history(inspection.pk)
    document = build_document(now.result, [agreed[one] for one in Signatory], sealed_at, head)
    signature = sign_if_configured(document)
    lead, chair = agreed[Signatory.LEAD_INSPECTOR], agreed[Signatory.CHAIR]
    sealed = SealedResult.objects.create(
        inspection=inspection,
        number=len(seals_of(inspection)) + 1,
        document=canonical(document).decode(),
        sha256=digest(document),
        lead_agreed_at=lead.agreed_at,
        lead_agreed_by=lead.agreed_by,
        chair_agreed_at=chair.agreed_at,
        chair_agreed_by=chair.agreed_by,
        sealed_at=sealed_at,
        signed_with=signature.key if signature else "",
        signature=signature.value if signature else "",
    )
    inspection.move_on(Inspection.State.SEALED)
    return sealed
