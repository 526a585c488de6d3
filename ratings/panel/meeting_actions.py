"""Every write to the panel's meetings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import timezone

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.history import action
from inspections.models import Inspection, User
from inspections.versions import Conflict, digest
from ratings.meeting_permissions import ARRANGE, CHANGE_MEETING, MEETINGS, SIT
from ratings.models import PanelHearing, PanelMeeting, PanelSeat, current_hearing, lock_for_panel
from ratings.panel.actions import seat_panel


@action
def arrange_meeting(
    *, meeting_date: date, chair: User, members: Iterable[User], by: User
) -> PanelMeeting:
    """Arrange a meeting of the panel; the chair is always a member.

    Raises ``Refused``, also for people who may not be on a panel.
    """
    ARRANGE.check(by, MEETINGS)
    members = {chair, *members}
    for member in members:
        SIT.check(member, MEETINGS)
    meeting = PanelMeeting.objects.create(
        meeting_date=meeting_date, chair=chair, arranged_at=timezone.now(), arranged_by=by
    )
    PanelSeat.objects.bulk_create(PanelSeat(meeting=meeting, member=member) for member in members)
    return meeting


def meeting_version(meeting: PanelMeeting) -> str:
    """Of the arrangements of a meeting; another one for other arrangements."""
    people = sorted(meeting.members.values_list("pk", flat=True))
    return digest([meeting.meeting_date, meeting.chair_id, people, meeting.cancelled_at])


@action
def change_meeting(
    *,
    meeting: PanelMeeting,
    meeting_date: date,
    chair: User,
    members: Iterable[User],
    reason: str,
    base_version: str,
    by: User,
) -> None:
    """Give a meeting that has heard nothing yet another day or other people, with the reason.

    Inspections before it have the new people as their panel at once. ``base_version`` is the
    ``meeting_version`` that ``by`` saw. Raises ``Refused``, also for people who may not be on a
    panel and for a chair with an interest in one of those inspections, and ``Conflict`` with the
    meeting when it has changed since.
    """
    locked = _lock(meeting)
    CHANGE_MEETING.check(by, locked)
    if base_version != meeting_version(locked):
        raise Conflict(locked)
    members = {chair, *members}
    for member in members:
        SIT.check(member, MEETINGS)
    locked.changed_from = locked.arrangements
    locked.meeting_date, locked.chair = meeting_date, chair
    locked.changed_at, locked.changed_by, locked.changed_reason = timezone.now(), by, reason
    locked.save()
    locked.seats.exclude(member__in=members).delete()
    seated = set(locked.seats.values_list("member", flat=True))
    PanelSeat.objects.bulk_create(
        PanelSeat(meeting=locked, member=member) for member in members if member.pk not in seated
    )
    for hearing in _before(locked):
        seat_panel(hearing, chair, sorted(members, key=lambda one: one.pk))
        announce(hearing.inspection_id)


@action
def cancel_meeting(*, meeting: PanelMeeting, reason: str, by: User) -> None:
    """Cancel a meeting that has heard nothing yet, with the reason.

    Inspections before it go back to their lead inspectors. Raises ``Refused``.
    """
    locked = _lock(meeting)
    CHANGE_MEETING.check(by, locked)
    locked.cancelled_at, locked.cancelled_by, locked.cancelled_reason = timezone.now(), by, reason
    locked.save()
    said = f"The meeting on {locked.meeting_date:%-d %B %Y} was cancelled: {reason}"
    for hearing in _before(locked):
        hearing.inspection.move_back(Inspection.State.REVIEW, by=by, reason=said)
        announce(hearing.inspection_id)


def _lock(meeting: PanelMeeting) -> PanelMeeting:
    rows = PanelMeeting.objects.select_related("chair", "arranged_by")
    return rows.select_for_update(of=("self",)).get(pk=meeting.pk)


def _before(meeting: PanelMeeting) -> Iterator[PanelHearing]:
    """The hearings of inspections that are before the meeting, each with its inspection locked.

    Raises ``Refused`` when one of them began meanwhile.
    """
    heard = Inspection.objects.filter(
        hearings__meeting=meeting, state=Inspection.State.PANEL
    ).distinct()
    for inspection in heard.order_by("pk"):
        locked = lock_for_panel(inspection)
        hearing = current_hearing(locked)
        if hearing is None or hearing.meeting_id != meeting.pk:
            continue
        if locked.state != Inspection.State.PANEL or meeting.has_begun():
            raise Refused(f"The hearing of {locked.service} changed meanwhile. Look at it again.")
        hearing.inspection = locked
        yield hearing
