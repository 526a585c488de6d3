"""Recording a case's details: everything about it but its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cases import policies
from cases.details import DETAIL_FIELDS
from cases.models import Case
from inspections.announcements import announce
from inspections.models import User


class DetailsOutdated(Exception):
    """The details were saved from elsewhere first; ``current`` is what stands now."""

    def __init__(self, current: Case) -> None:
        super().__init__("These details were saved somewhere else after you opened them.")
        self.current = current


@transaction.atomic
def record_details(*, case: Case, details: Mapping[str, Any], base_version: int, by: User) -> Case:
    """Write ``details``, by field name, over the version that ``by`` saw.

    Raises ``Refused`` in words, ``DetailsOutdated`` when another save came first, and
    ``ValueError`` for a field that is not one of a case's details.
    """
    unknown = set(details) - set(DETAIL_FIELDS)
    if unknown:
        raise ValueError(f"not details of a case: {', '.join(sorted(unknown))}")
    locked = (
        Case.objects.select_related("inspection", "allocated_to")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=case.pk)
    )
    policies.check(policies.Action.RECORD, by, locked)
    if locked.version != base_version:
        raise DetailsOutdated(locked)
    for name, value in details.items():
        setattr(locked, name, value)
    locked.version += 1
    if locked.state == Case.State.ALLOCATED:
        locked.state = Case.State.IN_PROGRESS
    locked.save(update_fields=[*details, "version", "state"])
    announce(locked.inspection_id)
    return locked
