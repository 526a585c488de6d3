"""What the lead inspector of the invented inspection has found so far, and from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from inspections.models import Inspection, User
from ratings.evidence.forms import case_data_title
from ratings.models import Evidence, EvidenceUse, Finding, FindingSupport

Kind = Evidence.Kind
STRENGTH, AREA = Finding.Kind.STRENGTH, Finding.Kind.AREA_FOR_IMPROVEMENT


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """Evidence; ``day`` counts from the first day of fieldwork."""

    kind: str
    title: str
    under: tuple[str, ...]
    day: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


EVIDENCE: Mapping[str, EvidenceItem] = {
    "plan": EvidenceItem(
        Kind.DOCUMENT,
        "Youth justice plan",
        ("1.1.1", "1.3.1"),
        -160,
        {"notes": "Three priorities, each with a measure. Education stands first."},
    ),
    "minutes": EvidenceItem(
        Kind.DOCUMENT,
        "Minutes of the management board, last four meetings",
        ("1.1.1", "1.1.2"),
        -20,
        {"notes": "Health was absent from three of the four meetings."},
    ),
    "board": EvidenceItem(
        Kind.MEETING,
        "Management board",
        ("1.1.1", "1.1.2"),
        1,
        {
            "roles": "chair of the board, head of education, police superintendent",
            "notes": "Members could name the priorities and what had been done about each.",
        },
    ),
    "managers": EvidenceItem(
        Kind.INTERVIEW,
        "Supervision and oversight",
        ("1.2.3", "1.2.1"),
        2,
        {"roles": "operational manager", "notes": "Oversight is recorded when a plan is signed."},
    ),
    "staff": EvidenceItem(
        Kind.SURVEY,
        "Survey of staff",
        ("1.2.1", "1.2.4"),
        None,
        {"sent": 24, "returned": 17, "notes": "Fourteen call their workload manageable."},
    ),
    "contingency": EvidenceItem(Kind.CASE_DATA, "", ("1.2.3",), None, {"case_question": "2.2.2d"}),
}

FINDINGS: Sequence[tuple[str, str, str, tuple[str, ...]]] = (
    (
        "1.1.1",
        STRENGTH,
        "Board, managers and staff describe the same three priorities and act on them.",
        ("plan", "board"),
    ),
    ("1.1.1", AREA, "Data on diversity is seen, but seldom leads to action.", ("minutes",)),
    ("1.1.2", AREA, "Health is not represented on the board at the right level.", ()),
    ("1.2.1", STRENGTH, "Caseloads leave room for work with each child.", ("staff", "managers")),
    (
        "1.2.3",
        AREA,
        "Management oversight does not notice when contingency arrangements are missing.",
        ("managers", "contingency"),
    ),
    ("1.2.4", AREA, "Half of the case managers lack recent training on exploitation.", ()),
)
"""Key question, kind, text, and the evidence that it names."""


def store_findings(
    inspection: Inspection, *, lead: User, inspector: User, start: date, saved_at: datetime
) -> None:
    """Store the evidence, an interview of it added by ``inspector``, and the findings."""
    made = {"saved_at": saved_at, "version": 1}
    uses: dict[tuple[str, str], EvidenceUse] = {}
    for name, item in EVIDENCE.items():
        by = inspector if item.kind == Kind.INTERVIEW else lead
        details = dict(item.details)
        title = item.title
        if item.kind == Kind.CASE_DATA:
            title = case_data_title(inspection.framework, details["case_question"])
        stored = Evidence.objects.create(
            inspection=inspection,
            kind=item.kind,
            title=title,
            evidence_date=None if item.day is None else start + timedelta(days=item.day),
            added_by=by,
            saved_by=by,
            **made,
            **details,
        )
        for code in item.under:
            uses[name, code] = EvidenceUse.objects.create(evidence=stored, key_question=code)
    positions: dict[tuple[str, str], int] = {}
    for code, kind, text, names in FINDINGS:
        position = positions[code, kind] = positions.get((code, kind), 0) + 1
        finding = Finding.objects.create(
            inspection=inspection,
            key_question=code,
            kind=kind,
            text=text,
            position=position,
            saved_by=lead,
            **made,
        )
        FindingSupport.objects.bulk_create(
            FindingSupport(finding=finding, use=uses[name, code]) for name in names
        )
