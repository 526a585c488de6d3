"""Whether an outcome is the one that was published, and where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inspections.framework import Rating
from ratings.engine import NotRateable, Outcome
from ratings.national.replay.format import QuestionCounts, ReplayFile


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One figure or rating that isn't the published one; all three parts are words."""

    what: str
    published: str
    rated: str

    def __str__(self) -> str:
        return f"{self.what}: published {self.published}, rated {self.rated}"


def compare(file: ReplayFile, outcome: Outcome) -> list[Mismatch]:
    """Everything that ``file`` states as published and that ``outcome`` gives otherwise.

    A key question's published percentage is the share of its relevant cases, a prompt's
    that of all answered cases (method.md, From answers to ratings, 2 and 3); none is
    published where no case is relevant.
    """
    return [*_percentages(file, outcome), *_ratings(file, outcome)]


def _percentages(file: ReplayFile, outcome: Outcome) -> Iterator[Mismatch]:
    for code, counts in file.key_questions.items():
        tally = outcome.key_questions_by_code[code].tally
        yield from _percentage(f"key question {code}", counts, tally.percent)
    for code, counts in file.prompts.items():
        tally = outcome.prompts_by_code[code].tally
        percent = tally.percent_of_answered if tally.relevant else None
        if counts.published_percent == 0 and tally.answered:
            # A prompt that applies in no case may be printed as 0 per cent of all cases.
            percent = tally.percent_of_answered
        yield from _percentage(f"prompt {code}", counts, percent)


def _percentage(what: str, counts: QuestionCounts, rated: int | None) -> Iterator[Mismatch]:
    if counts.states_percent and counts.published_percent != rated:
        yield Mismatch(what, _percent_in_words(counts.published_percent), _percent_in_words(rated))


def _ratings(file: ReplayFile, outcome: Outcome) -> Iterator[Mismatch]:
    published = file.published
    for code, rating in published.standards.items():
        decided = outcome.by_code[code].decided
        rated = None if isinstance(decided, NotRateable) else decided
        if rated != rating:
            yield Mismatch(f"standard {code}", _rating_in_words(rating), _rating_in_words(rated))
    if published.score != outcome.score:
        yield Mismatch("score", _score_in_words(published.score), _score_in_words(outcome.score))
    if published.overall != outcome.overall:
        yield Mismatch(
            "overall rating",
            _rating_in_words(published.overall),
            _rating_in_words(outcome.overall),
        )


def _percent_in_words(percent: int | None) -> str:
    return "no relevant case" if percent is None else f"{percent}%"


def _rating_in_words(rating: Rating | None) -> str:
    return "not rated" if rating is None else rating.label


def _score_in_words(score: int | None) -> str:
    return "no score" if score is None else str(score)
