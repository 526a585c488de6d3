"""A full inspection to measure with: every question answered in every case."""

from __future__ import annotations

from django.utils import timezone

from cases.models import Answer, AnswerValue, Case, Sample
from inspections.framework import Group, Rating
from inspections.models import Inspection
from ratings.models import Judgement
from tests import build


def answered_inspection(cases: int) -> Inspection:
    """An inspection of the 2021 edition with ``cases`` cases, two court to three
    out-of-court, fully answered and judged, allocated to one inspector."""
    inspection = build.inspection()
    inspector = build.inspector(inspection)
    groups = [Group.COURT if n % 5 < 2 else Group.OUT_OF_COURT for n in range(cases)]
    for group in (Group.COURT, Group.OUT_OF_COURT, Group.RESETTLEMENT):
        Sample.objects.create(inspection=inspection, group=group, eligible_cases=3 * cases)
    sampled = Case.objects.bulk_create(
        Case(
            inspection=inspection,
            reference=f"B-{n:03}",
            group=group,
            allocated_to=inspector,
            state=Case.State.IN_PROGRESS,
        )
        for n, group in enumerate(groups, 1)
    )
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(
            case=case,
            question=question,
            value=AnswerValue.YES if (place + n) % 4 else AnswerValue.NO,
            version=1,
            answered_at=now,
            answered_by=inspector,
        )
        for n, case in enumerate(sampled)
        for place, question in enumerate(inspection.framework.case_questions(Group(case.group)))
    )
    Judgement.objects.bulk_create(
        Judgement(
            inspection=inspection,
            standard=standard.code,
            rating=Rating.GOOD.name,
            rationale="Measured, not judged.",
            saved_at=now,
            saved_by=inspector,
        )
        for standard in inspection.framework.standards
        if standard.is_qualitative
    )
    return inspection
