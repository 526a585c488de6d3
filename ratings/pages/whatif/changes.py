"""What would follow from changed counts and ratings, by the rules that rate the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspections.framework import Edition, Limit, Rating
from ratings.engine import NotRateable, Outcome, Tally, rate
from ratings.engine.rate import applied_limit, overall_of, score_of
from ratings.service import RatedInspection, move_of


@dataclass(frozen=True)
class Changes:
    """``counts`` holds Yes and No by key question; ``ratings`` those set by standard."""

    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    ratings: Mapping[str, Rating] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.counts or self.ratings)


@dataclass(frozen=True)
class Supposed:
    """``outcome`` follows from the changed counts and judgements. ``decided`` holds every
    standard's rating by code, set ones among them; score, overall rating and limiting
    judgement follow from these."""

    outcome: Outcome
    decided: Mapping[str, Rating | NotRateable]
    score: int | None
    overall: Rating | None
    limit: Limit | None


def suppose(rated: RatedInspection, changes: Changes) -> Supposed:
    """Rate the inspection as if ``changes`` were recorded; nothing is stored.

    The panel's decisions stand where they still start from the computed rating; a rating
    that is set for a standard takes the place of its judgement, its counts and its decision.
    """
    edition = rated.outcome.edition
    judged = {code: Rating[row.rating] for code, row in rated.judgements.items()}
    judged |= {
        code: rating
        for code, rating in changes.ratings.items()
        if edition.standards_by_code[code].is_qualitative
    }
    outcome = rate(
        edition,
        _tallies(rated.outcome, changes),
        rated.inspected,
        judged,
        [
            move_of(row)
            for (standard, _), row in rated.discretions.items()
            if standard not in changes.ratings
        ],
    )
    decided = {standard.code: standard.decided for standard in outcome.standards}
    decided |= changes.ratings
    score = score_of(edition, decided)
    return Supposed(
        outcome=outcome,
        decided=decided,
        score=score,
        overall=overall_of(edition, decided),
        limit=None if score is None else _limit(edition, decided, score),
    )


def _limit(
    edition: Edition, decided: Mapping[str, Rating | NotRateable], score: int
) -> Limit | None:
    return applied_limit(edition, decided, edition.rating_of_score(score))


def _tallies(outcome: Outcome, changes: Changes) -> dict[str, Tally]:
    tallies = {code: found.tally for code, found in outcome.prompts_by_code.items()}
    for code, question in outcome.key_questions_by_code.items():
        tally = question.tally
        if code in changes.counts:
            yes, no = changes.counts[code]
            # Not applicable gives way only where the new answers need its cases.
            not_applicable = min(tally.not_applicable, tally.inspected - yes - no)
            tally = Tally(yes, no, not_applicable, tally.inspected - yes - no - not_applicable)
        tallies[code] = tally
    return tallies
