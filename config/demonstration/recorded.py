"""What inspectors of the demonstration recorded: samples, cases, and answers with their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from cases.models import Answer, AnswerSave, AnswerValue, Case, Sample
from config.demonstration.words import NOTES
from inspections.framework import Edition, Group
from inspections.models import Inspection

PREFIX = {Group.COURT: "C", Group.OUT_OF_COURT: "O", Group.RESETTLEMENT: "R"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """How one group was sampled; the window is in months before fieldwork (method.md)."""

    eligible: int
    wanted: int
    size_reason: str
    longest_ago: int
    shortest_ago: int


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier, or the 28th where that month may be too short."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, min(day.day, 28))


def sample_of(inspection: Inspection, group: Group, drawn: Drawn, start: date) -> Sample:
    return Sample(
        inspection=inspection,
        group=group.value,
        window_start_date=months_before(start, drawn.longest_ago),
        window_end_date=months_before(start, drawn.shortest_ago),
        eligible_cases=drawn.eligible,
        wanted_cases=drawn.wanted,
        size_reason=drawn.size_reason,
    )


OTHER_ANSWER = {AnswerValue.YES: AnswerValue.NO, AnswerValue.NO: AnswerValue.YES}


def saves_of(
    case: Case, values: Iterable[tuple[str, AnswerValue]], begun: datetime, random: Random
) -> Iterator[AnswerSave]:
    """Every save of ``case`` in the order made; now and then one takes back an earlier."""
    edition = case.inspection.framework
    saved_at = begun
    for code, value in values:
        saved_at += timedelta(seconds=random.randint(30, 110))
        final = {
            "case": case,
            "question": code,
            "value": value,
            "note": _note(edition, code, value, random),
            "saved_by": case.allocated_to,
        }
        if random.random() < 0.03 and value in OTHER_ANSWER:
            yield AnswerSave(
                **final | {"value": OTHER_ANSWER[value], "note": ""},
                base_version=0,
                version=1,
                saved_at=saved_at,
            )
            yield AnswerSave(
                **final, base_version=1, version=2, saved_at=saved_at + timedelta(minutes=3)
            )
        else:
            yield AnswerSave(**final, base_version=0, version=1, saved_at=saved_at)


def _note(edition: Edition, code: str, value: AnswerValue, random: Random) -> str:
    """A note in half of the key questions and a few of the prompts."""
    likely = 0.05 if code in edition.prompts_by_code else 0.5
    if value == AnswerValue.NOT_APPLICABLE or random.random() >= likely:
        return ""
    return random.choice(NOTES[code[4], value == AnswerValue.YES])


def store_saves(saves: Sequence[AnswerSave]) -> None:
    """The saves, and the answers that stand after them."""
    AnswerSave.objects.bulk_create(saves)
    # The last save of a question is the answer that stands.
    standing = {(save.case_id, save.question): save for save in saves}
    Answer.objects.bulk_create(_answer(save) for save in standing.values())


def _answer(save: AnswerSave) -> Answer:
    assert save.version is not None, "the demonstration has no save that lost"
    return Answer(
        case=save.case,
        question=save.question,
        value=save.value,
        note=save.note,
        version=save.version,
        answered_at=save.saved_at,
        answered_by=save.saved_by,
    )
