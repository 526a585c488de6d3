"""Who may do what with a sampled case: rows of the table of permissions."""

from __future__ import annotations

from collections.abc import Mapping

from cases.models import Case
from inspections.access.permissions import ANY, NEVER, Permission, States
from inspections.models import Inspection, Membership

Role = Case.Role
State = Case.State

CLOSED = {
    Inspection.State.SEALED: "The result is sealed, so this case can't change.",
    "": "Fieldwork has closed, so this case can't change.",
}


def _permission(
    action: str,
    words: str,
    states: Mapping[Role, States],
    *,
    reading: bool = False,
    refusals: Mapping[str, str] | None = None,
) -> Permission:
    """``states`` are for each role the states of a case in which it may do what ``words`` say;
    ``reading`` is also permitted after fieldwork has closed."""
    who = " or ".join(sorted(role.label for role in states))
    return Permission(
        action=action,
        who=dict.fromkeys(Role, ANY if reading else {Inspection.State.FIELDWORK}),
        refusal=f"Only {who} can {words}.",
        refusals=refusals or {},
        closed=CLOSED,
        case_states={role: states.get(role, NEVER) for role in Role},
        case_closed=f"This case is {{subject.state_words}}, so you can't {words} now.",
    )


RECORDABLE_STATES = (State.NOT_STARTED, State.IN_PROGRESS, State.RETURNED)
"""The states in which the inspector of a case records in it."""

OPEN_STATES = (*RECORDABLE_STATES, State.SUBMITTED)
"""All states but signed off."""

READ_CASE = _permission("READ_CASE", "read this case", dict.fromkeys(Role, ANY), reading=True)

RECORD = _permission(
    "RECORD",
    "record answers in this case",
    {Role.OWN_INSPECTOR: RECORDABLE_STATES},
    refusals={
        Role.OTHER_INSPECTOR: "This case is allocated to {subject.holder}, "
        "so you can read it but not record in it."
    },
)

SUBMIT_CASE = _permission(
    "SUBMIT_CASE", "submit this case", {Role.OWN_INSPECTOR: RECORDABLE_STATES}
)

RETURN_CASE = _permission(
    "RETURN_CASE", "return this case", {Role.LEAD_INSPECTOR: (State.SUBMITTED, State.SIGNED_OFF)}
)

SIGN_OFF_CASE = _permission(
    "SIGN_OFF_CASE", "sign off this case", {Role.LEAD_INSPECTOR: (State.SUBMITTED,)}
)

MOVES = {
    State.SUBMITTED: SUBMIT_CASE,
    State.SIGNED_OFF: SIGN_OFF_CASE,
    State.RETURNED: RETURN_CASE,
}
"""Changes of a case's state, by the new state."""

ALLOCATE_CASE = _permission(
    "ALLOCATE_CASE", "allocate this case", {Role.LEAD_INSPECTOR: RECORDABLE_STATES}
)

# A signed-off case can be returned, and a return needs a comment.
COMMENT = _permission("COMMENT", "comment on this case", {Role.LEAD_INSPECTOR: ANY})

READ_COMMENTS = _permission(
    "READ_COMMENTS",
    "read the comments on this case",
    {Role.OWN_INSPECTOR: ANY, Role.LEAD_INSPECTOR: ANY},
    reading=True,
)

REPLY = _permission(
    "REPLY",
    "reply to comments on this case",
    {Role.OWN_INSPECTOR: OPEN_STATES, Role.LEAD_INSPECTOR: ANY},
)

RESOLVE = _permission(
    "RESOLVE",
    "resolve comments on this case",
    {Role.OWN_INSPECTOR: OPEN_STATES, Role.LEAD_INSPECTOR: ANY},
)

READ_CASE_HISTORY = _permission(
    "READ_CASE_HISTORY",
    "read the history of this case",
    {Role.OWN_INSPECTOR: ANY, Role.LEAD_INSPECTOR: ANY, Role.PANEL_MEMBER: ANY},
    reading=True,
)

LOAD_OUTBOX = Permission(
    action="LOAD_OUTBOX",
    who={Membership.Role.LEAD_INSPECTOR: {Inspection.State.FIELDWORK}},
    refusal="Only the lead inspector loads what waited on a device.",
    closed={"": "Fieldwork has closed. Reopen it to load what waited on a device."},
)
"""Loading the file of an inspector's unsent saves; they count as that inspector's answers."""

OVERSEE_CASES = Permission(
    action="OVERSEE_CASES",
    who={Membership.Role.LEAD_INSPECTOR: ANY},
    refusal="Only the lead inspector oversees the cases of the team.",
)
"""Seeing contradictions and open comments in the list of cases."""
