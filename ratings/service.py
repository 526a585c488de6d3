"""The one place that turns an inspection's rows into ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cases.models import Sample
from inspections.framework import Group, Rating
from inspections.models import Inspection
from ratings.engine import Discretion as DecidedMove
from ratings.engine import Outcome, rate
from ratings.evidence.tallies import count_cases
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
    counts = count_cases(inspection)
    eligible = {
        Group(group): size
        for group, size in Sample.objects.filter(inspection=inspection).values_list(
            "group", "eligible_cases"
        )
    }
    inspected = dict(counts.inspected)
    for group in eligible:
        inspected.setdefault(group, 0)
    judgements = {
        judgement.standard: judgement
        for judgement in inspection.judgements.select_related("saved_by")
    }
    discretions = {
        (discretion.standard, discretion.key_question): discretion
        for discretion in Discretion.objects.standing()
        .filter(inspection=inspection)
        .select_related("decided_by", "hearing__meeting")
    }
    outcome = rate(
        inspection.framework,
        counts.tallies,
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
        cases_signed_off=counts.signed_off,
        judgements=judgements,
        discretions=discretions,
        rated_at=timezone.now(),
    )


def move_of(discretion: Discretion) -> DecidedMove:
    """The decision as the engine needs it."""
    return DecidedMove(
        standard=discretion.standard,
        key_question=discretion.key_question or None,
        from_rating=Rating[discretion.from_rating],
        to_rating=Rating[discretion.to_rating],
    )
