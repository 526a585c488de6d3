"""Who arranges meetings, submits inspections to them and steps aside."""

from __future__ import annotations

from inspections.models import Inspection, Membership, User
from inspections.policies import refuse
from ratings.models import PanelHearing

Role = Membership.Role
State = Inspection.State


def why_not_arrange(user: User) -> str | None:
    """Administrators arrange meetings, and lead inspectors, who need one to submit to."""
    if user.is_staff or user.memberships.filter(role=Role.LEAD_INSPECTOR).exists():
        return None
    return "Only lead inspectors and administrators arrange meetings of the ratings panel."


def can_arrange(user: User) -> bool:
    return why_not_arrange(user) is None


def check_arrange(user: User) -> None:
    refuse(why_not_arrange(user))


def why_not_submit(user: User, inspection: Inspection) -> str | None:
    """The lead inspector submits once the case evidence is closed."""
    if inspection.role_of(user) != Role.LEAD_INSPECTOR:
        return "Only the lead inspector submits an inspection to the ratings panel."
    if inspection.state == State.FIELDWORK:
        return "Close fieldwork before you submit the inspection to the ratings panel."
    if inspection.state == State.PANEL:
        return "This inspection is with the ratings panel already. Take it back first."
    if inspection.state == State.SEALED:
        return "The result is sealed."
    return None


def can_submit(user: User, inspection: Inspection) -> bool:
    return why_not_submit(user, inspection) is None


def check_submit(user: User, inspection: Inspection) -> None:
    refuse(why_not_submit(user, inspection))


def why_not_step_aside(user: User, hearing: PanelHearing) -> str | None:
    """A member declares their own interest while the panel has the inspection."""
    if hearing.inspection.state != State.PANEL:
        return "The ratings panel doesn't have this inspection now."
    if hearing.inspection.role_of(user) != Role.PANEL_MEMBER:
        return "You take no part in this hearing."
    if hearing.meeting.chair_id == user.pk:
        return "The chair can't step aside. The lead inspector submits to another meeting instead."
    return None


def can_step_aside(user: User, hearing: PanelHearing) -> bool:
    return why_not_step_aside(user, hearing) is None


def check_step_aside(user: User, hearing: PanelHearing) -> None:
    refuse(why_not_step_aside(user, hearing))


def why_not_note_outcome(user: User, hearing: PanelHearing) -> str | None:
    """The chair notes what the panel came to."""
    if hearing.meeting.chair_id != user.pk:
        return "Only the chair of the meeting notes its outcome."
    if hearing.inspection.state != State.PANEL:
        return "The ratings panel doesn't have this inspection now."
    return None


def check_note_outcome(user: User, hearing: PanelHearing) -> None:
    refuse(why_not_note_outcome(user, hearing))
