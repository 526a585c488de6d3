"""How much of the record has been answered: by case, standard, inspector and inspection.

A question counts once it has an answer, Not applicable included; a note alone is no answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from cases.models import Answer, Case
from inspections.framework import Edition, Group, Standard
from inspections.models import Inspection, Membership, User


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
    """How far one standard has come; ``missing`` are codes in the order they are asked."""

    standard: Standard
    progress: Progress
    missing: tuple[str, ...] = ()


def case_progress(
    edition: Edition, group: Group, answered: Collection[str]
) -> list[StandardProgress]:
    """How far each standard of a case in ``group`` has come, given the codes answered."""
    found = []
    for standard in edition.case_standards(group):
        codes = standard_questions(standard)
        missing = tuple(code for code in codes if code not in answered)
        found.append(
            StandardProgress(standard, Progress(len(codes) - len(missing), len(codes)), missing)
        )
    return found


def answers_given(case: Case) -> dict[str, str]:
    """The answers of ``case`` by question, those without a value left out; one query."""
    return dict(case.answers.exclude(value="").values_list("question", "value"))


def missing_answers(case: Case) -> list[str]:
    """The codes of the questions of ``case`` without an answer; one query."""
    progress = case_progress(case.inspection.framework, Group(case.group), answers_given(case))
    return [code for standard in progress for code in standard.missing]


def progress_by_case(
    inspection: Inspection, cases: Collection[Case]
) -> dict[int, list[StandardProgress]]:
    """How far each standard of each case has come, by the case's number; one query."""
    answered: defaultdict[int, set[str]] = defaultdict(set)
    given = Answer.objects.filter(case__in=[case.pk for case in cases]).exclude(value="")
    for pk, question in given.values_list("case", "question"):
        answered[pk].add(question)
    edition = inspection.framework
    return {case.pk: case_progress(edition, Group(case.group), answered[case.pk]) for case in cases}


@dataclass(frozen=True, slots=True)
class GroupProgress:
    group: Group
    cases: int
    standards: list[StandardProgress]


@dataclass(frozen=True, slots=True)
class InspectorProgress:
    """``inspector`` is ``None`` for the cases that are not allocated yet."""

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


@dataclass(slots=True)
class _Holding:
    """The cases one inspector holds."""

    cases: int = 0
    signed_off: int = 0
    questions: int = 0
    answered: int = 0


@dataclass(slots=True)
class _Counts:
    states: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    standards: Counter[str] = field(default_factory=Counter)
    holdings: defaultdict[int | None, _Holding] = field(
        default_factory=lambda: defaultdict(_Holding)
    )


def inspection_progress(inspection: Inspection) -> InspectionProgress:
    """How far an inspection has come; two queries beside the team's, however many cases."""
    edition = inspection.framework
    counts = _count(inspection, edition)
    groups = []
    for group in Group:
        cases = counts.groups[group]
        groups.append(
            GroupProgress(
                group,
                cases,
                [
                    StandardProgress(
                        standard,
                        Progress(
                            counts.standards[standard.code],
                            cases * len(standard_questions(standard)),
                        ),
                    )
                    for standard in edition.case_standards(group)
                ],
            )
        )
    whole = sum((standard.progress for group in groups for standard in group.standards), Progress())
    return InspectionProgress(
        cases=sum(counts.groups.values()),
        states=counts.states,
        whole=whole,
        groups=groups,
        inspectors=list(_by_inspector(inspection, counts.holdings)),
    )


def _count(inspection: Inspection, edition: Edition) -> _Counts:
    counts = _Counts()
    cases = inspection.cases.order_by().values_list("group", "allocated_to", "state")
    for group, holder, state, number in cases.annotate(number=Count("pk")):
        counts.groups[group] += number
        counts.states[state] += number
        holding = counts.holdings[holder]
        holding.cases += number
        holding.signed_off += number if state == Case.State.SIGNED_OFF else 0
        holding.questions += number * len(edition.case_questions(Group(group)))
    answers = Answer.objects.filter(case__inspection=inspection).exclude(value="")
    by_question = answers.order_by().values_list("question", "case__allocated_to")
    for question, holder, number in by_question.annotate(number=Count("pk")):
        counts.standards[edition.standard_of_question[question].code] += number
        counts.holdings[holder].answered += number
    return counts


def _by_inspector(
    inspection: Inspection, holdings: defaultdict[int | None, _Holding]
) -> Iterable[InspectorProgress]:
    """The team in order, those who may hold cases alone, then what nobody holds yet."""
    holders: list[User | None] = []
    for membership in inspection.memberships.all():
        is_inspector = membership.role == Membership.Role.INSPECTOR
        if is_inspector or membership.user_id in holdings:
            holders.append(membership.user)
    if None in holdings:
        holders.append(None)
    for holder in holders:
        holding = holdings[holder.pk if holder else None]
        yield InspectorProgress(
            holder, holding.cases, holding.signed_off, Progress(holding.answered, holding.questions)
        )


def progress_of_inspections(inspections: Collection[Inspection]) -> dict[int, Progress]:
    """How far each inspection has come as a whole, by its number; two queries for all."""
    editions = {inspection.pk: inspection.framework for inspection in inspections}
    totals: Counter[int] = Counter()
    cases = Case.objects.filter(inspection__in=editions).order_by()
    for pk, group, number in cases.values_list("inspection", "group").annotate(number=Count("pk")):
        totals[pk] += number * len(editions[pk].case_questions(Group(group)))
    answers = Answer.objects.filter(case__inspection__in=editions).exclude(value="").order_by()
    answered = dict(answers.values_list("case__inspection").annotate(number=Count("pk")))
    return {pk: Progress(answered.get(pk, 0), totals[pk]) for pk in editions}
