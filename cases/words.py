"""Labels, sentences and colours of cases, answers and details: ``{% load case_words %}``.

Python that writes sentences calls the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cases.actions import (
    CommentSave,
    CurrentDetail,
    DetailChange,
    Outcome,
    Save,
    SaveResult,
    Sent,
    Unfit,
)
from cases.details import DETAIL_FIELDS, DETAIL_LABELS, Section
from cases.models import Answer, AnswerValue, Case, CaseRead, Comment, Factor
from cases.progress import StandardProgress
from cases.progress_by_day import ByDay
from inspections.models import GroupChoice, User
from inspections.note_check import NoteWarning, warnings_about
from inspections.words import Tag

register = template.Library()

NO_ANSWER = "No answer yet"


@register.filter
def note_warnings(note: object) -> list[NoteWarning]:
    """What in a note, or another detail that is typed, seems to say who somebody is (ADR 35)."""
    return warnings_about(note, timezone.localdate()) if isinstance(note, str) else []


def what_notes_hold(notes: Mapping[str, object]) -> str:
    """The same of several ``notes``, by what they are about, such as “your note on 2.1.1”: for the
    page after the one where they were typed. Empty if there is nothing to say."""
    return " ".join(
        f"Look at {about} again: {warning}"
        for about, note in notes.items()
        for warning in note_warnings(note)
    )


READ_PAGES = {
    "case": "The case",
    "record": "Questions of the case",
    "details": "Details of the case",
    "history": "History of the case",
    "comments": "Comments on the case",
    "allocate": "The case, to allocate it",
    "submit": "The case, to submit it",
    "return": "The case, to return it",
    "sign_off": "The case, to sign it off",
    "replace": "The case, to take it out of the sample",
    "replace-by-hand": "The case, to replace it by hand",
    "put-back": "The case, to put it back in the sample",
    "contradictions": "Possible inconsistencies",
    "answers": "Answers of all cases to one question",
    "quotable-notes": "Quotable notes of all cases",
    "outbox-file": "Unsent answers of a device",
    CaseRead.OFFLINE: "Copy kept on a device for work offline",
}
"""What somebody read of a case, by the name of the page's address."""


@register.filter
def read_words(page: str) -> str:
    return READ_PAGES.get(page, "A page of the case")


COMMENT_ACTIONS = {
    "comment": "Comment",
    "reply": "Reply to a comment",
    "resolve": "Comment resolved",
}

CASE_COLOURS = {
    Case.State.NOT_STARTED: "grey",
    Case.State.IN_PROGRESS: "blue",
    Case.State.SUBMITTED: "purple",
    Case.State.RETURNED: "yellow",
    Case.State.SIGNED_OFF: "green",
    Case.State.TAKEN_OUT: "orange",
}

SHORT_GROUPS = {
    GroupChoice.COURT: "Court",
    GroupChoice.OUT_OF_COURT: "Out of court",
    GroupChoice.RESETTLEMENT: "Resettlement",
}
"""Short names of the groups of cases."""


@register.filter
def case_tag(case: Case) -> Tag:
    """The state of a case."""
    is_held = case.state != Case.State.NOT_STARTED or case.allocated_to_id is not None
    colour = CASE_COLOURS[Case.State(case.state)] if is_held else "red"
    return Tag(case.state_words.capitalize(), colour)


@register.filter
def standard_tag(standard: StandardProgress) -> Tag:
    """The progress of a standard of a case."""
    if standard.progress.is_complete:
        return Tag("Complete", "green")
    if standard.progress.answered == 0:
        return Tag("Not started", "grey")
    return Tag("In progress", "blue")


@register.filter
def group_words(group: str) -> str:
    return GroupChoice(group).label


@register.filter
def short_group(group: str) -> str:
    return SHORT_GROUPS[GroupChoice(group)]


@register.filter
def answer_words(value: str | None) -> str:
    return AnswerValue(value).label if value in AnswerValue.values else NO_ANSWER


@register.filter
def counted(count: int, noun: str) -> str:
    """“1 case”, “20 cases”: ``{{ number|counted:"case" }}``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@register.filter
def hours_words(minutes: int) -> str:
    """“3 h 20 min”, “3 h”, “20 min”."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


@register.filter
def pace_words(by_day: ByDay) -> str:
    """“3 fewer than at an even pace.”"""
    if by_day.ahead == 0:
        return "That is an even pace."
    more = "more" if by_day.ahead > 0 else "fewer"
    return f"{abs(by_day.ahead)} {more} than at an even pace."


