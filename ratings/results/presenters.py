"""How near an inspection is to its seal, and its seals, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from inspections.models import Inspection, User
from inspections.presenters import Tag
from ratings.models import SealedResult
from ratings.panel.hearings import current_hearing
from ratings.panel.presenters import BeforeAfter, LackView, before_after, lack_view
from ratings.results import policies
from ratings.results.agreements import Readiness
from ratings.results.document import counts_of, outcome_of
from ratings.results.export import file_name
from ratings.words import tag_of


@dataclass(frozen=True)
class SealView:
    """A seal; ``reopened`` tells by whom, when and why, or is ``None`` for one that stands."""

    number: int
    sha256: str
    sealed_at: datetime
    lead: str
    lead_at: datetime
    chair: str
    chair_at: datetime
    file_url: str
    file_name: str
    reopened: Reopened | None


@dataclass(frozen=True)
class Reopened:
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class SealPage:
    """``part`` is the reader's own agreement, as its button names it, where they have one.

    ``why_not`` says why they can't agree now; ``agreed`` that they have. ``departs`` tells
    that what is recorded no longer gives the sealed outcome: by a later version of the
    rating rules, or because the owner of the tables went past the triggers.
    """

    sealed: SealView | None
    earlier: tuple[SealView, ...]
    result: BeforeAfter
    ratings: tuple[tuple[str, Tag], ...]
    sha256: str
    obstacles: tuple[LackView, ...]
    agreements: tuple[str, ...]
    has_void: bool
    part: str
    why_not: str
    agreed: bool
    may_reopen: bool
    departs: bool

    @property
    def may_agree(self) -> bool:
        return not (self.sealed or self.why_not or self.agreed or self.obstacles)


def seal_page(inspection: Inspection, now: Readiness, user: User) -> SealPage:
    """What ``user`` sees of the seal of ``inspection``; ``now`` is how it stands."""
    results = _seals(inspection)
    seals = [_seal_view(one) for one in results]
    stands = seals[0] if seals and inspection.is_sealed else None
    part = policies.part_of(user, inspection)
    heard = current_hearing(inspection) is not None and inspection.state == Inspection.State.PANEL
    return SealPage(
        sealed=stands,
        earlier=tuple(seals[1:] if stands else seals),
        result=before_after(now.rated),
        ratings=tuple(
            (f"{one.code} {one.standard.name}", tag_of(one.decided))
            for one in now.rated.outcome.standards
        ),
        sha256=now.result_sha256,
        obstacles=tuple(lack_view(inspection, lack) for lack in now.obstacles),
        agreements=now.words if heard else (),
        has_void=bool(now.void),
        part="" if part is None else part.label.lower(),
        why_not=policies.why_not_agree(user, inspection) or "",
        agreed=part in now.agreed,
        may_reopen=policies.can_reopen(user, inspection),
        departs=stands is not None and _departs(results[0], now),
    )


def _departs(seal: SealedResult, now: Readiness) -> bool:
    sealed = json.loads(seal.document)["result"]
    return bool(
        sealed["outcome"] != outcome_of(now.rated.outcome)
        or sealed["evidence"]["counts"] != counts_of(now.rated.outcome)
    )


def _seals(inspection: Inspection) -> list[SealedResult]:
    """The latest first."""
    return list(
        inspection.sealed_results.select_related(
            "lead_agreed_by", "chair_agreed_by", "reopening__reopened_by"
        ).order_by("-number")
    )


def _seal_view(seal: SealedResult) -> SealView:
    reopening = getattr(seal, "reopening", None)
    return SealView(
        number=seal.number,
        sha256=seal.sha256,
        sealed_at=seal.sealed_at,
        lead=str(seal.lead_agreed_by),
        lead_at=seal.lead_agreed_at,
        chair=str(seal.chair_agreed_by),
        chair_at=seal.chair_agreed_at,
        file_url=reverse("ratings:seal_file", args=[seal.inspection_id, seal.number]),
        file_name=file_name(seal),
        reopened=None
        if reopening is None
        else Reopened(str(reopening.reopened_by), reopening.reopened_at, reopening.reason),
    )
