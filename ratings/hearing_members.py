"""Who sits in a hearing of the ratings panel, who is there, and whether its chair can act."""

from __future__ import annotations

from inspections.models import Inspection, Membership, User
from ratings.meeting_permissions import MEETINGS, SIT
from ratings.models import PanelHearing

Role = Membership.Role


def why_chair_cannot_act(hearing: PanelHearing, inspection: Inspection) -> str | None:
    """Why whoever chairs the hearing can do nothing in it any more, in words, or ``None``."""
    chair = hearing.chair
    if not chair.is_active:
        return f"{chair} chairs this hearing, and their account is closed."
    if why_not := SIT.why_not(chair, MEETINGS):
        return f"{chair} chairs this hearing. {why_not}"
    if chair not in hearing.members or inspection.role_of(chair) != Role.PANEL_MEMBER:
        return f"{chair} chairs this hearing and is no longer on this inspection’s panel."
    return None


def sitting_members(hearing: PanelHearing, inspection: Inspection) -> list[User]:
    """The members of the hearing who can sit in it still: on the inspection's panel, with an
    account that sits in panels."""
    return [
        member
        for member in hearing.members
        if inspection.role_of(member) == Role.PANEL_MEMBER and SIT.can(member, MEETINGS)
    ]


def possible_chairs(hearing: PanelHearing, inspection: Inspection) -> list[User]:
    """The members of the hearing who can chair it in place of whoever can't."""
    return [one for one in sitting_members(hearing, inspection) if one != hearing.chair]


def present_members(hearing: PanelHearing, inspection: Inspection) -> list[User]:
    """Those recorded as present who can sit still. The database counts the same people
    (``ratings.models.quorum``)."""
    sitting = sitting_members(hearing, inspection)
    return [one for one in hearing.present if one in sitting]
