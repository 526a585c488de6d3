"""Recording answers: each save is accepted, in conflict or refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from cases.actions.saves import Outcome, SaveResult, SaveReused, Sent, check_of_file
from cases.models import Answer, AnswerSave, Case
from cases.permissions import RECORD, RECORDABLE_STATES
from inspections.announcements import announce
from inspections.models import Inspection, User
from inspections.prepared import run_prepared
from inspections.team.work import HOLDING_ROLES


@dataclass(frozen=True, slots=True)
class Save(Sent):
    """One answer to be saved.

    ``value`` is an ``AnswerValue`` or empty for none. ``base_version`` is the version that the
    inspector saw, 0 for none.
    """

    question: str
    value: str
    note: str
    base_version: int


@dataclass(frozen=True, slots=True)
class CurrentAnswer:
    """The current answer: its content, version, author and time."""

    value: str
    note: str
    version: int
    by: str
    at: datetime


# Saves, reallocations and submissions all lock the case's row first, so a save can't arrive in a
# case that was just submitted or reallocated, and two saves of many answers can't deadlock. Whether
# a save is accepted depends only on the version in its own row. The inspection's row is
# share-locked, so no save arrives after fieldwork has closed. To be named in the case's row is not
# enough: whoever holds it has to be on the team, in a role that holds cases. Saves of one request
# are a microsecond apart in the history, in the order they were made. The case's answers are found
# by the parameter, not by ``sent``: otherwise a plan made while the table was small reads all
# answers, for as long as the connection lives. The first save starts the case; set_config gives the
# case's history the person, unless a context is set already.
STATEMENT = """
WITH held AS MATERIALIZED (
    SELECT c.id, c.inspection_id, c.state
    FROM cases_case c JOIN inspections_inspection i ON i.id = c.inspection_id
    JOIN inspections_membership m
        ON m.inspection_id = c.inspection_id AND m.user_id = c.allocated_to_id
    WHERE c.id = %(case)s::bigint
        AND c.allocated_to_id IN (%(by)s::bigint, %(loaded_by)s::bigint)
        AND m.role = ANY(string_to_array(%(roles)s::text, ','))
        AND c.state = ANY(string_to_array(%(states)s::text, ',')) AND i.state = %(fieldwork)s::text
    FOR NO KEY UPDATE OF c FOR KEY SHARE OF i
), sent AS MATERIALIZED (
    SELECT held.id AS case_id, s.*
    FROM held, json_to_recordset(%(saves)s::json) AS s(
        id uuid, place int, question text, value text, note text, base_version int,
        made_at timestamptz
    )
), changed AS (
    UPDATE cases_answer a
    SET value = s.value, note = s.note, version = a.version + 1,
        answered_at = now(), answered_by_id = %(by)s::bigint
    FROM sent s
    WHERE s.base_version > 0 AND a.case_id = %(case)s::bigint AND a.question = s.question
        AND a.version = s.base_version
    RETURNING a.question, a.version
), added AS (
    INSERT INTO cases_answer
        (case_id, question, value, note, version, answered_at, answered_by_id)
    SELECT case_id, question, value, note, 1, now(), %(by)s::bigint
    FROM sent WHERE base_version = 0
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
    RETURNING id, version
), begun AS (
    UPDATE cases_case c SET state = %(in_progress)s::text
    FROM held, (
        SELECT set_config('pghistory.context_id', coalesce(
                nullif(current_setting('pghistory.context_id', true), ''),
                gen_random_uuid()::text
            ), true),
            set_config('pghistory.context_metadata', coalesce(
                nullif(current_setting('pghistory.context_metadata', true), ''),
                json_strip_nulls(
                    json_build_object('user', %(by)s::bigint, 'url', %(url)s::text)
                )::text
            ), true)
    ) AS context
    WHERE c.id = held.id AND held.state = %(not_started)s::text AND EXISTS (SELECT FROM written)
)
SELECT now(), held.inspection_id, (SELECT json_object_agg(kept.id, kept.version) FROM kept)
FROM held
"""


ROLES, STATES = ",".join(sorted(HOLDING_ROLES)), ",".join(RECORDABLE_STATES)

TRIES = 3


def record_answers(
    *,
    case_id: int,
    saves: Sequence[Save],
    by: User,
    loaded_by: User | None = None,
    url: str | None = None,
) -> list[SaveResult]:
    """Record the saves; returns for each, in order, whether it was accepted or in conflict.

    A save is accepted only if it is based on the current version. A save of the current answer is
    no conflict, whatever it is based on, and makes no version. In any case it stays in the
    history, with ``loaded_by`` if somebody loaded it from a file. ``url`` is the address of the
    request, for the history of a case that this starts. Raises ``Refused`` when ``by``
    may not record in the case (any more; see ``check_of_file``), and ``SaveReused``. The form
    checks questions and values before, and the database checks them again.
    """
    return [
        result
        for batch in _one_save_a_question(saves)
        for result in _record(case_id, batch, by, loaded_by, url)
    ]


def _one_save_a_question(saves: Sequence[Save]) -> Iterator[list[Save]]:
    """Split into batches with each question once, in the order of the saves."""
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


def _record(
    case_id: int, saves: list[Save], by: User, loaded_by: User | None, url: str | None
) -> list[SaveResult]:
    parameters = {
        "case": case_id,
        "by": by.pk,
        "loaded_by": loaded_by.pk if loaded_by else None,
        "url": url,
        "roles": ROLES,
        "states": STATES,
        "fieldwork": Inspection.State.FIELDWORK.value,
        "not_started": Case.State.NOT_STARTED.value,
        "in_progress": Case.State.IN_PROGRESS.value,
        "saves": json.dumps([_row(save, place) for place, save in enumerate(saves)]),
    }
    for _ in range(TRIES):
        try:
            # A single statement is its own transaction. Inside a larger one it needs a savepoint,
            # so that an error of the database doesn't abort the whole transaction.
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                rows = run_prepared(STATEMENT, parameters)
        except IntegrityError as error:
            if "cases_answersave_pkey" not in str(error):
                raise
            return _record_again(case_id, saves, by, loaded_by, url)
        if rows:
            break
        # The statement found no case that this person may record in: say why, from fresh rows.
        # If they may by now, try again.
        fresh = Case.objects.select_related("inspection", "allocated_to").get(pk=case_id)
        check_of_file(RECORD, fresh, by, loaded_by)
    else:
        raise RuntimeError("a save was neither accepted, refused nor found in conflict")
    [(at, inspection_id, versions)] = rows
    if any(versions.values()):
        announce(inspection_id)
    return _results_for(case_id, saves, versions, by, at)


def _row(save: Save, place: int) -> dict[str, str | int | None]:
    return {
        "id": str(save.id),
        "place": place,
        "question": save.question,
        "value": save.value,
        "note": save.note,
        "base_version": save.base_version,
        "made_at": save.made_at.isoformat() if save.made_at else None,
    }


def _results_for(
    case_id: int, saves: list[Save], versions: dict[str, int | None], by: User, at: datetime
) -> list[SaveResult]:
    """``versions`` has each save's version by its id; ``None`` if it was not written."""
    lost = [save.question for save in saves if versions[str(save.id)] is None]
    current = _current_answers(case_id, lost) if lost else {}
    results = []
    for save in saves:
        version = versions[str(save.id)]
        if version is None:
            results.append(_result_of_unwritten(save, current.get(save.question)))
        else:
            now = CurrentAnswer(save.value, save.note, version, str(by), at)
            results.append(SaveResult(save, Outcome.SAVED, version, now))
    return results


