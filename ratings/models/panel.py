"""The ratings panel: its meetings, who sits in them and which inspections they hear."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import models
from django.db.models import Q

from inspections.models import Inspection, User


class PanelMeetingQuerySet(models.QuerySet["PanelMeeting"]):
    def from_date(self, day: date) -> PanelMeetingQuerySet:
        """The meetings on ``day`` or later, to which an inspection can still be submitted."""
        return self.filter(meeting_date__gte=day)

    def of(self, user: User) -> PanelMeetingQuerySet:
        """Those that ``user`` sits in, arranged, or brought an inspection before."""
        return self.filter(
            Q(members=user.pk)
            | Q(arranged_by=user.pk)
            | Q(hearings__inspection__in=Inspection.objects.visible_to(user).order_by())
        ).distinct()

    def with_people(self) -> PanelMeetingQuerySet:
        return self.select_related("chair").prefetch_related("members")


@pghistory.track()
class PanelMeeting(models.Model):
    """One meeting of the ratings panel; it may hear several inspections.

    ``members`` are all who sit in it, the chair among them.
    """

    meeting_date = models.DateField()
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    members = models.ManyToManyField(User, through="PanelSeat", related_name="+")
    arranged_at = models.DateTimeField()
    arranged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = PanelMeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-meeting_date", "pk")

    def __str__(self) -> str:
        return f"{self.meeting_date:%-d %B %Y}, chaired by {self.chair}"


@pghistory.track()
class PanelSeat(models.Model):
    """A member's place in one meeting."""

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.CASCADE, related_name="seats")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("meeting", "member__name")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="panelseat_once"),
        ]

    def __str__(self) -> str:
        return str(self.member)


@pghistory.track()
class PanelHearing(models.Model):
    """One inspection before one meeting, with the lead inspector's view of its ratings.

    The latest hearing of an inspection is the one that counts: submitting it again, to
    this meeting or to another, takes the place of the hearing before, which stays.
    """

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="hearings")
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="hearings")
    lead_view = models.TextField()
    outcome_notes = models.TextField(blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("inspection", "submitted_at", "pk")
        get_latest_by = ("submitted_at", "pk")

    def __str__(self) -> str:
        return f"{self.inspection} on {self.meeting.meeting_date:%-d %B %Y}"


@pghistory.track()
class SteppedAside(models.Model):
    """A member of the meeting who takes no part in one hearing, and why."""

    hearing = models.ForeignKey(
        PanelHearing, on_delete=models.CASCADE, related_name="stepped_aside"
    )
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ("hearing", "member__name")
        constraints = [
            models.UniqueConstraint(fields=["hearing", "member"], name="steppedaside_once"),
        ]
        verbose_name_plural = "members who stepped aside"

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}"
