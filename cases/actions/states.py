"""Moving a case from state to state."""

from __future__ import annotations

from django.db import transaction

from cases import policies
from cases.models import Case
from inspections.announcements import announce
from inspections.models import User

MOVES: dict[policies.Action, str] = {
    policies.Action.SUBMIT: Case.State.SUBMITTED,
    policies.Action.RETURN: Case.State.RETURNED,
    policies.Action.SIGN_OFF: Case.State.SIGNED_OFF,
}
"""The state that each action leads to."""


@transaction.atomic
def move_case(*, case: Case, action: policies.Action, by: User) -> Case:
    """Submit, return or sign off a case; raises ``Refused`` in words when it can't be done."""
    locked = (
        Case.objects.select_related("inspection", "allocated_to")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=case.pk)
    )
    policies.check(action, by, locked)
    locked.state = MOVES[action]
    locked.save(update_fields=["state"])
    announce(locked.inspection_id)
    return locked
