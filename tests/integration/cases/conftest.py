"""One inspection in fieldwork with somebody in every part, for the tests of its pages."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from cases.models import Case
from inspections.models import Inspection, User
from tests import build


@dataclass
class Team:
    """A court case allocated to Ada, on an inspection that the outsider isn't on."""

    inspection: Inspection
    lead: User
    ada: User
    grace: User
    panel: User
    outsider: User
    case: Case

    @property
    def home(self) -> str:
        return f"/inspections/{self.inspection.pk}/"

    @property
    def case_page(self) -> str:
        return f"{self.home}cases/{self.case.pk}/"

    def record_page(self, standard: str = "2.1") -> str:
        return f"{self.case_page}{standard}/"


@pytest.fixture
def team(db: None) -> Team:
    return make_team()


def make_team(edition: str = "2021") -> Team:
    inspection = build.inspection(edition)
    ada = build.inspector(inspection, "Ada Inspector")
    return Team(
        inspection=inspection,
        lead=build.lead_inspector(inspection, "Priya Lead"),
        ada=ada,
        grace=build.inspector(inspection, "Grace Inspector"),
        panel=build.panel_member(inspection, "Pat Panel"),
        outsider=build.inspector(build.inspection(), "Otto Outsider"),
        case=build.case(inspection, to=ada, reference="C-001"),
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
