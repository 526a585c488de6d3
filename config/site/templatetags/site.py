"""Navigation between pages, and an inspection's state and team: `{% load site %}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format

from cases.permissions import SEE_CASES, SEE_SAMPLING
from inspections.access.permissions import Permission
from inspections.models import Inspection, Membership
from inspections.permissions import SEE_RATINGS, SEE_SET_UP
from inspections.words import Tag
from ratings.permissions import SEE_EVIDENCE, SEE_FINDINGS, SEE_PANEL, SEE_SEAL
from ratings.retention_permissions import SEE_CERTIFICATE

register = template.Library()

SECTIONS: dict[str, tuple[str, Permission | None]] = {
    "site:home": ("Overview", None),
    "inspections:announcement": ("Set-up", SEE_SET_UP),
    "cases:sample": ("Samples", SEE_SAMPLING),
    "cases:cases": ("Cases", SEE_CASES),
    "ratings:evidence": ("Evidence", SEE_EVIDENCE),
    "ratings:judgements": ("Judgements", SEE_FINDINGS),
    "ratings:ratings": ("Ratings", SEE_RATINGS),
    "ratings:panel": ("Panel", SEE_PANEL),
    "ratings:seal": ("Seal", SEE_SEAL),
}
"""The sections of an inspection's pages, by the name of each one's first page, and what permits to
open it."""

AFTER_REMOVAL = frozenset({"site:home", "inspections:announcement", "ratings:seal"})
"""Sections that are left once the case content was removed."""

OF_RATED_INSPECTIONS = frozenset({"ratings:judgements", "ratings:panel", "ratings:seal"})
"""Sections of inspections that give ratings; the page of ratings says that others give none."""


@register.inclusion_tag("site/heading.html", takes_context=True)
def inspection_heading(context: Context, here: str, page: str = "") -> dict[str, Any]:
    """The heading of every main page of an inspection: its name and the sections.

    ``here`` is the section that the page belongs to; ``page`` is empty on the inspection's home.
    """
    inspection: Inspection = context["inspection"]
    if inspection.role_of(context["user"]) is None:
        # An administrator, who sees the set-up alone.
        return {"inspection": inspection, "links": [], "page": page}
    links = [
        (text, reverse(name, args=[inspection.pk]), name == here)
        for name, (text, to) in SECTIONS.items()
        if (to is None or to.can(context["user"], inspection))
        and (inspection.gives_ratings or name not in OF_RATED_INSPECTIONS)
        and (inspection.certificate is None or name in AFTER_REMOVAL)
    ]
    sees_seal = SEE_SEAL.can(context["user"], inspection)
    return {
        "inspection": inspection,
        "links": links,
        "page": page,
        "sees_seal": sees_seal,
        "sees_certificate": SEE_CERTIFICATE.can(context["user"], inspection),
    }


@register.inclusion_tag("components/breadcrumbs.html", takes_context=True)
def breadcrumbs(
    context: Context, crumbs: Iterable[tuple[str, str]], inspection: Inspection | None = None
) -> dict[str, Any]:
    """Breadcrumbs from the first page to this one; ``crumbs`` are text and address of the pages
    below the inspection's home, or below the first page if there is no inspection."""
    way = [("My inspections", reverse("site:inspections"))]
    if inspection is not None and inspection.role_of(context["user"]) is None:
        # An administrator, for whom its home doesn't exist.
        way.append(("All inspections", reverse("inspections:announcements")))
        address = reverse("inspections:announcement", args=[inspection.pk])
        way.append((str(inspection.service), address))
        crumbs = [crumb for crumb in crumbs if crumb[1] != address]
    elif inspection is not None:
        way.append((str(inspection.service), inspection.get_absolute_url()))
    return {"crumbs": [*way, *crumbs]}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page) -> dict[str, Any]:
    """Links to the other pages of a list; they keep the other parameters of the address."""
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": numbers, "address": f"?{asked.urlencode()}&page="}


STATE_COLOURS = {
    Inspection.State.ANNOUNCED: "grey",
    Inspection.State.PREPARATION: "turquoise",
    Inspection.State.FIELDWORK: "blue",
    Inspection.State.REVIEW: "yellow",
    Inspection.State.PANEL: "purple",
    Inspection.State.SEALED: "grey",
}


@register.inclusion_tag("components/status_tag.html")
def inspection_state(inspection: Inspection) -> dict[str, Tag]:
    """The state of an inspection."""
    state = Inspection.State(inspection.state)
    return {"status": Tag(state.label, STATE_COLOURS[state])}


@register.filter
def role_label(role: str | None) -> str:
    """“Lead inspector”; nothing for somebody without a role."""
    return Membership.Role(role).label if role else ""


@register.filter
def fieldwork(inspection: Inspection) -> str:
    """Its dates: “3 May 2021 to 14 May 2021”."""
    start, end = inspection.fieldwork_start_date, inspection.fieldwork_end_date
    words = [date_format(day, "j F Y") for day in (start, end) if day is not None]
    if len(words) == 1:
        return f"From {words[0]}" if end is None else f"Until {words[0]}"
    return " to ".join(words) or "Not set"


@register.filter
def team(inspection: Inspection) -> Iterator[tuple[str, str]]:
    """The people of an inspection by their role."""
    labels = {
        Membership.Role.LEAD_INSPECTOR: "Lead inspector",
        Membership.Role.DEPUTY_LEAD: "Deputy lead inspectors",
        Membership.Role.INSPECTOR: "Inspectors",
        Membership.Role.LOCAL_ASSESSOR: "Local assessors",
        Membership.Role.REVIEWER: "Quality reviewers",
        Membership.Role.PANEL_MEMBER: "Ratings panel",
        Membership.Role.OBSERVER: "Observers",
        Membership.Role.PUBLISHER: "Publishers",
    }
    named_if_none = {
        Membership.Role.LEAD_INSPECTOR,
        Membership.Role.INSPECTOR,
        Membership.Role.PANEL_MEMBER,
    }
    members = list(inspection.memberships.all())
    for role, label in labels.items():
        people = [str(member.user) for member in members if member.role == role]
        if people or role in named_if_none:
            yield label, ", ".join(people) or "Not assigned"
