"""Who may see an inspection's ratings and move it on: rows of the table of permissions."""

from __future__ import annotations

from inspections.access.permissions import ANY, Permission
from inspections.models import Inspection, Membership

Role = Membership.Role
State = Inspection.State

SEE_RATINGS = Permission(
    action="SEE_RATINGS",
    who={
        Role.LEAD_INSPECTOR: ANY,
        Role.PANEL_MEMBER: ANY,
        Role.INSPECTOR: {State.REVIEW, State.PANEL, State.SEALED},
    },
    refusal="Only the team and the ratings panel of this inspection see its ratings.",
    closed={
        "": "Inspectors see ratings and judgements once fieldwork has closed, "
        "so that what a case shows is judged on its own."
    },
)
"""Ratings, judgements and findings."""

CLOSE_FIELDWORK = Permission(
    action="CLOSE_FIELDWORK",
    who={Role.LEAD_INSPECTOR: {State.FIELDWORK}},
    refusal="Only the lead inspector closes or reopens fieldwork.",
    closed={"": "Fieldwork is closed already."},
)

REOPEN_FIELDWORK = Permission(
    action="REOPEN_FIELDWORK",
    who={Role.LEAD_INSPECTOR: {State.REVIEW}},
    refusal="Only the lead inspector closes or reopens fieldwork.",
    closed={
        State.FIELDWORK: "Fieldwork is open already.",
        State.PANEL: "The inspection is with the ratings panel. Take it back first.",
        State.SEALED: "The result is sealed. The chair of the ratings panel can reopen it.",
    },
)

MOVES: dict[str, Permission] = {State.REVIEW: CLOSE_FIELDWORK, State.FIELDWORK: REOPEN_FIELDWORK}
"""The states that the lead inspector may set. Going to the panel and back needs a meeting:
``ratings.panel`` does that."""
