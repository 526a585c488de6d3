"""What each person may want to do next in an inspection, and the steps it can take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

from cases.models import Case, Comment
from cases.presenters import counted
from cases.progress import InspectionProgress
from inspections.models import Inspection, Membership, User
from inspections.presenters import Link
from ratings.permissions import JUDGE


def dates_words(start: date | None, end: date | None) -> str:
    """Fieldwork dates: ``3 May 2021 to 14 May 2021``."""
    if start is None and end is None:
        return "Not set"
    words = [date_format(day, "j F Y") for day in (start, end) if day is not None]
    if len(words) == 2:
        return " to ".join(words)
    return f"From {words[0]}" if end is None else f"Until {words[0]}"


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
    if JUDGE.can(user, inspection):
        total = sum(standard.is_qualitative for standard in inspection.framework.standards)
        left = total - inspection.judgements.count()
        if left > 0:
            words = counted(left, "qualitative standard", "qualitative standards")
            steps.append(
                Link(f"Judge {words}", reverse("ratings:judgements", args=[inspection.pk]))
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