@register.filter
def moment(at: datetime) -> str:
    """``14:02``, or with its day where that is not today: ``3 May 2021, 14:02``."""
    local = timezone.localtime(at)
    clock = date_format(local, "H:i")
    is_today = local.date() == timezone.localdate()
    return clock if is_today else f"{date_format(local, 'j F Y')}, {clock}"


@register.filter
def saved_words(answer: Answer, reader: User) -> str:
    """When the current answer was saved, by whom if not by ``reader``, and who uploaded it if it
    comes from a device's file: ``Saved, 14:02, by Ada Inspector``. Load the answer with its people.
    templates/cases/scripts/status.html has the same words."""
    words = f"Saved, {moment(answer.answered_at)}"
    if answer.answered_by_id != reader.pk:
        words += f", by {answer.answered_by}"
    return words + _loaded_words(getattr(answer, "loaded_by", None))


@register.filter
def detail_saved_words(current: CurrentDetail, reader: User) -> str:
    """The same of a detail. When it was recorded with the case, nobody saved it."""
    if current.at is None:
        return "Not recorded yet" if current.value in (None, "", []) else "Saved"
    words = f"Saved, {moment(current.at)}"
    if current.by != str(reader):
        words += f", by {current.by}"
    return words + _loaded_words(current.loaded_by)


def _loaded_words(loaded_by: str | None) -> str:
    return f". {loaded_by} uploaded it from a file of the device" if loaded_by else ""


@register.filter
def comment_label(comment: Comment) -> str:
    """Identifies a comment for screen readers."""
    on = comment.question or "the case"
    return f"{comment.made_by}’s comment of {moment(comment.made_at)} on {on}"


@register.filter
def anchor(code: str) -> str:
    """The id of a question's section on its page: ``q-2-1-1a``."""
    return f"q-{code.replace('.', '-')}"


@register.filter
def question_url(case: Case, code: str) -> str:
    """A question on the page of its standard."""
    return f"{case.url_of_question(code)}#{anchor(code)}"


@register.filter
def question_url_from_answers(case: Case, code: str) -> str:
    """The same from the answers of all cases, with the way back to them."""
    return f"{case.url_of_question(code)}?answers={code}#{anchor(code)}"


@register.filter
def standard_url(case: Case, found: StandardProgress) -> str:
    """The page of a standard, at its first question without an answer."""
    at = f"#{anchor(found.missing[0])}" if found.missing else ""
    return f"{case.record_url(found.standard.code)}{at}"


@register.simple_tag
def subject_url(case: Case, subject: str, can_record: bool) -> str:
    """The URL of a question or a detail: the field for those who may record, otherwise the place
    on the case page."""
    if subject not in DETAIL_FIELDS:
        return question_url(case, subject)
    if can_record:
        details = reverse("cases:details", args=[case.inspection_id, case.pk])
        return f"{details}#div_id_{subject}"
    return f"{case.get_absolute_url()}#detail-{subject}"


@register.filter
def save_about(save: Sent) -> str:
    """What a save of a device's file is about."""
    if isinstance(save, Save):
        return save.question
    if isinstance(save, DetailChange):
        return DETAIL_LABELS[save.field]
    if isinstance(save, CommentSave):
        on = f" on {save.question or 'the case'}" if save.action == "comment" else ""
        return COMMENT_ACTIONS[save.action] + on
    assert isinstance(save, Unfit)
    return DETAIL_LABELS.get(save.about) or COMMENT_ACTIONS[save.about]


@register.filter
def save_words(save: Sent) -> str:
    """What was typed or chosen, in words."""
    if isinstance(save, Save):
        return "\n".join(filter(None, (answer_words(save.value), save.note)))
    if isinstance(save, DetailChange):
        return detail_words(Case(**{save.field: save.value}), save.field) or "Not recorded"
    if isinstance(save, CommentSave):
        return save.text
    assert isinstance(save, Unfit)
    return save.typed


@register.filter
def result_words(result: SaveResult) -> str:
    """The result of a save of a device's file."""
    what = "answer" if isinstance(result.save, Save) else "value"
    return {
        Outcome.SAVED: "Saved",
        Outcome.CONFLICT: f"Not saved: another {what} stands. Both are in the history.",
        Outcome.REFUSED: f"Not saved. {result.why}",
    }[result.outcome]


@register.filter
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


@register.filter
def recorded_in(case: Case, section: Section) -> int:
    """How many details of a section are recorded."""
    return sum(bool(detail_words(case, detail.field)) for detail in section.details)


@register.filter
def item(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """The value of ``key``, for keys that a template can't name, such as ``reply-12``."""
    return mapping.get(key, "") if mapping else ""