def _result_of_unwritten(save: Save, current: CurrentAnswer | None) -> SaveResult:
    """A conflict, or the answer that is the current one already, as two devices may give it.

    The history keeps which, so that the save has the same result if it is repeated.
    """
    if current is None or (save.value, save.note) != (current.value, current.note):
        return SaveResult(save, Outcome.CONFLICT, current=current)
    AnswerSave.objects.filter(pk=save.id, version=None, same_as=None).update(
        same_as=current.version
    )
    return SaveResult(save, Outcome.SAVED, current.version, current)


def _record_again(
    case_id: int, saves: list[Save], by: User, loaded_by: User | None, url: str | None
) -> list[SaveResult]:
    """Some of these saves arrived before: answer those from the history, record the rest."""
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
            raise SaveReused(save.id)
    new = [save for save in saves if save.id not in arrived]
    recorded = _record(case_id, new, by, loaded_by, url) if new else []
    results = {result.save.id: result for result in recorded}
    current = _current_answers(case_id, [earlier.question for earlier in arrived.values()])
    for save in saves:
        earlier = arrived.get(save.id)
        if earlier is not None:
            now = current.get(save.question)
            version = earlier.same_as if earlier.version is None else earlier.version
            results[save.id] = (
                _result_of_unwritten(save, now)
                if version is None
                else SaveResult(save, Outcome.SAVED, version, now)
            )
    return [results[save.id] for save in saves]


def _current_answers(case_id: int, questions: Iterable[str]) -> dict[str, CurrentAnswer]:
    answers = Answer.objects.filter(case=case_id, question__in=questions)
    return {
        answer.question: CurrentAnswer(
            answer.value, answer.note, answer.version, str(answer.answered_by), answer.answered_at
        )
        for answer in answers.select_related("answered_by")
    }
