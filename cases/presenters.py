"""Cases and answers in words and colours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cases.actions import Outcome, SaveResult
from cases.details import SECTIONS
from cases.models import Answer, AnswerValue, Case, Factor
from cases.progress import StandardProgress
from inspections.framework import Standard
from inspections.models import GroupChoice, User
from inspections.presenters import Link, Tag

NO_ANSWER = "No answer yet"

CASE_COLOURS = {
    Case.State.NOT_STARTED: "grey",
    Case.State.IN_PROGRESS: "blue",
    Case.State.SUBMITTED: "purple",
    Case.State.RETURNED: "yellow",
    Case.State.SIGNED_OFF: "green",
}


GROUPS = {
    GroupChoice.COURT.value: "Court",
    GroupChoice.OUT_OF_COURT.value: "Out of court",
    GroupChoice.RESETTLEMENT.value: "Resettlement",
}
"""The groups of cases where there is little room."""


def case_tag(case: Case) -> Tag:
    """Where a case stands; a case that nobody holds yet is not called allocated."""
    state = Case.State(case.state)
    is_allocated = state != Case.State.NOT_STARTED or case.allocated_to_id is not None
    return Tag(case.state_words.capitalize(), CASE_COLOURS[state] if is_allocated else "red")


def standard_tag(standard: StandardProgress) -> Tag:
    """How far a standard of a case has come."""
    if standard.progress.is_complete:
        return Tag("Complete", "green")
    if standard.progress.answered == 0:
        return Tag("Not started", "grey")
    return Tag("In progress", "blue")


def standard_title(standard: Standard) -> str:
    return f"{standard.code} {standard.name}"


def answer_words(value: str) -> str:
    return AnswerValue(value).label if value else NO_ANSWER


def counted(number: int, one: str, more: str) -> str:
    """``1 case``, ``2 cases``."""
    return f"{number} {one if number == 1 else more}"


def to_look_at(contradictions: int, comments: int) -> list[str]:
    """What a lead inspector may want to look at in a case: ``2 contradictions``."""
    return [
        words
        for number, words in (
            (contradictions, counted(contradictions, "contradiction", "contradictions")),
            (comments, counted(comments, "open comment", "open comments")),
        )
        if number
    ]


def moment_words(moment: datetime, now: datetime) -> str:
    """``14:02``, or with its day where that is not today: ``3 May 2021, 14:02``."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    clock = date_format(local, "H:i")
    return clock if local.date() == today else f"{date_format(local, 'j F Y')}, {clock}"


def saved_words(answer: Answer, now: datetime, reader: User) -> str:
    """When what stands was saved, and by whom if not by ``reader``: ``Saved, 14:02, by Ada
    Inspector``; static/recording/question.js says it in the same words."""
    words = f"Saved, {moment_words(answer.answered_at, now)}"
    return words if answer.answered_by_id == reader.pk else f"{words}, by {answer.answered_by}"


def group_words(group: str) -> str:
    return GroupChoice(group).label


@dataclass(frozen=True, slots=True)
class FilledSection:
    title: str
    rows: list[dict[str, str]]
    recorded: int

    @property
    def summary(self) -> str:
        return f"{self.recorded} of {len(self.rows)} recorded"


def detail_sections(case: Case) -> list[FilledSection]:
    """A case's details in words, section by section."""
    found = []
    for section in SECTIONS:
        values = [(detail, detail_words(case, detail.field)) for detail in section.details]
        found.append(
            FilledSection(
                section.title,
                [
                    {
                        "key": detail.label,
                        "field": detail.field,
                        "value": words or "Not recorded",
                    }
                    for detail, words in values
                ],
                sum(bool(words) for _, words in values),
            )
        )
    return found


def detail_words(case: Case, field: str) -> str:
    """One detail in words; empty where it is not recorded."""
    value: Any = getattr(case, field)
    if field == "factors":
        return ", ".join(Factor(factor).label for factor in value)
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if value is None or value == "":
        return ""
    display = getattr(case, f"get_{field}_display", None)
    return str(display() if display else value)


def missing_links(case: Case, standards: Iterable[StandardProgress]) -> list[dict[str, Any]]:
    """Where each unanswered question of a case is: standards with links to their questions."""
    return [
        {
            "title": standard_title(progress.standard),
            "links": [
                Link(code, f"{record_url(case, progress.standard)}#{anchor(code)}")
                for code in progress.missing
            ],
        }
        for progress in standards
        if progress.missing
    ]


def record_url(case: Case, standard: Standard) -> str:
    return reverse("cases:record", args=[case.inspection_id, case.pk, standard.code])


def anchor(code: str) -> str:
    """The id of a question's section on its page: ``q-2-1-1a``."""
    return f"q-{code.replace('.', '-')}"


CASE_MOVES: dict[Case.State, str] = {
    Case.State.SUBMITTED: "Submit case to the lead inspector",
    Case.State.SIGNED_OFF: "Sign off case",
    Case.State.RETURNED: "Return case to its inspector",
}
"""The buttons of a case."""

CASE_MOVED: dict[Case.State, str] = {
    Case.State.SUBMITTED: "Case {case} is submitted. It can’t be changed unless it is returned.",
    Case.State.SIGNED_OFF: "Case {case} is signed off.",
    Case.State.RETURNED: "Case {case} is returned and can be changed again.",
}


def loaded_row(case: Case, result: SaveResult) -> dict[str, str]:
    """What became of one save of a device's file."""
    save = result.save
    results = {
        Outcome.SAVED: "Saved",
        Outcome.CONFLICT: "Not saved: another answer stands. Both are in the history.",
        Outcome.REFUSED: f"Not saved. {result.why}",
    }
    return {
        "reference": case.reference,
        "href": case.get_absolute_url(),
        "question": save.question,
        "answer": answer_words(save.value),
        "note": save.note,
        "result": results[result.outcome],
    }
