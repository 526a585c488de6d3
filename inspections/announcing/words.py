"""Set-up in words: ``{% load announcing_words %}``."""

from __future__ import annotations

from django import template
from django.template import Context

from inspections.models import Inspection, Membership
from inspections.permissions import ANNOUNCE, SEARCH_HISTORY, SETUP

register = template.Library()


@register.simple_tag(takes_context=True)
def sets_up(context: Context) -> bool:
    """Whether the reader keeps services and announces inspections."""
    return ANNOUNCE.can(context["user"], SETUP)


@register.simple_tag(takes_context=True)
def searches_history(context: Context) -> bool:
    """Whether the reader searches the record of who did what."""
    return SEARCH_HISTORY.can(context["user"], SETUP)


@register.filter
def lead(inspection: Inspection) -> str:
    """The lead inspector's name, of the team that is loaded with it; empty if there is none."""
    role = Membership.Role.LEAD_INSPECTOR
    return next((str(one.user) for one in inspection.memberships.all() if one.role == role), "")


@register.filter
def ratings_words(inspection: Inspection) -> str:
    if inspection.gives_ratings:
        return "Each standard and the service are rated"
    return "None: evidence and findings are recorded, and nothing is rated"
