"""Holding a case while it is changed."""

from __future__ import annotations

from cases.models import Case


def lock_case(case: int) -> Case:
    """The case as it is now, with what its policies ask; nobody else changes it until the
    transaction ends."""
    return (
        Case.objects.select_related("inspection", "allocated_to")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=case)
    )
