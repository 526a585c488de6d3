"""Who may do what with a sampled case: rows of the table of permissions."""

from __future__ import annotations

from collections.abc import Mapping

from cases.models import Case
from inspections.access.permissions import ANY, NEVER, Permission, States
from inspections.models import Inspection, Membership
from inspections.permissions import (
    BEFORE_FIELDWORK,
    CASES_ARE_JUDGED_FIRST,
    ONCE_FIELDWORK_HAS_CLOSED,
    leads,
)
from inspections.team.work import HOLDING_ROLES, READING_ROLES

Role = Case.Role
State = Case.State

LEADS = (Role.LEAD_INSPECTOR, Role.DEPUTY_LEAD)
OVERSEERS = (*LEADS, Role.REVIEWER)
"""Those who look over what inspectors record, and return it with comments."""

CLOSED: dict[str, str] = {
    **dict.fromkeys(
        BEFORE_FIELDWORK, "Fieldwork has not begun, so nothing is recorded in this case yet."
    ),
    Inspection.State.SEALED: "The result is sealed, so this case can't change.",
    "": "Fieldwork has closed, so this case can't change.",
}

PLANNING = frozenset({Inspection.State.PREPARATION, Inspection.State.FIELDWORK})
"""The states in which cases are allocated and interviews planned."""


def _permission(
    action: str,
    words: str,
    states: Mapping[Role, States],
    *,
    reading: bool = False,
    planning: bool = False,
    refusals: Mapping[str, str] | None = None,
) -> Permission:
    """``states`` are for each role the states of a case in which it may do what ``words`` say;
    ``reading`` is also permitted after fieldwork has closed, ``planning`` before it begins."""
    named = sorted(role.label for role in states if role != Role.DEPUTY_LEAD)
    who = " or ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    return Permission(
        action=action,
        who=dict.fromkeys(
            Role, ANY if reading else PLANNING if planning else {Inspection.State.FIELDWORK}
        ),
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

IN_SAMPLE = (*OPEN_STATES, State.SIGNED_OFF)
"""All states but taken out of the sample: such a case is read, and changes no more."""

SEE_CASES = Permission(
    action="SEE_CASES",
    who=dict.fromkeys(READING_ROLES, ANY),
    refusal="Only the team and the ratings panel of this inspection see its cases.",
)
"""The list of cases, and how far they are."""

SEE_CONTRADICTIONS = Permission(
    action="SEE_CONTRADICTIONS",
    who=ONCE_FIELDWORK_HAS_CLOSED,
    refusal="Only inspectors and the ratings panel of this inspection see possible inconsistencies "
    "in all its cases.",
    closed=CASES_ARE_JUDGED_FIRST,
)

SEE_ANSWERS = Permission(
    action="SEE_ANSWERS",
    who=ONCE_FIELDWORK_HAS_CLOSED,
    refusal="Only inspectors and the ratings panel of this inspection see the answers of all its "
    "cases.",
    closed=CASES_ARE_JUDGED_FIRST,
)
"""The answers and notes of all cases to one question, which its percentage is made of."""

MARK_QUOTABLE = Permission(
    action="MARK_QUOTABLE",
    who=leads({Inspection.State.FIELDWORK, Inspection.State.REVIEW, Inspection.State.PANEL}),
    refusal="Only the lead inspector marks notes as quotable.",
    closed={
        Inspection.State.SEALED: "The result is sealed, so no mark can change.",
        "": "Fieldwork has not begun.",
    },
)
"""Notes that the report may quote."""

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
    "RETURN_CASE", "return this case", dict.fromkeys(OVERSEERS, (State.SUBMITTED, State.SIGNED_OFF))
)

SIGN_OFF_CASE = _permission(
    "SIGN_OFF_CASE", "sign off this case", dict.fromkeys(LEADS, (State.SUBMITTED,))
)

MOVES = {
    State.SUBMITTED: SUBMIT_CASE,
    State.SIGNED_OFF: SIGN_OFF_CASE,
    State.RETURNED: RETURN_CASE,
}
"""Changes of a case's state, by the new state."""

ALLOCATE_CASE = _permission(
    "ALLOCATE_CASE",
    "allocate this case",
    dict.fromkeys(LEADS, IN_SAMPLE),
    planning=True,
)
"""A submitted or signed-off case too: it may be returned, to whoever holds it then."""

# A signed-off case can be returned, and a return needs a comment.
COMMENT = _permission("COMMENT", "comment on this case", dict.fromkeys(OVERSEERS, IN_SAMPLE))

READ_COMMENTS = _permission(
    "READ_COMMENTS",
    "read the comments on this case",
    {Role.OWN_INSPECTOR: ANY, **dict.fromkeys(OVERSEERS, ANY)},
    reading=True,
)

REPLY = _permission(
    "REPLY",
    "reply to comments on this case",
    {Role.OWN_INSPECTOR: OPEN_STATES, **dict.fromkeys(OVERSEERS, IN_SAMPLE)},
)

RESOLVE = _permission(
    "RESOLVE",
    "resolve comments on this case",
    {Role.OWN_INSPECTOR: OPEN_STATES, **dict.fromkeys(OVERSEERS, IN_SAMPLE)},
)

