"""Who arranges meetings of the ratings panel and sits in them: rows of the table of permissions."""

from __future__ import annotations

from inspections.access.permissions import ADMINISTRATOR, ANY, Permission
from inspections.models import Membership, User
from inspections.permissions import LEADS, leads
from ratings.models import PanelSeat

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
