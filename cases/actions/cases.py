"""Allocating a case, recording its details, moving it on, and loading a device's outbox file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pgtrigger

from cases.actions.answers import Outcome, Save, SaveResult, SaveReused, record_answers
from cases.actions.comments import write_comment
from cases.details import DETAIL_FIELDS
from cases.models import Case
from cases.permissions import ALLOCATE_CASE, LOAD_OUTBOX, MOVES, RECORD, RECORDABLE_STATES
from cases.progress import missing_answers
from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.history import action
from inspections.models import Inspection, Membership, User
from inspections.versions import Conflict

HOLDERS = (Membership.Role.LEAD_INSPECTOR, Membership.Role.INSPECTOR)
"""The roles in an inspection that may hold its cases."""


@action
def allocate_case(*, case: Case, to: User, by: User) -> Case:
    """Allocate ``case`` to an inspector of its team, even if answers are recorded already.

    Raises ``Refused`` when ``by`` may not do this, or not now, and when ``to`` is neither
    inspector nor lead inspector of the inspection.
    """
    locked = Case.objects.locked(case.pk)
    ALLOCATE_CASE.check(by, locked)
    if locked.inspection.role_of(to) not in HOLDERS:
        raise Refused(f"{to} is not an inspector of this inspection's team.")
    locked.allocated_to = to
    locked.save(update_fields=["allocated_to"])
    announce(locked.inspection_id)
    return locked


@action
def record_details(*, case: Case, details: Mapping[str, Any], base_version: int, by: User) -> Case:
    """Save ``details``, by field name; ``base_version`` is the version that ``by`` saw.

    Unchanged details are not saved again, whatever the version. Raises ``Refused``, ``Conflict``
    when another save came first, and ``ValueError`` for a field that is not a detail of a case.
    """
    unknown = set(details) - set(DETAIL_FIELDS)
    if unknown:
        raise ValueError(f"not details of a case: {', '.join(sorted(unknown))}")
    locked = Case.objects.locked(case.pk)
    RECORD.check(by, locked)
    if all(getattr(locked, name) == value for name, value in details.items()):
        return locked
    if locked.version != base_version:
        raise Conflict(locked)
    for name, value in details.items():
        setattr(locked, name, value)
    locked.version += 1
    if locked.state == Case.State.NOT_STARTED:
        locked.state = Case.State.IN_PROGRESS
    locked.save(update_fields=[*details, "version", "state"])
    announce(locked.inspection_id)
    return locked


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
def move_case(*, case: Case, to: Case.State, by: User, comment: str = "") -> Case:
    """Submit, return or sign off a case; ``comment`` is added when it is returned.

    Unresolved comments never block submission or sign-off. Raises ``Refused`` when ``by`` may not
    do this, or not now, ``Incomplete`` for a submission or sign-off with unanswered questions, and
    ``Uncommented`` for a return without an open comment.
    """
    locked = Case.objects.locked(case.pk)
    MOVES[to].check(by, locked)
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
    *, inspection: Inspection, saves: Sequence[tuple[Case, Save]], made_by: User, by: User
) -> list[tuple[Case, SaveResult]]:
    """Record each save of a device's file, in order, as ``made_by``'s, loaded by ``by``.

    A save that arrived before, from the device or the file, is not recorded again. One that the
    case doesn't accept now is not recorded, so the file can be loaded again later. Raises
    ``Refused`` unless ``by`` leads the inspection.
    """
    LOAD_OUTBOX.check(by, inspection)
    versions: dict[str, int] = {}
    results = []
    for case, save in saves:
        if save.follows:
            save = replace(save, base_version=versions.get(save.follows, 0))
        try:
            [result] = record_answers(case_id=case.pk, saves=[save], by=made_by, loaded_by=by)
        except Refused:
            result = SaveResult(save, Outcome.REFUSED, why=_why_not_loaded(made_by, case))
        except SaveReused as error:
            result = SaveResult(save, Outcome.REFUSED, why=str(error))
        else:
            # After a conflict, saves that follow keep the same base, so they are in conflict
            # too and never overwrite the current answer.
            versions[str(save.id)] = result.version or save.base_version
        results.append((case, result))
    return results


def remove_cases(*, inspection: Inspection) -> None:
    """Remove every case of a replayed inspection, with its answers and their saves.

    A repeated replay replaces them. Nothing else may remove saves; the database refuses it.
    """
    with pgtrigger.ignore("cases.AnswerSave:append_only"):
        inspection.cases.all().delete()


def _why_not_loaded(made_by: User, case: Case) -> str:
    """Why a case doesn't accept ``made_by``'s answers now, and what the lead can do."""
    if case.allocated_to_id != made_by.pk:
        holder = f"allocated to {case.allocated_to}" if case.allocated_to else "not allocated"
        return (
            f"The case is {holder}. Allocate it to {made_by}, load the file again, "
            "and then hand the case over."
        )
    if case.state not in RECORDABLE_STATES:
        return f"The case is {case.state_words}. Return it, then load the file again."
    return "The case does not take answers now. Load the file again once it does."
