"""Whether a replayed inspection's outcome is the published one, as data and as a table to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inspections.framework import Rating
from ratings.engine import KeyQuestionRating, NotRateable, Outcome, StandardRating, Tally
from ratings.national.format import QuestionCounts, ReplayFile


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


@dataclass(frozen=True)
class Replayed:
    """A file, the outcome rated from the database, and how that differs from the published."""

    file: ReplayFile
    outcome: Outcome
    mismatches: Sequence[Mismatch]

    @property
    def matches(self) -> bool:
        return not self.mismatches


def as_data(replayed: Replayed) -> dict[str, object]:
    """What ``replay --json`` prints for one file (issue 2, Replay); null is no rating."""
    outcome = replayed.outcome
    return {
        "service": replayed.file.service.name,
        "edition": outcome.edition.code,
        "key_questions": {
            code: _key_question(rated) for code, rated in outcome.key_questions_by_code.items()
        },
        "prompts": {
            code: _prompt(outcome.prompts_by_code[code].tally) for code in replayed.file.prompts
        },
        "standards": {
            rated.code: {"computed": _key(rated.computed), "decided": _key(rated.decided)}
            for rated in outcome.standards
        },
        "score": outcome.score,
        "overall": _key(outcome.overall),
        "matches": replayed.matches,
        "mismatches": [str(mismatch) for mismatch in replayed.mismatches],
    }


def _key_question(rated: KeyQuestionRating) -> dict[str, object]:
    """The rating is the one that the counts give, whatever the panel decided."""
    tally = rated.tally
    return {
        "yes": tally.yes,
        "no": tally.no,
        "not_applicable": tally.not_applicable,
        "unanswered": tally.unanswered,
        "percent": tally.percent,
        "rating": _key(rated.computed),
    }


def _prompt(tally: Tally) -> dict[str, object]:
    return {"percent": tally.percent_of_answered, "percent_of_relevant": tally.percent}


def _key(rating: Rating | NotRateable | None) -> str | None:
    return rating.key if isinstance(rating, Rating) else None


def as_table(replayed: Replayed) -> str:
    """The outcome in lines of text: a row for each standard, then score and comparison."""
    return "\n".join(_lines(replayed)) + "\n"


def _lines(replayed: Replayed) -> Iterator[str]:
    file, outcome = replayed.file, replayed.outcome
    report = ", ".join(text for text in (file.report.title, file.report.published) if text)
    yield f"{file.service.name} (edition {outcome.edition.code})"
    if report:
        yield report
    yield ""
    rows = [("Standard", "% Yes of each key question", "Computed", "Decided")]
    rows += [_row(rated) for rated in outcome.standards]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for number, row in enumerate(rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)
    yield ""
    yield from _score(outcome)
    yield from _comparison(replayed)


def _row(rated: StandardRating) -> tuple[str, str, str, str]:
    percentages = " ".join(
        "   –" if question.tally.percent is None else f"{question.tally.percent:>3}%"
        for question in rated.key_questions
    )
    return (
        f"{rated.code} {rated.standard.name}",
        percentages or "judged",
        _label(rated.computed),
        _label(rated.decided) + (" (discretion)" if rated.decided != rated.computed else ""),
    )


def _score(outcome: Outcome) -> Iterator[str]:
    if outcome.score is None:
        yield f"No score and no overall rating: {', '.join(outcome.missing)} not rated"
        return
    assert outcome.overall is not None, "a score always has an overall rating"
    yield f"Score: {outcome.score}/{outcome.highest_score}"
    yield f"Overall: {outcome.overall.label}"
    if outcome.limit is not None:
        yield (
            f"Limited to {outcome.overall.label}, because standard {outcome.limit.standard} "
            f"is {outcome.limit.rating.label}"
        )


def _comparison(replayed: Replayed) -> Iterator[str]:
    if replayed.matches:
        yield "This matches the published outcome."
        return
    yield "This differs from the published outcome:"
    for mismatch in replayed.mismatches:
        yield f"  {mismatch}"


def _label(rating: Rating | NotRateable) -> str:
    return rating.label if isinstance(rating, Rating) else "Not rated"
