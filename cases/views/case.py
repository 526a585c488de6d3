"""One case: its page, details, history, comments, allocation and changes of state."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cases.actions import (
    Incomplete,
    Uncommented,
    allocate_case,
    comment_on,
    move_case,
    record_details,
    reply_to,
    resolve,
)
from cases.details import SECTIONS, missing_details
from cases.forms.cases import AllocationForm, CommentForm, HistoryFilterForm, is_comment
from cases.forms.details import DetailsForm
from cases.history import History, Line, latest_details_save, questions_saved
from cases.loading import comments_for, contradictions_of, crumbs_to, load_case
from cases.models import Case
from cases.permissions import ALLOCATE_CASE, MOVES, READ_CASE_HISTORY, RECORD
from cases.progress import Progress, answers_by_case, case_progress
from cases.save_parsing import LONGEST_NOTE
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.versions import Conflict, based_on, differences

NEXT_MOVES = {
    Case.State.SUBMITTED: {"page": "cases:submit", "label": "Submit case to the lead inspector"},
    Case.State.SIGNED_OFF: {"page": "cases:sign_off", "label": "Sign off case"},
}
"""Submission and sign-off, which need an answer to every question; no case allows both."""

MOVED = {
    Case.State.SUBMITTED: "Case {case} is submitted. It can’t be changed unless it is returned.",
    Case.State.SIGNED_OFF: "Case {case} is signed off.",
    Case.State.RETURNED: "Case {case} is returned and can be changed again.",
}

SAVED = {
    "comment": "Your comment is saved.",
    "reply": "Your reply is saved.",
    "resolve": "The comment is resolved.",
}
"""Messages after a comment, a reply or a resolution."""

LINES_A_PAGE = 200
"""Of a case's history."""


def case(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    return _show(request, load_case(request.user, inspection_id, case_id))


@require_POST
def move(
    request: SignedInRequest, inspection_id: int, case_id: int, to: Case.State
) -> HttpResponse:
    """Submit, return or sign off; shows what is missing if that is not possible."""
    found = load_case(request.user, inspection_id, case_id)
    # NUL can be sent, but not stored.
    comment = request.POST.get("return-comment", "").replace("\x00", "")
    if len(comment) > LONGEST_NOTE:
        problem = f"Shorten what has to change to {LONGEST_NOTE} characters."
        return _show(request, found, problem=problem, status=409)
    try:
        move_case(case=found, to=to, by=request.user, comment=comment)
    except (Incomplete, Uncommented) as error:
        problem_id = "missing" if isinstance(error, Incomplete) else "return-comment"
        return _show(request, found, problem=str(error), problem_id=problem_id, status=409)
    messages.success(request, MOVED[to].format(case=found))
    return redirect(found)


@require_POST
def comments(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    """Comments on the case as a whole; comments on a question are posted to its page."""
    found = load_case(request.user, inspection_id, case_id)
    form = comment_form(request, found)
    if form is None:
        return redirect(found)
    if not form.is_valid():
        return _show(request, found, comment_form=form, status=409)
    save_comment(request, found, form)
    return redirect(f"{found.get_absolute_url()}#comments")


def comment_form(request: SignedInRequest, case: Case) -> CommentForm | None:
    """The comment, reply or resolution that was sent, or ``None``."""
    if request.method != "POST" or not is_comment(request.POST):
        return None
    questions = case.inspection.framework.case_questions(case.group)
    return CommentForm(request.POST, questions=questions)


def save_comment(request: SignedInRequest, case: Case, form: CommentForm) -> str:
    """Save the valid ``form`` and add a message; returns the question it was about.

    Raises ``Refused``, and ``Http404`` for a comment that the case doesn't have.
    """
    if form.action == "comment":
        comment = comment_on(case=case, question=form.question, text=form.text, by=request.user)
    else:
        comment = get_object_or_404(case.comments, pk=form.comment_id)
        if form.action == "reply":
            reply_to(comment=comment, text=form.text, by=request.user)
        else:
            resolve(comment=comment, by=request.user)
    messages.success(request, SAVED[form.action])
    return comment.question


@require_POST
def allocate(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    found = load_case(request.user, inspection_id, case_id, to=ALLOCATE_CASE)
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
    comment_form: CommentForm | None = None,
    problem: str = "",
    problem_id: str = "return-comment",
    status: int = 200,
) -> HttpResponse:
    """``problem`` is why the state did not change, ``problem_id`` the element to link to."""
    user = request.user
    answers = answers_by_case([case])[case.pk]
    standards = case_progress(case.inspection.framework, Group(case.group), answers)
    comments = comments_for(user, case)
    open_comments = [comment for comment in comments if comment.resolved_at is None]
    if form is None and ALLOCATE_CASE.can(user, case):
        form = AllocationForm(inspection=case.inspection, initial={"to": case.allocated_to_id})
    context = {
        "case": case,
        "inspection": case.inspection,
        "crumbs": crumbs_to(case),
        "standards": standards,
        "progress": sum((standard.progress for standard in standards), Progress()),
        "sections": SECTIONS,
        "missing_details": list(missing_details(case)),
        "contradictions": contradictions_of(case, answers),
        "comments": comments,
        "open_comments": open_comments,
        "open_on_questions": [comment for comment in open_comments if comment.question],
        "comments_on_case": [comment for comment in comments if not comment.question],
        "comment_form": comment_form,
        "form": form,
        "problem": problem,
        "problem_id": problem_id,
        "return_problem": problem if problem_id == "return-comment" else "",
        "next_move": next(
            (move for to, move in NEXT_MOVES.items() if MOVES[to].can(user, case)), None
        ),
    }
    return render(request, "cases/case.html", context, status=status)


def details(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    case = load_case(request.user, inspection_id, case_id)
    if request.method != "POST":
        RECORD.check(request.user, case)
        return _show_details(request, case, DetailsForm(instance=case))
    form = DetailsForm(request.POST, instance=case)
    refused = RECORD.why_not(request.user, case)
    if refused or not form.is_valid():
        return _show_details(request, case, form, refused=refused)
    try:
        record_details(
            case=case,
            details=form.details(),
            base_version=form.cleaned_data["base_version"],
            by=request.user,
        )
    except Refused as refusal:
        return _show_details(request, case, form, refused=str(refusal))
    except Conflict as conflict:
        current: Case = conflict.current  # type: ignore[assignment]
        who, at = latest_details_save(current)
        again = DetailsForm(based_on(current, request.POST), instance=current)
        found = {"who": who, "at": at, "differences": differences(again)}
        return _show_details(request, case, again, conflict=found, status=409)
    messages.success(request, f"The details of case {case} are saved.")
    return redirect(case)


def _show_details(
    request: SignedInRequest,
    case: Case,
    form: DetailsForm,
    *,
    refused: str | None = None,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "refused": refused,
        "conflict": conflict,
        "crumbs": crumbs_to(case, "Details"),
    }
    return render(request, "cases/details.html", context, status=403 if refused else status)


def history(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    case = load_case(request.user, inspection_id, case_id, to=READ_CASE_HISTORY)
    form = HistoryFilterForm(request.GET, questions=questions_saved(case))
    lines = History(case, request.user, form.chosen)
    pages: Paginator[Line] = Paginator(lines, LINES_A_PAGE)  # type: ignore[arg-type]
    context = {
        "case": case,
        "crumbs": crumbs_to(case, "History"),
        "form": form,
        "part": form.chosen,
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "cases/history.html", context)
