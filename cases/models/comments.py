"""Comments of the lead inspector on a case, and replies to them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.shortcuts import resolve_url

from cases.models.case import Case
from inspections.invariants import both_or_neither, has_words, refuse_unless
from inspections.models import User


class CommentQuerySet(models.QuerySet["Comment"]):
    def unresolved(self) -> CommentQuerySet:
        return self.filter(resolved_at=None)

    def with_replies(self) -> CommentQuerySet:
        """With everything that pages show of them, in the order they were made."""
        replies = models.Prefetch("replies", CommentReply.objects.select_related("made_by"))
        return self.select_related("made_by", "resolved_by").prefetch_related(replies)


class Words(models.Model):
    """What somebody wrote about a case, and when; it never changes.

    A device chooses ``save_id``, so that a repeated save is recognised; it is empty for what a
    page without scripts posted. ``loaded_by`` is the lead inspector who loaded it from the file
    of a device's outbox.
    """

    text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    save_id = models.UUIDField(null=True, unique=True)
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


STAYS = ["text", "made_at", "made_by", "save_id", "loaded_by"]


class Comment(Words):
    """A comment of the lead inspector on one question of a case, or on the whole case.

    ``question`` is empty for the whole case. A comment never changes. Lead inspector or inspector
    resolve it, once.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    question = models.CharField(max_length=10, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ("case", "made_at", "pk")
        constraints = [
            has_words("comment_has_words", "text"),
            both_or_neither(
                "comment_resolved_by_somebody_at_some_time", "resolved_at", "resolved_by"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="comment_stays_as_made",
                fields=["case", "question", *STAYS],
            ),
            pgtrigger.Protect(
                name="comment_resolved_once",
                operation=pgtrigger.UpdateOf("resolved_at", "resolved_by_id"),
                condition=pgtrigger.Q(old__resolved_at__isnull=False),
            ),
            refuse_unless(
                "comment_on_a_question_of_its_case",
                """
                    NEW.question = '' OR EXISTS (
                        SELECT FROM cases_case c
                        JOIN inspections_inspection i ON i.id = c.inspection_id
                        JOIN inspections_editionquestion q
                            ON q.edition_id = i.edition_id
                            AND q.code = NEW.question AND q."group" = c."group"
                        WHERE c.id = NEW.case_id
                    )
                """,
                "Question % is not asked in this case.",
                "NEW.question",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment on {self.question or 'the case'}"

    def get_absolute_url(self) -> str:
        """Where one can reply to it."""
        page = self.case.url_of_question(self.question) if self.question else self.case
        return f"{resolve_url(page)}#comment-{self.pk}"


class CommentReply(Words):
    """A reply to a comment. It never changes."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="replies")

    class Meta:
        ordering = ("comment", "made_at", "pk")
        constraints = [has_words("commentreply_has_words", "text")]
        triggers = [
            pgtrigger.ReadOnly(
                name="commentreply_stays_as_made",
                fields=["comment", *STAYS],
            ),
        ]

    def __str__(self) -> str:
        return f"Reply of {self.made_by}"
