"""Loading an inspection for the panel's pages, and their breadcrumbs."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from django.urls import reverse

from inspections.access.permissions import Permission
from inspections.models import Inspection, User
from ratings.models import PanelHearing, PanelMeeting, current_hearing, hearings
from ratings.permissions import SEE_PANEL
from ratings.unrated import load_rated

HAS_BEGUN = ("hearings__discretions", "seal_agreements")
"""Relations that GIVE_BACK needs besides the hearings."""


def load_for_panel(
    user: User,
    inspection_id: int,
    *to: Permission,
    also: Iterable[str] = (),
    see: Permission = SEE_PANEL,
) -> Inspection:
    """The inspection with its hearings, for people who may ``see`` that and do all of ``to``."""
    relations = [*hearings(), *also]
    inspection = load_rated(user, inspection_id, to=see, also=relations)
    for permission in to:
        permission.check(user, inspection)
    return inspection


def load_heard(user: User, inspection_id: int, to: Permission) -> tuple[Inspection, PanelHearing]:
    """The inspection and its current hearing, for people who may do ``to`` in it. Raises
    ``Http404`` where no meeting hears it."""
    inspection = load_for_panel(user, inspection_id)
    hearing = current_hearing(inspection)
    if hearing is None:
        raise Http404("No meeting hears this inspection.")
    to.check(user, inspection)
    return inspection, hearing


def crumbs_to(inspection: Inspection, title: str) -> list[tuple[str, str]]:
    return [("Panel", url_of("panel", inspection)), (title, "")]


def crumbs_to_meeting(meeting: PanelMeeting, title: str) -> list[tuple[str, str]]:
    return [
        ("Panel meetings", reverse("ratings:meetings")),
        (f"{meeting.meeting_date:%-d %B %Y}", reverse("ratings:meeting", args=[meeting.pk])),
        (title, ""),
    ]


def url_of(name: str, inspection: Inspection, *more: object) -> str:
    return reverse(f"ratings:{name}", args=[inspection.pk, *more])
