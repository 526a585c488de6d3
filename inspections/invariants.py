"""What the database refuses, in the shapes that several tables share: constraints and triggers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.db.models import CheckConstraint, Q

EDITION = "(SELECT edition_id FROM inspections_inspection WHERE id = NEW.inspection_id)"
"""SQL for the edition of the inspection that a new row belongs to."""


def one_of(name: str, field: str, values: Sequence[str]) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def has_words(name: str, field: str) -> CheckConstraint:
    """Not empty, and more than blanks."""
    return CheckConstraint(condition=Q(**{f"{field}__regex": r"\S"}), name=name)


def both_or_neither(name: str, at: str, by: str) -> CheckConstraint:
    """When something was done and by whom: both are recorded, or it wasn't done."""
    neither = Q(**{f"{at}__isnull": True, f"{by}__isnull": True})
    both = Q(**{f"{at}__isnull": False, f"{by}__isnull": False})
    return CheckConstraint(condition=neither | both, name=name)


def done_for_a_reason(name: str, what: str) -> list[CheckConstraint]:
    """``what_at``, ``what_by`` and ``what_reason``: all are recorded, or it wasn't done."""
    at, by, reason = f"{what}_at", f"{what}_by", f"{what}_reason"
    done = Q(**{f"{at}__isnull": False}) & ~Q(**{reason: ""})
    not_done = Q(**{f"{at}__isnull": True, reason: ""})
    return [
        both_or_neither(f"{name}_by_someone", at, by),
        CheckConstraint(condition=done | not_done, name=f"{name}_for_a_reason"),
    ]


def refuse_unless(
    name: str, condition: str, message: str, *arguments: str, on: Any = pgtrigger.Insert
) -> pgtrigger.Trigger:
    """Refuse a row, ``NEW``, unless the SQL ``condition`` holds.

    Each % of ``message`` stands for one of ``arguments``, which are SQL too.
    """
    said = ", ".join([f"'{message}'", *arguments])
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=on,
        func=f"""
            IF ({condition}) IS NOT TRUE THEN
                RAISE EXCEPTION {said} USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
