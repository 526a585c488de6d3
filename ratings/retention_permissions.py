"""Who says for how long case content is kept, and who exports it: rows of the table (ADR 38)."""

from __future__ import annotations

from inspections.access.permissions import ADMINISTRATOR, ANY, Permission
from inspections.models import Inspection, Membership, User
from inspections.permissions import leads

Role = Membership.Role
State = Inspection.State


def unless_removed(user: User, inspection: Inspection) -> str | None:
    """Load ``deletion_certificate`` with the inspection (``with_team`` does)."""
    if inspection.certificate is None:
        return None
    return "The case content of this inspection was removed, so nothing of it can change."


NOT_SEALED = {"": "The result is not sealed, so there is nothing to publish."}

SEE_RETENTION = Permission(
    action="SEE_RETENTION",
    who={ADMINISTRATOR: ANY, **leads(ANY), Role.PUBLISHER: {State.SEALED}},
    refusal="Only the lead inspector, publishers and administrators see for how long case content "
    "is kept.",
    closed=NOT_SEALED,
)
"""When the result was published, for how long its case content is kept, and what was exported; the
certificate once it is removed. Nothing that is recorded in cases."""

PUBLISH = Permission(
    action="PUBLISH",
    who={**leads({State.SEALED}), Role.PUBLISHER: {State.SEALED}},
    refusal="Only the lead inspector and publishers record when the result was published.",
    closed=NOT_SEALED,
    check_last=unless_removed,
)

SET_MONTHS = Permission(
    action="SET_MONTHS",
    who={ADMINISTRATOR: ANY},
    refusal="Only administrators change for how long case content is kept.",
    check_last=unless_removed,
)
"""Whoever works on an inspection doesn't decide when its traces go."""

SEE_CERTIFICATE = Permission(
    action="SEE_CERTIFICATE",
    who={ADMINISTRATOR: ANY, **dict.fromkeys(Role.values, ANY)},
    refusal="Only people of this inspection and administrators see its deletion certificate.",
)
"""Everybody who finds a page gone learns by what rule; the certificate only counts."""

EXPORT = Permission(
    action="EXPORT",
    who={Role.LEAD_INSPECTOR: ANY},
    refusal="Only the lead inspector exports everything that an inspection holds.",
)
"""For the request of somebody whom it is about, or of a court. The lead sees all of it anyway,
and is one person who can be asked; deputies don't export."""
