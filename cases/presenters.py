"""Cases and answers in words and colours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cases import policies
from cases.actions import Loaded, Outcome
from cases.details import SECTIONS
from cases.models import Answer, AnswerValue, Case, Comment, Factor
from cases.progress import InspectionProgress, StandardProgress
from inspections.editions import Standard
from inspections.models import GroupChoice, Inspection, Membership, User
from inspections.navigation import Link
from inspections.policies import can_judge
from inspections.presenters import Tag

NO_ANSWER = "No answer yet"

CASE_COLOURS = {
    Case.State.ALLOCATED: "grey",
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
    if state == Case.State.ALLOCATED and case.allocated_to_id is None:
        return Tag("Not allocated", "red")
    return Tag(state.label, CASE_COLOURS[state])


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


def dates_words(start: date | None, end: date | None) -> str:
    """Fieldwork dates: ``3 May 2021 to 14 May 2021``."""
    if start is None and end is None:
        return "Not set"
    words = [date_format(day, "j F Y") for day in (start, end) if day is not None]
    if len(words) == 2:
        return " to ".join(words)
    return f"From {words[0]}" if end is None else f"Until {words[0]}"


def group_words(group: str) -> str:
    return GroupChoice(group).label


def part_words(inspection: Inspection, user: User) -> str:
    role = inspection.role_of(user)
    return Membership.Role(role).label if role else ""


def team_rows(inspection: Inspection) -> list[dict[str, str]]:
    """The people of an inspection by their part, for a summary list."""
    people: dict[str, list[str]] = {role: [] for role in Membership.Role.values}
    for membership in inspection.memberships.all():
        people[membership.role].append(str(membership.user))
    labels = {
        Membership.Role.LEAD_INSPECTOR: "Lead inspector",
        Membership.Role.INSPECTOR: "Inspectors",
        Membership.Role.PANEL_MEMBER: "Ratings panel",
    }
    return [
        {"key": label, "value": ", ".join(people[role]) or "Nobody yet"}
        for role, label in labels.items()
    ]


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


def next_steps(inspection: Inspection, user: User, progress: InspectionProgress) -> list[Link]:
    """What ``user`` may want to do next in this inspection, most pressing first."""
    cases = reverse("cases:cases", args=[inspection.pk])
    steps: list[Link] = []
    role = inspection.role_of(user)
    submitted = progress.states[Case.State.SUBMITTED]
    if inspection.state == Inspection.State.FIELDWORK:
        own = next((h for h in progress.inspectors if h.inspector == user), None)
        if own and own.progress.missing:
            words = counted(own.progress.missing, "question", "questions")
            steps.append(Link(f"Answer {words} in your cases", f"{cases}?mine=on"))
        if role == Membership.Role.LEAD_INSPECTOR:
            nobody = next((h for h in progress.inspectors if h.inspector is None), None)
            if nobody:
                words = counted(nobody.cases, "case", "cases")
                steps.append(Link(f"Allocate {words}", f"{cases}?state=UNALLOCATED"))
            if submitted:
                words = counted(submitted, "submitted case", "submitted cases")
                steps.append(Link(f"Review {words}", f"{cases}?state=SUBMITTED"))
        if own and (waiting := comments_for(inspection, user)):
            words = counted(waiting, "comment", "comments")
            steps.append(Link(f"Answer or resolve {words} on your cases", f"{cases}?mine=on"))
        if own and (returned := own_returned(inspection, user)):
            words = counted(returned, "case", "cases")
            steps.append(
                Link(f"Look at {words} returned to you", f"{cases}?state=RETURNED&mine=on")
            )
    if can_judge(user, inspection):
        total = sum(standard.is_qualitative for standard in inspection.framework.standards)
        left = total - inspection.judgements.count()
        if left > 0:
            words = counted(left, "qualitative standard", "qualitative standards")
            steps.append(
                Link(f"Judge {words}", reverse("inspections:judgements", args=[inspection.pk]))
            )
    if step := PANEL_STEPS.get((inspection.state, role)):
        text, page = step
        steps.append(Link(text, reverse(page, args=[inspection.pk])))
    return steps


PANEL_STEPS: dict[tuple[str, str | None], tuple[str, str]] = {
    (Inspection.State.REVIEW, Membership.Role.LEAD_INSPECTOR): (
        "Submit the inspection to the ratings panel",
        "ratings:submit",
    ),
    (Inspection.State.PANEL, Membership.Role.LEAD_INSPECTOR): (
        "Agree to the result when the panel has decided",
        "ratings:seal",
    ),
    (Inspection.State.PANEL, Membership.Role.PANEL_MEMBER): (
        "Look at the ratings before the panel and decide",
        "ratings:panel",
    ),
    **{
        (Inspection.State.SEALED, role): ("See the sealed result", "ratings:seal")
        for role in Membership.Role
    },
}
"""What to do on the way through the panel, and on which page."""


def comments_for(inspection: Inspection, user: User) -> int:
    """How many comments are open on the cases that ``user`` holds."""
    return (
        Comment.objects.unresolved()
        .filter(case__inspection=inspection, case__allocated_to=user.pk)
        .count()
    )


def own_returned(inspection: Inspection, user: User) -> int:
    """How many cases came back to ``user``."""
    return inspection.cases.allocated_to(user).filter(state=Case.State.RETURNED).count()


@dataclass(frozen=True, slots=True)
class Move:
    """A step an inspection can take, as its button and the page that asks once more say it."""

    to: str
    button: str
    consequences: tuple[str, ...]


MOVES: dict[tuple[str, str], Move] = {
    (Inspection.State.FIELDWORK, Inspection.State.REVIEW): Move(
        Inspection.State.REVIEW,
        "Close fieldwork",
        (
            "Nobody can change an answer, a case or its details any more.",
            "Inspectors see the ratings and judgements from now on.",
            "You can reopen fieldwork later.",
        ),
    ),
    (Inspection.State.REVIEW, Inspection.State.FIELDWORK): Move(
        Inspection.State.FIELDWORK,
        "Reopen fieldwork",
        (
            "Inspectors can record answers in their cases again.",
            "Inspectors don’t see ratings and judgements until fieldwork is closed again.",
        ),
    ),
}


CASE_MOVES: dict[policies.Action, str] = {
    policies.Action.SUBMIT: "Submit case to the lead inspector",
    policies.Action.SIGN_OFF: "Sign off case",
    policies.Action.RETURN: "Return case to its inspector",
}
"""The buttons of a case."""

CASE_MOVED: dict[policies.Action, str] = {
    policies.Action.SUBMIT: "Case {case} is submitted. It can’t be changed unless it is returned.",
    policies.Action.SIGN_OFF: "Case {case} is signed off.",
    policies.Action.RETURN: "Case {case} is returned and can be changed again.",
}


def loaded_row(loaded: Loaded) -> dict[str, str]:
    """What became of one save of a device's file."""
    case, save = loaded.filed.case, loaded.filed.save
    results = {
        Outcome.SAVED: "Saved",
        Outcome.CONFLICT: "Not saved: another answer stands. Both are in the history.",
        None: f"Not saved. {loaded.why}",
    }
    return {
        "reference": case.reference,
        "href": case.get_absolute_url(),
        "question": save.question,
        "answer": answer_words(save.value),
        "note": save.note,
        "result": results[loaded.outcome],
    }
