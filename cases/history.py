"""What became of a case, line by line: every save of an answer, accepted or not, every change
of its details, every step and every comment, latest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.details import DETAIL_FIELDS, SECTIONS
from cases.models import AnswerSave, Case, CaseDetailsChange
from cases.permissions import READ_COMMENTS
from cases.words import answer_words, detail_words, moment
from inspections.models import User

DETAILS, STEPS = "details", "steps"
"""Parts of the history to show alone, beside the codes of questions."""

LABELS = {detail.field: detail.label for section in SECTIONS for detail in section.details}


@dataclass(frozen=True, slots=True)
class Line:
    """``before`` is empty where nothing stood, or where it does not apply; ``device_at`` is
    what the device's clock said."""

    at: datetime
    who: str
    about: str
    after: str
    before: str = ""
    note: str = ""
    outcome: str = ""
    is_conflict: bool = False
    device_at: str = ""

    @property
    def when(self) -> str:
        return moment(self.at)


def history_of(case: Case, reader: User, part: str = "") -> list[Line]:
    """The lines of ``part``, a question's code, ``details`` or ``steps``; all of them when it
    is empty. Comments are told to those who read them."""
    lines: list[Line] = []
    if part not in {DETAILS, STEPS}:
        lines += _answers(case, part)
    if part in {"", DETAILS}:
        lines += _details(case)
    if part in {"", STEPS}:
        lines += _steps(case)
    if part != DETAILS and READ_COMMENTS.can(reader, case):
        lines += _comments(case, part)
    # Lines of one moment stay in the order in which they were made, like all others.
    return sorted(lines, key=lambda line: line.at)[::-1]


def questions_saved(case: Case) -> Sequence[str]:
    """The codes of the questions that anything was saved for, in the order they are asked."""
    saved = set(case.saves.values_list("question", flat=True).distinct())
    asked = case.inspection.framework.case_questions(case.group)
    return [code for code in asked if code in saved]


def _answers(case: Case, question: str) -> Iterator[Line]:
    saves = case.saves.select_related("saved_by", "loaded_by").order_by(
        "saved_at", "base_version", "version"
    )
    if question:
        saves = saves.filter(question=question)
    standing: dict[str, AnswerSave] = {}
    for save in saves:
        before = standing.get(save.question)
        yield Line(
            at=save.saved_at,
            who=f"{save.saved_by}, loaded by {save.loaded_by}"
            if save.loaded_by
            else str(save.saved_by),
            about=save.question,
            before=answer_words(before.value) if before else "",
            after=answer_words(save.value),
            note=save.note,
            outcome="Conflict" if save.version is None else f"Version {save.version}",
            is_conflict=save.version is None,
            device_at=moment(save.made_at) if save.made_at else "",
        )
        if save.version is not None:
            standing[save.question] = save


def _details(case: Case) -> Iterator[Line]:
    for change in case.details_changes.select_related("saved_by"):
        for field in DETAIL_FIELDS:
            if field in change.changed:
                before, after = (_in_words(field, value) for value in change.changed[field])
                yield Line(
                    at=change.saved_at,
                    who=str(change.saved_by),
                    about=LABELS[field],
                    before=before,
                    after=after or "Not recorded",
                    outcome=f"Version {change.version} of the details",
                )


def _in_words(field: str, value: Any) -> str:
    """A value of a detail as JSON holds it, in the words of the case page."""
    python = Case._meta.get_field(field).to_python(value)  # type: ignore[union-attr]
    return detail_words(Case(**{field: python}), field)


def _steps(case: Case) -> Iterator[Line]:
    for move in case.moves.select_related("moved_by", "given_to"):
        to = f" to {move.given_to}" if move.given_to else ""
        yield Line(
            at=move.moved_at,
            who=str(move.moved_by),
            about="The case",
            after=f"{move.get_kind_display()}{to}",
        )


def _comments(case: Case, part: str) -> Iterator[Line]:
    comments = case.comments.with_replies()
    if part:
        comments = comments.filter(question="" if part == STEPS else part)
    for comment in comments:
        about = comment.question or "The case"
        yield Line(comment.made_at, str(comment.made_by), about, "Comment", note=comment.text)
        for reply in comment.replies.all():
            yield Line(reply.made_at, str(reply.made_by), about, "Reply", note=reply.text)
        if comment.resolved_at:
            yield Line(
                comment.resolved_at,
                str(comment.resolved_by),
                about,
                "Comment resolved",
                note=comment.text,
            )


def latest_details_words(change: CaseDetailsChange) -> str:
    """Who saved the details last, and when."""
    return f"{change.saved_by} saved them at {moment(change.saved_at)}"
