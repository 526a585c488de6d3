"""The help pages, each for one role; everybody who is signed in may read all of them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.site.help.abilities import PAGE_OF, PAGES, RoleHelp
from inspections.access.permissions import ADMINISTRATOR
from inspections.access.requests import SignedInRequest
from inspections.models import Inspection, Membership, User

Role = Membership.Role


@require_GET
def help_page(request: SignedInRequest, role: str = "") -> HttpResponse:
    """The page of ``role``, or without one that of the reader's own; of several the first."""
    own = own_pages(request.user)
    if role and role not in PAGE_OF:
        raise Http404
    shown = PAGE_OF[role] if role else next(iter(own), None)
    context = {
        "shown": shown,
        "own": own,
        "others": [page for page in PAGES if page not in own],
        "leads": lead_inspectors(request.user),
    }
    return render(request, "site/help/page.html", context)


def own_pages(user: User) -> list[RoleHelp]:
    """Those of the roles that ``user`` has anywhere."""
    roles = set(user.memberships.order_by().values_list("role", flat=True).distinct())
    if user.is_staff:
        roles.add(ADMINISTRATOR)
    if user.home_service_id is not None:
        roles.add(Role.LOCAL_ASSESSOR)
    return [page for page in PAGES if not roles.isdisjoint(page.roles)]


def lead_inspectors(user: User) -> list[tuple[User | None, list[Inspection]]]:
    """The lead inspectors of the inspections that ``user`` takes part in, with these inspections,
    those under way first. The home of an inspection names them to everybody who sees it."""
    mine = Inspection.objects.visible_to(user).under_way_first().with_team()
    found: dict[User | None, list[Inspection]] = {}
    for inspection in mine:
        found.setdefault(_lead(inspection), []).append(inspection)
    return list(found.items())


def _lead(inspection: Inspection) -> User | None:
    members = inspection.memberships.all()
    return next((one.user for one in members if one.role == Role.LEAD_INSPECTOR), None)
