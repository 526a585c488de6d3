"""Loading what waited on a device that can't send it any more, from the file it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases import policies
from cases.actions.answers import record_answers
from cases.actions.saves import Outcome, Save, SaveReused
from cases.models import Case
from inspections.access.permissions import Refused
from inspections.models import Inspection, User


@dataclass(frozen=True, slots=True)
class FiledSave:
    """A save of a file: ``follows`` is the id of the one it was made on top of, which had
    not been answered for when the file was written; its base is that one's version."""

    case: Case
    save: Save
    follows: str | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a save: ``outcome`` is ``None`` where it was not taken, and ``why``
    then says what to do about it."""

    filed: FiledSave
    outcome: Outcome | None
    why: str = ""


def load_outbox_file(
    *, inspection: Inspection, saves: Sequence[FiledSave], made_by: User, by: User
) -> list[Loaded]:
    """Record each save of a file as ``made_by``'s, loaded by ``by``; in the file's order.

    A save that arrived before, from the device or the file, is not recorded again. One
    that the case does not take now is left alone, so that the file can be loaded again
    once the case does. Raises ``Refused`` unless ``by`` leads the inspection.
    """
    policies.check_load_outbox(by, inspection)
    versions: dict[str, int] = {}
    loaded = []
    for filed in saves:
        base = versions.get(filed.follows, 0) if filed.follows else filed.save.base_version
        save = replace(filed.save, base_version=base)
        try:
            [result] = record_answers(case_id=filed.case.pk, saves=[save], by=made_by, loaded_by=by)
        except Refused:
            loaded.append(Loaded(filed, None, why=policies.why_not_loaded(made_by, filed.case)))
        except SaveReused as error:
            loaded.append(Loaded(filed, None, why=str(error)))
        else:
            # After a conflict those that follow are made from the same version, so that
            # they are found in conflict too and never overwrite what stands.
            versions[str(save.id)] = base if result.version is None else result.version
            loaded.append(Loaded(filed, result.outcome))
    return loaded
