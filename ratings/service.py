"""The one place that turns an inspection's rows into ratings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Value
from django.utils import timezone

from cases.models import Answer, AnswerValue, Case, Sample
from inspections.framework import Group, Rating
from inspections.models import Inspection
from ratings.engine import Discretion as DecidedMove
from ratings.engine import Outcome, Tally, rate
from ratings.models import Discretion, Judgement


@dataclass(frozen=True)
class RatedInspection:
    """An inspection's outcome, with the rows that it rests on.

    ``inspected`` counts the sampled cases of each group; ``eligible`` holds the size of
    the population each sample was drawn from, where it was recorded. ``judgements`` are
    by standard; ``discretions`` by standard and key question (empty for the standard).
    """

    inspection: Inspection
    outcome: Outcome
    inspected: Mapping[Group, int]
    eligible: Mapping[Group, int | None]
    cases: int
    cases_signed_off: int
    judgements: Mapping[str, Judgement]
    discretions: Mapping[tuple[str, str], Discretion]
    rated_at: datetime

    @property
    def is_provisional(self) -> bool:
        """Ratings are provisional until every sampled case is signed off (method.md, 9)."""
        return self.cases == 0 or self.cases_signed_off < self.cases


def rate_inspection(inspection: Inspection) -> RatedInspection:
    """Rate ``inspection`` from what the database holds now; four queries, however many cases."""
    inspected, signed_off, counts = _count(inspection)
    eligible = {
        Group(group): size
        for group, size in Sample.objects.filter(inspection=inspection).values_list(
            "group", "eligible_cases"
        )
    }
    for group in eligible:
        inspected.setdefault(group, 0)
    judgements = {
        judgement.standard: judgement
        for judgement in inspection.judgements.select_related("judged_by")
    }
    discretions = {
        (discretion.standard, discretion.key_question): discretion
        for discretion in Discretion.objects.standing()
        .filter(inspection=inspection)
        .select_related("decided_by", "hearing__meeting")
    }
    outcome = rate(
        inspection.framework,
        _tallies(inspection, inspected, counts),
        inspected,
        {code: Rating[judgement.rating] for code, judgement in judgements.items()},
        [move_of(discretion) for discretion in discretions.values()],
    )
    return RatedInspection(
        inspection=inspection,
        outcome=outcome,
        inspected=inspected,
        eligible=eligible,
        cases=sum(inspected.values()),
        cases_signed_off=signed_off,
        judgements=judgements,
        discretions=discretions,
        rated_at=timezone.now(),
    )


Counts = Mapping[str, Mapping[str, int]]
"""How many cases have each answer to each question, by question and answer."""


def _count(inspection: Inspection) -> tuple[dict[Group, int], int, Counts]:
    """Cases of each group, how many of all are signed off, and the answers: counted by the
    database in one query, so that a case added meanwhile is in all counts or in none."""
    cases = (
        inspection.cases.order_by()
        .annotate(kind=Value("case"))
        .values_list("kind", "group", "state")
        .annotate(Count("pk"))
    )
    answers = (
        Answer.objects.filter(case__inspection=inspection)
        .exclude(value="")
        .annotate(kind=Value("answer"))
        .values_list("kind", "question", "value")
        .annotate(Count("pk"))
    )
    inspected: Counter[Group] = Counter()
    signed_off = 0
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for kind, counted, value, number in cases.union(answers, all=True):
        if kind == "answer":
            counts[counted][value] = number
            continue
        inspected[Group(counted)] += number
        if value == Case.State.SIGNED_OFF:
            signed_off += number
    return inspected, signed_off, counts


def _tallies(
    inspection: Inspection, inspected: Mapping[Group, int], counts: Counts
) -> dict[str, Tally]:
    standard_of = inspection.framework.standard_of_question
    tallies = {}
    for question, count in counts.items():
        group = standard_of[question].group
        assert group is not None, "the database takes answers to questions asked in cases alone"
        tallies[question] = Tally(
            yes=count.get(AnswerValue.YES, 0),
            no=count.get(AnswerValue.NO, 0),
            not_applicable=count.get(AnswerValue.NOT_APPLICABLE, 0),
            unanswered=inspected[group] - sum(count.values()),
        )
    return tallies


def move_of(discretion: Discretion) -> DecidedMove:
    """The decision as the engine needs it."""
    return DecidedMove(
        standard=discretion.standard,
        key_question=discretion.key_question or None,
        from_rating=Rating[discretion.from_rating],
        to_rating=Rating[discretion.to_rating],
    )
