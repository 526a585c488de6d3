"""Taking what somebody says about a case, on whichever page it was said."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from cases.actions import comment_on, reply_to, resolve
from cases.forms import RemarkForm, is_remark
from cases.models import Case
from inspections.access.requests import SignedInRequest
from inspections.framework import Group

SAID = {
    "comment": "Your comment is saved.",
    "reply": "Your reply is saved.",
    "resolve": "The comment is resolved.",
}


def remark_form(request: SignedInRequest, case: Case) -> RemarkForm | None:
    """The comment, reply or settling that was sent, or ``None`` where none was."""
    if request.method != "POST" or not is_remark(request.POST):
        return None
    questions = case.inspection.framework.case_questions(Group(case.group))
    return RemarkForm(request.POST, questions=questions)


def take_remark(case: Case, form: RemarkForm, request: SignedInRequest) -> tuple[str, str]:
    """Do what the valid ``form`` asks; returns the question it was about, and what was done.

    Raises ``Refused`` in words, and ``Http404`` for a comment that the case doesn't have.
    """
    if form.what == "comment":
        comment_on(case=case, question=form.question, text=form.text, by=request.user)
        return form.question, SAID["comment"]
    comment = get_object_or_404(case.comments, pk=form.comment_id)
    if form.what == "reply":
        reply_to(comment=comment, text=form.text, by=request.user)
    else:
        resolve(comment=comment, by=request.user)
    return comment.question, SAID[form.what]
