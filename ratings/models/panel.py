"""The ratings panel: its meetings, their members and the inspections they hear."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Count, F, Prefetch, Q, prefetch_related_objects

from inspections.access.permissions import ADMINISTRATOR
from inspections.invariants import done_for_a_reason, refuse_unless
from inspections.models import Inspection, User
from inspections.names import NameOrder
from inspections.permissions import ONCE_FIELDWORK_HAS_CLOSED


class PanelMeetingQuerySet(models.QuerySet["PanelMeeting"]):
    def from_date(self, day: date) -> PanelMeetingQuerySet:
        return self.filter(meeting_date__gte=day)

    def that_can_hear(self) -> PanelMeetingQuerySet:
        """Those not cancelled whose chair can sit in a panel still."""
        return self.filter(
            cancelled_at=None,
            chair__is_active=True,
            chair__is_staff=False,
            chair__home_service=None,
        )

    def of(self, user: User) -> PanelMeetingQuerySet:
        """The meetings of which ``user`` is a member, which they arranged, or which hear one of
        their inspections; not those of which they only observe or publish the result."""
        own = Inspection.objects.visible_to(user, ONCE_FIELDWORK_HAS_CLOSED)
        return self.filter(
            Q(members=user.pk) | Q(arranged_by=user.pk) | Q(hearings__inspection__in=own.order_by())
        ).distinct()

    def with_people(self) -> PanelMeetingQuerySet:
        members = Prefetch("members", User.objects.all())
        people = self.select_related("chair", "arranged_by", "changed_by", "cancelled_by")
        return people.prefetch_related(members)

    def with_inspections(self) -> PanelMeetingQuerySet:
        """Each with ``inspections``, the number of inspections that it hears."""
        return self.annotate(inspections=Count("hearings__inspection", distinct=True))


@pghistory.track()
class PanelMeeting(models.Model):
    """One meeting of the ratings panel; it may hear several inspections.

    ``members`` are all its members, including the chair. ``changed_from`` has in words what stood
    before the latest change, as it was then.
    """

    ARRANGED_IT = "ARRANGED_THE_MEETING"
    CHAIRS_IT = "CHAIRS_THE_MEETING"

    meeting_date = models.DateField()
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    members = models.ManyToManyField(User, through="PanelSeat", related_name="+")
    arranged_at = models.DateTimeField()
    arranged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_reason = models.TextField(blank=True)
    changed_from = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_reason = models.TextField(blank=True)

    objects = PanelMeetingQuerySet.as_manager()

    # A meeting as a subject of permissions.
    inspection_state = case_state = ""

    class Meta:
        ordering = ("-meeting_date", "pk")
        constraints = [
            *done_for_a_reason("panelmeeting_changed", "changed"),
            *done_for_a_reason("panelmeeting_cancelled", "cancelled"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_date:%-d %B %Y}, chaired by {self.chair}"

    @property
    def arrangements(self) -> str:
        """Its day and its people, in words."""
        return f"{self}, with {', '.join(map(str, self.other_members)) or 'nobody else'}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def has_begun(self) -> bool:
        """Whether a hearing of it has; asks the database."""
        return PanelHearing.objects.begun().filter(meeting=self).exists()

    def roles_of(self, user: User) -> frozenset[str]:
        """The roles for the table of permissions."""
        has = {
            ADMINISTRATOR: user.is_staff,
            self.ARRANGED_IT: user == self.arranged_by,
            self.CHAIRS_IT: user == self.chair,
        }
        return frozenset(role for role in has if has[role] and user.is_active)

    @property
    def other_members(self) -> list[User]:
        """All but the chair."""
        return [member for member in self.members.all() if member.pk != self.chair_id]


@pghistory.track()
class PanelSeat(models.Model):
    """A member's place in one meeting."""

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.CASCADE, related_name="seats")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("meeting", NameOrder("member__name"), "member__email")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="panelseat_once"),
        ]

    def __str__(self) -> str:
        return str(self.member)


class PanelHearingQuerySet(models.QuerySet["PanelHearing"]):
    def begun(self) -> PanelHearingQuerySet:
        """Those in which anything was recorded."""
        recorded = (
            Q(attendance__isnull=False)
            | Q(discretions__isnull=False)
            | Q(named_chairs__isnull=False)
            | ~Q(outcome_notes="")
            | Q(inspection__seal_agreements__agreed_at__gte=F("submitted_at"))
        )
        return self.filter(recorded)


