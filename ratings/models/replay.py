"""The published reports that inspections were replayed from."""

from __future__ import annotations

from django.db import models

from inspections.models import Inspection


class Replay(models.Model):
    """Which published report an inspection was replayed from.

    ``key`` identifies the report; replaying it again replaces the inspection with this key.
    ``published`` is the outcome that the report prints.
    """

    inspection = models.OneToOneField(Inspection, on_delete=models.PROTECT, related_name="replay")
    key = models.CharField(max_length=400, unique=True)
    report_title = models.CharField(max_length=300, blank=True)
    published = models.JSONField()
    replayed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.report_title or self.key
