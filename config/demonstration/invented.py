"""Inspections of invented services: samples, cases, answers with their history, judgements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from string import ascii_lowercase

from django.utils import timezone

from cases.models import Answer, AnswerSave, AnswerValue, Case, Sample
from config.demonstration.details import fill_details
from config.demonstration.words import NOTES
from inspections.announcements import announce
from inspections.framework import Edition, Group
from inspections.models import Inspection, User
from ratings.models import Judgement

PREFIX = {Group.COURT: "C", Group.OUT_OF_COURT: "O", Group.RESETTLEMENT: "R"}

SIGNED_OFF, SUBMITTED, UNTOUCHED = "signed off", "submitted", 0.0

OTHER_ANSWER = {AnswerValue.YES: AnswerValue.NO, AnswerValue.NO: AnswerValue.YES}

Met = Callable[[Case, str], bool]
"""Whether a case meets a key question."""


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How one group was sampled; the window is in months before fieldwork (method.md, Sampling).

    ``progress`` says how far each case has come: signed off, submitted, or the share answered;
    if it is empty, every case is signed off.
    """

    eligible: int
    wanted: int
    longest_ago: int
    shortest_ago: int
    size_reason: str = ""
    progress: tuple[str | float, ...] = ()

    def case_progress(self) -> tuple[str | float, ...]:
        return self.progress or (SIGNED_OFF,) * self.wanted


@dataclass(frozen=True, slots=True)
class InspectionPlan:
    """An invented inspection. ``judgements`` are ratings and rationales by standard; the prompts
    of the key question ``contradicted`` contradict it."""

    state: str
    samples: Mapping[Group, SamplePlan]
    judgements: Mapping[str, tuple[str, str]]
    contradicted: str = ""
    met: Callable[[Sequence[Case], Random], Met] = field(kw_only=True)


def store_invented(
    inspection: Inspection,
    invented: InspectionPlan,
    dates: tuple[date, date],
    *,
    lead: User,
    inspectors: Sequence[User],
    chance: Random,
) -> datetime:
    """Fill ``inspection``, which has its team already; returns the time of the judgements.

    The same ``chance`` always gives the same answers; only dates depend on the calendar.
    """
    start, end = inspection.fieldwork_start_date, inspection.fieldwork_end_date = dates
    inspection.state = invented.state
    inspection.save(update_fields=["fieldwork_start_date", "fieldwork_end_date", "state"])
    before = min(end + timedelta(days=1), timezone.localdate())
    samples = [
        sample_of(inspection, group, drawn, start) for group, drawn in invented.samples.items()
    ]
    Sample.objects.bulk_create(samples)
    planned = list(_cases(inspection, invented, samples, inspectors, chance))
    Case.objects.bulk_create(case for case, _ in planned)
    met = invented.met([case for case, _ in planned], chance)
    saves: list[AnswerSave] = []
    for number, (case, share) in enumerate(planned):
        values = _values(case, share, met, invented.contradicted, chance)
        saves += _saves(case, values, first_save_at(start, before, number), chance)
    AnswerSave.objects.bulk_create(saves)
    # The last save of a question is its current answer.
    current = {(save.case_id, save.question): save for save in saves}
    Answer.objects.bulk_create(_answer(save) for save in current.values())
    judged_at = first_save_at(start, before, 1) + timedelta(hours=4)
    Judgement.objects.bulk_create(
        Judgement(
            inspection=inspection,
            standard=code,
            rating=rating,
            rationale=rationale,
            saved_at=judged_at,
            saved_by=lead,
        )
        for code, (rating, rationale) in invented.judgements.items()
    )
    announce(inspection.pk)
    return judged_at


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier, or the 28th where that month may be too short."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, min(day.day, 28))


def sample_of(inspection: Inspection, group: Group, drawn: SamplePlan, start: date) -> Sample:
    return Sample(
        inspection=inspection,
        group=group.value,
        window_start_date=months_before(start, drawn.longest_ago),
        window_end_date=months_before(start, drawn.shortest_ago),
        eligible_cases=drawn.eligible,
        wanted_cases=drawn.wanted,
        size_reason=drawn.size_reason,
    )


def _cases(
    inspection: Inspection,
    invented: InspectionPlan,
    samples: Sequence[Sample],
    inspectors: Sequence[User],
    chance: Random,
) -> Iterator[tuple[Case, float]]:
    """Each case, allocated to the inspectors in turn, with the share that is answered."""
    turn = 0
    for sample in samples:
        group = Group(sample.group)
        for number, progress in enumerate(invented.samples[group].case_progress(), start=1):
            share = progress if isinstance(progress, float) else 1.0
            case = Case(
                inspection=inspection,
                reference=f"{PREFIX[group]}-{number:02}",
                group=group.value,
                state=_state(progress),
                allocated_to=inspectors[turn % len(inspectors)],
                version=1 if share else 0,
            )
            fill_details(case, sample, share, chance)
            turn += 1
            yield case, share


def _state(progress: str | float) -> str:
    if progress == SIGNED_OFF:
        return Case.State.SIGNED_OFF
    if progress == SUBMITTED:
        return Case.State.SUBMITTED
    return Case.State.IN_PROGRESS if progress else Case.State.NOT_STARTED


def first_save_at(start: date, before: date, number: int) -> datetime:
    """The first save in case ``number``: on a working day of fieldwork before ``before``."""
    days = [start + timedelta(days=n) for n in range((before - start).days)]
    working = [day for day in days if day.weekday() < 5]
    begun = time(9, 40) if number % 2 else time(13, 15)
    return timezone.make_aware(datetime.combine(working[number % len(working)], begun))


def _values(
    case: Case, share: float, met: Met, contradicted: str, chance: Random
) -> Iterator[tuple[str, AnswerValue]]:
    """An answer to each question: a key question is met or not, and prompts mostly agree."""
    edition = case.inspection.framework
    codes = edition.case_questions(Group(case.group))
    for code in codes[: round(len(codes) * share)]:
        key_question = code.rstrip(ascii_lowercase)
        is_met = met(case, key_question)
        if code in edition.prompts_by_code:
            if chance.random() < 0.1:
                yield code, AnswerValue.NOT_APPLICABLE
                continue
            agrees = chance.random() < 0.88
            is_met = chance.random() < 0.15 if key_question == contradicted else is_met is agrees
        yield code, AnswerValue.YES if is_met else AnswerValue.NO


def _saves(
    case: Case, values: Iterable[tuple[str, AnswerValue]], begun: datetime, chance: Random
) -> Iterator[AnswerSave]:
    """Every save of ``case`` in the order made; a few answers are changed once."""
    edition = case.inspection.framework
    saved_at = begun
    for code, value in values:
        saved_at += timedelta(seconds=chance.randint(30, 110))
        final = {
            "case": case,
            "question": code,
            "value": value,
            "note": _note(edition, code, value, chance),
            "saved_by": case.allocated_to,
        }
        if chance.random() < 0.03 and value in OTHER_ANSWER:
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


def _note(edition: Edition, code: str, value: AnswerValue, chance: Random) -> str:
    """A note in half of the key questions and a few of the prompts."""
    likely = 0.05 if code in edition.prompts_by_code else 0.5
    if value == AnswerValue.NOT_APPLICABLE or chance.random() >= likely:
        return ""
    return chance.choice(NOTES[code[4], value == AnswerValue.YES])


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
