"""What a sealed result says: schema ``sealed-result/1``.

``{"schema", "result", "agreements", "history", "sealed_at"}``. ``history`` is the head of the
chain over the inspection's history, ``{"entries", "sha256"}`` (``ratings.results.history``); seals
of before have none. The *result* is what lead inspector and chair confirm; each of
``agreements``, the confirmations, carries its digest. It holds

- ``number`` of the seal, ``earlier``: digest and reopening of the seal before, or null;
- ``inspection``: service, area, fieldwork dates and team;
- ``edition`` (code, name, digest of its file) and ``engine`` (version);
- ``hearings``: the panel's meetings that heard it, with members, those ``present`` and those who
  sent ``apologies``, chairs named later (none of these in seals of before attendance was
  recorded), and the lead's view;
- ``evidence``: ``inspected`` and ``eligible`` cases of each group, ``counts`` of Yes, No,
  Not applicable and unanswered for every question that cases answer;
- ``judgements`` by standard, and what they were ``judged_from``: ``pieces`` (evidence items) and
  ``findings`` (see ``ratings.results.build``); nothing is computed from these;
- ``decisions``, including withdrawn and stale ones, with the ``members`` present;
- ``outcome``: every rating, computed and decided, with percentages as whole numbers and
  as exact fractions (``"9/20"``), the score, the limit and the overall rating.

Ratings are written as in the other files: ``requires_improvement``. Where there is none,
``{"not_rateable": reason}`` replaces it.
"""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction

from inspections.framework import Rating, key_or_none
from ratings.engine import (
    AppliedDiscretion,
    Discretion,
    KeyQuestionRating,
    NotRateable,
    Outcome,
    PromptFigures,
    StandardRating,
)
from ratings.results.document.canonical import Json

SCHEMA = "sealed-result/1"

APPLIES, STALE, WITHDRAWN = "APPLIES", "STALE", "WITHDRAWN"
"""The states of a decision when it is sealed."""


def counts_of(outcome: Outcome) -> dict[str, Json]:
    """The counts of every question that cases answer, by its code."""
    tallies = {code: rated.tally for code, rated in outcome.key_questions_by_code.items()}
    tallies |= {code: figures.tally for code, figures in outcome.prompts_by_code.items()}
    return {code: asdict(tally) for code, tally in tallies.items()}


def outcome_of(outcome: Outcome) -> dict[str, Json]:
    """Everything that was computed, as the document writes it."""
    limit = outcome.limit
    return {
        "standards": {rated.code: _standard(rated) for rated in outcome.standards},
        "missing": list(outcome.missing),
        "score": outcome.score,
        "highest_score": outcome.highest_score,
        "overall": key_or_none(outcome.overall),
        "overall_before_limit": key_or_none(outcome.overall_before_limit),
        "limit": None
        if limit is None
        else {
            "standard": limit.standard,
            "rating": limit.rating.key,
            "overall_at_most": limit.overall_at_most.key,
        },
        "computed_score": outcome.computed_score,
        "computed_overall": key_or_none(outcome.computed_overall),
        "stale": [decision.target for decision in outcome.stale],
    }


def state_of(decision: Discretion, outcome: Outcome) -> str:
    """Whether a decision that was not withdrawn applies or has become stale."""
    return STALE if decision in outcome.stale else APPLIES


def _standard(rated: StandardRating) -> Json:
    return {
        "computed": _rating(rated.computed),
        "decided": _rating(rated.decided),
        "deciding": list(rated.deciding),
        "deciding_computed": list(rated.deciding_computed),
        "discretion": _discretion(rated.discretion),
        "key_questions": {
            question.code: _key_question(question) for question in rated.key_questions
        },
        "prompts": {figures.code: _prompt(figures) for figures in rated.prompts},
    }


def _key_question(rated: KeyQuestionRating) -> Json:
    return {
        "percent": rated.tally.percent,
        "fraction": _fraction(rated.tally.fraction),
        "band": None if rated.band is None else rated.band.name,
        "computed": _rating(rated.computed),
        "decided": _rating(rated.decided),
        "discretion": _discretion(rated.discretion),
    }


def _prompt(figures: PromptFigures) -> Json:
    """``percent`` is of all answered cases, as published; ``fraction`` of the relevant."""
    return {
        "percent": figures.tally.percent_of_answered,
        "percent_of_relevant": figures.tally.percent,
        "fraction": _fraction(figures.tally.fraction),
    }


def _fraction(fraction: Fraction | None) -> str | None:
    return None if fraction is None else f"{fraction.numerator}/{fraction.denominator}"


def _rating(rating: Rating | NotRateable) -> Json:
    if isinstance(rating, NotRateable):
        return {"not_rateable": rating.reason.value}
    return rating.key


def _discretion(applied: AppliedDiscretion | None) -> str | None:
    if applied is None:
        return None
    return STALE if applied.stale else APPLIES
