"""My inspections, the home page of one, and its steps from fieldwork to review and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.models import Case, Comment
from cases.progress import InspectionProgress, inspection_progress, progress_of_inspections
from inspections.access.requests import SignedInRequest
from inspections.actions import move_inspection
from inspections.forms import FilterForm
from inspections.loading import load_inspection
from inspections.models import Inspection, InspectionQuerySet, Membership, User
from inspections.permissions import MOVES
from ratings.permissions import JUDGE
from ratings.words import counted

State = Inspection.State
Role = Membership.Role

INSPECTIONS_A_PAGE = 25


class InspectionFilter(FilterForm):
    """Which inspections to list."""

    service = forms.CharField(label="Service")
    year = forms.TypedChoiceField(label="Year of fieldwork", coerce=int)
    state = forms.ChoiceField(label="State", choices=[("", "Any state"), *State.choices])

    def __init__(self, *args: Any, inspections: InspectionQuerySet) -> None:
        super().__init__(*args)
        years = [day.year for day in inspections.dates("fieldwork_start_date", "year", "DESC")]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            ("", "Any year"),
            *((year, str(year)) for year in years),
        ]

    def chosen_of(self, inspections: InspectionQuerySet) -> InspectionQuerySet:
        lookups = {
            "service": "service__name__icontains",
            "year": "fieldwork_start_date__year",
            "state": "state",
        }
        return inspections.filter(**{lookups[name]: value for name, value in self.asked.items()})


def inspections(request: SignedInRequest) -> HttpResponse:
    """The reader's inspections; those that are not sealed come first."""
    mine = Inspection.objects.visible_to(request.user)
    form = InspectionFilter(request.GET, inspections=mine)
    found = form.chosen_of(mine).under_way_first().with_role().select_related("service")
    page = Paginator(found, INSPECTIONS_A_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    progress = progress_of_inspections(listed)
    context = {
        "form": form,
        "page": page,
        "rows": [(inspection, progress[inspection.pk]) for inspection in listed],
    }
    return render(request, "site/inspections.html", context)


def home(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The inspection's state and progress, and what the reader can do next."""
    inspection = load_inspection(request.user, inspection_id)
    progress = inspection_progress(inspection)
    context = {
        "inspection": inspection,
        "crumbs": [],
        "role": inspection.role_of(request.user),
        "progress": progress,
        "steps": list(next_steps(inspection, request.user, progress)),
        "moves": [
            (to, move.button)
            for to, move in MOVE_PAGES.items()
            if MOVES[to].can(request.user, inspection)
        ],
    }
    return render(request, "site/home.html", context)


PANEL_STEPS: dict[tuple[str, str | None], tuple[str, str]] = {
    (State.REVIEW, Role.LEAD_INSPECTOR): (
        "Submit the inspection to the ratings panel",
        "ratings:submit",
    ),
    (State.PANEL, Role.LEAD_INSPECTOR): (
        "Agree to the result when the panel has decided",
        "ratings:seal",
    ),
    (State.PANEL, Role.PANEL_MEMBER): (
        "Look at the ratings before the panel and decide",
        "ratings:panel",
    ),
    **{(State.SEALED, role): ("See the sealed result", "ratings:seal") for role in Role},
}
"""Next steps around the panel, by state and role: text and page."""


def next_steps(
    inspection: Inspection, user: User, progress: InspectionProgress
) -> Iterator[tuple[str, str]]:
    """The next steps of ``user`` in this inspection, as text and URL, most important
    first."""
    role = inspection.role_of(user)
    if inspection.state == State.FIELDWORK:
        cases = reverse("cases:cases", args=[inspection.pk])
        for text, filters in _steps_in_cases(inspection, user, progress):
            yield text, f"{cases}?{filters}"
    if JUDGE.can(user, inspection):
        total = sum(standard.is_qualitative for standard in inspection.framework.standards)
        left = total - inspection.judgements.count()
        if left > 0:
            address = reverse("ratings:judgements", args=[inspection.pk])
            yield f"Judge {counted(left, 'qualitative standard')}", address
    if step := PANEL_STEPS.get((inspection.state, role)):
        text, page = step
        yield text, reverse(page, args=[inspection.pk])


def _steps_in_cases(
    inspection: Inspection, user: User, progress: InspectionProgress
) -> Iterator[tuple[str, str]]:
    """Steps during fieldwork, each with the filters of the list of cases that shows them."""
    held = {row.inspector: row for row in progress.inspectors}
    own = held.get(user)
    if own and own.progress.missing:
        yield f"Answer {counted(own.progress.missing, 'question')} in your cases", "mine=on"
    if inspection.role_of(user) == Role.LEAD_INSPECTOR:
        if nobody := held.get(None):
            yield f"Allocate {counted(nobody.cases, 'case')}", "state=UNALLOCATED"
        if submitted := progress.states[Case.State.SUBMITTED]:
            yield f"Review {counted(submitted, 'submitted case')}", "state=SUBMITTED"
    if own is None:
        return
    cases = inspection.cases.allocated_to(user)
    if waiting := Comment.objects.unresolved().filter(case__in=cases).count():
        yield f"Answer or resolve {counted(waiting, 'comment')} on your cases", "mine=on"
    if returned := cases.filter(state=Case.State.RETURNED).count():
        yield f"Look at {counted(returned, 'case')} returned to you", "state=RETURNED&mine=on"


@dataclass(frozen=True, slots=True)
class MovePage:
    """A change of state: the text of its button, and what the confirmation page says."""

    button: str
    consequences: tuple[str, ...]


MOVE_PAGES: dict[str, MovePage] = {
    State.REVIEW: MovePage(
        "Close fieldwork",
        (
            "Nobody can change an answer, a case or its details any more.",
            "Inspectors see the ratings and judgements from now on.",
            "You can reopen fieldwork later.",
        ),
    ),
    State.FIELDWORK: MovePage(
        "Reopen fieldwork",
        (
            "Inspectors can record answers in their cases again.",
            "Inspectors don’t see ratings and judgements until fieldwork is closed again.",
        ),
    ),
}


def move_inspection_on(request: SignedInRequest, inspection_id: int, to: str) -> HttpResponse:
    """A confirmation page that says what follows; then the inspection changes state."""
    if to not in MOVE_PAGES:
        raise Http404
    inspection = load_inspection(request.user, inspection_id, to=MOVES[to])
    if request.method == "POST":
        move_inspection(inspection=inspection, to=to, by=request.user)
        messages.success(request, f"The inspection is now in: {inspection.get_state_display()}.")
        return redirect(inspection)
    unfinished = inspection.cases.exclude(state=Case.State.SIGNED_OFF)
    context = {
        "inspection": inspection,
        "move": MOVE_PAGES[to],
        "crumbs": [(MOVE_PAGES[to].button, "")],
        "unfinished": unfinished.count() if inspection.state == State.FIELDWORK else 0,
    }
    return render(request, "site/move_inspection.html", context)
