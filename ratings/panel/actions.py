"""Every write to the panel's meetings and hearings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.models import Inspection, Membership, User
from ratings.models import PanelHearing, PanelMeeting, PanelSeat, SteppedAside
from ratings.panel import policies
from ratings.panel.interests import interests_in
from ratings.panel.readiness import Lack, lacking
from ratings.service import rate_inspection


class NotReady(Exception):
    """An inspection can't go to the panel yet; ``missing`` is what it lacks."""

    def __init__(self, missing: Sequence[Lack]) -> None:
        super().__init__(" ".join(map(str, missing)))
        self.missing = tuple(missing)


@transaction.atomic
def arrange_meeting(
    *, meeting_date: date, chair: User, members: Iterable[User], by: User
) -> PanelMeeting:
    """A meeting of the panel; the chair sits in it whether or not among ``members``.

    Raises ``Refused`` in words, also for people who sit in no panel.
    """
    policies.check_arrange(by)
    members = {chair, *members}
    for member in members:
        policies.check_sit(member)
    meeting = PanelMeeting.objects.create(
        meeting_date=meeting_date, chair=chair, arranged_at=timezone.now(), arranged_by=by
    )
    PanelSeat.objects.bulk_create(PanelSeat(meeting=meeting, member=member) for member in members)
    return meeting


@transaction.atomic
def submit_to_panel(
    *, inspection: Inspection, meeting: PanelMeeting, lead_view: str, by: User
) -> PanelHearing:
    """Bring an inspection before ``meeting`` with the lead inspector's view of its ratings.

    Members with a part in the inspection are recorded as stepping aside; all others, and
    nobody else, become its panel and see it from now on. Raises ``Refused`` in words, and
    ``NotReady`` with everything that is still missing.
    """
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    policies.check_submit(by, locked)
    if missing := list(lacking(rate_inspection(locked))):
        raise NotReady(missing)
    members = list(meeting.members.order_by("name", "pk"))
    known = interests_in(locked)
    interests = {member: known.get(member.pk) for member in members}
    if meeting.chair_id in known:
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
        SteppedAside(hearing=hearing, member=member, reason=interest)
        for member, interest in interests.items()
        if interest is not None
    )
    _seat_panel(locked, [member for member, interest in interests.items() if interest is None])
    locked.state = Inspection.State.PANEL
    locked.save(update_fields=["state"])
    inspection.state = locked.state
    announce(locked.pk)
    return hearing


@transaction.atomic
def give_back(*, inspection: Inspection, by: User) -> None:
    """Take the inspection from the panel again, for the lead inspector to put something right.

    What the panel has decided stays, and is stale where a computed rating then changes.
    Raises ``Refused`` in words.
    """
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    policies.check_give_back(by, locked)
    locked.state = Inspection.State.REVIEW
    locked.save(update_fields=["state"])
    inspection.state = locked.state
    announce(locked.pk)


@transaction.atomic
def step_aside(*, hearing: PanelHearing, reason: str, by: User) -> None:
    """Record that ``by`` takes no part in ``hearing``; they no longer see the inspection.

    Raises ``Refused`` in words, also when they decided something already.
    """
    inspection = Inspection.objects.select_for_update().get(pk=hearing.inspection_id)
    hearing.inspection = inspection
    policies.check_step_aside(by, hearing)
    if hearing.discretions.filter(decided_by=by).exists():
        raise Refused("You have recorded a decision in this hearing, so you can't step aside now.")
    SteppedAside.objects.create(hearing=hearing, member=by, reason=reason)
    inspection.memberships.filter(user=by, role=Membership.Role.PANEL_MEMBER).delete()
    announce(inspection.pk)


@transaction.atomic
def note_outcome(*, hearing: PanelHearing, outcome_notes: str, by: User) -> None:
    """Keep what the panel came to beyond its decisions. Raises ``Refused`` in words."""
    hearing.inspection = Inspection.objects.select_for_update().get(pk=hearing.inspection_id)
    policies.check_note_outcome(by, hearing)
    hearing.outcome_notes = outcome_notes
    hearing.save(update_fields=["outcome_notes"])
    announce(hearing.inspection_id)


def _seat_panel(inspection: Inspection, members: Sequence[User]) -> None:
    """Make ``members`` the inspection's panel: who sees and decides is a membership."""
    panel = inspection.memberships.filter(role=Membership.Role.PANEL_MEMBER)
    panel.exclude(user__in=members).delete()
    seated = set(panel.values_list("user", flat=True))
    Membership.objects.bulk_create(
        Membership(inspection=inspection, user=member, role=Membership.Role.PANEL_MEMBER)
        for member in members
        if member.pk not in seated
    )
