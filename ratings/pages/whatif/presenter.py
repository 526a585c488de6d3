"""What if, beside the record, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BoundField

from inspections.framework import Rating
from inspections.presenters import Tag, rating_tag
from ratings.engine import NotRateable, Outcome, StandardRating
from ratings.pages.whatif.changes import Changes, Supposed, suppose
from ratings.pages.whatif.forms import WhatIfForm
from ratings.service import RatedInspection
from ratings.words import counted, listed, tag_of


@dataclass(frozen=True)
class Figures:
    """Score and overall rating, of the record or of what is tried."""

    score: str
    overall: Tag


@dataclass(frozen=True)
class CountsRow:
    """A key question's counts to change, and its percentage before and after."""

    code: str
    text: str
    yes: BoundField
    no: BoundField
    inspected: int
    recorded: str
    supposed: str
    errors: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return self.recorded != self.supposed


@dataclass(frozen=True)
class StandardRow:
    """A standard's rating in the record and in what is tried; ``rating`` is the field that
    sets it, where one can. ``is_open`` shows the counts at once."""

    code: str
    title: str
    recorded: Tag
    supposed: Tag
    rating: BoundField | None
    counts: tuple[CountsRow, ...]
    is_open: bool

    @property
    def changed(self) -> bool:
        return self.recorded != self.supposed


@dataclass(frozen=True)
class WhatIfPage:
    """``says`` tells the difference in words, and what else would follow."""

    recorded: Figures
    supposed: Figures
    says: tuple[str, ...]
    standards: tuple[StandardRow, ...]


def what_if_page(rated: RatedInspection, form: WhatIfForm) -> WhatIfPage:
    """``form`` is validated; where it has errors, the record stands in for what is wrong."""
    changes = form.changes
    supposed = suppose(rated, changes)
    outcome = rated.outcome
    return WhatIfPage(
        recorded=_figures(outcome.score, outcome.highest_score, outcome.overall),
        supposed=_figures(supposed.score, outcome.highest_score, supposed.overall),
        says=(*_says(rated, supposed, changes), *_problems(form)),
        standards=tuple(_row(standard, supposed, form) for standard in outcome.standards),
    )


def _figures(score: int | None, highest: int, overall: Rating | None) -> Figures:
    said = "No score" if score is None else f"{score} out of {highest}"
    return Figures(said, rating_tag(overall))


def _row(standard: StandardRating, supposed: Supposed, form: WhatIfForm) -> StandardRow:
    code, name = standard.code, f"rating-{standard.code}"
    counts = tuple(
        _counts(question.code, supposed, form)
        for question in standard.key_questions
        if question.tally.inspected
    )
    return StandardRow(
        code=code,
        title=standard.standard.name,
        recorded=tag_of(standard.decided),
        supposed=tag_of(supposed.decided[code]),
        rating=form[name] if name in form.fields else None,
        counts=counts,
        is_open=any(row.errors or row.changed for row in counts),
    )


def _counts(code: str, supposed: Supposed, form: WhatIfForm) -> CountsRow:
    recorded = form.rated.outcome.key_questions_by_code[code].tally
    yes, no = form[f"yes-{code}"], form[f"no-{code}"]
    return CountsRow(
        code=code,
        text=supposed.outcome.edition.key_questions_by_code[code].text,
        yes=yes,
        no=no,
        inspected=recorded.inspected,
        recorded=_percent(recorded.percent),
        supposed=_percent(supposed.outcome.key_questions_by_code[code].tally.percent),
        errors=(*yes.errors, *no.errors),
    )


def _percent(percent: int | None) -> str:
    return "no relevant case" if percent is None else f"{percent}%"


def _problems(form: WhatIfForm) -> Iterator[str]:
    if form.errors:
        yield "What has a problem counts as recorded until it is put right."


def _says(rated: RatedInspection, supposed: Supposed, changes: Changes) -> Iterator[str]:
    outcome = rated.outcome
    if not changes:
        yield "Nothing is changed."
        return
    if supposed.score is None:
        yield _no_score(outcome, supposed)
    else:
        yield _difference(outcome.score, supposed.score)
        if supposed.overall == outcome.overall:
            yield "The overall rating would stay as it is."
        else:
            before, after = rating_tag(outcome.overall).label, rating_tag(supposed.overall).label
            yield f"The overall rating would be {after}, not {before}."
    if supposed.limit is not None:
        standard = outcome.edition.standards_by_code[supposed.limit.standard]
        yield (
            f"{standard.code} {standard.name} would hold it at "
            f"{supposed.limit.overall_at_most.label} (limiting judgement)."
        )
    already = {move.target for move in outcome.stale}
    for move in supposed.outcome.stale:
        if move.target not in already:
            yield f"The panel’s decision on {move.target} would no longer apply."


def _no_score(recorded: Outcome, supposed: Supposed) -> str:
    missing = listed(
        [
            standard.code
            for standard in recorded.edition.scored_standards
            if isinstance(supposed.decided[standard.code], NotRateable)
        ]
    )
    still = "still " if recorded.score is None else ""
    return f"There would {still}be no score: not rated would be {missing}."


def _difference(recorded: int | None, supposed: int) -> str:
    if recorded is None:
        return f"There would be a score of {supposed}; the record has none."
    if supposed == recorded:
        return "The score would stay as it is."
    way = "higher" if supposed > recorded else "lower"
    return f"The score would be {counted(abs(supposed - recorded), 'point')} {way}."
