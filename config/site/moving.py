"""Moving an inspection on, from its announcement to the lead inspector's review, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from cases.models import Case
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.actions import move_inspection
from inspections.forms import LaidOutForm, Paragraphs
from inspections.loading import load_set_up
from inspections.models import Inspection, User
from inspections.permissions import move_to

State = Inspection.State


LONGEST_REASON = 20_000


@dataclass(frozen=True, slots=True)
class MovePage:
    """A change of state: the text of its button, and what the confirmation page says.

    ``unrated`` is said of inspections that give no ratings, where it differs. ``asks_why`` is for
    a step back, which needs a reason.
    """

    button: str
    consequences: tuple[str, ...]
    unrated: tuple[str, ...] = ()
    asks_why: bool = False

    def consequences_for(self, inspection: Inspection) -> tuple[str, ...]:
        return self.consequences if inspection.gives_ratings or not self.unrated else self.unrated


MOVE_PAGES: dict[tuple[str, str], MovePage] = {
    (State.ANNOUNCED, State.PREPARATION): MovePage(
        "Begin preparation",
        (
            "The lead inspector loads the service’s list of cases, draws the samples and "
            "allocates the cases.",
            "The team can record the evidence that the service sends in advance.",
            "Nobody answers questions in cases before fieldwork begins.",
        ),
    ),
    (State.PREPARATION, State.FIELDWORK): MovePage(
        "Begin fieldwork",
        (
            "Inspectors can record answers in their cases.",
            "An inspection in fieldwork can’t be put back in preparation.",
        ),
    ),
    (State.FIELDWORK, State.REVIEW): MovePage(
        "Close fieldwork",
        (
            "Nobody can change an answer, a case or its details any more.",
            "Inspectors see the ratings and judgements from now on.",
            "You can reopen fieldwork later.",
        ),
        unrated=(
            "Nobody can change an answer, a case or its details any more.",
            "Inspectors see the strengths and areas for improvement from now on.",
            "The inspection gives no ratings, so it ends in your review.",
            "You can reopen fieldwork later.",
        ),
    ),
    (State.REVIEW, State.FIELDWORK): MovePage(
        "Reopen fieldwork",
        (
            "Inspectors can record answers in their cases again.",
            "Inspectors don’t see ratings and judgements until fieldwork is closed again.",
        ),
        unrated=(
            "Inspectors can record answers in their cases again.",
            "Inspectors don’t see strengths and areas for improvement until fieldwork is closed "
            "again.",
        ),
        asks_why=True,
    ),
}


class MoveForm(LaidOutForm):
    def __init__(self, data: Any = None, *, page: MovePage) -> None:
        self.button = page.button
        super().__init__(data)
        if page.asks_why:
            self.fields["reason"] = Paragraphs(
                label="Why is fieldwork reopened?",
                help_text="What has to be put right. The team reads it, and it is kept.",
                missing="Enter why fieldwork is reopened",
                max_length=LONGEST_REASON,
                called="the reason",
            )


def moves_of(inspection: Inspection, user: User) -> list[tuple[str, str]]:
    """The states that ``user`` can give ``inspection``, each with the text of its button."""
    return [
        (to, page.button)
        for (now, to), page in MOVE_PAGES.items()
        if now == inspection.state and (move := move_to(to, now)) and move.can(user, inspection)
    ]


@accepts_form
def move_inspection_on(request: SignedInRequest, inspection_id: int, to: str) -> HttpResponse:
    """A confirmation page that says what follows; then the inspection changes state."""
    inspection = load_set_up(request.user, inspection_id)
    move = move_to(to, inspection.state)
    if move is None:
        raise Http404
    move.check(request.user, inspection)
    page = MOVE_PAGES[inspection.state, to]
    form = MoveForm(posted(request), page=page)
    if form.is_valid():
        move_inspection(inspection=inspection, to=to, by=request.user, **form.cleaned_data)
        messages.success(request, f"The inspection is now in: {inspection.get_state_display()}.")
        if inspection.role_of(request.user) is None:
            return redirect("inspections:announcement", inspection.pk)
        return redirect(inspection)
    unfinished = inspection.cases.in_sample().exclude(state=Case.State.SIGNED_OFF)
    has_no_cases = not inspection.cases.in_sample().exists()
    context = {
        "inspection": inspection,
        "move": page,
        "form": form,
        "consequences": page.consequences_for(inspection),
        "crumbs": [(page.button, "")],
        "unfinished": unfinished.count() if inspection.state == State.FIELDWORK else 0,
        "begins_without_cases": inspection.state == State.PREPARATION
        and to == State.FIELDWORK
        and has_no_cases,
        "closes_without_cases": inspection.state == State.FIELDWORK and has_no_cases,
    }
    return render(request, "site/move_inspection.html", context)
