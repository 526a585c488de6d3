"""Agreeing to a result, sealing it when both have, and reopening it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.models import Inspection, User
from ratings.models import Part, Reopening, SealAgreement, SealedResult
from ratings.panel.readiness import Lack
from ratings.results import policies
from ratings.results.agreements import Readiness, readiness
from ratings.results.document import SCHEMA, canonical, digest
from ratings.results.document.canonical import Json
from ratings.results.gather import latest_seal, moment, result_of
from ratings.results.triggers import missing_triggers


class ResultChanged(Exception):
    """The result is no longer the one that was agreed to; ``current`` is how it stands now."""

    def __init__(self, current: Readiness) -> None:
        super().__init__(
            "The result has changed since you opened it, so nothing was agreed. Read it again."
        )
        self.current = current


class NotSealable(Exception):
    """Nobody can agree yet; ``obstacles`` are what has to be put right first."""

    def __init__(self, obstacles: Sequence[Lack]) -> None:
        super().__init__(" ".join(map(str, obstacles)))
        self.obstacles = tuple(obstacles)


class SealsNotHeld(Exception):
    """The database would not hold a seal: ``manage.py migrate`` puts its triggers back."""


@transaction.atomic
def agree_to_seal(*, inspection: Inspection, result_sha256: str, by: User) -> SealedResult | None:
    """Record that ``by`` agrees to the result with this digest, which they have read.

    When lead inspector and chair have agreed to the same result it is sealed at once, and
    the seal is returned. An agreement to a result that has changed since doesn't count.
    Raises ``Refused`` in words, ``NotSealable``, and ``ResultChanged`` when the digest is
    not that of the result as it stands.
    """
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    policies.check_agree(by, locked)
    part = policies.part_of(by, locked)
    assert part is not None, "the policy lets the two parts alone agree"
    now = readiness(locked)
    if now.obstacles:
        raise NotSealable(now.obstacles)
    if now.result_sha256 != result_sha256:
        raise ResultChanged(now)
    if part in now.agreed:
        return None
    agreement = SealAgreement.objects.create(
        inspection=locked,
        part=part,
        result_sha256=result_sha256,
        agreed_at=timezone.now(),
        agreed_by=by,
    )
    agreed = {**now.agreed, part: agreement}
    sealed = _seal(locked, now, agreed) if len(agreed) == len(Part) else None
    inspection.state = locked.state
    announce(locked.pk)
    return sealed


@transaction.atomic
def reopen(*, sealed_result: SealedResult, reason: str, by: User) -> Reopening:
    """Give a sealed inspection back to the panel; the seal stays and another one follows.

    Raises ``Refused`` in words, also when ``sealed_result`` was reopened already.
    """
    locked = Inspection.objects.select_for_update().get(pk=sealed_result.inspection_id)
    policies.check_reopen(by, locked)
    if latest_seal(locked) != sealed_result:
        raise Refused("This seal was reopened already and another one stands.")
    reopening = Reopening.objects.create(
        sealed_result=sealed_result, reason=reason, reopened_at=timezone.now(), reopened_by=by
    )
    locked.state = Inspection.State.PANEL
    locked.save(update_fields=["state"])
    announce(locked.pk)
    return reopening


def _seal(
    inspection: Inspection, now: Readiness, agreed: dict[Part, SealAgreement]
) -> SealedResult:
    if missing := missing_triggers():
        raise SealsNotHeld(
            f"The database would let these tables change after the seal: {', '.join(missing)}. "
            "Run python manage.py migrate, then agree again."
        )
    sealed_at = timezone.now()
    document: dict[str, Json] = {
        "schema": SCHEMA,
        "result": result_of(now.rated),
        "agreements": [_agreement(agreed[part]) for part in Part],
        "sealed_at": moment(sealed_at),
    }
    lead, chair = agreed[Part.LEAD_INSPECTOR], agreed[Part.CHAIR]
    sealed = SealedResult.objects.create(
        inspection=inspection,
        number=inspection.sealed_results.count() + 1,
        document=canonical(document).decode(),
        sha256=digest(document),
        lead_agreed_at=lead.agreed_at,
        lead_agreed_by=lead.agreed_by,
        chair_agreed_at=chair.agreed_at,
        chair_agreed_by=chair.agreed_by,
        sealed_at=sealed_at,
    )
    inspection.state = Inspection.State.SEALED
    inspection.save(update_fields=["state"])
    return sealed


def _agreement(agreement: SealAgreement) -> Json:
    return {
        "part": agreement.part,
        "sha256": agreement.result_sha256,
        "at": moment(agreement.agreed_at),
        "by": agreement.agreed_by.name,
    }
