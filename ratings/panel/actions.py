"""Every write to the panel's meetings and hearings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone

from inspections.access.permissions import Refused, refuse
from inspections.announcements import announce
from inspections.history import action
from inspections.models import Inspection, Membership, User
from inspections.versions import Conflict, digest
from ratings.models import (
    PanelHearing,
    PanelMeeting,
    PanelSeat,
    SteppedAside,
    current_hearing,
    lock_for_panel,
)
from ratings.panel.readiness import NotReady, blockers, interests_in
from ratings.permissions import (
    ARRANGE,
    GIVE_BACK,
    MEETINGS,
    NOT_SUBMITTED,
    RECORD_OUTCOME,
    SIT,
    STEP_ASIDE,
    SUBMIT,
    unless_elsewhere,
)
from ratings.service import rate_inspection


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


@action
def submit_to_panel(
    *, inspection: Inspection, meeting: PanelMeeting, lead_view: str, by: User
) -> PanelHearing:
    """Submit an inspection to ``meeting`` with the lead inspector's view of its ratings.

    Members who worked on the inspection are recorded as stepping aside; exactly the others
    become its panel and can see it. Raises ``Refused``, and ``NotReady`` with everything that is
    missing.
    """
    locked = lock_for_panel(inspection)
    SUBMIT.check(by, locked)
    if missing := list(blockers(rate_inspection(locked))):
        raise NotReady(missing)
    members = list(meeting.members.all())
    for member in members:
        # Of a meeting that was arranged before somebody in it was made administrator.
        refuse(unless_elsewhere(member, MEETINGS))
    interests = interests_in(locked)
    if meeting.chair_id in interests:
        raise Refused(
            f"{meeting.chair} chairs this meeting and has a part in this inspection. "
            "Choose a meeting with another chair."
        )
    hearing = PanelHearing.objects.create(
        meeting=meeting,
        inspection=locked,
        lead_view=lead_view,
        submitted_at=timezone.now(),
        submitted_by=by,
    )
    SteppedAside.objects.bulk_create(
        SteppedAside(hearing=hearing, member=member, reason=interests[member.pk])
        for member in members
        if member.pk in interests
    )
    _seat_panel(locked, [member for member in members if member.pk not in interests])
    locked.move_on(Inspection.State.PANEL)
    inspection.state = locked.state
    announce(locked.pk)
    return hearing


@action
def give_back(*, inspection: Inspection, reason: str, by: User) -> None:
    """Take the inspection back from the panel, for the lead inspector to correct something.

    Decisions stay, and become stale if their computed rating changes. Raises ``Refused``.
    """
    locked = lock_for_panel(inspection)
    GIVE_BACK.check(by, locked)
    locked.move_back(Inspection.State.REVIEW, by=by, reason=reason)
    inspection.state = locked.state
    announce(locked.pk)


@action
def step_aside(*, inspection: Inspection, reason: str, by: User) -> None:
    """Record that ``by`` takes no part in the current hearing; they can't see the inspection any
    more.

    Raises ``Refused``, also when they recorded a decision already.
    """
    locked = lock_for_panel(inspection)
    hearing = _hearing(locked)
    STEP_ASIDE.check(by, locked)
    if hearing.discretions.filter(decided_by=by).exists():
        raise Refused("You have recorded a decision in this hearing, so you can't step aside now.")
    SteppedAside.objects.create(hearing=hearing, member=by, reason=reason)
    locked.memberships.filter(user=by, role=Membership.Role.PANEL_MEMBER).delete()
    announce(locked.pk)


@action
def record_outcome(
    *, inspection: Inspection, outcome_notes: str, instead_of: str, by: User
) -> None:
    """Record the panel's conclusions besides its decisions.

    ``instead_of`` is the digest of those that ``by`` saw. Raises ``Refused``, and ``Conflict`` with
    those that stand by now when they are others.
    """
    locked = lock_for_panel(inspection)
    hearing = _hearing(locked)
    RECORD_OUTCOME.check(by, locked)
    if instead_of != digest([hearing.outcome_notes]) and hearing.outcome_notes != outcome_notes:
        raise Conflict(hearing.outcome_notes)
    hearing.outcome_notes = outcome_notes
    hearing.save(update_fields=["outcome_notes"])
    announce(locked.pk)


def _hearing(inspection: Inspection) -> PanelHearing:
    hearing = current_hearing(inspection)
    if hearing is None:
        raise Refused(NOT_SUBMITTED)
    return hearing


def _seat_panel(inspection: Inspection, members: Sequence[User]) -> None:
    """Make ``members`` the inspection's panel, by their memberships."""
    panel = inspection.memberships.filter(role=Membership.Role.PANEL_MEMBER)
    panel.exclude(user__in=members).delete()
    seated = set(panel.values_list("user", flat=True))
    Membership.objects.bulk_create(
        Membership(inspection=inspection, user=member, role=Membership.Role.PANEL_MEMBER)
        for member in members
        if member.pk not in seated
    )
