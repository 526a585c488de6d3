"""Progress: how many questions are answered, by case, standard, inspector and inspection.

Not applicable counts as an answer; a note alone doesn't.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count

from cases.models import Answer, Case
from inspections.framework import Edition, Group, Standard
from inspections.models import Inspection, User
from inspections.team.work import RECORDING_ROLES


@dataclass(frozen=True, slots=True)
class Progress:
    """``answered`` of ``total`` questions."""

    answered: int = 0
    total: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.answered + other.answered, self.total + other.total)

    @property
    def is_complete(self) -> bool:
        return self.answered == self.total

    @property
    def missing(self) -> int:
        return self.total - self.answered


def standard_questions(standard: Standard) -> tuple[str, ...]:
    """The codes of a standard's questions in the order they are asked: each key question
    after its prompts."""
    return tuple(
        code
        for question in standard.key_questions
        for code in (*(prompt.code for prompt in question.prompts), question.code)
    )


@dataclass(frozen=True, slots=True)
class StandardProgress:
    """Progress of one standard; ``missing`` are codes in the order they are asked."""

    standard: Standard
    progress: Progress
    missing: tuple[str, ...] = ()


def case_progress(
    edition: Edition, group: Group, answered: Collection[str]
) -> list[StandardProgress]:
    """Progress of each standard of a case in ``group``, given the codes answered."""
    found = []
    for standard in edition.case_standards(group):
        codes = standard_questions(standard)
        missing = tuple(code for code in codes if code not in answered)
        found.append(
            StandardProgress(standard, Progress(len(codes) - len(missing), len(codes)), missing)
        )
    return found


def answers_by_case(cases: Collection[Case]) -> Mapping[int, dict[str, str]]:
    """The answers with a value, by case number and question; one query."""
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    given = Answer.objects.filter(case__in=[case.pk for case in cases]).exclude(value="")
    for case, question, value in given.values_list("case", "question", "value"):
        found[case][question] = value
    return found


def missing_answers(case: Case) -> list[str]:
    """The codes of the questions of ``case`` without an answer; one query."""
    answered = answers_by_case([case])[case.pk]
    return [
        code
        for code in case.inspection.framework.case_questions(case.group)
        if code not in answered
    ]


def progress_by_case(
    inspection: Inspection, cases: Collection[Case]
) -> dict[int, list[StandardProgress]]:
    """Progress of each standard of each case, by case number; one query."""
    answers = answers_by_case(cases)
    edition = inspection.framework
    return {case.pk: case_progress(edition, Group(case.group), answers[case.pk]) for case in cases}


@dataclass(frozen=True, slots=True)
class GroupProgress:
    group: Group
    cases: int
    standards: list[StandardProgress]


@dataclass(frozen=True, slots=True)
class InspectorProgress:
    """``inspector`` is ``None`` for cases that are not allocated yet."""

    inspector: User | None
    cases: int
    signed_off: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class InspectionProgress:
    cases: int
    states: Counter[str]
    whole: Progress
    groups: list[GroupProgress]
    inspectors: list[InspectorProgress]


def inspection_progress(inspection: Inspection) -> InspectionProgress:
    """Progress of an inspection; two queries besides the team's, for any number of cases."""
    edition = inspection.framework
    states: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    held: Counter[int | None] = Counter()
    signed_off: Counter[int | None] = Counter()
    asked: Counter[int | None] = Counter()
    cases = inspection.cases.in_sample().order_by().values_list("group", "allocated_to", "state")
    for group, holder, state, number in cases.annotate(number=Count("pk")):
        groups[group] += number
        states[state] += number
        held[holder] += number
        signed_off[holder] += number if state == Case.State.SIGNED_OFF else 0
        asked[holder] += number * len(edition.case_questions(group))
    standards: Counter[str] = Counter()
    answered: Counter[int | None] = Counter()
    answers = Answer.objects.of_sample(inspection).exclude(value="").order_by()
    by_question = answers.values_list("question", "case__allocated_to")
    for question, holder, number in by_question.annotate(number=Count("pk")):
        standards[edition.standard_of_question[question].code] += number
        answered[holder] += number
    return InspectionProgress(
        cases=sum(groups.values()),
        states=states,
        whole=Progress(sum(answered.values()), sum(asked.values())),
        groups=[
            GroupProgress(
                group,
                groups[group],
                [
                    StandardProgress(
                        standard,
                        Progress(
                            standards[standard.code],
                            groups[group] * len(standard_questions(standard)),
                        ),
                    )
                    for standard in edition.case_standards(group)
                ],
            )
            for group in Group
        ],
        inspectors=[
            InspectorProgress(
                holder,
                held[number],
                signed_off[number],
                Progress(answered[number], asked[number]),
            )
            for number, holder in _holders(inspection, held)
        ],
    )


def _holders(
    inspection: Inspection, held: Collection[int | None]
) -> Iterator[tuple[int | None, User | None]]:
    """Inspectors and others with cases, in the team's order; then ``None`` if cases are
    unallocated."""
    for membership in inspection.memberships.all():
        if membership.role in RECORDING_ROLES or membership.user_id in held:
            yield membership.user_id, membership.user
    if None in held:
        yield None, None


def progress_of_inspections(inspections: Collection[Inspection]) -> dict[int, Progress]:
    """Progress of each inspection as a whole, by its number; two queries for all."""
    editions = {inspection.pk: inspection.framework for inspection in inspections}
    totals: Counter[int] = Counter()
    cases = Case.objects.in_sample().filter(inspection__in=editions).order_by()
    for pk, group, number in cases.values_list("inspection", "group").annotate(number=Count("pk")):
        totals[pk] += number * len(editions[pk].case_questions(Group(group)))
    answers = Answer.objects.of_sample(*editions).exclude(value="").order_by()
    answered = dict(answers.values_list("case__inspection").annotate(number=Count("pk")))
    return {pk: Progress(answered.get(pk, 0), totals[pk]) for pk in editions}
