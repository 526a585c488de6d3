"""Comments from the lead inspector to the inspector of a case, replies, and settling them."""

from __future__ import annotations

from django.contrib.postgres.functions import TransactionNow

from cases.models import Case, Comment, CommentReply
from cases.permissions import COMMENT, REPLY, RESOLVE
from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.framework import Group
from inspections.history import action
from inspections.models import User


@action
def comment_on(*, case: Case, text: str, by: User, question: str = "") -> Comment:
    """Say ``text`` about ``question``, a code, or about the whole case.

    Raises ``Refused`` in words, and ``ValueError`` for a question that the case is not
    asked or for no words.
    """
    locked = Case.objects.locked(case.pk)
    COMMENT.check(by, locked)
    if question and question not in locked.inspection.framework.case_questions(Group(locked.group)):
        raise ValueError(f"question {question} is not asked in this case")
    made = write_comment(locked, question, text, by)
    announce(locked.inspection_id)
    return made


def write_comment(case: Case, question: str, text: str, by: User) -> Comment:
    """The row alone, for an action that has checked and locked already."""
    comment: Comment = case.comments.create(
        question=question, text=_words(text), made_at=TransactionNow(), made_by=by
    )
    comment.refresh_from_db(fields=["made_at"])
    return comment


@action
def reply_to(*, comment: Comment, text: str, by: User) -> CommentReply:
    """Answer ``comment``. Raises ``Refused`` in words, and ``ValueError`` for no words."""
    locked = Case.objects.locked(comment.case_id)
    REPLY.check(by, locked)
    if comment.resolved_at is not None:
        raise Refused("This comment is resolved already, so nobody replies to it.")
    reply = comment.replies.create(text=_words(text), made_at=TransactionNow(), made_by=by)
    announce(locked.inspection_id)
    return reply


@action
def resolve(*, comment: Comment, by: User) -> Comment:
    """Settle ``comment``; settling it again changes nothing. Raises ``Refused`` in words."""
    locked = Case.objects.locked(comment.case_id)
    RESOLVE.check(by, locked)
    changed = Comment.objects.filter(pk=comment.pk, resolved_at=None).update(
        resolved_at=TransactionNow(), resolved_by=by
    )
    if changed:
        announce(locked.inspection_id)
    comment.refresh_from_db()
    return comment


def _words(text: str) -> str:
    words = text.strip().replace("\r\n", "\n")
    if not words:
        raise ValueError("a comment or a reply has words")
    return words
