"""Comments on a case as its pages show them: each with its replies, and who may answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from cases.models import Case, Comment, CommentReply
from cases.permissions import COMMENT, READ_COMMENTS, REPLY, RESOLVE
from cases.presenters import moment_words
from inspections.models import Inspection, User


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said."""

    who: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its replies. ``question`` is empty for the case as a whole;
    ``resolved`` says when and by whom, empty while it is open."""

    id: int
    question: str
    said: Sequence[Said]
    resolved: str
    can_reply: bool
    can_resolve: bool
    typed: str = ""
    error: str = ""

    @property
    def number(self) -> str:
        return str(self.id)

    @property
    def anchor(self) -> str:
        return f"comment-{self.id}"

    @property
    def about(self) -> str:
        """What tells it from other comments on the same page."""
        return (
            f"{self.said[0].who}’s comment of {self.said[0].when} on {self.question or 'the case'}"
        )


@dataclass(frozen=True, slots=True)
class NewComment:
    """The fields for a comment; ``typed`` is what was entered and not sent yet."""

    question: str
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Threads:
    """The comments on a case that a reader sees, in the order they were made."""

    all: Sequence[Thread] = ()
    can_comment: bool = False
    new: NewComment | None = None
    by_question: Mapping[str, Sequence[Thread]] = field(default_factory=dict)

    def of(self, question: str) -> Sequence[Thread]:
        return self.by_question.get(question, ())

    @property
    def of_the_case(self) -> Sequence[Thread]:
        return self.of("")

    @property
    def open(self) -> list[Thread]:
        return [thread for thread in self.all if not thread.resolved]

    def new_comment_on(self, question: str) -> NewComment | None:
        return self.new if self.new and self.new.question == question else None


NO_THREADS = Threads()


def threads_of(
    case: Case,
    reader: User,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    commenting_on: str | None = None,
) -> Threads:
    """The comments on ``case`` for ``reader``; nothing for those who don't read them.

    ``typed`` and ``errors`` are by field: ``comment``, or ``reply-12`` for a reply to the
    comment numbered 12. ``commenting_on`` is the question to show the fields for.
    """
    if not READ_COMMENTS.can(reader, case):
        return NO_THREADS
    typed, errors = typed or {}, errors or {}
    can_reply = REPLY.can(reader, case)
    can_resolve = RESOLVE.can(reader, case)
    can_comment = COMMENT.can(reader, case)
    found = []
    for comment in case.comments.with_replies():
        is_open = comment.resolved_at is None
        name = f"reply-{comment.pk}"
        found.append(
            Thread(
                id=comment.pk,
                question=comment.question,
                said=list(_said(comment)),
                resolved=_resolved_words(comment),
                can_reply=is_open and can_reply,
                can_resolve=is_open and can_resolve,
                typed=typed.get(name, ""),
                error=errors.get(name, ""),
            )
        )
    by_question: dict[str, list[Thread]] = {}
    for thread in found:
        by_question.setdefault(thread.question, []).append(thread)
    new = None
    if can_comment and commenting_on is not None:
        new = NewComment(commenting_on, typed.get("comment", ""), errors.get("comment", ""))
    return Threads(found, can_comment, new, by_question)


def _said(comment: Comment) -> Iterator[Said]:
    now = timezone.now()
    things: list[Comment | CommentReply] = [comment, *comment.replies.all()]
    for one in things:
        yield Said(one.made_by.name, moment_words(one.made_at, now), one.text)


def _resolved_words(comment: Comment) -> str:
    if comment.resolved_at is None:
        return ""
    return f"Resolved {moment_words(comment.resolved_at, timezone.now())} by {comment.resolved_by}"


def open_comments(inspection: Inspection) -> dict[int, int]:
    """How many comments are open, by the number of the case; one query."""
    found = Comment.objects.unresolved().filter(case__inspection=inspection).order_by()
    return dict(found.values_list("case").annotate(number=Count("pk")))
