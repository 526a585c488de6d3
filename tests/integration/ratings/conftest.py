"""An inspection at the ratings panel."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.utils import timezone

from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings.models import PanelHearing, PanelMeeting
from tests import build
from tests.conftest import live_pages_end
from tests.integration.ratings.figures import fill


def hear(inspection: Inspection, lead: User, chair: User) -> PanelHearing:
    """The inspection before a panel of one that meets today."""
    now = timezone.now()
    meeting = PanelMeeting.objects.create(
        meeting_date=timezone.localdate(), chair=chair, arranged_at=now, arranged_by=lead
    )
    meeting.seats.create(member=chair)
    return PanelHearing.objects.create(
        meeting=meeting,
        inspection=inspection,
        lead_view="3.1 rests on one key question.",
        submitted_at=now,
        submitted_by=lead,
    )


__all__ = ["live_pages_end"]


@dataclass(frozen=True)
class People:
    lead: User
    inspector: User
    panel: User
    outsider: User


@dataclass(frozen=True)
class AtPanel:
    inspection: Inspection
    people: People


@pytest.fixture
def at_panel(db: None) -> AtPanel:
    """An inspection with the panel: 3.1 computed Inadequate, from 3.1.2 at 4 of 10 cases,
    qualitative standards Good, the rest Outstanding: 28 of 36, Good."""
    inspection = build.inspection()
    people = People(
        lead=build.lead_inspector(inspection),
        inspector=build.inspector(inspection),
        panel=build.panel_member(inspection, "Panel member"),
        outsider=build.user("Outsider"),
    )
    fill(inspection, people.inspector, yes={"3.1.2": 4}, judged={"3.4": Rating.GOOD})
    inspection.state = Inspection.State.PANEL
    inspection.save()
    hear(inspection, people.lead, people.panel)
    return AtPanel(inspection, people)
