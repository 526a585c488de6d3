"""Compares a replayed inspection's outcome with the published one, as data and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property

from inspections.framework import Rating, key_or_none
from ratings.engine import NotRateable, Outcome, StandardRating
from ratings.national.format import ReplayFile


@dataclass(frozen=True)
class Replayed:
    """A file, and the outcome rated from the database."""

    file: ReplayFile
    outcome: Outcome

    @cached_property
    def mismatches(self) -> list[str]:
        return compare(self.file, self.outcome)


def compare(file: ReplayFile, outcome: Outcome) -> list[str]:
    """Every published figure of ``file`` that differs from ``outcome``.

    A key question's published percentage is the share of its relevant cases, a prompt's
    that of all answered cases (method.md, From answers to ratings, 2 and 3); none is
    published where no case is relevant.
    """
    return [
        f"{what}: published {published}, rated {rated}"
        for what, published, rated in _figures(file, outcome)
        if published != rated
    ]


def _figures(file: ReplayFile, outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """Each published figure: its name, as published and as rated, in words."""
    for code, counts in file.key_questions.items():
        if counts.states_percent:
            rated = outcome.key_questions_by_code[code].tally.percent
            yield f"key question {code}", _percent(counts.published_percent), _percent(rated)
    for code, counts in file.prompts.items():
        if counts.states_percent:
            tally = outcome.prompts_by_code[code].tally
            # A prompt that applies in no case may be printed as 0 per cent of all cases.
            printed = tally.relevant or counts.published_percent == 0
            rated = tally.percent_of_answered if printed else None
            yield f"prompt {code}", _percent(counts.published_percent), _percent(rated)
    published = file.published
    for code, rating in published.standards.items():
        decided = outcome.by_code[code].decided
        yield f"standard {code}", _label(rating, "not rated"), _label(decided, "not rated")
    yield "score", _score(published.score), _score(outcome.score)
    overall = _label(outcome.overall, "not rated")
    yield "overall rating", _label(published.overall, "not rated"), overall


def _percent(percent: int | None) -> str:
    return "no relevant case" if percent is None else f"{percent}%"


def _label(rating: Rating | NotRateable | None, none: str = "Not rated") -> str:
    return rating.label if isinstance(rating, Rating) else none


def _score(score: int | None) -> str:
    return "no score" if score is None else str(score)


def as_data(replayed: Replayed) -> dict[str, object]:
    """What ``replay --json`` prints for one file; null is no rating."""
    outcome = replayed.outcome
    return {
        "service": replayed.file.service.name,
        "edition": outcome.edition.code,
        # A key question's rating is the one that its counts give, whatever the panel decided.
        "key_questions": {
            code: asdict(rated.tally)
            | {"percent": rated.tally.percent, "rating": key_or_none(rated.computed)}
            for code, rated in outcome.key_questions_by_code.items()
        },
        "prompts": {
            code: {"percent": tally.percent_of_answered, "percent_of_relevant": tally.percent}
            for code in replayed.file.prompts
            for tally in [outcome.prompts_by_code[code].tally]
        },
        "standards": {
            rated.code: {
                "computed": key_or_none(rated.computed),
                "decided": key_or_none(rated.decided),
            }
            for rated in outcome.standards
        },
        "score": outcome.score,
        "overall": key_or_none(outcome.overall),
        "matches": not replayed.mismatches,
        "mismatches": replayed.mismatches,
    }


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
    if outcome.overall is None:
        yield f"No score and no overall rating: {', '.join(outcome.missing)} not rated"
    else:
        yield f"Score: {outcome.score}/{outcome.highest_score}"
        yield f"Overall: {outcome.overall.label}"
        if outcome.limit is not None:
            yield (
                f"Limited to {outcome.overall.label}, because standard {outcome.limit.standard} "
                f"is {outcome.limit.rating.label}"
            )
    if not replayed.mismatches:
        yield "This matches the published outcome."
        return
    yield "This differs from the published outcome:"
    yield from (f"  {mismatch}" for mismatch in replayed.mismatches)


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
