"""Who may do what with findings, evidence and ratings: rows of the table of permissions."""

from __future__ import annotations

from inspections.access.permissions import Permission
from inspections.models import Inspection, Membership
from ratings.models import Evidence

Role = Membership.Role
State = Inspection.State

# Judgements, findings and evidence. Findings are judgements in the making: whoever sees ratings
# sees them (SEE_RATINGS). Evidence is seen by everyone on the inspection at all times.

BEFORE_THE_PANEL = frozenset({State.FIELDWORK, State.REVIEW})
CLOSED = "The inspection is with the ratings panel or sealed, so its {} can’t change."
NOT_ON_THE_TEAM = "Only the lead inspector and the inspectors add evidence."

JUDGE = Permission(
    action="JUDGE",
    who={Role.LEAD_INSPECTOR: BEFORE_THE_PANEL},
    refusal="Only the lead inspector judges the qualitative standards.",
    closed={
        State.SEALED: "The result is sealed, so its judgements can't change.",
        "": "The inspection is with the ratings panel, so its judgements can't change.",
    },
)

WRITE_FINDINGS = Permission(
    action="WRITE_FINDINGS",
    who={Role.LEAD_INSPECTOR: BEFORE_THE_PANEL},
    refusal="Only the lead inspector writes strengths and areas for improvement.",
    closed={"": CLOSED.format("strengths and areas for improvement")},
)

ADD_EVIDENCE = Permission(
    action="ADD_EVIDENCE",
    who={Role.LEAD_INSPECTOR: BEFORE_THE_PANEL, Role.INSPECTOR: BEFORE_THE_PANEL},
    refusal=NOT_ON_THE_TEAM,
    closed={"": CLOSED.format("evidence")},
)
"""Inspectors hold meetings and interviews too."""

CHANGE_EVIDENCE = Permission(
    action="CHANGE_EVIDENCE",
    who={Role.LEAD_INSPECTOR: BEFORE_THE_PANEL, Evidence.ADDED_IT: BEFORE_THE_PANEL},
    refusal="Only the lead inspector and the person who added this evidence can change it.",
    closed={"": CLOSED.format("evidence")},
    barred={Role.PANEL_MEMBER: NOT_ON_THE_TEAM},
)
