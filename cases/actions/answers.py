"""Recording answers: each save is accepted, refused in words or found in conflict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import IntegrityError

from cases.actions.record_statement import Sent, Written, write_alone
from cases.actions.saves import Outcome, Save, SavedAnswer, SaveReused, Standing
from cases.models import Answer, AnswerSave, Case
from cases.permissions import RECORD
from inspections.models import User


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
    sent = Sent(case_id, saves, by.pk, loaded_by.pk if loaded_by else None)
    try:
        written = write_alone(sent)
    except IntegrityError as error:
        if "cases_answersave_pkey" not in str(error):
            raise
        return _record_again(case_id, saves, by, loaded_by)
    results = what_became_of(sent, written, by.name)
    if results is None:
        # The statement found no case that is theirs to record in: say why, from fresh rows.
        fresh = Case.objects.select_related("inspection", "allocated_to").get(pk=case_id)
        RECORD.check(by, fresh)
        raise RuntimeError("a save was neither accepted, refused nor found in conflict")
    return results


def what_became_of(sent: Sent, written: Written, by: str) -> list[SavedAnswer] | None:
    """What became of each save of ``sent``, ``None`` when the case took none; ``by`` is who
    made them."""
    versions = written.of(sent)
    if versions is None:
        return None
    made = list(zip(sent.saves, versions, strict=True))
    lost = [save.question for save, version in made if version is None]
    standing = _standing(sent.case_id, lost) if lost else {}
    results = []
    for save, version in made:
        if version is None:
            now = standing.get(save.question)
            results.append(SavedAnswer(save, Outcome.CONFLICT, None, now))
        else:
            now = Standing(save.value, save.note, version, by, written.at)
            results.append(SavedAnswer(save, Outcome.SAVED, version, now))
    return results


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
