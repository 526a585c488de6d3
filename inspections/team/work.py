"""What members of a team hold, and what becomes of it when they leave.

Apps above give work to members, such as cases. They register here what the team's page has to
know about it, as this app can't ask them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from inspections.models import Inspection, Membership, User

HOLDING_ROLES = frozenset(
    {
        Membership.Role.LEAD_INSPECTOR,
        Membership.Role.DEPUTY_LEAD,
        Membership.Role.INSPECTOR,
        Membership.Role.LOCAL_ASSESSOR,
    }
)
"""The roles whose people may hold work of the inspection; all others hold none."""

RECORDING_ROLES = frozenset({Membership.Role.INSPECTOR, Membership.Role.LOCAL_ASSESSOR})
"""The roles whose people record cases above all."""

READING_ROLES = HOLDING_ROLES | {Membership.Role.REVIEWER, Membership.Role.PANEL_MEMBER}
"""The roles whose people read cases."""


class HeldWork(Protocol):
    """One kind of work, such as cases."""

    def counts(self, inspection: Inspection) -> Mapping[int, int]:
        """How much of it each person of the inspection holds, by the person's number."""

    def words(self, number: int) -> str:
        """So much of it: “3 cases”."""

    def hand_over(
        self, *, inspection: Inspection, people: Collection[int], to: User, by: User
    ) -> User | None:
        """Give ``to`` all that ``people`` hold, whatever its state, as ``by`` changes the team;
        within the transaction in which they leave. Returns who holds it now: ``to``, or ``None``
        where ``to`` may not be given it, so that nobody does."""


HELD_WORK: list[HeldWork] = []
"""Every kind of work; apps add theirs when they start."""


def held_by(inspection: Inspection, kinds: Iterable[HeldWork] = HELD_WORK) -> dict[int, str]:
    """What each person holds, in words, by the person's number; nobody who holds nothing."""
    found: dict[int, list[str]] = {}
    for work in kinds:
        for person, number in work.counts(inspection).items():
            if number:
                found.setdefault(person, []).append(work.words(number))
    return {person: " and ".join(words) for person, words in found.items()}
