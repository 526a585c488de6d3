"""One case: its details, its standards, and its way from allocation to sign-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cases import places, presenters
from cases.actions import Incomplete, Uncommented, allocate_case, move_case
from cases.consistency import contradictions_of
from cases.forms import AllocationForm, RemarkForm
from cases.models import Case
from cases.permissions import ALLOCATE_CASE, MOVES, READ_CASE, READ_CASE_HISTORY, RECORD
from cases.progress import Progress, answers_given, case_progress
from cases.save_parsing import LONGEST_NOTE
from cases.threads import threads_of
from cases.views.loading import crumbs_to, load_case
from cases.views.remarks import remark_form, take_remark
from inspections.access.requests import SignedInRequest
from inspections.framework import Group

MOVE_PAGES = {
    Case.State.SUBMITTED: "submit",
    Case.State.RETURNED: "return",
    Case.State.SIGNED_OFF: "sign_off",
}
"""The name of the address that moves a case there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a move was not made, and the id of the place that it is about."""

    place: str
    words: str

    @property
    def return_words(self) -> str:
        return self.words if self.place == "return-comment" else ""


def case(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    found = load_case(request.user, inspection_id, case_id)
    READ_CASE.check(request.user, found)
    return _show(request, found)


@require_POST
def move(
    request: SignedInRequest, inspection_id: int, case_id: int, to: Case.State
) -> HttpResponse:
    """Submit, return or sign off; shows what is missing where that stands in the way."""
    found = load_case(request.user, inspection_id, case_id)
    # NUL can be sent, but neither seen nor stored.
    comment = request.POST.get("return-comment", "").replace("\x00", "")
    if len(comment) > LONGEST_NOTE:
        problem = Problem(
            "return-comment", f"Shorten what has to change to {LONGEST_NOTE} characters."
        )
        return _show(request, found, problem=problem, status=409)
    try:
        move_case(case=found, to=to, by=request.user, comment=comment)
    except Incomplete as incomplete:
        return _show(request, found, problem=Problem("missing", str(incomplete)), status=409)
    except Uncommented as uncommented:
        problem = Problem("return-comment", str(uncommented))
        return _show(request, found, problem=problem, status=409)
    messages.success(request, presenters.CASE_MOVED[to].format(case=found))
    return redirect(found)


@require_POST
def comments(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    """Comments on the case as a whole; those on a question are answered on its page."""
    found = load_case(request.user, inspection_id, case_id)
    form = remark_form(request, found)
    if form is None:
        return redirect(found)
    if not form.is_valid():
        return _show(request, found, remark=form, status=409)
    _, said = take_remark(found, form, request)
    messages.success(request, said)
    return redirect(f"{found.get_absolute_url()}#comments")


@require_POST
def allocate(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    found = load_case(request.user, inspection_id, case_id)
    ALLOCATE_CASE.check(request.user, found)
    form = AllocationForm(request.POST, inspection=found.inspection)
    if not form.is_valid():
        return _show(request, found, form=form)
    to = form.cleaned_data["to"]
    allocate_case(case=found, to=to, by=request.user)
    messages.success(request, f"Case {found} is allocated to {to}.")
    return redirect(found)


def _show(
    request: SignedInRequest,
    case: Case,
    *,
    form: AllocationForm | None = None,
    remark: RemarkForm | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    inspection = case.inspection
    answers = answers_given(case)
    standards = case_progress(inspection.framework, Group(case.group), answers)
    threads = threads_of(
        case,
        request.user,
        typed=request.POST.dict(),
        errors=remark.errors_by_field if remark else {},
        commenting_on="",
    )
    can_record = RECORD.can(request.user, case)
    if form is None and ALLOCATE_CASE.can(request.user, case):
        form = AllocationForm(inspection=inspection, initial={"to": case.allocated_to_id})
    total = sum((standard.progress for standard in standards), Progress())
    context = {
        "case": case,
        "inspection": inspection,
        "crumbs": crumbs_to(case),
        "group": presenters.group_words(case.group),
        "state": presenters.case_tag(case),
        "standards": [
            {
                "title": presenters.standard_title(standard.standard),
                "href": presenters.record_url(case, standard.standard),
                "tag": presenters.standard_tag(standard),
                "progress": standard.progress,
            }
            for standard in standards
        ],
        "progress": total,
        "missing": presenters.missing_links(case, standards),
        "sections": presenters.detail_sections(case),
        "missing_details": list(places.missing_detail_links(case, can_record=can_record)),
        "contradictions": [
            places.contradiction_link(case, one, can_record=can_record)
            for one in contradictions_of(case, answers)
        ],
        "threads": threads,
        "question_threads": [
            {"thread": thread, "href": places.thread_url(case, thread)}
            for thread in threads.open
            if thread.question
        ],
        "remark_errors": remark.errors_by_field if remark else {},
        "return_comment": request.POST.get("return-comment", ""),
        "can_read_history": READ_CASE_HISTORY.can(request.user, case),
        "why_read_only": RECORD.why_not(request.user, case),
        "form": form,
        "problem": problem,
        **_steps(request, case, total),
    }
    return render(request, "cases/case.html", context, status=status)


def _steps(request: SignedInRequest, case: Case, progress: Progress) -> Mapping[str, Any]:
    """The buttons that the reader has, and which of them wait for answers."""
    allowed = [to for to in presenters.CASE_MOVES if MOVES[to].can(request.user, case)]
    waiting = [to for to in allowed if to != Case.State.RETURNED]
    if progress.is_complete:
        waiting = []
    can_return = Case.State.RETURNED in allowed
    allowed = [to for to in allowed if to != Case.State.RETURNED]
    return {
        "moves": [
            {"name": MOVE_PAGES[to], "label": presenters.CASE_MOVES[to]}
            for to in allowed
            if to not in waiting
        ],
        "can_return": can_return,
        "return_label": presenters.CASE_MOVES[Case.State.RETURNED],
        "waiting": [presenters.CASE_MOVES[to] for to in waiting],
    }
