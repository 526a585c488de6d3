"""Which details of a submitted page were changed and have to be saved.

Without scripts a page submits every detail, changed or not. Only changes by its author are saved,
so that a detail that somebody else changed meanwhile doesn't get its old value back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from cases.actions import DetailChange
from cases.detail_inputs import posted, typed_as
from cases.details import DETAIL_FIELDS
from cases.models import Case
from inspections.history import events_of


def changes(details: Mapping[str, Any], current: Case, base_version: int) -> list[DetailChange]:
    """The saves to make of a page of ``base_version`` that was submitted with ``details``."""
    seen = _as_it_was(current, base_version)
    return [
        DetailChange(name, value, base_version)
        for name, value in details.items()
        if value != getattr(current, name) and value != getattr(seen, name, None)
    ]


def _as_it_was(case: Case, version: int) -> Any:
    """What a page of this version showed of the case; ``None`` if there was no such version."""
    if version == case.version:
        return case
    return events_of(Case).filter(pgh_obj=case.pk, version__lte=version).order_by("pgh_id").last()


def with_conflicts(
    details: Mapping[str, Any], current: Case, conflicts: Collection[str]
) -> dict[str, Any]:
    """What the page posts once it shows ``current``, but for ``conflicts``, which stay as sent."""
    again: dict[str, Any] = {"base_version": str(current.version)}
    for name in DETAIL_FIELDS:
        value = details[name] if name in conflicts else getattr(current, name)
        again |= posted(name, typed_as(name, value))
    return again
