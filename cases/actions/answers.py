"""Recording answers: one statement that accepts each save or finds it in conflict."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, connection, transaction

from cases import policies
from cases.models import Answer, AnswerSave, Case
from inspections.announcements import announce
from inspections.models import Inspection, User
from inspections.prepared import rows


@dataclass(frozen=True, slots=True)
class Save:
    """One answer on its way to the record.

    ``value`` is an ``AnswerValue`` or empty for none; ``base_version`` is the version the
    inspector saw, 0 where nothing had been saved; ``id`` is chosen by the device, so that
    sending again what may have arrived already does no harm; ``made_at`` is the device's
    clock, kept for the history alone.
    """

    question: str
    value: str
    note: str
    base_version: int
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    made_at: datetime | None = None


class Outcome(StrEnum):
    SAVED = "saved"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer that stands: what it says, in which version, by whom and since when."""

    value: str
    note: str
    version: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What became of a save: the version it became, if it was accepted, and the answer
    that stands now. ``standing`` is ``None`` when there is none, which only a save from a
    version that never was can find."""

    save: Save
    outcome: Outcome
    version: int | None
    standing: Standing | None


class SaveReused(Exception):
    """Two different saves carry one id; the second is not recorded."""


# The case's row is locked first, by saves, hand-overs and submissions alike: a save can't
# slip into a case that has just been submitted or given to somebody else, and two saves
# of many answers can't wait for each other in a circle. Whether a save wins is decided
# by the version in its own row alone. Saves of one request stand a microsecond apart in the
# history, in the order in which they were made.
RECORD = """
WITH held AS MATERIALIZED (
    SELECT c.id, c.inspection_id
    FROM cases_case c JOIN inspections_inspection i ON i.id = c.inspection_id
    WHERE c.id = %(case)s::bigint AND c.allocated_to_id = %(by)s::bigint
        AND c.state = ANY(%(states)s::text[]) AND i.state = %(fieldwork)s::text
    FOR NO KEY UPDATE OF c
), sent AS MATERIALIZED (
    SELECT s.*, held.id AS case_id FROM held, unnest(
        %(ids)s::uuid[], %(questions)s::text[], %(values)s::text[], %(notes)s::text[],
        %(bases)s::int[], %(made)s::timestamptz[]
    ) WITH ORDINALITY AS s(id, question, value, note, base_version, made_at, place)
), changed AS (
    UPDATE cases_answer a
    SET value = s.value, note = s.note, version = a.version + 1,
        answered_at = now(), answered_by_id = %(by)s::bigint
    FROM sent s
    WHERE s.base_version > 0 AND a.case_id = s.case_id AND a.question = s.question
        AND a.version = s.base_version
    RETURNING a.question, a.version
), added AS (
    INSERT INTO cases_answer
        (case_id, question, value, note, version, answered_at, answered_by_id)
    SELECT case_id, question, value, note, 1, now(), %(by)s::bigint FROM sent WHERE base_version = 0
    ON CONFLICT (case_id, question) DO NOTHING
    RETURNING question, version
), written AS (
    SELECT * FROM changed UNION ALL SELECT * FROM added
), kept AS (
    INSERT INTO cases_answersave
        (id, case_id, question, value, note, base_version, version, made_at, saved_at, saved_by_id,
        loaded_by_id)
    SELECT s.id, s.case_id, s.question, s.value, s.note, s.base_version, w.version, s.made_at,
        now() + s.place * interval '1 microsecond', %(by)s::bigint, %(loaded_by)s::bigint
    FROM sent s LEFT JOIN written w USING (question)
    RETURNING question, version
), begun AS (
    UPDATE cases_case c SET state = %(in_progress)s::text
    FROM held WHERE c.id = held.id AND c.state = %(allocated)s::text
        AND EXISTS (SELECT FROM written)
)
SELECT kept.question, kept.version, now(), held.inspection_id FROM kept, held
"""


def record_answers(
    *, case_id: int, saves: Sequence[Save], by: User, loaded_by: User | None = None
) -> list[SavedAnswer]:
    """Record each save, or find it in conflict, and say which; in the order given.

    A save is accepted only from the version that stands. Whichever way it goes, it stays
    in the history, with ``loaded_by`` where somebody loaded it from a file. Raises
    ``Refused`` in words when the case is not ``by``'s to record in (any more), and
    ``SaveReused``. Questions and values are checked by the form before and by the database
    in the end.
    """
    return [
        result for batch in _batches(saves) for result in _record(case_id, batch, by, loaded_by)
    ]


def _batches(saves: Sequence[Save]) -> Iterator[list[Save]]:
    """Split so that a question comes once in a batch and a later save follows an earlier."""
    batch: list[Save] = []
    asked: set[str] = set()
    for save in saves:
        if save.question in asked:
            yield batch
            batch, asked = [], set()
        batch.append(save)
        asked.add(save.question)
    if batch:
        yield batch


def _record(case_id: int, saves: list[Save], by: User, loaded_by: User | None) -> list[SavedAnswer]:
    try:
        # One statement is a transaction of its own; inside a larger one it needs a savepoint,
        # so that a retry that is found below doesn't spoil what went before.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            written = _write(case_id, saves, by, loaded_by)
    except IntegrityError as error:
        if "cases_answersave_pkey" not in str(error):
            raise
        return _record_again(case_id, saves, by, loaded_by)
    if len(written) < len(saves):
        # The statement found no case that is theirs to record in: say why, from fresh rows.
        fresh = Case.objects.select_related("inspection", "allocated_to").get(pk=case_id)
        policies.check(policies.Action.RECORD, by, fresh)
        raise RuntimeError("a save was neither accepted, refused nor found in conflict")
    lost = [save.question for save in saves if written[save.question][0] is None]
    standing = _standing(case_id, lost) if lost else {}
    results = []
    for save in saves:
        version, at = written[save.question]
        if version is None:
            now = standing.get(save.question)
            results.append(SavedAnswer(save, Outcome.CONFLICT, None, now))
        else:
            now = Standing(save.value, save.note, version, by.name, at)
            results.append(SavedAnswer(save, Outcome.SAVED, version, now))
    return results


def _write(
    case_id: int, saves: list[Save], by: User, loaded_by: User | None
) -> dict[str, tuple[int | None, datetime]]:
    """The version that each question's save became, ``None`` in conflict, and when."""
    found = rows(
        RECORD,
        {
            "case": case_id,
            "by": by.pk,
            "loaded_by": loaded_by and loaded_by.pk,
            "states": list(policies.RECORDABLE_STATES),
            "fieldwork": Inspection.State.FIELDWORK.value,
            "allocated": Case.State.ALLOCATED.value,
            "in_progress": Case.State.IN_PROGRESS.value,
            "ids": [save.id for save in saves],
            "questions": [save.question for save in saves],
            "values": [save.value for save in saves],
            "notes": [save.note for save in saves],
            "bases": [save.base_version for save in saves],
            "made": [save.made_at for save in saves],
        },
    )
    if any(version is not None for _, version, _, _ in found):
        announce(found[0][3])
    return {question: (version, at) for question, version, at, _ in found}


