"""The chain over an inspection's history. Rows can only be added (``ratings.results.triggers``)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class HistoryLink(models.Model):
    """An entry of an inspection's history, joined to the entry before it.

    ``row_sha256`` is the digest of the entry: of the ``columns`` of the row ``row`` of ``source``
    (``ratings.results.history.sources``). ``sha256`` is the digest of all that stands here and of
    the ``sha256`` before, so that nothing before can change without changing it. An entry that
    isn't linked, though it was recorded before ``complete_until``, was inserted later.

    The inspection is named without a constraint: a link waits for no lock of it, and outlives it.
    """

    inspection_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=60)
    row = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    columns = ArrayField(models.CharField(max_length=63))
    row_sha256 = models.CharField(max_length=64)
    complete_until = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("inspection_id", "number")
        constraints = [
            models.UniqueConstraint(fields=["inspection_id", "number"], name="historylink_number"),
            models.UniqueConstraint(
                fields=["inspection_id", "source", "row"], name="historylink_row_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="historylink_from_one"),
        ]

    def __str__(self) -> str:
        return f"Entry {self.number} of inspection {self.inspection_id}"
