"""Moving a case from state to state."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cases import policies
from cases.actions.comments import write_comment
from cases.actions.locking import lock_case
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


class Uncommented(Exception):
    """A case is returned with comments, and none is open."""

    def __init__(self) -> None:
        super().__init__("Enter what has to change, so that the inspector knows.")


@transaction.atomic
def move_case(*, case: Case, action: policies.Action, by: User, comment: str = "") -> Case:
    """Submit, return or sign off a case; a return may bring its ``comment`` along.

    Comments that are not resolved never stand in the way of submission or sign-off. Raises
    ``Refused`` in words when the move is not ``by``'s to do or not now, ``Incomplete`` when
    it takes an answer to every question and some have none, and ``Uncommented`` for a
    return while no comment is open.
    """
    locked = lock_case(case.pk)
    policies.check(action, by, locked)
    if action in NEEDS_EVERY_ANSWER and (missing := missing_answers(locked)):
        raise Incomplete(missing)
    if action is policies.Action.RETURN:
        if comment.strip():
            write_comment(locked, "", comment, by)
        if not locked.comments.unresolved().exists():
            raise Uncommented
    locked.state = MOVES[action]
    locked.save(update_fields=["state"])
    locked.moves.create(kind=locked.state, moved_at=timezone.now(), moved_by=by)
    announce(locked.inspection_id)
    return locked
