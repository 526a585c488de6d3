"""The ways between pages: `{% load site %}`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from inspections.models import Inspection
from inspections.permissions import SEE_RATINGS
from inspections.presenters import Link, Tag

register = template.Library()

PARTS = {
    "site:home": "Overview",
    "cases:cases": "Cases",
    "ratings:evidence": "Evidence",
    "ratings:judgements": "Judgements",
    "ratings:ratings": "Ratings",
    "ratings:panel": "Panel",
    "ratings:seal": "Seal",
}
"""The parts of an inspection, by the name of each part's first page."""

WITH_RATINGS = frozenset({"ratings:judgements", "ratings:ratings", "ratings:panel", "ratings:seal"})
"""Those for people who may see ratings."""


@register.inclusion_tag("inspections/heading.html", takes_context=True)
def inspection_heading(
    context: Context, here: str, page: str = "", state: Tag | None = None
) -> dict[str, Any]:
    """What every main page of an inspection begins with: its name and the inspection's parts.

    ``here`` is the part that the page belongs to; ``page`` is empty on the inspection's home.
    """
    inspection: Inspection = context["inspection"]
    sees_ratings = SEE_RATINGS.can(context["user"], inspection)
    links = [
        Link(text, reverse(name, args=[inspection.pk]), name == here)
        for name, text in PARTS.items()
        if sees_ratings or name not in WITH_RATINGS
    ]
    return {"inspection": inspection, "links": links, "page": page, "state": state}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(
    crumbs: Iterable[tuple[str, str]], inspection: Inspection | None = None
) -> dict[str, Any]:
    """The way from the first page to this one; ``crumbs`` are the pages below the inspection's
    home, or below the first page where there is no inspection, as text and address."""
    way = [("My inspections", reverse("site:inspections"))]
    if inspection is not None:
        way.append((str(inspection.service), inspection.get_absolute_url()))
    return {"crumbs": [*way, *crumbs]}
