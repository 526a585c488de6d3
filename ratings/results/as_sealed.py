"""What a seal's document and file say, for pages that show a sealed result.

Rows have the present names. A page that says that nothing can change shows those that were sealed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from inspections.models import Membership
from ratings.models import SealedResult, Signatory
from ratings.results.build import file_of

Role = Membership.Role


@dataclass(frozen=True)
class Confirmed:
    """Who confirmed the result as ``signatory``, and when."""

    name: str
    signatory: str
    at: datetime


@dataclass(frozen=True)
class Heard:
    """A hearing by the ratings panel. Nobody is ``present`` if attendance wasn't recorded, as in
    seals of before; the ``members`` took part. Nor do those name a ``quorum``."""

    meeting_date: date
    chair: str
    members: Sequence[str]
    quorum: int | None
    present: Sequence[str]
    apologies: Sequence[str]
    stepped_aside: Sequence[tuple[str, str]]
    """Names, each with the reason."""
    submitted_at: datetime
    submitted_by: str


@dataclass(frozen=True)
class Reopened:
    """``is_sealed`` if the next seal holds it; until then the name is the present one."""

    name: str
    at: datetime
    reason: str
    is_sealed: bool


@dataclass(frozen=True)
class AsSealed:
    """``seal`` as its own document says it; ``following`` is the seal after it, if there is one."""

    seal: SealedResult
    following: SealedResult | None = None

    @cached_property
    def document(self) -> Any:
        return json.loads(self.seal.document)

    @property
    def result(self) -> Any:
        return self.document["result"]

    @property
    def file_sha256(self) -> str:
        """Of the exact bytes of the file, as ``sha256sum`` prints it; ``seal.sha256`` is that of
        the document in it."""
        return sha256(file_of(self.seal)).hexdigest()

    @property
    def service(self) -> str:
        name: str = self.result["inspection"]["service"]
        return name

    @property
    def confirmed(self) -> list[Confirmed]:
        return [
            Confirmed(one["by"], Signatory(one["part"]).label, datetime.fromisoformat(one["at"]))
            for one in self.document["agreements"]
        ]

    @property
    def team(self) -> list[tuple[str, list[str]]]:
        """The names in each role, in the order of roles."""
        people = self.result["inspection"]["team"]
        named = [
            (role.label, [person["name"] for person in people if person["role"] == role])
            for role in Role
        ]
        return [(label, names) for label, names in named if names]

    @property
    def hearings(self) -> list[Heard]:
        return [
            Heard(
                meeting_date=date.fromisoformat(one["meeting_date"]),
                chair=one["chair"],
                members=one["members"],
                quorum=one.get("quorum"),
                present=one.get("present", ()),
                apologies=one.get("apologies", ()),
                stepped_aside=tuple((row["name"], row["reason"]) for row in one["stepped_aside"]),
                submitted_at=datetime.fromisoformat(one["submitted_at"]),
                submitted_by=one["submitted_by"],
            )
            for one in self.result["hearings"]
        ]

    @property
    def reopened(self) -> Reopened | None:
        if self.following is not None:
            sealed = AsSealed(self.following).result["earlier"]["reopened"]
            at = datetime.fromisoformat(sealed["at"])
            return Reopened(sealed["by"], at, sealed["reason"], is_sealed=True)
        row = getattr(self.seal, "reopening", None)
        if row is None:
            return None
        return Reopened(str(row.reopened_by), row.reopened_at, row.reason, is_sealed=False)


def as_sealed(seals: Sequence[SealedResult]) -> list[AsSealed]:
    """``seals`` of one inspection, the latest first."""
    return [
        AsSealed(seal, following) for seal, following in zip(seals, (None, *seals), strict=False)
    ]
