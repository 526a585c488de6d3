"""One standard of the ratings page: its ratings and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from inspections.framework import Edition
from inspections.presenters import Tag
from ratings.engine import (
    Contradiction,
    KeyQuestionRating,
    NotRateable,
    PromptFigures,
    Sensitivity,
    StandardRating,
)
from ratings.models import Judgement
from ratings.pages.presenters.bar import Bar, bar_of
from ratings.pages.presenters.decisions import DecisionView, decision_view
from ratings.pages.presenters.distance import (
    Fact,
    KeyQuestionDistance,
    key_question_distance,
    standard_distance,
)
from ratings.pages.presenters.how_sure import HowSure, how_sure_view
from ratings.service import RatedInspection
from ratings.words import (
    GROUP_WORDS,
    contradiction,
    listed,
    of_answered,
    of_relevant,
    rated_as,
    tag_of,
)


@dataclass(frozen=True)
class KeyQuestionRow:
    """A line of the “% Yes” table.

    ``computed`` is given only where discretion moved the rating; ``decides`` says so
    in words where the key question sets the standard's rating.
    """

    code: str
    text: str
    yes: int
    no: int
    not_applicable: int
    unanswered: int
    relevant: int
    inspected: int
    percent: int | None
    band: str
    rating: Tag
    computed: Tag | None
    decides: str
    bar: Bar | None
    decide_url: str


@dataclass(frozen=True)
class PromptRow:
    """A prompt's counts and both of its percentages, each with what it is out of, in words:
    “40% (4 of 10)”."""

    code: str
    text: str
    yes: int
    no: int
    not_applicable: int
    unanswered: int
    of_relevant: str
    of_answered: str


@dataclass(frozen=True)
class NearRow:
    """How far a key question is from other ratings, and how sure its own is."""

    distance: KeyQuestionDistance
    sure: HowSure


@dataclass(frozen=True)
class JudgementView:
    """The lead inspector's judgement on a qualitative standard."""

    rationale: str
    judged_by: str
    judged_at: datetime


@dataclass(frozen=True)
class StandardPart:
    """A standard: a line of the published page that opens to its evidence.

    ``computed`` is given only where discretion moved the rating. ``notes`` are the
    numbers of the footnotes printed beside it. ``near`` says what would move it,
    ``warnings`` where its key questions and their prompts contradict each other.
    ``sample`` tells how many cases its figures come from, of how many eligible.
    """

    code: str
    title: str
    statement: str
    rating: Tag
    computed: Tag | None
    notes: tuple[int, ...]
    why: str
    is_qualitative: bool
    shows_not_applicable: bool
    sample: str
    near: tuple[Fact, ...]
    warnings: tuple[str, ...]
    key_questions: tuple[KeyQuestionRow, ...]
    near_rows: tuple[NearRow, ...]
    prompts: tuple[PromptRow, ...]
    judgement: JudgementView | None
    decisions: tuple[DecisionView, ...]
    decide_url: str

    template = "ratings/parts/standard.html"

    @property
    def name(self) -> str:
        return self.code


def standard_part(
    rated: RatedInspection,
    standard: StandardRating,
    found: Sensitivity,
    contradicting: Sequence[Contradiction],
    notes: Mapping[str, int],
    *,
    may_decide: bool,
) -> StandardPart:
    """``found`` and ``contradicting`` are the whole inspection's; ``notes`` numbers the
    footnotes by the code of what their decision moved."""
    edition = rated.outcome.edition
    code = standard.code
    moved = standard.decided != standard.computed
    decisions = tuple(_decisions(rated, standard, notes))
    return StandardPart(
        code=code,
        title=standard.standard.name,
        statement=standard.standard.statement,
        rating=tag_of(standard.decided),
        computed=tag_of(standard.computed) if moved else None,
        notes=tuple(view.note for view in decisions if view.note is not None),
        why=_why(standard),
        is_qualitative=standard.standard.is_qualitative,
        shows_not_applicable=edition.key_question_not_applicable,
        sample=_sample(rated, standard),
        near=()
        if standard.standard.is_qualitative
        else standard_distance(standard, found.standards[code]),
        warnings=tuple(
            contradiction(one)
            for one in contradicting
            if edition.standard_of_question[one.key_question].code == code
        ),
        key_questions=tuple(
            key_question_row(rated, question, standard, may_decide=may_decide)
            for question in standard.key_questions
        ),
        near_rows=tuple(near_row(rated, question, found) for question in standard.key_questions),
        # An edition whose reports publish no prompts has none to show.
        prompts=tuple(_prompt_row(edition, prompt) for prompt in standard.prompts),
        judgement=judgement_view(rated.judgements.get(code)),
        decisions=decisions,
        decide_url=_decide_url(rated, code) if may_decide else "",
    )


