"""Moving a case on, and loading a device's outbox file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cases.actions.answers import Save, record_answers
from cases.actions.comments import CommentSave, record_comments, write_comment
from cases.actions.details import DetailChange, record_details
from cases.actions.saves import Outcome, SaveResult, SaveReused, Sent, Unfit
from cases.models import Case
from cases.permissions import LOAD_OUTBOX, MOVES, RECORDABLE_STATES
from cases.progress import missing_answers
from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.history import action
from inspections.models import Inspection, User
from inspections.team.work import HOLDING_ROLES
from inspections.versions import Conflict


class Incomplete(Exception):
    """A case can't be submitted or signed off; ``missing`` are unanswered questions."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            "1 question has no answer yet."
            if len(missing) == 1
            else f"{len(missing)} questions have no answer yet."
        )
        self.missing = missing


class Uncommented(Exception):
    """A case can't be returned without an open comment."""

    def __init__(self) -> None:
        super().__init__("Enter what has to change, so that the inspector knows.")


@action
def move_case(
    *, case: Case, to: Case.State, by: User, comment: str = "", from_state: str = ""
) -> Case:
    """Submit, return or sign off a case; ``comment`` is added when it is returned.

    ``from_state`` is the state in which ``by`` saw the case, if that matters: in another one by
    now, it is a ``Conflict``.
    Unresolved comments never block submission or sign-off. Raises ``Refused`` when ``by`` may not
    do this, or not now, ``Incomplete`` for a submission or sign-off with unanswered questions, and
    ``Uncommented`` for a return without an open comment.
    """
    locked = Case.objects.locked(case.pk)
    MOVES[to].check(by, locked)
    if from_state and locked.state != from_state:
        raise Conflict(locked)
    if to == Case.State.RETURNED:
        if comment.strip():
            write_comment(locked, "", comment, by)
        if not locked.comments.unresolved().exists():
            raise Uncommented
    elif missing := missing_answers(locked):
        raise Incomplete(missing)
    locked.state = to
    locked.save(update_fields=["state"])
    announce(locked.inspection_id)
    return locked


def load_outbox_file(
    *, inspection: Inspection, saves: Sequence[tuple[Case, Sent]], made_by: User, by: User
) -> list[tuple[Case, SaveResult]]:
    """Record each save of a device's file, in order, as ``made_by``'s, loaded by ``by``.

    A save that arrived before, from the device or the file, is not recorded again. One that the
    case doesn't accept now is not recorded, so the file can be loaded again later: its case has to
    be allocated to ``made_by``, or to ``by``. Raises ``Refused`` unless ``by`` leads the
    inspection.
    """
    LOAD_OUTBOX.check(by, inspection)
    versions: dict[str, int] = {}
    results = []
    for case, save in saves:
        if save.follows and isinstance(save, Save | DetailChange):
            save = replace(save, base_version=versions.get(save.follows, 0))
        try:
            result = _load(case, save, made_by, by)
        except Refused:
            result = SaveResult(save, Outcome.REFUSED, why=_why_not_loaded(made_by, case))
        except SaveReused as error:
            result = SaveResult(save, Outcome.REFUSED, why=str(error))
        if isinstance(save, Save | DetailChange) and result.outcome is not Outcome.REFUSED:
            # After a conflict, saves that follow keep the same base, so they are in conflict
            # too and never overwrite what stands.
            versions[str(save.id)] = result.version or save.base_version
        results.append((case, result))
    return results


def _load(case: Case, save: Sent, made_by: User, by: User) -> SaveResult:
    if isinstance(save, Save):
        [result] = record_answers(case_id=case.pk, saves=[save], by=made_by, loaded_by=by)
    elif isinstance(save, DetailChange):
        [result] = record_details(case_id=case.pk, saves=[save], by=made_by, loaded_by=by)
    elif isinstance(save, CommentSave):
        [result] = record_comments(case=case, saves=[save], by=made_by, loaded_by=by)
    else:
        assert isinstance(save, Unfit)
        result = SaveResult(save, Outcome.REFUSED, why=save.why)
    return result


def remove_cases(*, inspection: Inspection) -> None:
    """Remove every case of a replayed inspection, with its answers.

    A repeated replay replaces them. Raises ``ProtectedError`` while a save or a comment is left:
    only the database's own function removes these (``ratings.national.load``).
    """
    inspection.cases.all().delete()


def _why_not_loaded(made_by: User, case: Case) -> str:
    """Why a case doesn't accept what ``made_by`` recorded now, and what the lead can do."""
    if case.state == Case.State.TAKEN_OUT:
        return "The case was taken out of the sample, so it takes no more answers."
    if case.state not in RECORDABLE_STATES:
        return f"The case is {case.state_words}. Return it, then load the file again."
    is_on_the_team = case.inspection.role_of(made_by) in HOLDING_ROLES
    if case.allocated_to_id != made_by.pk or not is_on_the_team:
        holder = f"allocated to {case.allocated_to}" if case.allocated_to else "not allocated"
        whom = f"{made_by} or to yourself" if is_on_the_team else "yourself"
        return (
            f"The case is {holder}. Allocate it to {whom}, load the file again, "
            "and then hand the case over."
        )
    return "The case does not take changes now. Load the file again once it does."
