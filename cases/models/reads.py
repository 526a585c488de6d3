"""Who read which case, and when."""

from __future__ import annotations

from django.db import models

from inspections.models import User


class CaseRead(models.Model):
    """That somebody was shown a case. Rows can only be added.

    There is one for a person, a case and a kind of page in each quarter of an hour: whoever works
    in a case for a day opens its pages a hundred times. ``page`` is the name of the page's
    address, or ``OFFLINE`` for a copy that a device keeps. ``read_at`` is when the page was first
    shown in the quarter of an hour that began at ``quarter``.

    Case, inspection and reader are named without a constraint: a read waits for no lock of theirs,
    is recorded of a sealed inspection too, and outlives them.
    """

    OFFLINE = "offline-copy"

    reader = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    case_id = models.BigIntegerField()
    inspection_id = models.BigIntegerField()
    page = models.CharField(max_length=40)
    read_at = models.DateTimeField()
    quarter = models.DateTimeField()

    class Meta:
        ordering = ("-read_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "case_id", "page", "quarter"], name="caseread_once_a_quarter_hour"
            ),
        ]
        indexes = [
            models.Index(fields=["read_at", "id"], name="caseread_when"),
            models.Index(fields=["reader", "read_at"], name="caseread_who"),
            models.Index(fields=["case_id", "read_at"], name="caseread_case"),
            models.Index(fields=["inspection_id", "read_at"], name="caseread_inspection"),
        ]

    def __str__(self) -> str:
        return f"Case {self.case_id} read by account {self.reader_id}"
