"""Comments of the lead inspector on a case, replies to them, and resolving them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.functions import TransactionNow

from cases.actions.saves import Outcome, SaveResult, SaveReused, Sent, check_of_file
from cases.models import Case, Comment, CommentReply
from cases.permissions import COMMENT, REPLY, RESOLVE
from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.framework import Group
from inspections.history import action
from inspections.models import User
from inspections.typed_text import one_line_end

NO_VERSION = 0
"""What is said once has no versions, so every save of it is based on none."""


@dataclass(frozen=True, slots=True)
class CommentSave(Sent):
    """A comment, a reply or a resolution to be saved.

    ``action`` is ``comment``, ``reply`` or ``resolve``; ``question`` the code that a comment is
    about, empty for the case; ``comment`` the number of the comment that is answered or resolved.
    """

    action: str
    question: str = ""
    comment: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class CurrentComment:
    """What is saved: the number of the comment that it is, answers or resolved, and the words."""

    comment: int
    text: str
    by: str
    at: datetime


def record_comments(
    *, case: Case, saves: Sequence[CommentSave], by: User, loaded_by: User | None = None
) -> list[SaveResult]:
    """Save each, in order; returns for each whether it was saved or refused, with the reason.

    Raises ``SaveReused``, and ``ValueError`` as the actions below.
    """
    return list(_record(case, saves, by, loaded_by))


def _record(
    case: Case, saves: Sequence[CommentSave], by: User, loaded_by: User | None
) -> Iterator[SaveResult]:
    for save in saves:
        try:
            current = _record_one(case, save, by, loaded_by)
        except Refused as refusal:
            yield SaveResult(save, Outcome.REFUSED, why=str(refusal))
        else:
            yield SaveResult(save, Outcome.SAVED, NO_VERSION, current)


def _record_one(case: Case, save: CommentSave, by: User, loaded_by: User | None) -> CurrentComment:
    if save.action == "comment":
        made = comment_on(
            case=case,
            question=save.question,
            text=save.text,
            by=by,
            save_id=save.id,
            loaded_by=loaded_by,
        )
        return CurrentComment(made.pk, made.text, str(made.made_by), made.made_at)
    comment = case.comments.filter(pk=save.comment).first()
    if comment is None:
        raise Refused("This comment is not there any more.")
    if save.action == "reply":
        reply = reply_to(
            comment=comment, text=save.text, by=by, save_id=save.id, loaded_by=loaded_by
        )
        return CurrentComment(comment.pk, reply.text, str(reply.made_by), reply.made_at)
    resolved = resolve(comment=comment, by=by)
    assert resolved.resolved_by and resolved.resolved_at
    return CurrentComment(comment.pk, comment.text, str(resolved.resolved_by), resolved.resolved_at)


@action
def comment_on(
    *,
    case: Case,
    text: str,
    by: User,
    question: str = "",
    save_id: uuid.UUID | None = None,
    loaded_by: User | None = None,
) -> Comment:
    """Comment on ``question``, a code, or on the whole case.

    A repeated ``save_id`` makes no other comment: it returns the first one. Raises ``Refused``,
    ``SaveReused``, and ``ValueError`` for a question that is not asked in the case and for an
    empty text.
    """
    locked = Case.objects.locked(case.pk)
    words = _words(text)
    arrived = Comment.objects.filter(save_id=save_id).first() if save_id else None
    if save_id and arrived:
        known = (arrived.case_id, arrived.made_by_id, arrived.question, arrived.text)
        if known != (locked.pk, by.pk, question, words):
            raise SaveReused(save_id)
        return arrived
    check_of_file(COMMENT, locked, by, loaded_by)
    if question and question not in locked.inspection.framework.case_questions(Group(locked.group)):
        raise ValueError(f"question {question} is not asked in this case")
    made = write_comment(locked, question, words, by, save_id=save_id, loaded_by=loaded_by)
    announce(locked.inspection_id)
    return made


def write_comment(
    case: Case,
    question: str,
    text: str,
    by: User,
    *,
    save_id: uuid.UUID | None = None,
    loaded_by: User | None = None,
) -> Comment:
    """Create the row; the calling action has checked and locked already."""
    comment: Comment = case.comments.create(
        question=question,
        text=_words(text),
        made_at=TransactionNow(),
        made_by=by,
        save_id=save_id,
        loaded_by=loaded_by,
    )
    comment.refresh_from_db(fields=["made_at"])
    return comment


@action
def reply_to(
    *,
    comment: Comment,
    text: str,
    by: User,
    save_id: uuid.UUID | None = None,
    loaded_by: User | None = None,
) -> CommentReply:
    """Reply to ``comment``, once for each ``save_id``.

    Raises ``Refused``, also for a comment that was resolved meanwhile, ``SaveReused``, and
    ``ValueError`` for an empty text.
    """
    locked = Case.objects.locked(comment.case_id)
    words = _words(text)
    arrived = CommentReply.objects.filter(save_id=save_id).first() if save_id else None
    if save_id and arrived:
        if (arrived.comment_id, arrived.made_by_id, arrived.text) != (comment.pk, by.pk, words):
            raise SaveReused(save_id)
        return arrived
    check_of_file(REPLY, locked, by, loaded_by)
    # Whoever resolves a comment locks the case first, so this is how it stands.
    if not locked.comments.unresolved().filter(pk=comment.pk).exists():
        raise Refused("This comment is resolved already, so nobody replies to it.")
    reply: CommentReply = comment.replies.create(
        text=words, made_at=TransactionNow(), made_by=by, save_id=save_id, loaded_by=loaded_by
    )
    reply.refresh_from_db(fields=["made_at"])
    announce(locked.inspection_id)
    return reply


@action
def resolve(*, comment: Comment, by: User) -> Comment:
    """Resolve ``comment``; doing it again changes nothing. Raises ``Refused``."""
    locked = Case.objects.locked(comment.case_id)
    comment.refresh_from_db()
    if comment.resolved_by_id != by.pk:
        RESOLVE.check(by, locked)
    if comment.resolved_at is None:
        Comment.objects.filter(pk=comment.pk).update(resolved_at=TransactionNow(), resolved_by=by)
        comment.refresh_from_db()
        announce(locked.inspection_id)
    return comment


def _words(text: str) -> str:
    words = one_line_end(text.strip())
    if not words:
        raise ValueError("a comment or a reply can't be empty")
    return words
