"""Who sees ratings, and who decides professional discretion."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format

from inspections.access.permissions import refuse
from inspections.models import Inspection, Membership, User
from inspections.permissions import SEE_RATINGS
from ratings.panel.hearings import current_hearing, why_aside

Role = Membership.Role
State = Inspection.State


def why_not_see_ratings(user: User, inspection: Inspection) -> str | None:
    """As for judgements: inspectors wait until fieldwork has closed."""
    return SEE_RATINGS.why_not(user, inspection)


def can_see_ratings(user: User, inspection: Inspection) -> bool:
    return why_not_see_ratings(user, inspection) is None


def check_see_ratings(user: User, inspection: Inspection) -> None:
    refuse(why_not_see_ratings(user, inspection))


def why_not_decide(user: User, inspection: Inspection) -> str | None:
    """Professional discretion is the ratings panel's (method.md, Professional discretion).

    It decides in a hearing, from the day of the meeting on. Whoever steps aside doesn't, nor
    does one who was put on the panel without a seat in that meeting: the record of a
    decision names those present.
    """
    if reason := why_aside(user, inspection):
        return f"You step aside from this hearing, so you take no part in it: {reason}"
    if inspection.role_of(user) != Role.PANEL_MEMBER:
        return "Only a member of this inspection's ratings panel decides discretion."
    if inspection.state == State.SEALED:
        return "The result is sealed, so no decision can change."
    if inspection.state != State.PANEL:
        return "The lead inspector has not submitted this inspection to the panel yet."
    hearing = current_hearing(inspection)
    if hearing is None:
        return "This inspection has not been submitted to a meeting of the ratings panel."
    if not hearing.meeting.seats.filter(member=user).exists():
        return "You are not a member of the meeting that hears this inspection."
    if hearing.meeting.meeting_date > timezone.localdate():
        day = date_format(hearing.meeting.meeting_date, "j F Y")
        return f"The panel meets on {day}. It decides from that day on."
    return None


def can_decide(user: User, inspection: Inspection) -> bool:
    return why_not_decide(user, inspection) is None


def check_decide(user: User, inspection: Inspection) -> None:
    refuse(why_not_decide(user, inspection))
