"""Who arranges meetings of the ratings panel and sits in them: rows of the table of permissions."""

from __future__ import annotations

from inspections.access.permissions import ADMINISTRATOR, ANY, Permission
from inspections.models import Membership, User
from inspections.permissions import LEADS, leads
from ratings.models import PanelMeeting, PanelSeat

Role = Membership.Role

ACCOUNT_HOLDER = "ACCOUNT_HOLDER"


class Meetings:
    """The panel's meetings as a subject of permissions; they belong to no inspection."""

    inspection_state = case_state = ""

    def roles_of(self, user: User) -> frozenset[str]:
        if user.is_staff:
            return frozenset({ADMINISTRATOR})
        if user.home_service_id is not None:
            return frozenset({Role.LOCAL_ASSESSOR})
        return frozenset({ACCOUNT_HOLDER} if user.is_active else ())


MEETINGS = Meetings()


def _leads_any(user: User, _: Meetings) -> frozenset[str]:
    leads_one = user.memberships.filter(role__in=LEADS).exists()
    return frozenset({Role.LEAD_INSPECTOR} if leads_one else ())


ARRANGE = Permission(
    action="ARRANGE",
    who={ADMINISTRATOR: ANY, **leads(ANY)},
    refusal="Only lead inspectors and administrators arrange meetings of the ratings panel.",
    extra_roles=_leads_any,
)
"""Lead inspectors need a meeting to submit to."""


def until_it_has_begun(user: User, meeting: PanelMeeting) -> str | None:
    if meeting.is_cancelled:
        return "This meeting was cancelled."
    if meeting.has_begun():
        return (
            "This meeting has heard an inspection, so it can’t change any more. Only its "
            "conclusions can be added."
        )
    return None


CHANGE_MEETING = Permission(
    action="CHANGE_MEETING",
    who={ADMINISTRATOR: ANY, PanelMeeting.ARRANGED_IT: ANY, PanelMeeting.CHAIRS_IT: ANY},
    refusal="Only the chair, whoever arranged the meeting and administrators change or cancel it.",
    check_last=until_it_has_begun,
)
"""Also cancelling it."""


ONLOOKERS = frozenset({Role.OBSERVER, Role.PUBLISHER})
NOT_FOR_ONLOOKERS = "Local assessors, observers and publishers see no pages of the ratings panel."


def unless_onlooker(user: User, _: Meetings) -> str | None:
    """Somebody who is observer or publisher and nothing else, and sits in no meeting either."""
    if user.is_staff:
        return None
    parts = set(user.memberships.order_by().values_list("role", flat=True))
    if not parts or parts - ONLOOKERS or PanelSeat.objects.filter(member=user).exists():
        return None
    return NOT_FOR_ONLOOKERS


SEE_MEETINGS = Permission(
    action="SEE_MEETINGS",
    who={ADMINISTRATOR: ANY, ACCOUNT_HOLDER: ANY},
    refusal=NOT_FOR_ONLOOKERS,
    check_last=unless_onlooker,
)
"""The list of meetings, each person's own alone but for those who arrange them."""


def unless_elsewhere(person: User, _: Meetings) -> str | None:
    if person.is_staff:
        return f"{person} is an administrator, who sees no evidence and so sits in no panel."
    if person.home_service_id is not None:
        return f"{person} is on loan from a service and so sits in no panel."
    return None


SIT = Permission(
    action="SIT",
    who={ACCOUNT_HOLDER: ANY},
    refusal="Somebody whose account is closed sits in no panel.",
    check_first=unless_elsewhere,
)
"""Being a member of meetings. People who worked on an inspection step aside from it."""
