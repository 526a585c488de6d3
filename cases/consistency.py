"""Where the rows of cases meet what looks contradictory in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.utils import timezone

from cases.contradictions import (
    Classification,
    Contradiction,
    Details,
    Window,
    case_contradictions,
)
from cases.models import Answer, Case
from inspections.framework import Edition, Group, KeyQuestion
from inspections.models import Inspection


def contradictions_of(case: Case, answers: Mapping[str, str]) -> tuple[Contradiction, ...]:
    """What looks contradictory in ``case``, given its answers by question; one query."""
    return _found(case, answers, _windows(case.inspection))


def contradictions_by_case(
    inspection: Inspection, cases: Collection[Case]
) -> dict[int, tuple[Contradiction, ...]]:
    """The same for many cases of one inspection, by case number; two queries."""
    windows = _windows(inspection)
    answers: defaultdict[int, dict[str, str]] = defaultdict(dict)
    given = Answer.objects.filter(case__in=[case.pk for case in cases]).exclude(value="")
    for case, question, value in given.values_list("case", "question", "value"):
        answers[case][question] = value
    return {case.pk: _found(case, answers[case.pk], windows) for case in cases}


def _found(
    case: Case, answers: Mapping[str, str], windows: Mapping[str, Window]
) -> tuple[Contradiction, ...]:
    return case_contradictions(
        key_questions(case.inspection.framework, case.group),
        answers,
        _details(case),
        windows.get(case.group),
        timezone.localdate(),
    )


def key_questions(edition: Edition, group: str) -> list[KeyQuestion]:
    return [
        question
        for standard in edition.case_standards(group)
        for question in standard.key_questions
    ]


def _windows(inspection: Inspection) -> dict[str, Window]:
    return {
        sample.group: Window(sample.window_start_date, sample.window_end_date)
        for sample in inspection.samples.all()
    }


def _details(case: Case) -> Details:
    return Details(
        group=Group(case.group),
        serious_harm=Classification(
            case.serious_harm_level, case.serious_harm_agreed, case.serious_harm_own_level
        ),
        safety=Classification(case.safety_level, case.safety_agreed, case.safety_own_level),
        case_manager_interviewed=case.case_manager_interviewed,
        no_interview_reason=case.no_interview_reason,
        disposal_date=case.disposal_date,
        age=case.age,
    )
