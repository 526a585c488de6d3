"""Who sees ratings, and who decides professional discretion."""

from __future__ import annotations

from inspections.models import Inspection, Membership, User
from inspections.policies import refuse, why_not_see_judgements

Role = Membership.Role
State = Inspection.State


def why_not_see_ratings(user: User, inspection: Inspection) -> str | None:
    """As for judgements: inspectors wait until fieldwork has closed."""
    return why_not_see_judgements(user, inspection)


def can_see_ratings(user: User, inspection: Inspection) -> bool:
    return why_not_see_ratings(user, inspection) is None


def check_see_ratings(user: User, inspection: Inspection) -> None:
    refuse(why_not_see_ratings(user, inspection))


def why_not_decide(user: User, inspection: Inspection) -> str | None:
    """Professional discretion is the ratings panel's (method.md, Professional discretion)."""
    if inspection.role_of(user) != Role.PANEL_MEMBER:
        return "Only a member of this inspection's ratings panel decides discretion."
    if inspection.state == State.SEALED:
        return "The result is sealed, so no decision can change."
    if inspection.state != State.PANEL:
        return "The lead inspector has not submitted this inspection to the panel yet."
    return None


def can_decide(user: User, inspection: Inspection) -> bool:
    return why_not_decide(user, inspection) is None


def check_decide(user: User, inspection: Inspection) -> None:
    refuse(why_not_decide(user, inspection))
