"""My inspections, the home page of one, and its steps from fieldwork to panel."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from cases.models import Case
from cases.presenters import group_words
from cases.progress import inspection_progress, progress_of_inspections
from cases.views.loading import load_inspection
from config.site import next_steps as presenters
from inspections.access.requests import SignedInRequest
from inspections.actions import move_inspection
from inspections.models import Inspection
from inspections.permissions import MOVES
from inspections.presenters import state_tag


def inspections(request: SignedInRequest) -> HttpResponse:
    """Those on whose team or panel the reader is."""
    found = list(Inspection.objects.visible_to(request.user).with_team())
    progress = progress_of_inspections(found)
    rows = [
        {
            "inspection": inspection,
            "dates": presenters.dates_words(
                inspection.fieldwork_start_date, inspection.fieldwork_end_date
            ),
            "part": presenters.part_words(inspection, request.user),
            "state": state_tag(inspection),
            "progress": progress[inspection.pk],
        }
        for inspection in found
    ]
    context = {"rows": rows, "is_administrator": request.user.is_staff}
    return render(request, "site/inspections.html", context)


def home(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """Where the inspection stands, and what there is for the reader to do."""
    inspection = load_inspection(request.user, inspection_id)
    progress = inspection_progress(inspection)
    context = {
        "inspection": inspection,
        "crumbs": [],
        "state": state_tag(inspection),
        "part": presenters.part_words(inspection, request.user),
        "dates": presenters.dates_words(
            inspection.fieldwork_start_date, inspection.fieldwork_end_date
        ),
        "team": presenters.team_rows(inspection),
        "progress": progress,
        "groups": [
            {"label": group_words(group.group), "progress": group} for group in progress.groups
        ],
        "steps": presenters.next_steps(inspection, request.user, progress),
        "moves": [
            move
            for (origin, to), move in presenters.MOVES.items()
            if origin == inspection.state and MOVES[to].can(request.user, inspection)
        ],
    }
    return render(request, "site/home.html", context)


def move_inspection_on(request: SignedInRequest, inspection_id: int, to: str) -> HttpResponse:
    """Asks once more, saying what follows, and then moves the inspection."""
    inspection = load_inspection(request.user, inspection_id)
    if to not in MOVES:
        raise Http404
    MOVES[to].check(request.user, inspection)
    move = presenters.MOVES[inspection.state, to]
    if request.method == "POST":
        move_inspection(inspection=inspection, to=to, by=request.user)
        messages.success(request, f"The inspection is now in: {inspection.get_state_display()}.")
        return redirect(inspection)
    closing = inspection.state == Inspection.State.FIELDWORK
    context = {
        "inspection": inspection,
        "move": move,
        "crumbs": [(move.button, "")],
        "unfinished": inspection.cases.exclude(state=Case.State.SIGNED_OFF).count()
        if closing
        else 0,
    }
    return render(request, "site/move_inspection.html", context)
