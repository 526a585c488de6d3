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
    """Allocate ``case`` to an inspector of its team, whatever has been recorded so far.

    Raises ``Refused`` in words when it isn't ``by``'s to do, not now, or ``to`` is neither
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
    """Write ``details``, by field name, over the version that ``by`` saw.

    Details that stand already are not saved again, from whatever version. Raises ``Refused`` in
    words, ``Conflict`` when another save came first, and ``ValueError`` for a field that is not
    one of a case's details.
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


@action
def move_case(*, case: Case, to: Case.State, by: User, comment: str = "") -> Case:
    """Submit, return or sign off a case; a return may bring its ``comment`` along.

    Comments that are not resolved never stand in the way of submission or sign-off. Raises
    ``Refused`` in words when the move is not ``by``'s to do or not now, ``Incomplete`` when
    it takes an answer to every question and some have none, and ``Uncommented`` for a
    return while no comment is open.
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
    """Record each save of a device's file as ``made_by``'s, loaded by ``by``; in its order.

    A save that arrived before, from the device or the file, is not recorded again. One
    that the case does not take now is left alone, so that the file can be loaded again
    once the case does. Raises ``Refused`` unless ``by`` leads the inspection.
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
            # After a conflict those that follow are made from the same version, so that
            # they are found in conflict too and never overwrite what stands.
            versions[str(save.id)] = result.version or save.base_version
        results.append((case, result))
    return results


def remove_cases(*, inspection: Inspection) -> None:
    """Remove every case of a replayed inspection, with its answers and their saves.

    A replay takes the place of the one before. It alone may remove saves, which the database
    otherwise keeps for ever.
    """
    with pgtrigger.ignore("cases.AnswerSave:append_only"):
        inspection.cases.all().delete()


def _why_not_loaded(made_by: User, case: Case) -> str:
    """Why a case does not take ``made_by``'s answers now, and what its lead can do."""
    if case.allocated_to_id != made_by.pk:
        holder = f"allocated to {case.allocated_to}" if case.allocated_to else "not allocated"
        return (
            f"The case is {holder}. Allocate it to {made_by}, load the file again, "
            "and then hand the case over."
        )
    if case.state not in RECORDABLE_STATES:
        return f"The case is {case.state_words}. Return it, then load the file again."
    return "The case does not take answers now. Load the file again once it does."
