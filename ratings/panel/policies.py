"""Who arranges meetings, submits inspections to them and steps aside."""

from __future__ import annotations

from inspections.access.permissions import refuse
from inspections.models import Inspection, Membership, User
from ratings.models import PanelHearing
from ratings.panel.hearings import current_hearing

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


def why_not_sit(person: User) -> str | None:
    """Whoever has an account may sit in a panel, but not administrators: they keep the
    service and see no evidence. Who has a part in an inspection steps aside from it."""
    if person.is_staff:
        return f"{person} is an administrator, who sees no evidence and so sits in no panel."
    if not person.is_active:
        return f"The account of {person} is closed."
    return None


def check_sit(person: User) -> None:
    refuse(why_not_sit(person))


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


def why_not_give_back(user: User, inspection: Inspection) -> str | None:
    """The lead inspector takes an inspection back until the panel has begun; then the chair
    gives it back.

    Otherwise a lead could look for a panel that decides as they would like. And an error
    that the panel finds must have a way to be put right.
    """
    hearing = current_hearing(inspection)
    is_lead = inspection.role_of(user) == Role.LEAD_INSPECTOR
    is_chair = hearing is not None and hearing.meeting.chair_id == user.pk
    if not is_lead and not is_chair:
        return "Only the lead inspector and the chair of the panel give an inspection back."
    if inspection.state != State.PANEL:
        return "The ratings panel doesn't have this inspection now."
    if is_chair or hearing is None:
        return None
    if hearing.discretions.standing().exists():
        return (
            f"The panel has decided on a rating already. {hearing.meeting.chair}, who chairs it, "
            "can give the inspection back."
        )
    if inspection.seal_agreements.filter(agreed_at__gte=hearing.submitted_at).exists():
        return (
            f"A result has been agreed to already. {hearing.meeting.chair}, who chairs the panel, "
            "can give the inspection back."
        )
    return None


def can_give_back(user: User, inspection: Inspection) -> bool:
    return why_not_give_back(user, inspection) is None


def check_give_back(user: User, inspection: Inspection) -> None:
    refuse(why_not_give_back(user, inspection))


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


def can_note_outcome(user: User, hearing: PanelHearing) -> bool:
    return why_not_note_outcome(user, hearing) is None


def check_note_outcome(user: User, hearing: PanelHearing) -> None:
    refuse(why_not_note_outcome(user, hearing))