READ_CASE_HISTORY = _permission(
    "READ_CASE_HISTORY",
    "read the history of this case",
    {Role.OWN_INSPECTOR: ANY, **dict.fromkeys((*OVERSEERS, Role.PANEL_MEMBER), ANY)},
    reading=True,
)

SEE_READERS = _permission(
    "SEE_READERS", "see who read this case", dict.fromkeys(LEADS, ANY), reading=True
)
"""Who opened a page of the case, and when; on its history."""

LOAD_OUTBOX = Permission(
    action="LOAD_OUTBOX",
    who=leads({Inspection.State.FIELDWORK}),
    refusal="Only the lead inspector uploads unsent answers.",
    closed={
        **dict.fromkeys(BEFORE_FIELDWORK, "Fieldwork has not begun."),
        "": "Fieldwork has closed. Reopen it to upload unsent answers.",
    },
)
"""Loading the file of an inspector's unsent saves; they count as that inspector's answers."""

OVERSEE_CASES = Permission(
    action="OVERSEE_CASES",
    who={**leads(ANY), Membership.Role.REVIEWER: ANY},
    refusal="Only the lead inspector and quality reviewers oversee the cases of the team.",
)
"""Seeing contradictions and open comments in the list of cases."""

NOT_PLANNING = {
    Inspection.State.ANNOUNCED: "The inspection is only announced. Cases are allocated and "
    "interviews planned once it is in preparation.",
    Inspection.State.SEALED: "The result is sealed, so nothing of this inspection can change.",
    "": "Fieldwork has closed, so this can’t change.",
}

ALLOCATE_CASES = Permission(
    action="ALLOCATE_CASES",
    who=leads(PLANNING),
    refusal="Only the lead inspector allocates cases.",
    closed=NOT_PLANNING,
)
"""Allocating many cases on one page, and marking cases as linked."""

DECLARE_INTEREST = Permission(
    action="DECLARE_INTEREST",
    who={role: set(Inspection.State) - {Inspection.State.SEALED} for role in HOLDING_ROLES},
    refusal="Only the inspectors of this inspection declare an interest in the service here.",
    closed={"": "The result is sealed, so no interest can be declared or withdrawn here."},
)
"""Declaring or withdrawing one’s own interest in the service of an inspection; the lead inspector
does it for others of the team too."""

DECLARE_FOR_OTHERS = Permission(
    action="DECLARE_FOR_OTHERS",
    who=leads(ANY),
    refusal="Only the lead inspector declares or withdraws an interest for somebody else.",
)

PLAN_INTERVIEWS = Permission(
    action="PLAN_INTERVIEWS",
    who=dict.fromkeys(HOLDING_ROLES, PLANNING),
    refusal="Only the inspectors of this inspection plan interviews.",
    closed=NOT_PLANNING,
)

SEE_INTERVIEWS = Permission(
    action="SEE_INTERVIEWS",
    who={**dict.fromkeys(HOLDING_ROLES, ANY), Membership.Role.REVIEWER: ANY},
    refusal="Only the team of this inspection sees when case managers are interviewed.",
)

# Samples

LEADS_SAMPLING = "Only the lead inspector sees the service's lists and draws the samples."

SEE_SAMPLING = Permission(
    action="SEE_SAMPLING",
    who=leads(ANY),
    refusal=LEADS_SAMPLING,
)
"""The lists, the service's own references, draws and reserves."""

SAMPLING_CLOSED = {
    Inspection.State.ANNOUNCED: "The inspection is announced and not in preparation yet.",
    Inspection.State.FIELDWORK: "Fieldwork has begun, so no list is loaded and no sample drawn. "
    "Single cases can still be replaced or added, with a reason.",
    Inspection.State.SEALED: "The result is sealed, so its samples can't change.",
    "": "Fieldwork has closed, so the samples can't change.",
}

LOAD_LISTS = Permission(
    action="LOAD_LISTS",
    who=leads({Inspection.State.PREPARATION}),
    refusal=LEADS_SAMPLING,
    closed=SAMPLING_CLOSED,
)
"""Loading lists, and leaving single cases of them out."""

DRAW_SAMPLE = Permission(
    action="DRAW_SAMPLE",
    who=leads({Inspection.State.PREPARATION}),
    refusal=LEADS_SAMPLING,
    closed=SAMPLING_CLOSED,
)

CHANGE_SAMPLE = Permission(
    action="CHANGE_SAMPLE",
    who=leads(PLANNING),
    refusal="Only the lead inspector adds or replaces cases of a sample.",
    closed=SAMPLING_CLOSED,
)
"""Adding one case by hand."""

TAKE_OUT_CASE = Permission(
    action="TAKE_OUT_CASE",
    who=dict.fromkeys(LEADS, PLANNING),
    refusal="Only the lead inspector takes a case out of the sample.",
    closed=CLOSED,
    case_states=dict.fromkeys(LEADS, IN_SAMPLE),
    case_closed="This case is taken out of the sample already.",
)
"""Taking a wrongly sampled case out, with or without another in its place."""

PUT_BACK_CASE = Permission(
    action="PUT_BACK_CASE",
    who=dict.fromkeys(LEADS, PLANNING),
    refusal="Only the lead inspector puts a case back in the sample.",
    closed=SAMPLING_CLOSED,
    case_states=dict.fromkeys(LEADS, (State.TAKEN_OUT,)),
    case_closed="This case is in the sample already.",
)
"""Putting a case back that was taken out."""
