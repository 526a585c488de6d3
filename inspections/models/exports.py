"""That the record was exported."""

from __future__ import annotations

from django.db import models

from inspections.access.users import User


class HistoryExport(models.Model):
    """One export of what is recorded, and what was searched for. Rows can only be added."""

    exported_by = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    exported_at = models.DateTimeField()
    asked = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["exported_at", "id"], name="historyexport_when")]

    def __str__(self) -> str:
        return f"Export {self.pk} by account {self.exported_by_id}"
