"""Rates an inspection from its rows; nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from cases.models import Sample
from inspections.framework import Domain, Group, Rating, Standard
from inspections.models import Inspection
from ratings.engine import (
    AppliedDiscretion,
    CaseloadLikelihoods,
    Contradiction,
    KeyQuestionRating,
    KeyQuestionSensitivity,
    LikeliestChange,
    Likelihood,
    NotRateable,
    Outcome,
    Reason,
    Sensitivity,
    StandardRating,
    StandardSensitivity,
    Unknown,
    caseload_likelihoods,
    closest_first,
    contradictions,
    likeliest_change,
    rate,
    sensitivity,
)
from ratings.engine import Discretion as DecidedMove
from ratings.evidence.tallies import count_cases
from ratings.models import Discretion, Judgement

WORTH_THE_TIME = 5
"""With how many standards the panel's page begins."""


@dataclass(frozen=True, slots=True)
class CurrentDecision:
    """A decision of the panel that was not withdrawn: the engine's view of it, and its row.

    ``note`` is the number of its footnote; ``None`` if it is stale.
    """

    standard: Standard
    applied: AppliedDiscretion
    recorded: Discretion
    note: int | None


@dataclass(frozen=True, slots=True)
class KeyQuestionRow:
    """A key question with everything that is computed about it.

    ``decides`` is true if it has the lowest rating, which is its standard's; ``is_lowest`` if it
    has the lowest computed rating. ``eligible`` counts the eligible cases of its group, ``None``
    if not recorded. ``likelihood`` is that of its rating across the whole caseload.
    """

    rated: KeyQuestionRating
    near: KeyQuestionSensitivity
    decides: bool
    is_lowest: bool
    group: Group
    eligible: int | None
    likelihood: Likelihood | Unknown


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A standard with everything that is computed about it and what it is based on.

    ``inspected`` and ``eligible`` count the cases of its group; 0 and ``None`` without one.
    ``likelihood`` is that of its computed rating across the whole caseload, ``None`` if it is
    judged; ``change`` is why it may be another one, ``None`` if that is impossible or not known.
    Rows are equal if they look the same; judgements are compared by ``judgement_version``.
    """

    rated: StandardRating
    near: StandardSensitivity
    key_questions: tuple[KeyQuestionRow, ...]
    contradictions: tuple[Contradiction, ...]
    inspected: int
    eligible: int | None
    likelihood: Likelihood | Unknown | None
    change: LikeliestChange | None
    decisions: tuple[CurrentDecision, ...]
    judgement: Judgement | None = field(compare=False)
    judgement_version: int | None

    @property
    def notes(self) -> list[int]:
        """The numbers of the footnotes to print beside it."""
        return [decision.note for decision in self.decisions if decision.note is not None]

    @property
    def lowest(self) -> KeyQuestionRow | None:
        """The key question that decides its rating; of several the one with the lowest
        percentage, the first of equal ones. ``None`` without a percentage."""
        deciding = [row for row in self.key_questions if row.decides and row.rated.band]
        return min(deciding, key=lambda row: row.rated.tally.percent or 0, default=None)

    @property
    def as_low(self) -> list[str]:
        """The codes of the other key questions that decide its rating."""
        lowest = self.lowest
        return [row.rated.code for row in self.key_questions if row.decides and row is not lowest]


@dataclass(frozen=True)
class RatedInspection:
    """An inspection's outcome, with the rows that it is based on and what follows from it.

    ``inspected`` counts the sampled cases of each group; ``eligible`` holds the size of
    the population each sample was drawn from, where it was recorded. ``judgements`` are
    by standard; ``discretions`` by standard and key question (empty for the standard).
    What only some pages show is computed at first use.
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
        """Until every sampled case is signed off (method.md, From answers to ratings, 9)."""
        return self.cases == 0 or self.cases_signed_off < self.cases

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """How close every rating is to another one, and which are still possible."""
        return sensitivity(self.outcome)

    @cached_property
    def likelihoods(self) -> CaseloadLikelihoods:
        """How likely each rating is across the whole caseload."""
        return caseload_likelihoods(self.outcome, self.eligible)

    @cached_property
    def ranking(self) -> tuple[str, ...]:
        """The codes of key questions and standards, likeliest to be rated otherwise first."""
        found = self.likelihoods
        return closest_first({**found.standards, **found.key_questions})

    @cached_property
    def decisions(self) -> tuple[CurrentDecision, ...]:
        """The panel's decisions in the report's order, those that apply numbered from 1."""
        found = []
        note = 0
        for standard in self.outcome.standards:
            for applied in standard.decisions:
                move = applied.discretion
                recorded = self.discretions[move.standard, move.key_question or ""]
                note += not applied.stale
                number = None if applied.stale else note
                found.append(CurrentDecision(standard.standard, applied, recorded, number))
        return tuple(found)

    @cached_property
    def standards(self) -> tuple[StandardRow, ...]:
        """Every standard in the report's order."""
        contradicting = contradictions(self.outcome)
        return tuple(self._standard(rated, contradicting) for rated in self.outcome.standards)

    @cached_property
    def key_questions(self) -> tuple[KeyQuestionRow, ...]:
        """Every key question that cases answer, in the report's order."""
        return tuple(question for row in self.standards for question in row.key_questions)

    @cached_property
    def closest_first(self) -> tuple[StandardRow, ...]:
        """The standards in the order of ``ranking``, and so the key questions of each.

        Those without a place in it follow in the report's order.
        """
        places = {code: place for place, code in enumerate(self.ranking)}
        last = len(places)
        rows = (
            replace(
                row,
                key_questions=tuple(
                    sorted(row.key_questions, key=lambda one: places.get(one.rated.code, last))
                ),
            )
            for row in self.standards
        )
        return tuple(sorted(rows, key=lambda row: places.get(row.rated.code, last)))

    @cached_property
    def worth_the_time(self) -> tuple[StandardRow, ...]:
        """The standards most worth the panel's time: the first of ``closest_first``.

        Fewer than five where fewer may have another rating.
        """
        return tuple(row for row in self.closest_first if row.change)[:WORTH_THE_TIME]

    @cached_property
    def domains(self) -> tuple[tuple[Domain, tuple[StandardRow, ...]], ...]:
        """The domains of the report, each with its standards."""
        rows = {row.rated.code: row for row in self.standards}
        return tuple(
            (domain, tuple(rows[standard.code] for standard in domain.standards))
            for domain in self.outcome.edition.domains
        )

    def _standard(
        self, rated: StandardRating, contradicting: Iterable[Contradiction]
    ) -> StandardRow:
        near = self.sensitivity.standards[rated.code]
        codes = {question.code for question in rated.key_questions}
        group = rated.standard.group
        # Of a standard that isn't judged without a case, a judgement made before counts nowhere.
        no_case = rated.computed == NotRateable(Reason.NO_CASE_OF_GROUP)
        judgement = None if no_case else self.judgements.get(rated.code)
        likelihood = self.likelihoods.standards.get(rated.code)
        return StandardRow(
            rated=rated,
            near=near,
            key_questions=tuple(
                self._key_question(rated, question, close)
                for question, close in zip(rated.key_questions, near.key_questions, strict=True)
            ),
            contradictions=tuple(one for one in contradicting if one.key_question in codes),
            inspected=0 if group is None else self.inspected.get(group, 0),
            eligible=None if group is None else self.eligible.get(group),
            likelihood=likelihood,
            change=likeliest_change(
                self.outcome.edition, rated, likelihood, self.likelihoods.key_questions
            )
            if isinstance(likelihood, Likelihood)
            else None,
            decisions=tuple(one for one in self.decisions if one.standard is rated.standard),
            judgement=judgement,
            judgement_version=None if judgement is None else judgement.version,
        )

    def _key_question(
        self, standard: StandardRating, question: KeyQuestionRating, near: KeyQuestionSensitivity
    ) -> KeyQuestionRow:
        group = standard.standard.group
        assert group is not None, "a key question with a percentage is asked in cases"
        return KeyQuestionRow(
            rated=question,
            near=near,
            decides=question.code
            in (standard.deciding_computed if standard.is_overridden else standard.deciding),
            is_lowest=question.code in standard.deciding_computed,
            group=group,
            eligible=self.eligible.get(group),
            likelihood=self.likelihoods.key_questions[question.code],
        )


def rate_inspection(inspection: Inspection) -> RatedInspection:
    """Rate ``inspection`` from its current rows; four queries, for any number of cases."""
    counts = count_cases(inspection)
    eligible = {
        Group(group): size
        for group, size in Sample.objects.filter(inspection=inspection).values_list(
            "group", "eligible_cases"
        )
    }
    inspected = dict(counts.inspected)
    needed = {one.needs_cases_of for one in inspection.framework.standards}
    for group in (*eligible, *filter(None, needed)):
        inspected.setdefault(group, 0)
    judgements = {
        judgement.standard: judgement
        for judgement in inspection.judgements.select_related("saved_by")
    }
    discretions = {
        (discretion.standard, discretion.key_question): discretion
        for discretion in Discretion.objects.current()
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
    """The decision as the engine's input."""
    return DecidedMove(
        standard=discretion.standard,
        key_question=discretion.key_question or None,
        from_rating=Rating[discretion.from_rating],
        to_rating=Rating[discretion.to_rating],
    )
