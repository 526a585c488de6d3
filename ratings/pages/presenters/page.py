"""The ratings page as reports print it: score, overall rating, then every standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inspections.framework import Domain
from inspections.presenters import Tag, rating_tag
from ratings.engine import (
    AppliedDiscretion,
    Outcome,
    Sensitivity,
    StandardRating,
    contradictions,
    sensitivity,
)
from ratings.pages.presenters.distance import Fact, overall_distance
from ratings.pages.presenters.standard import StandardPart, standard_part
from ratings.service import RatedInspection
from ratings.words import counted, rated_as


class Part(Protocol):
    """A part of the page that is drawn again only when it differs from before."""

    @property
    def name(self) -> str: ...

    @property
    def template(self) -> str: ...


@dataclass(frozen=True)
class Missing:
    """A scored standard without a rating, and why."""

    standard: str
    why: str


@dataclass(frozen=True)
class Headline:
    """The head of the page. ``spoken`` is what a screen reader hears when it changes.

    ``score`` is ``None`` while ``missing`` names standards. ``undecided`` gives score
    and overall rating without discretion where decisions apply; ``limit`` explains a
    limiting judgement that bites; ``stale`` lists decisions that no longer apply. ``near``
    says what would move the overall rating and what it may still become.
    """

    score: int | None
    highest_score: int
    overall: Tag
    spoken: str
    provisional: str
    missing: tuple[Missing, ...]
    undecided: str
    limit: str
    stale: tuple[str, ...]
    near: tuple[Fact, ...]

    name = "headline"
    template = "ratings/parts/headline.html"


@dataclass(frozen=True)
class Note:
    """A footnote to print: what the panel decided, in its own sentence."""

    number: int
    standard: str
    text: str


@dataclass(frozen=True)
class Notes:
    """The footnotes, in the order in which the page refers to them."""

    notes: tuple[Note, ...]

    name = "notes"
    template = "ratings/parts/notes.html"


@dataclass(frozen=True)
class DomainView:
    """A domain with its standards; ``apart`` says that it doesn't count for the score."""

    title: str
    apart: str
    standards: tuple[StandardPart, ...]


@dataclass(frozen=True)
class RatingsPage:
    """Everything on the ratings page of one inspection at one moment."""

    headline: Headline
    domains: tuple[DomainView, ...]
    notes: Notes
    rated_at: datetime

    @property
    def parts(self) -> Iterator[Part]:
        yield self.headline
        for domain in self.domains:
            yield from domain.standards
        yield self.notes


def ratings_page(rated: RatedInspection, *, may_decide: bool) -> RatingsPage:
    """``may_decide`` puts a link to decide discretion beside each rating."""
    outcome = rated.outcome
    noted = list(_noted(rated))
    found = sensitivity(outcome)
    contradicting = contradictions(outcome)
    numbers = {target: number for number, (target, _, _) in enumerate(noted, start=1)}
    return RatingsPage(
        headline=_headline(rated, found),
        domains=tuple(
            DomainView(
                title=f"{domain.code}. {domain.name}",
                apart="" if _counts(domain) else "Rated apart from the score",
                standards=tuple(
                    standard_part(
                        rated,
                        outcome.by_code[standard.code],
                        found,
                        contradicting,
                        numbers,
                        may_decide=may_decide,
                    )
                    for standard in domain.standards
                ),
            )
            for domain in outcome.edition.domains
        ),
        notes=Notes(
            tuple(Note(numbers[target], standard, text) for target, standard, text in noted)
        ),
        rated_at=rated.rated_at,
    )


def _counts(domain: Domain) -> bool:
    return any(standard.in_score for standard in domain.standards)


def _headline(rated: RatedInspection, found: Sensitivity) -> Headline:
    outcome = rated.outcome
    overall = rating_tag(outcome.overall)
    return Headline(
        score=outcome.score,
        highest_score=outcome.highest_score,
        overall=overall,
        spoken=_spoken(outcome, overall),
        provisional=_provisional(rated),
        missing=tuple(_missing(outcome)),
        undecided=_undecided(outcome),
        limit=_limit(outcome),
        stale=tuple(_stale(outcome)),
        near=overall_distance(outcome, found),
    )


def _spoken(outcome: Outcome, overall: Tag) -> str:
    if outcome.score is None:
        return "No score yet."
    return f"Score {outcome.score} out of {outcome.highest_score}. Overall rating: {overall.label}."


def _provisional(rated: RatedInspection) -> str:
    if not rated.is_provisional:
        return ""
    if not rated.cases:
        return "Provisional: no case is sampled yet."
    return f"Provisional: {rated.cases_signed_off} of {counted(rated.cases, 'case')} signed off."


def _missing(outcome: Outcome) -> Iterator[Missing]:
    for code in outcome.missing:
        standard = outcome.by_code[code]
        why = rated_as(standard.decided)
        yield Missing(f"{code} {standard.standard.name}", why)


def _undecided(outcome: Outcome) -> str:
    if not any(_applies(applied) for _, applied in _all_applied(outcome)):
        return ""
    if outcome.computed_score is None or outcome.computed_overall is None:
        return "Without professional discretion there would be no score."
    return (
        f"Without professional discretion: {outcome.computed_score} out of "
        f"{outcome.highest_score}, {outcome.computed_overall.label}."
    )


def _limit(outcome: Outcome) -> str:
    limit = outcome.limit
    if limit is None or outcome.overall_before_limit is None:
        return ""
    standard = outcome.edition.standards_by_code[limit.standard]
    return (
        f"The score alone would give {outcome.overall_before_limit.label}. But "
        f"{standard.code} {standard.name} is {limit.rating.label}, and the overall rating can "
        f"then be no higher than {limit.overall_at_most.label} (limiting judgement)."
    )


def _stale(outcome: Outcome) -> Iterator[str]:
    for move in outcome.stale:
        rated = outcome.by_code[move.standard]
        computed = (
            outcome.key_questions_by_code[move.key_question].computed
            if move.key_question
            else rated.computed
        )
        yield (
            f"The panel moved {move.target} from {move.from_rating.label} to "
            f"{move.to_rating.label}, but it is now computed as {rated_as(computed)}. "
            "The decision no longer applies."
        )


def _noted(rated: RatedInspection) -> Iterator[tuple[str, str, str]]:
    """Each applied decision's target, its standard in words and its footnote."""
    for standard, applied in _all_applied(rated.outcome):
        if not _applies(applied):
            continue
        move = applied.discretion
        row = rated.discretions[move.standard, move.key_question or ""]
        yield move.target, f"{standard.code} {standard.standard.name}", row.footnote


def _all_applied(outcome: Outcome) -> Iterator[tuple[StandardRating, AppliedDiscretion]]:
    for standard in outcome.standards:
        for applied in (standard.discretion, *(q.discretion for q in standard.key_questions)):
            if applied is not None:
                yield standard, applied


def _applies(applied: AppliedDiscretion) -> bool:
    return not applied.stale
