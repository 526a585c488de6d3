"""Counts of answers and cases, for ratings and for the figures beside evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Value

from cases.models import Answer, AnswerValue, Case
from inspections.framework import Edition, Group
from inspections.models import Inspection
from ratings.engine import Tally


@dataclass(frozen=True)
class CaseCounts:
    """The counts of an inspection's cases and answers.

    ``inspected`` counts the sampled cases of each group, ``signed_off`` those of all groups that
    are signed off. ``tallies`` holds the questions that at least one case answers.
    """

    edition: Edition
    inspected: Mapping[Group, int]
    signed_off: int
    tallies: Mapping[str, Tally]

    def tally_of(self, question: str) -> Tally:
        """The tally of any question that is asked in cases."""
        if question in self.tallies:
            return self.tallies[question]
        group = group_asked(self.edition, question)
        return Tally(unanswered=self.inspected.get(group, 0))


def count_cases(inspection: Inspection) -> CaseCounts:
    """Count cases and answers in one query, so that a case added meanwhile is in all counts or in
    none."""
    cases = (
        inspection.cases.in_sample()
        .order_by()
        .annotate(kind=Value("case"))
        .values_list("kind", "group", "state")
        .annotate(Count("pk"))
    )
    answers = (
        Answer.objects.of_sample(inspection)
        .exclude(value="")
        .annotate(kind=Value("answer"))
        .values_list("kind", "question", "value")
        .annotate(Count("pk"))
    )
    inspected: Counter[Group] = Counter()
    signed_off = 0
    answered: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, counted, value, number in cases.union(answers, all=True):
        if kind == "answer":
            answered[counted][value] = number
            continue
        inspected[Group(counted)] += number
        if value == Case.State.SIGNED_OFF:
            signed_off += number
    edition = inspection.framework
    tallies = {}
    for question, values in answered.items():
        tallies[question] = tally_values(values, inspected[group_asked(edition, question)])
    return CaseCounts(edition, inspected, signed_off, tallies)


def group_asked(edition: Edition, question: str) -> Group:
    """The group of cases in which a question is asked; the database takes no other answers."""
    group = edition.standard_of_question[question].group
    assert group is not None, f"{question} is asked in cases"
    return group


def tally_values(values: Mapping[str, int], cases: int) -> Tally:
    """``values`` are the numbers of each answer in ``cases`` cases."""
    yes, no, not_applicable = (
        values.get(value, 0)
        for value in (AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_APPLICABLE)
    )
    return Tally(yes, no, not_applicable, unanswered=cases - yes - no - not_applicable)
