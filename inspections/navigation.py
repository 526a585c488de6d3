"""The ways between the pages of one inspection."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from inspections import policies
from inspections.models import Inspection, User


@dataclass(frozen=True, slots=True)
class Link:
    """``is_here`` marks the part of the inspection that the page belongs to."""

    text: str
    href: str
    is_here: bool = False


def navigation(inspection: Inspection, user: User, here: str) -> list[Link]:
    """The parts of ``inspection`` that ``user`` may open; ``here`` is a URL name among them."""
    parts = {
        "cases:home": "Overview",
        "cases:cases": "Cases",
        "ratings:evidence": "Evidence",
    }
    if policies.can_see_judgements(user, inspection):
        parts |= {
            "inspections:judgements": "Judgements",
            "ratings:ratings": "Ratings",
            "ratings:panel": "Panel",
            "ratings:seal": "Seal",
        }
    return [
        Link(text, reverse(name, args=[inspection.pk]), name == here)
        for name, text in parts.items()
    ]


def crumbs(inspection: Inspection, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the first page to a page of ``inspection``, as text and address."""
    return [
        ("My inspections", reverse("cases:inspections")),
        (str(inspection.service), inspection.get_absolute_url()),
        *further,
    ]
