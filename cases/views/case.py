"""One case: its page, details, history, comments, allocation and changes of state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.actions import (
    Incomplete,
    Outcome,
    Uncommented,
    allocate_case,
    move_case,
    record_comments,
    record_details,
)
from cases.changed_details import changes, with_conflicts
from cases.details import DETAIL_LABELS, SECTIONS, TYPED_DETAILS, missing_details
from cases.forms.cases import (
    AllocationForm,
    CommentForm,
    HistoryFilterForm,
    ReturnForm,
    typed_comments,
)
from cases.forms.details import DetailsForm
from cases.history import READS, History, latest_save_of, questions_saved, reads_of
from cases.loading import comments_for, contradictions_of, crumbs_to, load_case
from cases.models import Case
from cases.permissions import (
    ALLOCATE_CASE,
    MOVES,
    OVERSEE_CASES,
    READ_CASE_HISTORY,
    RECORD,
    SEE_READERS,
)
from cases.progress import Progress, answers_by_case, case_progress
from cases.words import what_notes_hold
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.versions import Conflict, differences

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
    return _show(request, load_case(request, inspection_id, case_id))


@require_POST
def move(
    request: SignedInRequest, inspection_id: int, case_id: int, to: Case.State
) -> HttpResponse:
    """Submit, return or sign off; shows what is missing if that is not possible."""
    found = load_case(request, inspection_id, case_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _show(request, found, problem=str(form.errors["comment"][0]), status=409)
    comment = form.cleaned_data["comment"]
    try:
        move_case(
            case=found,
            to=to,
            by=request.user,
            comment=comment,
            from_state=request.POST.get("from_state", ""),
        )
    except (Incomplete, Uncommented) as error:
        problem_id = "missing" if isinstance(error, Incomplete) else "return-comment"
        return _show(request, found, problem=str(error), problem_id=problem_id, status=409)
    except Conflict as conflict:
        words = str(conflict.current and conflict.current.state_words)
        problem = f"The case changed after you opened this page: it is {words}. Look at it again."
        return _show(request, found, problem=problem, problem_id="moves", status=409)
    except Refused as refusal:
        found = load_case(request, inspection_id, case_id)
        return _show(request, found, refused=[(str(refusal), comment)], status=403)
    messages.success(request, MOVED[to].format(case=found))
    return redirect(found)


@require_POST
def comments(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    """Comments on the case as a whole; comments on a question are posted to its page."""
    found = load_case(request, inspection_id, case_id)
    form = comment_form(request, found)
    if form is None:
        return redirect(found)
    if not form.is_valid():
        return _show(
            request, found, comment_form=form, typed=typed_comments(request.POST), status=409
        )
    saved = save_comments(request, found, form)
    if saved.refused:
        found = load_case(request, inspection_id, case_id)
        return _show(request, found, refused=saved.refused, status=403)
    return redirect(f"{found.get_absolute_url()}#comments")


def comment_form(request: SignedInRequest, case: Case) -> CommentForm | None:
    """The comments, replies and resolution that were sent, or ``None``."""
    if request.method != "POST":
        return None
    form = CommentForm(request.POST, questions=case.inspection.framework.case_questions(case.group))
    return form if form.names else None


@dataclass(frozen=True, slots=True)
class SavedComments:
    """The question that the last one was about, empty for the case, and what was refused: why,
    and the words."""

    question: str
    refused: list[tuple[str, str]]


def save_comments(request: SignedInRequest, case: Case, form: CommentForm) -> SavedComments:
    """Save the valid ``form`` and add a message for each kind of what is saved."""
    results = record_comments(case=case, saves=form.saves(), by=request.user)
    question = ""
    saved = [result for result in results if result.outcome is Outcome.SAVED]
    if saved:
        question = case.comments.get(pk=saved[-1].current.comment).question
    for action in dict.fromkeys(result.save.action for result in saved):
        messages.success(request, SAVED[action])
    refused = [
        (result.why, result.save.text) for result in results if result.outcome is Outcome.REFUSED
    ]
    return SavedComments(question, refused)


@require_POST
def allocate(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    found = load_case(request, inspection_id, case_id, to=ALLOCATE_CASE)
    form = AllocationForm(request.POST, inspection=found.inspection)
    if not form.is_valid():
        return _show(request, found, form=form)
    to = form.cleaned_data["to"]
    try:
        instead_of = form.cleaned_data["instead_of"] or 0
        allocate_case(case=found, to=to, by=request.user, instead_of=instead_of)
    except Conflict as conflict:
        assert conflict.current is not None
        form.start_again_from(conflict.current)
        return _show(request, found, form=form, status=409)
    messages.success(request, f"Case {found} is allocated to {to}.")
    return redirect(found)


def _show(
    request: SignedInRequest,
    case: Case,
    *,
    form: AllocationForm | None = None,
    comment_form: CommentForm | None = None,
    typed: Mapping[str, str] | None = None,
    refused: Sequence[tuple[str, str]] = (),
    problem: str = "",
    problem_id: str = "return-comment",
    status: int = 200,
) -> HttpResponse:
    """``typed`` are words of comments and replies to show again, ``refused`` what can't be saved
    any more: why, and the words. ``problem`` is why the state did not change, ``problem_id`` the
    element to link to."""
    user = request.user
    answers = answers_by_case([case])[case.pk]
    standards = case_progress(case.inspection.framework, Group(case.group), answers)
    comments = comments_for(user, case)
    open_comments = [comment for comment in comments if comment.resolved_at is None]
    if form is None and ALLOCATE_CASE.can(user, case):
        allocated = {"to": case.allocated_to_id, "instead_of": case.allocated_to_id}
        form = AllocationForm(inspection=case.inspection, initial=allocated)
    leads = OVERSEE_CASES.can(user, case.inspection)
    next_submitted = case.inspection.cases.next_submitted(after=case) if leads else None
    is_reviewed = leads and case.state in (Case.State.SIGNED_OFF, Case.State.RETURNED)
    context = {
        "case": case,
        "inspection": case.inspection,
        "crumbs": crumbs_to(case),
        "next_submitted": next_submitted,
        "none_submitted": is_reviewed and next_submitted is None,
        "standards": standards,
        "unanswered": [code for standard in standards for code in standard.missing],
        "progress": sum((standard.progress for standard in standards), Progress()),
        "sections": SECTIONS,
        "missing_details": list(missing_details(case)),
        "contradictions": contradictions_of(case, answers),
        "comments": comments,
        "open_comments": open_comments,
        "open_on_questions": [comment for comment in open_comments if comment.question],
        "comments_on_case": [comment for comment in comments if not comment.question],
        "comment_form": comment_form,
        "typed": typed or {},
        "refused": refused,
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
    as_of = timezone.now()
    case = load_case(request, inspection_id, case_id)
    if request.method != "POST":
        RECORD.check(request.user, case)
        return _show_details(request, case, DetailsForm(case=case, reader=request.user), as_of)
    form = DetailsForm(request.POST, case=case, reader=request.user)
    refused = RECORD.why_not(request.user, case)
    if refused or not form.is_valid():
        return _show_details(request, case, form, as_of, refused=refused)
    saves = changes(form.details(), case, form.cleaned_data["base_version"])
    try:
        results = record_details(case_id=case.pk, saves=saves, by=request.user)
    except Refused as refusal:
        return _show_details(request, case, form, as_of, refused=str(refusal))
    conflicts = [one.save.field for one in results if one.outcome is Outcome.CONFLICT]
    if conflicts:
        current = load_case(request, inspection_id, case_id)
        latest = latest_save_of(current, conflicts)
        sent = with_conflicts(form.details(), current, conflicts)
        again = DetailsForm(sent, case=current, reader=request.user)
        found = {
            "who": latest.saved_by,
            "at": latest.saved_at,
            "differences": differences(again),
            "has_saved_others": len(results) > len(conflicts),
        }
        return _show_details(request, current, again, as_of, conflict=found, status=409)
    messages.success(request, f"The details of case {case} are saved.")
    typed = {
        f"“{DETAIL_LABELS[one.field]}”": one.value for one in saves if one.field in TYPED_DETAILS
    }
    if words := what_notes_hold(typed):
        messages.warning(request, words)
    return redirect(case)


def _show_details(
    request: SignedInRequest,
    case: Case,
    form: DetailsForm,
    as_of: datetime,
    *,
    refused: str | None = None,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "as_of": as_of,
        "refused": refused,
        "conflict": conflict,
        "crumbs": crumbs_to(case, "Details"),
    }
    return render(request, "cases/details.html", context, status=403 if refused else status)


def history(request: SignedInRequest, inspection_id: int, case_id: int) -> HttpResponse:
    case = load_case(request, inspection_id, case_id, to=READ_CASE_HISTORY)
    form = HistoryFilterForm(
        request.GET,
        questions=questions_saved(case),
        sees_readers=SEE_READERS.can(request.user, case),
    )
    shows_reads = form.chosen == READS
    lines: Any = reads_of(case) if shows_reads else History(case, request.user, form.chosen)
    pages: Paginator[Any] = Paginator(lines, LINES_A_PAGE)
    context = {
        "case": case,
        "crumbs": crumbs_to(case, "History"),
        "form": form,
        "part": form.chosen,
        "shows_reads": shows_reads,
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "cases/history.html", context)
