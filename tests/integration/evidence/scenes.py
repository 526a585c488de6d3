"""Findings and evidence as the tests need them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from inspections.models import Inspection, User
from ratings.evidence.actions import add_evidence, add_finding
from ratings.models import Evidence, Finding
from tests import build

DETAILS: dict[str, dict[str, Any]] = {
    "DOCUMENT": {"title": "Youth justice plan", "evidence_date": None},
    "MEETING": {
        "title": "Management board",
        "evidence_date": date(2026, 3, 12),
        "roles": "chair of the board",
    },
    "SURVEY": {"title": "Survey of staff", "sent": 20, "returned": 12},
    "INTERVIEW": {
        "title": "Workloads",
        "evidence_date": date(2026, 3, 13),
        "roles": "operational manager",
    },
    "CASE_DATA": {"title": "2.1.1", "case_question": "2.1.1"},
}
"""What evidence of each kind holds."""


@dataclass(frozen=True)
class Scene:
    inspection: Inspection
    lead: User
    inspector: User
    panel: User

    @property
    def home(self) -> str:
        return f"/inspections/{self.inspection.pk}/"

    def fresh(self) -> Inspection:
        return Inspection.objects.get(pk=self.inspection.pk)

    def evidence(
        self, kind: str = "MEETING", *under: str, by: User | None = None, **more: Any
    ) -> Evidence:
        return add_evidence(
            inspection=self.inspection,
            kind=kind,
            details=DETAILS[kind] | more,
            key_questions=under or ("1.1.1",),
            by=by or self.lead,
        )

    def finding(
        self, text: str = "Found.", kind: str = "STRENGTH", rests_on: tuple[int, ...] = ()
    ) -> Finding:
        return add_finding(
            inspection=self.inspection,
            key_question="1.1.1",
            kind=kind,
            text=text,
            rests_on=rests_on,
            by=self.lead,
        )

    def get(self, person: User, address: str) -> Any:
        return client_of(person).get(self.home + address)

    def post(self, person: User, address: str, **data: Any) -> Any:
        return client_of(person).post(self.home + address, data)


def scene(edition: str = "2021", state: str = "FIELDWORK") -> Scene:
    """An inspection with its lead, an inspector and a member of its panel."""
    inspection = build.inspection(edition, state=state)
    return Scene(
        inspection,
        build.lead_inspector(inspection),
        build.inspector(inspection),
        build.panel_member(inspection),
    )


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(response: Any) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
