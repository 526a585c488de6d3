"""Every write to the panel's hearings; those to its meetings are in ``meeting_actions``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from inspections.access.permissions import Refused, refuse
from inspections.announcements import announce
from inspections.history import action
from inspections.models import Inspection, Membership, User
from inspections.versions import Conflict, digest
from ratings.hearing_members import possible_chairs, sitting_members
from ratings.meeting_permissions import MEETINGS, SIT, unless_elsewhere
from ratings.models import (
    Attendance,
    Discretion,
    NamedChair,
    PanelHearing,
    PanelMeeting,
    SteppedAside,
    current_hearing,
    lock_for_panel,
)
from ratings.panel.readiness import (
    NotReady,
    blockers,
    interests_in,
    panel_again,
    why_meeting_cannot_hear,
    why_too_few,
)
from ratings.permissions import (
    GIVE_BACK,
    NAME_CHAIR,
    NOT_SUBMITTED,
    RECORD_ATTENDANCE,
    RECORD_OUTCOME,
    RELEASE,
    STEP_ASIDE,
    SUBMIT,
)
from ratings.service import rate_inspection


@action
def submit_to_panel(
    *, inspection: Inspection, meeting: PanelMeeting, lead_view: str, by: User
) -> PanelHearing:
    """Submit an inspection to ``meeting`` with the lead inspector's view of its ratings.

    Members who worked on the inspection are recorded as stepping aside; exactly the others
    become its panel and can see it. Raises ``Refused``, also for another panel than the one that
    gave the inspection back and for too few members for the quorum, and ``NotReady`` with
    everything that is missing.
    """
    locked = lock_for_panel(inspection)
    SUBMIT.check(by, locked)
    # Whoever changes or cancels the meeting waits, or is waited for.
    meeting = PanelMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    refuse(why_meeting_cannot_hear(meeting, panel_again(locked)))
    if missing := list(blockers(rate_inspection(locked))):
        raise NotReady(missing)
    hearing = PanelHearing.objects.create(
        meeting=meeting,
        inspection=locked,
        lead_view=lead_view,
        submitted_at=timezone.now(),
        submitted_by=by,
    )
    seat_panel(hearing, meeting.chair, list(meeting.members.all()))
    refuse(why_too_few(meeting, interests_in(locked)))
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
def name_chair(*, inspection: Inspection, chair: User, reason: str, by: User) -> None:
    """Let another member chair the current hearing, as whoever chaired it can do nothing any more.

    They record anew who is present, unless the result is sealed. Raises ``Refused``, also for
    somebody who can't chair it.
    """
    locked = lock_for_panel(inspection)
    hearing = _hearing(locked)
    NAME_CHAIR.check(by, locked)
    if chair not in possible_chairs(hearing, locked):
        raise Refused(f"{chair} can’t chair this hearing. Choose another member of its panel.")
    NamedChair.objects.create(
        hearing=hearing, chair=chair, reason=reason, named_at=timezone.now(), named_by=by
    )
    if locked.state == Inspection.State.PANEL:
        ask_for_attendance_again(locked)
    announce(locked.pk)


@action
def step_aside(*, inspection: Inspection, reason: str, by: User) -> None:
    """Record that ``by`` takes no part in the current hearing; they can't see the inspection any
    more.

    Raises ``Refused``, also when they recorded a decision already (``_decision_by``).
    """
    locked = lock_for_panel(inspection)
    hearing = _hearing(locked)
    STEP_ASIDE.check(by, locked)
    if decided := _decision_by([by], hearing):
        words = _why_they_stay(decided, hearing)
        raise Refused(f"You have {words}, so you can’t step aside now.")
    _step_aside(hearing, {by: reason})
    announce(locked.pk)


@action
def record_attendance(
    *,
    inspection: Inspection,
    present: Collection[User],
    apologies: Collection[User],
    aside: Mapping[User, str],
    seen: str,
    by: User,
) -> None:
    """Record who is there now, of the members who take part in the current hearing.

    The three name those who can sit still. Those ``aside`` step aside for the reason given.
    Recorded first, it fixes the quorum of the hearing. Recorded again, it replaces what stood
    before; decisions keep who was present when they were recorded, and nothing more is decided or
    sealed with too few. ``seen`` is the digest of the attendance that ``by`` saw. Raises
    ``Refused``, also when somebody steps aside who has recorded a decision (``_decision_by``),
    ``Conflict`` with the hearing when its attendance or its members are others by now, and
    ``ValueError`` when the three don't name each member once or the chair is not present, which no
    form sends.
    """
    locked = lock_for_panel(inspection)
    hearing = _hearing(locked)
    RECORD_ATTENDANCE.check(by, locked)
    if seen != attendance_digest(hearing):
        raise Conflict(hearing)
    named = [*present, *apologies, *aside]
    if len(named) != len(set(named)) or set(named) != set(sitting_members(hearing, locked)):
        raise ValueError("Attendance names each member who takes part once.")
    if by not in present:
        raise ValueError("Who records attendance is present.")
    if decided := _decision_by(aside, hearing):
        words = _why_they_stay(decided, hearing)
        raise Refused(f"{decided.decided_by} has {words}, so they can’t step aside now.")
    _step_aside(hearing, aside)
    if hearing.quorum is None:
        hearing.quorum = settings.PANEL_QUORUM
        hearing.save(update_fields=["quorum"])
    hearing.attendance.exclude(member__in=named).delete()
    for member in named:
        if member not in aside:
            Attendance.objects.update_or_create(
                hearing=hearing, member=member, defaults={"is_present": member in present}
            )
    announce(locked.pk)


def attendance_digest(hearing: PanelHearing) -> str:
    """Of who can sit in a hearing and what is recorded about them; another for other values."""
    recorded = {row.member_id: row.is_present for row in hearing.attendance.all()}
    sitting = sitting_members(hearing, hearing.inspection)
    return digest([hearing.pk, *((one.pk, recorded.get(one.pk)) for one in sitting)])


def ask_for_attendance_again(inspection: Inspection) -> None:
    """Nobody counts as present in the current hearing until its chair records it again: it is
    chaired by somebody else, or goes on after a seal. What was recorded stays in the history."""
    hearing = current_hearing(inspection)
    if hearing is not None:
        hearing.attendance.all().delete()


def _decision_by(people: Iterable[User], hearing: PanelHearing) -> Discretion | None:
    """A decision that keeps one of ``people`` from stepping aside: any in this hearing, and in an
    earlier one of the inspection while it stands."""
    in_it = Q(hearing=hearing) | Q(inspection=hearing.inspection_id, withdrawn_at=None)
    decided = Discretion.objects.filter(in_it, decided_by__in=people).select_related("decided_by")
    return decided.order_by("-hearing", "pk").first()


def _why_they_stay(decided: Discretion, hearing: PanelHearing) -> str:
    if decided.hearing_id == hearing.pk:
        return "recorded a decision in this hearing"
    return f"recorded a decision on this inspection that stands, about {decided.target}"


def _step_aside(hearing: PanelHearing, reasons: Mapping[User, str]) -> None:
    SteppedAside.objects.bulk_create(
        SteppedAside(hearing=hearing, member=member, reason=reason)
        for member, reason in reasons.items()
    )
    panel = hearing.inspection.memberships.filter(role=Membership.Role.PANEL_MEMBER)
    panel.filter(user__in=reasons).delete()


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


def seat_panel(hearing: PanelHearing, chair: User, members: Sequence[User]) -> None:
    """Make ``members`` the panel of the hearing's inspection, by their memberships, but for those
    with an interest, who step aside.

    Raises ``Refused`` when the chair has one, or when somebody can't sit in a panel.
    """
    inspection = hearing.inspection
    for member in members:
        # Of a meeting that was arranged before somebody in it was made administrator.
        refuse(unless_elsewhere(member, MEETINGS))
    SIT.check(chair, MEETINGS)
    interests = interests_in(inspection)
    if chair.pk in interests:
        raise Refused(
            f"{chair} chairs this meeting and has a part in the inspection of "
            f"{inspection.service}. Choose a meeting with another chair."
        )
    known = set(hearing.stepped_aside.values_list("member", flat=True))
    SteppedAside.objects.bulk_create(
        SteppedAside(hearing=hearing, member=member, reason=interests[member.pk])
        for member in members
        if member.pk in interests.keys() - known
    )
    seated = [member for member in members if member.pk not in interests]
    panel = inspection.memberships.filter(role=Membership.Role.PANEL_MEMBER)
    panel.exclude(user__in=seated).delete()
    sitting = set(panel.values_list("user", flat=True))
    Membership.objects.bulk_create(
        Membership(inspection=inspection, user=member, role=Membership.Role.PANEL_MEMBER)
        for member in seated
        if member.pk not in sitting
    )


ANY_PANEL = "Any panel can hear this inspection."


@action
def release_from_panel(*, inspection: Inspection, reason: str, by: User) -> None:
    """Let another panel hear an inspection that was given back. Raises ``Refused``."""
    locked = lock_for_panel(inspection)
    RELEASE.check(by, locked)
    hearing = panel_again(locked)
    if hearing is None:
        raise Refused(ANY_PANEL)
    hearing.released_at, hearing.released_by = timezone.now(), by
    hearing.released_reason = reason
    hearing.save(update_fields=["released_at", "released_by", "released_reason"])
    announce(locked.pk)
