"""What every save that reaches the server keeps, and the saves of details."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models

from cases.models.case import Case
from inspections.models import User


class KeptSave(models.Model):
    """One save that reached the server, accepted or not. Rows can only be added.

    The device chooses ``id``, so that a retry after a lost reply is recognised. ``base_version``
    is the version that the inspector saw, ``version`` the one that this save made; it is empty if
    nothing was written: for a conflict, when another save came first, and for a save of what
    stood already, whose version is then in ``same_as``. That alone may be filled in later, once,
    as it is known only after an answer's save is kept. ``made_at`` is the time of the device's
    clock, which nothing depends on. ``loaded_by`` is the lead inspector who loaded the save from
    the file of a device's outbox; ``saved_by`` is then the author.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    base_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField(null=True)
    same_as = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    loaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'UPDATE' AND OLD.version IS NULL
                        AND OLD.same_as IS NULL AND NEW.same_as IS NOT NULL
                        AND to_jsonb(OLD) - 'same_as' = to_jsonb(NEW) - 'same_as'
                    THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'Cannot update or delete rows from %: saves are kept.',
                        TG_TABLE_NAME;
                """,
            ),
            pgtrigger.Trigger(
                name="never_emptied",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                declare=[("has_saves", "boolean")],
                func="""
                    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', TG_TABLE_NAME) INTO has_saves;
                    IF has_saves THEN
                        RAISE EXCEPTION 'Cannot truncate %: saves are kept.', TG_TABLE_NAME;
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]


class DetailSave(KeptSave):
    """One save of one detail of a case. ``value`` is as the case has it, in JSON; empty for none.

    ``version`` is the case's version that it made.
    """

    # ``detailsave_version_once`` is the index that finds a case's saves.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="detail_saves", db_index=False
    )
    field = models.CharField(max_length=40)
    value = models.JSONField(null=True)

    class Meta(KeptSave.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["case", "field", "version"], name="detailsave_version_once"
            ),
        ]
        # The record of everything is searched by time and by person (as of answers).
        indexes = [
            models.Index(fields=["saved_at"], name="detailsave_when"),
            models.Index(fields=["saved_by", "saved_at"], name="detailsave_who"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of case {self.case_id}"
