"""The one statement that accepts each save of an answer or finds it in conflict."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cases.actions.saves import Save
from cases.models import Case
from cases.permissions import RECORDABLE_STATES
from inspections.announcements import announce
from inspections.models import Inspection
from inspections.prepared import rows
from inspections.signed_in import STILL_SIGNED_IN, Proof

# The case's row is locked first, by saves, hand-overs and submissions alike: a save can't
# slip into a case that has just been submitted or given to somebody else, and two saves
# of many answers can't wait for each other in a circle. Whether a save wins is decided
# by the version in its own row alone. The inspection's row is shared, so that no save slips in
# behind the end of fieldwork. Saves of one request stand a microsecond apart in the history, in
# the order in which they were made.
STATEMENT = """
WITH sent AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(saves)s::json) AS s(
        id uuid, proof int, place int, case_id bigint, question text, value text, note text,
        base_version int, made_at timestamptz, saved_by bigint, loaded_by bigint
    )
), held AS MATERIALIZED (
    SELECT c.id, c.inspection_id, c.allocated_to_id, c.state
    FROM cases_case c JOIN inspections_inspection i ON i.id = c.inspection_id
    WHERE c.id = ANY(string_to_array(%(cases)s::text, ',')::bigint[])
        AND c.state = ANY(string_to_array(%(states)s::text, ',')) AND i.state = %(fieldwork)s::text
    FOR NO KEY UPDATE OF c {waiting} FOR KEY SHARE OF i {waiting}
), taken AS MATERIALIZED (
    SELECT sent.* FROM sent
    JOIN held ON held.id = sent.case_id AND held.allocated_to_id = sent.saved_by
    {proven}
), changed AS (
    UPDATE cases_answer a
    SET value = s.value, note = s.note, version = a.version + 1,
        answered_at = now(), answered_by_id = s.saved_by
    FROM taken s
    WHERE s.base_version > 0 AND a.case_id = s.case_id AND a.question = s.question
        AND a.version = s.base_version
    RETURNING a.case_id, a.question, a.version
), added AS (
    INSERT INTO cases_answer
        (case_id, question, value, note, version, answered_at, answered_by_id)
    SELECT case_id, question, value, note, 1, now(), saved_by FROM taken WHERE base_version = 0
    ON CONFLICT (case_id, question) DO NOTHING
    RETURNING case_id, question, version
), written AS (
    SELECT * FROM changed UNION ALL SELECT * FROM added
), kept AS (
    INSERT INTO cases_answersave
        (id, case_id, question, value, note, base_version, version, made_at, saved_at, saved_by_id,
        loaded_by_id)
    SELECT s.id, s.case_id, s.question, s.value, s.note, s.base_version, w.version, s.made_at,
        now() + s.place * interval '1 microsecond', s.saved_by, s.loaded_by
    FROM taken s LEFT JOIN written w ON w.case_id = s.case_id AND w.question = s.question
    RETURNING id, case_id, version
), begun AS (
    UPDATE cases_case c SET state = %(in_progress)s::text
    FROM held WHERE c.id = held.id AND held.state = %(not_started)s::text
        AND c.id IN (SELECT case_id FROM written)
)
SELECT now(), json_object_agg(kept.id, kept.version),
    json_agg(DISTINCT held.inspection_id) FILTER (WHERE kept.version IS NOT NULL)
FROM kept JOIN held ON held.id = kept.case_id
"""
ALONE = STATEMENT.format(waiting="", proven="")
# Among the saves of several people none waits for a case or an inspection that is held.
TOGETHER = STATEMENT.format(
    waiting="SKIP LOCKED",
    proven=f"""JOIN ({STILL_SIGNED_IN}) AS still
        ON still.number = sent.proof AND still."user" = sent.saved_by""",
)
CONSTANTS = {
    "states": ",".join(RECORDABLE_STATES),
    "fieldwork": Inspection.State.FIELDWORK.value,
    "not_started": Case.State.NOT_STARTED.value,
    "in_progress": Case.State.IN_PROGRESS.value,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """Saves of one person in one case, no two of one question; ``loaded_by`` is who loaded
    them from a file, ``proof`` what says who sends them."""

    case_id: int
    saves: Sequence[Save]
    by: int
    loaded_by: int | None = None
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Which version each save became, by its id, ``None`` in conflict, and when."""

    at: datetime
    versions: dict[str, int | None]

    def of(self, sent: Sent) -> list[int | None] | None:
        """The versions of ``sent``'s saves in order, ``None`` when their case took none."""
        try:
            return [self.versions[str(save.id)] for save in sent.saves]
        except KeyError:
            return None


def write_alone(sent: Sent) -> Written:
    """Write the saves, waiting for their case where somebody else holds it."""
    return _write(ALONE, [sent])


def write_together(batch: Sequence[Sent]) -> Written:
    """Write the saves of all whose proof still holds and whose case nobody else holds now;
    no two of them may have the same id, or be of the same question in the same case."""
    proofs = [sent.proof.as_row(number) for number, sent in enumerate(batch) if sent.proof]
    return _write(TOGETHER, batch, proofs=json.dumps(proofs))


def _write(statement: str, batch: Sequence[Sent], **more: str) -> Written:
    """Raises ``django.db.IntegrityError``, with nothing written, for an id that was used, and
    whatever else the database refuses."""
    parameters = CONSTANTS | more
    parameters["cases"] = ",".join({str(sent.case_id) for sent in batch})
    parameters["saves"] = json.dumps(
        [
            _row(sent, number, save, place)
            for number, sent in enumerate(batch)
            for place, save in enumerate(sent.saves)
        ]
    )
    # One statement is a transaction of its own; inside a larger one it needs a savepoint,
    # so that what the database refuses doesn't spoil what went before.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        [(at, versions, inspections)] = rows(statement, parameters)
    for inspection_id in inspections or ():
        announce(inspection_id)
    return Written(at, versions or {})


def _row(sent: Sent, number: int, save: Save, place: int) -> dict[str, Any]:
    return {
        "id": str(save.id),
        "proof": number,
        "place": place,
        "case_id": sent.case_id,
        "question": save.question,
        "value": save.value,
        "note": save.note,
        "base_version": save.base_version,
        "made_at": save.made_at and save.made_at.isoformat(),
        "saved_by": sent.by,
        "loaded_by": sent.loaded_by,
    }
