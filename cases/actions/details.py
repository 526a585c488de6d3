"""Recording a case's details: everything about it but its answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases import policies
from cases.actions.locking import lock_case
from cases.details import DETAIL_FIELDS
from cases.models import Case, CaseDetailsChange
from inspections.announcements import announce
from inspections.models import User


class DetailsOutdated(Exception):
    """The details were saved from elsewhere first; ``current`` is what stands now, and
    ``latest`` the save that made it so, where it is known."""

    def __init__(self, current: Case, latest: CaseDetailsChange | None) -> None:
        super().__init__("These details were saved somewhere else after you opened them.")
        self.current = current
        self.latest = latest


@transaction.atomic
def record_details(*, case: Case, details: Mapping[str, Any], base_version: int, by: User) -> Case:
    """Write ``details``, by field name, over the version that ``by`` saw.

    What differs is kept in the history. Details that stand already are not saved again,
    from whatever version. Raises ``Refused`` in words, ``DetailsOutdated`` when another
    save came first, and ``ValueError`` for a field that is not one of a case's details.
    """
    unknown = set(details) - set(DETAIL_FIELDS)
    if unknown:
        raise ValueError(f"not details of a case: {', '.join(sorted(unknown))}")
    locked = lock_case(case.pk)
    policies.check(policies.Action.RECORD, by, locked)
    changed = {
        name: [getattr(locked, name), value]
        for name, value in details.items()
        if value != getattr(locked, name)
    }
    if not changed:
        return locked
    if locked.version != base_version:
        latest = locked.details_changes.select_related("saved_by").filter(version=locked.version)
        raise DetailsOutdated(locked, latest.first())
    for name, value in details.items():
        setattr(locked, name, value)
    locked.version += 1
    if locked.state == Case.State.ALLOCATED:
        locked.state = Case.State.IN_PROGRESS
    locked.save(update_fields=[*details, "version", "state"])
    locked.details_changes.create(
        version=locked.version,
        changed={name: [_as_json(value) for value in pair] for name, pair in changed.items()},
        saved_at=timezone.now(),
        saved_by=by,
    )
    announce(locked.inspection_id)
    return locked


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
