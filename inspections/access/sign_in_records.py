"""The record of what people did to get in: what the table holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from inspections.access.users import User
from inspections.invariants import one_of


class SignInRecordQuerySet(models.QuerySet["SignInRecord"]):
    def within(self, time: timedelta) -> SignInRecordQuerySet:
        since: datetime = timezone.now() - time
        return self.filter(recorded_at__gt=since)


class SignInRecord(models.Model):
    """One sign-in, refusal, sign-out, or change of a password or a second step. Rows can only be
    added.

    ``user`` is who did it; of a refusal, whose account was tried, and nobody if there is no such
    account. What was typed is not kept (ADR 37). ``of`` is whose second step an administrator
    reset. ``client_address`` is where the request came from, behind as many proxies as settings
    trust. Accounts are named without a constraint: those made in error can still be removed.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "SIGNED_IN", "Signed in"
        REFUSED = "REFUSED", "Sign-in refused"
        TOO_MANY = "TOO_MANY", "Sign-in refused after too many attempts"
        STEP_REFUSED = "STEP_REFUSED", "Second step refused"
        PASSWORD_REFUSED = "PASSWORD_REFUSED", "Wrong password when asked to confirm it"
        SIGNED_OUT = "SIGNED_OUT", "Signed out"
        PASSWORD_CHANGED = "PASSWORD_CHANGED", "Password changed"
        PASSWORD_CHOSEN = "PASSWORD_CHOSEN", "Password chosen with a link"
        STEP_ADDED = "STEP_ADDED", "Second step added"
        STEP_REMOVED = "STEP_REMOVED", "Second step removed"
        CODES_MADE = "CODES_MADE", "Recovery codes made"
        STEP_RESET = "STEP_RESET", "Second step reset by an administrator"

    kind = models.CharField(max_length=20, choices=Kind)
    user = models.ForeignKey(
        User,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    of = models.ForeignKey(
        User,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    client_address = models.GenericIPAddressField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[SignInRecordQuerySet] = SignInRecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-recorded_at", "-pk")
        constraints = [
            one_of(
                "signinrecord_kind_known",
                "kind",
                [
                    "SIGNED_IN",
                    "REFUSED",
                    "TOO_MANY",
                    "STEP_REFUSED",
                    "PASSWORD_REFUSED",
                    "SIGNED_OUT",
                    "PASSWORD_CHANGED",
                    "PASSWORD_CHOSEN",
                    "STEP_ADDED",
                    "STEP_REMOVED",
                    "CODES_MADE",
                    "STEP_RESET",
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["recorded_at", "id"], name="signinrecord_when"),
            models.Index(fields=["user", "recorded_at"], name="signinrecord_who"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, account {self.user_id}"
