"""An invented inspection that waits for the ratings panel, and the meeting that may hear it.

Its score stands one point below Good, and 3.1 one case below Requires improvement: there is
something to decide. One member of the meeting inspected its cases and has to step aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from string import ascii_lowercase

from django.utils import timezone

from cases.models import AnswerValue, Case, Sample
from config.demonstration.details import fill_details
from config.demonstration.recorded import PREFIX, Drawn, sample_of, saves_of, store_saves
from inspections.announcements import announce
from inspections.framework import Group
from inspections.models import Inspection, User
from ratings.models import Judgement
from ratings.panel.actions import arrange_meeting

SERVICE_NAME = "Southmere Youth Justice Service"

SEED = 3
"""The same answers at every load; only dates follow the calendar."""

SAMPLES = {
    Group.COURT: Drawn(eligible=11, wanted=11, size_reason="", longest_ago=9, shortest_ago=6),
    Group.OUT_OF_COURT: Drawn(
        eligible=23,
        wanted=20,
        size_reason="The calculated size is 21. Another service holds one of the files.",
        longest_ago=5,
        shortest_ago=3,
    ),
    # Nobody came out of custody in time, so resettlement stays unrated.
    Group.RESETTLEMENT: Drawn(eligible=0, wanted=0, size_reason="", longest_ago=12, shortest_ago=4),
}

MET: Mapping[str, tuple[int, int, int]] = {
    "2.1": (9, 8, 8),
    "2.2": (8, 7, 6),
    "2.3": (10, 8, 8),
    "2.4": (8, 6, 7),
    "3.1": (14, 9, 13),
    "3.2": (16, 14, 15),
    "3.3": (18, 14, 15),
}
"""In how many cases each key question of a standard is met."""

JUDGEMENTS: Mapping[str, tuple[str, str]] = {
    "1.1": (
        "GOOD",
        "The board meets every six weeks, with every partner at the right level. It knows its "
        "children's needs from data and changed the offer to girls because of it.",
    ),
    "1.2": (
        "REQUIRES_IMPROVEMENT",
        "Case managers are skilled and stay. Supervision took place as planned in half of the "
        "cases, and nobody checked what it changed.",
    ),
    "1.3": (
        "REQUIRES_IMPROVEMENT",
        "Speech and language therapy is on site. Children wait eleven weeks for mental health "
        "support, and education places are found too late.",
    ),
    "1.4": (
        "GOOD",
        "Staff see health and social care records on the day they need them. The two buildings "
        "are safe and children helped to furnish them.",
    ),
    "3.4": (
        "GOOD",
        "The joint panel decides from a full assessment and hears the victim. Its policy is "
        "reviewed each year with the police.",
    ),
}


def store_southmere(
    inspection: Inspection,
    *,
    lead: User,
    inspectors: Sequence[User],
    panel: Sequence[User],
) -> None:
    """Fill ``inspection``, whose team is formed, and arrange a meeting today.

    The first of ``panel`` chairs; the last of ``inspectors`` sits in the meeting too.
    """
    random = Random(SEED)
    start, end = fieldwork_before(timezone.localdate())
    inspection.fieldwork_start_date, inspection.fieldwork_end_date = start, end
    inspection.state = Inspection.State.REVIEW
    inspection.save(update_fields=["fieldwork_start_date", "fieldwork_end_date", "state"])
    samples = [sample_of(inspection, group, drawn, start) for group, drawn in SAMPLES.items()]
    Sample.objects.bulk_create(samples)
    cases = list(_cases(inspection, samples, inspectors, random))
    Case.objects.bulk_create(cases)
    met = _met(cases, random)
    store_saves(
        [
            save
            for number, case in enumerate(cases)
            for save in saves_of(case, _values(case, met, random), _begun(start, number), random)
        ]
    )
    Judgement.objects.bulk_create(
        Judgement(
            inspection=inspection,
            standard=code,
            rating=rating,
            rationale=rationale,
            saved_at=_begun(end, 0),
            saved_by=lead,
        )
        for code, (rating, rationale) in JUDGEMENTS.items()
    )
    arrange_meeting(
        meeting_date=timezone.localdate(),
        chair=panel[0],
        members=[*panel, inspectors[-1]],
        by=lead,
    )
    announce(inspection.pk)


def fieldwork_before(today: date) -> tuple[date, date]:
    """Two weeks from a Monday to a Friday, over for at least three days."""
    friday = today - timedelta(days=3)
    friday -= timedelta(days=(friday.weekday() - 4) % 7)
    return friday - timedelta(days=11), friday


def _cases(
    inspection: Inspection, samples: Sequence[Sample], inspectors: Sequence[User], random: Random
) -> Iterator[Case]:
    """Each case, signed off, allocated to the inspectors in turn."""
    turn = 0
    for sample in samples:
        group = Group(sample.group)
        for number in range(1, SAMPLES[group].wanted + 1):
            case = Case(
                inspection=inspection,
                reference=f"{PREFIX[group]}-{number:02}",
                group=group.value,
                state=Case.State.SIGNED_OFF,
                allocated_to=inspectors[turn % len(inspectors)],
                version=1,
            )
            fill_details(case, sample, 1.0, random)
            turn += 1
            yield case


def _met(cases: Sequence[Case], random: Random) -> Mapping[str, frozenset[str]]:
    """The references of the cases that meet each key question, as many as ``MET`` says."""
    framework = cases[0].inspection.framework
    met = {}
    for standard, counts in MET.items():
        group = framework.standards_by_code[standard].group
        references = [case.reference for case in cases if case.group == group]
        for number, count in enumerate(counts, start=1):
            met[f"{standard}.{number}"] = frozenset(random.sample(references, count))
    return met


def _values(
    case: Case, met: Mapping[str, frozenset[str]], random: Random
) -> Iterator[tuple[str, AnswerValue]]:
    """An answer to each question; prompts mostly agree with their key question."""
    edition = case.inspection.framework
    for code in edition.case_questions(Group(case.group)):
        is_met = case.reference in met[code.rstrip(ascii_lowercase)]
        if code in edition.prompts_by_code:
            if random.random() < 0.1:
                yield code, AnswerValue.NOT_APPLICABLE
                continue
            is_met = is_met is (random.random() < 0.88)
        yield code, AnswerValue.YES if is_met else AnswerValue.NO


def _begun(day: date, number: int) -> datetime:
    """When the work on case ``number`` began: on one of the two weeks' working days."""
    week, weekday = divmod(number % 10, 5)
    on = day + timedelta(days=7 * week + weekday)
    return timezone.make_aware(datetime.combine(on, time(9, 40) if number % 2 else time(13, 15)))