@pghistory.track()
class PanelHearing(models.Model):
    """One inspection before one meeting, with the lead inspector's view of its ratings.

    The latest hearing of an inspection is the current one: submitting it again, to this meeting
    or another, replaces the earlier hearing, which stays on record. Once it has begun the
    inspection goes before the same panel again, unless an administrator has ``released`` it.
    ``quorum`` is how many members had to be present by the operator's setting when attendance was
    first recorded; empty until then, and for hearings of before it was kept.
    """

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="hearings")
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="hearings")
    lead_view = models.TextField()
    outcome_notes = models.TextField(blank=True)
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_reason = models.TextField(blank=True)

    objects = PanelHearingQuerySet.as_manager()

    class Meta:
        ordering = ("inspection", "submitted_at", "pk")
        get_latest_by = ("submitted_at", "pk")
        constraints = [
            *done_for_a_reason("panelhearing_released", "released"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="panelhearing_quorum_from_one"),
        ]
        triggers = [
            refuse_unless(
                "panelhearing_quorum_stays",
                "OLD.quorum IS NULL OR NEW.quorum = OLD.quorum",
                "The quorum of a hearing stays as it was when attendance was first recorded.",
                on=pgtrigger.UpdateOf("quorum"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection} on {self.meeting.meeting_date:%-d %B %Y}"

    @property
    def chair(self) -> User:
        """Who chairs it: the meeting's chair, or who was named last because they can't."""
        named = self.named_chairs.all()
        return list(named)[-1].chair if named else self.meeting.chair

    @property
    def chairs_replaced(self) -> list[tuple[NamedChair, User]]:
        """Each chair who was named later, with whom they replaced."""
        named = list(self.named_chairs.all())
        before = [self.meeting.chair, *(row.chair for row in named)]
        return list(zip(named, before, strict=False))

    @property
    def members(self) -> list[User]:
        """The members of the meeting who take part; those who stepped aside are left out."""
        aside = {row.member_id for row in self.stepped_aside.all()}
        return [seat.member for seat in self.meeting.seats.all() if seat.member_id not in aside]

    @property
    def is_attendance_recorded(self) -> bool:
        """With the quorum that applies, and since another chair was named or the result was
        reopened, if it was. The chair is always present, so somebody is named."""
        return self.quorum is not None and bool(self.attendance.all())

    @property
    def present(self) -> list[User]:
        """The members taking part who were there, as the chair recorded."""
        there = {row.member_id for row in self.attendance.all() if row.is_present}
        return [member for member in self.members if member.pk in there]

    @property
    def apologies(self) -> list[User]:
        """The members taking part who sent apologies, as the chair recorded."""
        absent = {row.member_id for row in self.attendance.all() if not row.is_present}
        return [member for member in self.members if member.pk in absent]


@pghistory.track()
class Attendance(models.Model):
    """Whether a member of the meeting was there when one inspection was heard; if not, they sent
    apologies. The chair records it, again when somebody comes or leaves. Rows are removed, and stay
    in the history, when it has to be recorded anew."""

    hearing = models.ForeignKey(PanelHearing, on_delete=models.CASCADE, related_name="attendance")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_present = models.BooleanField()

    class Meta:
        ordering = ("hearing", NameOrder("member__name"), "member__email")
        constraints = [
            models.UniqueConstraint(fields=["hearing", "member"], name="attendance_once"),
        ]
        verbose_name_plural = "attendance"

    def __str__(self) -> str:
        return f"{self.member}: {'present' if self.is_present else 'apologies'}"


class NamedChair(models.Model):
    """Another member who chairs a hearing from then on, because whoever chaired it can't any more.
    Rows can only be added, also while the result is sealed: only a chair reopens it."""

    hearing = models.ForeignKey(PanelHearing, on_delete=models.PROTECT, related_name="named_chairs")
    chair = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("hearing", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="namedchair_has_a_reason"),
        ]
        verbose_name_plural = "chairs named later"

    def __str__(self) -> str:
        return f"{self.chair} chairs {self.hearing}"


@pghistory.track()
class SteppedAside(models.Model):
    """A member of the meeting who takes no part in one hearing, and why."""

    hearing = models.ForeignKey(
        PanelHearing, on_delete=models.CASCADE, related_name="stepped_aside"
    )
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        ordering = ("hearing", NameOrder("member__name"), "member__email")
        constraints = [
            models.UniqueConstraint(fields=["hearing", "member"], name="steppedaside_once"),
        ]
        verbose_name_plural = "members who stepped aside"

    def __str__(self) -> str:
        return f"{self.member}: {self.reason}"


def hearings() -> list[str | Prefetch[Any]]:
    """Relations to load with an inspection for its hearings and their members.

    Members are in the order of their names, as sealed documents write them.
    """
    return [
        Prefetch(
            "hearings",
            PanelHearing.objects.select_related("meeting__chair", "submitted_by").order_by(
                "submitted_at", "pk"
            ),
        ),
        Prefetch(
            "hearings__meeting__seats",
            PanelSeat.objects.select_related("member").order_by(
                NameOrder("member__name"), "member_id"
            ),
        ),
        Prefetch(
            "hearings__stepped_aside",
            SteppedAside.objects.select_related("member").order_by(NameOrder("member__name"), "pk"),
        ),
        Prefetch("hearings__attendance", Attendance.objects.order_by("pk")),
        Prefetch(
            "hearings__named_chairs",
            NamedChair.objects.select_related("chair", "named_by").order_by("pk"),
        ),
    ]


def hearings_of(inspection: Inspection) -> list[PanelHearing]:
    """Every hearing of ``inspection``, the latest last; loaded once an object."""
    prefetch_related_objects([inspection], *hearings())
    return list(inspection.hearings.all())


def current_hearing(inspection: Inspection) -> PanelHearing | None:
    """The current hearing; ``None`` for an inspection that was never submitted, such as one
    replayed from its report."""
    return next(reversed(hearings_of(inspection)), None)


def lock_for_panel(inspection: Inspection) -> Inspection:
    """The inspection's current row with its hearings, locked until the transaction ends, so that
    decisions and changes of state exclude each other."""
    rows = Inspection.objects.select_for_update().prefetch_related("memberships", *hearings())
    return rows.get(pk=inspection.pk)
