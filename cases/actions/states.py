"""Moving a case from state to state."""

from __future__ import annotations

from django.db import transaction

from cases import policies
from cases.models import Case
from cases.progress import missing_answers
from inspections.announcements import announce
from inspections.models import User

MOVES: dict[policies.Action, str] = {
    policies.Action.SUBMIT: Case.State.SUBMITTED,
    policies.Action.RETURN: Case.State.RETURNED,
    policies.Action.SIGN_OFF: Case.State.SIGNED_OFF,
}
"""The state that each action leads to."""

NEEDS_EVERY_ANSWER = {policies.Action.SUBMIT, policies.Action.SIGN_OFF}


class Incomplete(Exception):
    """A case can't go on while questions are unanswered; ``missing`` are their codes."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            "1 question has no answer yet."
            if len(missing) == 1
            else f"{len(missing)} questions have no answer yet."
        )
        self.missing = missing


@transaction.atomic
def move_case(*, case: Case, action: policies.Action, by: User) -> Case:
    """Submit, return or sign off a case.

    Raises ``Refused`` in words when that is not ``by``'s to do or not now, and
    ``Incomplete`` when it takes an answer to every question and some have none.
    """
    locked = (
        Case.objects.select_related("inspection", "allocated_to")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=case.pk)
    )
    policies.check(action, by, locked)
    if action in NEEDS_EVERY_ANSWER and (missing := missing_answers(locked)):
        raise Incomplete(missing)
    locked.state = MOVES[action]
    locked.save(update_fields=["state"])
    announce(locked.inspection_id)
    return locked
