"""Who agrees to a seal and who reopens it."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format

from inspections.access.permissions import refuse
from inspections.models import Inspection, Membership, User
from ratings.models import Part
from ratings.panel.hearings import current_hearing

State = Inspection.State


def part_of(user: User, inspection: Inspection) -> Part | None:
    """Whose agreement ``user``'s would be: the lead inspector's, or that of the chair of
    the hearing that counts."""
    role = inspection.role_of(user)
    if role == Membership.Role.LEAD_INSPECTOR:
        return Part.LEAD_INSPECTOR
    if role == Membership.Role.PANEL_MEMBER:
        hearing = current_hearing(inspection)
        if hearing is not None and hearing.meeting.chair_id == user.pk:
            return Part.CHAIR
    return None


def why_not_yet(inspection: Inspection) -> str | None:
    """Nobody agrees to what the panel is still to hear."""
    hearing = current_hearing(inspection)
    if hearing is not None and hearing.meeting.meeting_date > timezone.localdate():
        day = date_format(hearing.meeting.meeting_date, "j F Y")
        return f"The panel meets on {day}. The result can be agreed to from that day on."
    return None


def why_not_agree(user: User, inspection: Inspection) -> str | None:
    """The lead inspector and the chair agree to seal what the panel has heard."""
    if part_of(user, inspection) is None:
        if current_hearing(inspection) is None:
            return "This inspection has not been submitted to a meeting of the ratings panel."
        return "Only the lead inspector and the chair of the panel agree to seal a result."
    if inspection.state == State.SEALED:
        return "The result is sealed already."
    if inspection.state != State.PANEL or current_hearing(inspection) is None:
        return "This inspection has not been submitted to a meeting of the ratings panel."
    return why_not_yet(inspection)


def can_agree(user: User, inspection: Inspection) -> bool:
    return why_not_agree(user, inspection) is None


def check_agree(user: User, inspection: Inspection) -> None:
    refuse(why_not_agree(user, inspection))


def why_not_reopen(user: User, inspection: Inspection) -> str | None:
    """Reopening is an act of the chair."""
    if inspection.state != State.SEALED:
        return "The result is not sealed."
    if part_of(user, inspection) is not Part.CHAIR:
        return "Only the chair of the panel reopens a sealed result."
    return None


def can_reopen(user: User, inspection: Inspection) -> bool:
    return why_not_reopen(user, inspection) is None


def check_reopen(user: User, inspection: Inspection) -> None:
    refuse(why_not_reopen(user, inspection))
