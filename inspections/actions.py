"""Every write to inspections and the record of editions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from inspections.announcements import announce
from inspections.framework import Edition, available_editions, load_edition
from inspections.history import action
from inspections.models import (
    EditionQuestion,
    EditionRecord,
    EditionStandard,
    HistoryExport,
    Inspection,
    User,
)
from inspections.permissions import REOPEN_FIELDWORK, SEARCH_HISTORY, SETUP, move_to


class EditionChanged(Exception):
    """The file of an edition has changed since inspections were recorded against it."""


@transaction.atomic
def record_editions() -> None:
    """Store every edition that has a file in the database; runs after each migration.

    Raises ``EditionChanged`` when the file of an edition that an inspection uses is no
    longer the one recorded: published ratings would change their meaning.
    """
    for code in available_editions():
        edition = load_edition(code)
        known = EditionRecord.objects.filter(code=code).first()
        if known is not None and known.digest == edition.digest:
            continue
        if known is not None and Inspection.objects.filter(edition=known).exists():
            raise EditionChanged(
                f"Edition {code} is in use and its file has changed. "
                "Restore the file, or add the change as a new edition."
            )
        _write_edition(edition)


def _write_edition(edition: Edition) -> None:
    record, _ = EditionRecord.objects.update_or_create(
        code=edition.code, defaults={"digest": edition.digest}
    )
    EditionStandard.objects.filter(edition=record).delete()
    EditionQuestion.objects.filter(edition=record).delete()
    EditionStandard.objects.bulk_create(
        EditionStandard(edition=record, code=standard.code, is_qualitative=standard.is_qualitative)
        for standard in edition.standards
    )
    EditionQuestion.objects.bulk_create(_questions(edition, record))


def _questions(edition: Edition, record: EditionRecord) -> Iterable[EditionQuestion]:
    for standard in edition.standards:
        for question in standard.key_questions:
            for code in (question.code, *(prompt.code for prompt in question.prompts)):
                yield EditionQuestion(
                    edition=record,
                    standard=standard.code,
                    code=code,
                    group=standard.group or "",
                    is_key_question=code == question.code,
                    allows_not_applicable=edition.allows_not_applicable(code),
                )


@action
def move_inspection(*, inspection: Inspection, to: str, by: User, reason: str = "") -> None:
    """Begin preparation or fieldwork, close fieldwork or, with a reason, reopen it.

    Raises ``Refused`` when ``by`` may not do this, or not in the inspection's state, and
    ``ValueError`` for a state that nobody sets.
    """
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    move = move_to(to, locked.state)
    if move is None:
        raise ValueError(f"Nobody moves an inspection to {to}.")
    move.check(by, locked)
    if move is REOPEN_FIELDWORK:
        locked.move_back(to, by=by, reason=reason)
    else:
        locked.move_on(to)
    inspection.state = to
    announce(inspection.pk)


@action
def record_export(*, asked: Mapping[str, str], by: User) -> None:
    """Record that ``by`` exports what is recorded; ``asked`` has what was searched for, by field.

    Raises ``Refused`` for all but administrators.
    """
    SEARCH_HISTORY.check(by, SETUP)
    HistoryExport.objects.create(exported_by=by, exported_at=timezone.now(), asked=dict(asked))
