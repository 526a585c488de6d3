"""A full inspection to measure with: every question answered in every case."""

from __future__ import annotations

import uuid

from django.utils import timezone

from cases.models import Answer, AnswerValue, Case, Sample
from inspections.framework import Group, Rating
from inspections.models import Inspection, Membership, Service, User
from ratings.models import Judgement


def answered_inspection(cases: int) -> Inspection:
    """An inspection of the 2021 edition with ``cases`` cases, two court to three
    out-of-court, fully answered and judged, allocated to one inspector."""
    own = uuid.uuid4()
    service = Service.objects.create(name=f"Benchmark {own}")
    inspection = Inspection.objects.create(service=service, edition_id="2021")
    inspector = User.objects.create_user(f"{own}@fieldwork.example", name="Bench")
    Membership.objects.create(inspection=inspection, user=inspector, role=Membership.Role.INSPECTOR)
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
