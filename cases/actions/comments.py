"""Comments of the lead inspector on a case, replies to them, and resolving them."""

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
    """Comment on ``question``, a code, or on the whole case.

    Raises ``Refused``, and ``ValueError`` for a question that is not asked in the case and for
    an empty text.
    """
    locked = Case.objects.locked(case.pk)
    COMMENT.check(by, locked)
    if question and question not in locked.inspection.framework.case_questions(Group(locked.group)):
        raise ValueError(f"question {question} is not asked in this case")
    made = write_comment(locked, question, text, by)
    announce(locked.inspection_id)
    return made


def write_comment(case: Case, question: str, text: str, by: User) -> Comment:
    """Create the row; the calling action has checked and locked already."""
    comment: Comment = case.comments.create(
        question=question, text=_words(text), made_at=TransactionNow(), made_by=by
    )
    comment.refresh_from_db(fields=["made_at"])
    return comment


@action
def reply_to(*, comment: Comment, text: str, by: User) -> CommentReply:
    """Reply to ``comment``. Raises ``Refused``, and ``ValueError`` for an empty text."""
    locked = Case.objects.locked(comment.case_id)
    REPLY.check(by, locked)
    if comment.resolved_at is not None:
        raise Refused("This comment is resolved already, so nobody replies to it.")
    reply = comment.replies.create(text=_words(text), made_at=TransactionNow(), made_by=by)
    announce(locked.inspection_id)
    return reply


@action
def resolve(*, comment: Comment, by: User) -> Comment:
    """Resolve ``comment``; doing it again changes nothing. Raises ``Refused``."""
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
        raise ValueError("a comment or a reply can't be empty")
    return words