def _record_again(
    case_id: int, saves: list[Save], by: User, loaded_by: User | None
) -> list[SavedAnswer]:
    """Some of these saves arrived before: answer for those from the history, send the rest."""
    arrived = AnswerSave.objects.in_bulk([save.id for save in saves])
    for save in saves:
        earlier = arrived.get(save.id)
        if earlier is not None and (
            earlier.case_id,
            earlier.saved_by_id,
            earlier.question,
            earlier.value,
            earlier.note,
        ) != (case_id, by.pk, save.question, save.value, save.note):
            raise SaveReused(f"Save {save.id} was used for another answer already.")
    new = [save for save in saves if save.id not in arrived]
    recorded = _record(case_id, new, by, loaded_by) if new else []
    results = {result.save.id: result for result in recorded}
    standing = _standing(case_id, [earlier.question for earlier in arrived.values()])
    for save in saves:
        if save.id in arrived:
            version = arrived[save.id].version
            outcome = Outcome.CONFLICT if version is None else Outcome.SAVED
            results[save.id] = SavedAnswer(save, outcome, version, standing.get(save.question))
    return [results[save.id] for save in saves]


def _standing(case_id: int, questions: Sequence[str]) -> dict[str, Standing]:
    answers = Answer.objects.filter(case=case_id, question__in=questions).select_related(
        "answered_by"
    )
    return {
        answer.question: Standing(
            answer.value, answer.note, answer.version, answer.answered_by.name, answer.answered_at
        )
        for answer in answers
    }
