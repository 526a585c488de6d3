"""An invented inspection in the middle of its fieldwork.

Two of its oddities are there on purpose: nearly every out-of-court case meets key
question 3.2.3 while few meet its prompts, and the last court standard has been answered
in so few cases that one case is worth twenty points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from string import ascii_lowercase

from django.utils import timezone

from cases.models import AnswerValue, Case, Sample
from config.demonstration.details import fill_details
from config.demonstration.findings import store_findings
from config.demonstration.recorded import PREFIX, Drawn, sample_of, saves_of, store_saves
from config.demonstration.words import JUDGEMENTS
from inspections.announcements import announce
from inspections.framework import Group
from inspections.models import Inspection, User
from ratings.models import Judgement

SERVICE_NAME = "Northmere Youth Justice Service"

SEED = 2
"""The same answers at every load; only dates follow the calendar."""


SAMPLES = {
    Group.COURT: Drawn(
        eligible=14,
        wanted=11,
        size_reason="The calculated size is 13. Two children have moved away and a court holds "
        "one file, so 11 can be inspected.",
        longest_ago=9,
        shortest_ago=6,
    ),
    Group.OUT_OF_COURT: Drawn(
        eligible=18, wanted=17, size_reason="", longest_ago=5, shortest_ago=3
    ),
    Group.RESETTLEMENT: Drawn(eligible=2, wanted=2, size_reason="", longest_ago=12, shortest_ago=4),
}

SIGNED_OFF, SUBMITTED, UNTOUCHED = "signed off", "submitted", 0.0

COURSE: dict[Group, tuple[str | float, ...]] = {
    Group.COURT: (
        *(SIGNED_OFF, SUBMITTED, 0.8, SIGNED_OFF, 0.7, UNTOUCHED, SUBMITTED),
        *(0.5, SIGNED_OFF, 0.4, UNTOUCHED),
    ),
    Group.OUT_OF_COURT: (
        *(SIGNED_OFF, SUBMITTED, SIGNED_OFF, 0.8, SUBMITTED, SIGNED_OFF, 0.6, UNTOUCHED, SUBMITTED),
        *(SIGNED_OFF, 0.5, UNTOUCHED, SUBMITTED, 0.35, SIGNED_OFF, 0.2, UNTOUCHED),
    ),
    Group.RESETTLEMENT: (0.5, UNTOUCHED),
}
"""How far each case has come: signed off, submitted, or the share that is answered."""

MET = {
    "2.1": (0.9, 0.65, 0.7),
    "2.2": (0.85, 0.7, 0.6),
    "2.3": (0.9, 0.8, 0.85),
    "2.4": (0.8, 0.6, 0.6),
    "3.1": (0.75, 0.45, 0.6),
    "3.2": (0.8, 0.7, 0.9),
    "3.3": (0.9, 0.75, 0.8),
}
"""In what share of cases each key question of a standard is met, roughly."""

CONTRADICTED = "3.2.3"


def store_northmere(inspection: Inspection, *, lead: User, inspectors: Sequence[User]) -> None:
    """Fill ``inspection``, whose team is formed already, with samples, cases and answers."""
    random = Random(SEED)
    today = timezone.localdate()
    start, end = fieldwork_around(today)
    inspection.fieldwork_start_date, inspection.fieldwork_end_date = start, end
    inspection.save(update_fields=["fieldwork_start_date", "fieldwork_end_date"])
    samples = [sample_of(inspection, group, drawn, start) for group, drawn in SAMPLES.items()]
    Sample.objects.bulk_create(samples)
    planned = list(_cases(inspection, samples, inspectors, random))
    Case.objects.bulk_create(case for case, _ in planned)
    saves = [
        save
        for number, (case, share) in enumerate(planned)
        for save in saves_of(
            case, _values(case, share, random), _first_save_at(start, today, number), random
        )
    ]
    store_saves(saves)
    saved_at = _first_save_at(start, today, 1) + timedelta(hours=4)
    Judgement.objects.bulk_create(
        Judgement(
            inspection=inspection,
            standard=code,
            rating=rating,
            rationale=rationale,
            saved_at=saved_at,
            saved_by=lead,
        )
        for code, (rating, rationale) in JUDGEMENTS.items()
    )
    store_findings(inspection, lead=lead, inspector=inspectors[0], start=start, saved_at=saved_at)
    announce(inspection.pk)


def fieldwork_around(today: date) -> tuple[date, date]:
    """A Monday at least three days before ``today``, and the Friday of the week after it."""
    begun = today - timedelta(days=3)
    monday = begun - timedelta(days=begun.weekday())
    return monday, monday + timedelta(days=11)


def _cases(
    inspection: Inspection, samples: Sequence[Sample], inspectors: Sequence[User], random: Random
) -> Iterator[tuple[Case, float]]:
    """Each case, allocated to the inspectors in turn, with the share that is answered."""
    turn = 0
    for sample in samples:
        group = Group(sample.group)
        for number, course in enumerate(COURSE[group], start=1):
            share = course if isinstance(course, float) else 1.0
            case = Case(
                inspection=inspection,
                reference=f"{PREFIX[group]}-{number:02}",
                group=group.value,
                state=_state(course),
                allocated_to=inspectors[turn % len(inspectors)],
                version=1 if share else 0,
            )
            fill_details(case, sample, share, random)
            turn += 1
            yield case, share


def _state(course: str | float) -> str:
    if course == SIGNED_OFF:
        return Case.State.SIGNED_OFF
    if course == SUBMITTED:
        return Case.State.SUBMITTED
    return Case.State.IN_PROGRESS if course else Case.State.NOT_STARTED


def _first_save_at(start: date, today: date, number: int) -> datetime:
    """When the work on case ``number`` began: on a working day of fieldwork before today."""
    days = [start + timedelta(days=n) for n in range((today - start).days)]
    working = [day for day in days if day.weekday() < 5]
    begun = time(9, 40) if number % 2 else time(13, 15)
    return timezone.make_aware(datetime.combine(working[number % len(working)], begun))


def _values(case: Case, share: float, random: Random) -> Iterator[tuple[str, AnswerValue]]:
    """An answer to each question: a key question is met or not, and prompts mostly agree."""
    edition = case.inspection.framework
    codes = edition.case_questions(Group(case.group))
    met: dict[str, bool] = {}
    for code in codes[: round(len(codes) * share)]:
        key_question = code.rstrip(ascii_lowercase)
        if key_question not in met:
            standard, _, number = key_question.rpartition(".")
            met[key_question] = random.random() < MET[standard][int(number) - 1]
        if code in edition.prompts_by_code:
            yield code, _prompt_value(key_question, met[key_question], random)
        else:
            yield code, AnswerValue.YES if met[code] else AnswerValue.NO


def _prompt_value(key_question: str, met: bool, random: Random) -> AnswerValue:
    if random.random() < 0.1:
        return AnswerValue.NOT_APPLICABLE
    agrees = random.random() < 0.88
    yes = random.random() < 0.15 if key_question == CONTRADICTED else met is agrees
    return AnswerValue.YES if yes else AnswerValue.NO
