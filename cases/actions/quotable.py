"""Marking notes that the report may quote."""

from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow

from cases.models import Answer, Case
from cases.permissions import MARK_QUOTABLE
from inspections.history import action
from inspections.models import User
from inspections.versions import Conflict


@action
def mark_quotable(*, answer: Answer, version: int, quotable: bool, by: User) -> None:
    """Mark the note of ``answer`` as quotable, or take the mark away.

    A note that is marked already stays marked by the same person. Raises ``Refused``, and
    ``Conflict`` if the answer is no longer the ``version`` that was read.
    """
    case = Case.objects.locked(answer.case_id)
    MARK_QUOTABLE.check(by, case.inspection)
    if quotable and Answer.objects.quotable().filter(pk=answer.pk, version=version).exists():
        return
    changed = Answer.objects.filter(pk=answer.pk, version=version).update(
        quotable_version=version if quotable else None,
        quotable_at=TransactionNow() if quotable else None,
        quotable_by=by if quotable else None,
    )
    if not changed:
        raise Conflict(Answer.objects.get(pk=answer.pk))