def key_question_row(
    rated: RatedInspection,
    question: KeyQuestionRating,
    standard: StandardRating,
    *,
    may_decide: bool,
) -> KeyQuestionRow:
    edition = rated.outcome.edition
    tally = question.tally
    rating = tag_of(question.decided)
    band = "" if question.band is None else question.band.name
    return KeyQuestionRow(
        code=question.code,
        text=edition.key_questions_by_code[question.code].text,
        yes=tally.yes,
        no=tally.no,
        not_applicable=tally.not_applicable,
        unanswered=tally.unanswered,
        relevant=tally.relevant,
        inspected=tally.inspected,
        percent=tally.percent,
        band=band,
        rating=rating,
        computed=tag_of(question.computed) if question.decided != question.computed else None,
        decides=_decides(question, standard),
        bar=bar_of(edition, tally, band, tag_of(question.computed)),
        decide_url=_decide_url(rated, question.code) if may_decide else "",
    )


def near_row(rated: RatedInspection, question: KeyQuestionRating, found: Sensitivity) -> NearRow:
    edition = rated.outcome.edition
    group = edition.standard_of_question[question.code].group
    assert group is not None, "a key question with a percentage is asked in cases"
    return NearRow(
        distance=key_question_distance(question, found.key_questions[question.code]),
        sure=how_sure_view(edition, question.tally, rated.eligible.get(group), GROUP_WORDS[group]),
    )


def _sample(rated: RatedInspection, standard: StandardRating) -> str:
    """“From 20 court cases, of 60 eligible.”"""
    group = standard.standard.group
    if group is None:
        return ""
    eligible = rated.eligible.get(group)
    inspected, words = rated.inspected.get(group, 0), GROUP_WORDS[group]
    of = "the number eligible is not recorded" if eligible is None else f"of {eligible} eligible"
    return f"From {inspected} {words if inspected != 1 else words.removesuffix('s')}, {of}."


def _decides(question: KeyQuestionRating, standard: StandardRating) -> str:
    moved = standard.discretion is not None and not standard.discretion.stale
    if moved:
        in_computed = question.code in standard.deciding_computed
        return "Lowest band: decides the computed rating" if in_computed else ""
    return "Lowest band: decides the rating" if question.code in standard.deciding else ""


def _why(standard: StandardRating) -> str:
    """One sentence on where the rating comes from."""
    if isinstance(standard.decided, NotRateable):
        return f"{rated_as(standard.decided).capitalize()}."
    applied = standard.discretion
    if applied is not None and not applied.stale:
        return (
            f"Computed as {rated_as(standard.computed)}{_from(standard.deciding_computed)}; "
            f"decided as {rated_as(standard.decided)} by the ratings panel."
        )
    if standard.standard.is_qualitative:
        return "Judged by the lead inspector."
    if standard.decided != standard.computed:
        return (
            f"Computed as {rated_as(standard.computed)}{_from(standard.deciding_computed)}; "
            f"with the ratings panel’s decision, {rated_as(standard.decided)}"
            f"{_from(standard.deciding)}."
        )
    return f"The lowest rating among its key questions{_from(standard.deciding)}."


def _from(codes: tuple[str, ...]) -> str:
    return f", from {listed(codes)}" if codes else ""


def _decisions(
    rated: RatedInspection, standard: StandardRating, notes: Mapping[str, int]
) -> list[DecisionView]:
    views = []
    if standard.discretion is not None:
        row = rated.discretions[standard.code, ""]
        views.append(
            decision_view(standard.discretion, row, standard.computed, notes.get(standard.code))
        )
    for question in standard.key_questions:
        if question.discretion is not None:
            row = rated.discretions[standard.code, question.code]
            note = notes.get(question.code)
            views.append(decision_view(question.discretion, row, question.computed, note))
    return views


def _prompt_row(edition: Edition, prompt: PromptFigures) -> PromptRow:
    tally = prompt.tally
    return PromptRow(
        code=prompt.code,
        text=edition.prompts_by_code[prompt.code].text,
        yes=tally.yes,
        no=tally.no,
        not_applicable=tally.not_applicable,
        unanswered=tally.unanswered,
        of_relevant=of_relevant(tally),
        of_answered=of_answered(tally),
    )


def judgement_view(judgement: Judgement | None) -> JudgementView | None:
    if judgement is None:
        return None
    return JudgementView(judgement.rationale, judgement.saved_by.name, judgement.saved_at)


def _decide_url(rated: RatedInspection, code: str) -> str:
    return reverse("ratings:discretion", args=[rated.inspection.pk, code])
