"""One standard of the ratings page: its ratings and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from inspections.editions import Edition, Group
from inspections.models import Judgement
from inspections.presenters import Tag
from ratings.engine import (
    KeyQuestionRating,
    NotRateable,
    PromptFigures,
    StandardRating,
)
from ratings.presenters.bar import Bar, bar_of
from ratings.presenters.decisions import DecisionView, decision_view
from ratings.presenters.words import listed, rated_as, tag_of
from ratings.service import RatedInspection

GROUP_WORDS = {
    Group.COURT: "court cases",
    Group.OUT_OF_COURT: "out-of-court cases",
    Group.RESETTLEMENT: "resettlement cases",
}


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
    """A prompt's counts and both of its percentages, each with what it is out of."""

    code: str
    text: str
    yes: int
    no: int
    not_applicable: int
    unanswered: int
    relevant: int
    percent_of_relevant: int | None
    answered: int
    percent_of_answered: int | None


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
    numbers of the footnotes printed beside it.
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
    group: str
    key_questions: tuple[KeyQuestionRow, ...]
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
    notes: Mapping[str, int],
    *,
    may_decide: bool,
) -> StandardPart:
    """``notes`` numbers the footnotes by the code of what their decision moved."""
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
        group="" if standard.standard.group is None else GROUP_WORDS[standard.standard.group],
        key_questions=tuple(
            key_question_row(rated, question, standard, may_decide=may_decide)
            for question in standard.key_questions
        ),
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
        relevant=tally.relevant,
        percent_of_relevant=tally.percent,
        answered=tally.answered,
        percent_of_answered=tally.percent_of_answered,
    )


def judgement_view(judgement: Judgement | None) -> JudgementView | None:
    if judgement is None:
        return None
    return JudgementView(judgement.rationale, judgement.judged_by.name, judgement.judged_at)


def _decide_url(rated: RatedInspection, code: str) -> str:
    return reverse("ratings:discretion", args=[rated.inspection.pk, code])
