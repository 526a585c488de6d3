"""Who may do what with a sampled case: one table, and the reasons in words."""

from __future__ import annotations

from enum import StrEnum

from cases.models import Case
from inspections.access.permissions import refuse
from inspections.models import Inspection, Membership, User

State = Case.State


class Part(StrEnum):
    """What a person is to a case; a lead inspector may hold a case too."""

    OWN_INSPECTOR = "the inspector it is allocated to"
    OTHER_INSPECTOR = "another inspector of the team"
    LEAD_INSPECTOR = "the lead inspector"
    PANEL_MEMBER = "a ratings panel member"


class Action(StrEnum):
    READ = "read this case"
    RECORD = "record answers in this case"
    SUBMIT = "submit this case"
    RETURN = "return this case"
    SIGN_OFF = "sign off this case"
    ALLOCATE = "allocate this case"
    COMMENT = "comment on this case"
    READ_COMMENTS = "read the comments on this case"
    REPLY = "reply to comments on this case"
    RESOLVE = "resolve comments on this case"
    READ_HISTORY = "read the history of this case"


EVERYONE = frozenset(Part)
OWN = frozenset({Part.OWN_INSPECTOR})
LEAD = frozenset({Part.LEAD_INSPECTOR})
BOTH = OWN | LEAD
NOBODY: frozenset[Part] = frozenset()

WHO_MAY: dict[Action, dict[str, frozenset[Part]]] = {
    Action.READ: dict.fromkeys(State.values, EVERYONE),
    Action.RECORD: {
        State.ALLOCATED: OWN,
        State.IN_PROGRESS: OWN,
        State.SUBMITTED: NOBODY,
        State.RETURNED: OWN,
        State.SIGNED_OFF: NOBODY,
    },
    Action.SUBMIT: {
        State.ALLOCATED: OWN,
        State.IN_PROGRESS: OWN,
        State.SUBMITTED: NOBODY,
        State.RETURNED: OWN,
        State.SIGNED_OFF: NOBODY,
    },
    Action.RETURN: {
        State.ALLOCATED: NOBODY,
        State.IN_PROGRESS: NOBODY,
        State.SUBMITTED: LEAD,
        State.RETURNED: NOBODY,
        State.SIGNED_OFF: LEAD,
    },
    Action.SIGN_OFF: {
        State.ALLOCATED: NOBODY,
        State.IN_PROGRESS: NOBODY,
        State.SUBMITTED: LEAD,
        State.RETURNED: NOBODY,
        State.SIGNED_OFF: NOBODY,
    },
    Action.ALLOCATE: {
        State.ALLOCATED: LEAD,
        State.IN_PROGRESS: LEAD,
        State.SUBMITTED: NOBODY,
        State.RETURNED: LEAD,
        State.SIGNED_OFF: NOBODY,
    },
    # A signed-off case can be returned, and a return needs a comment.
    Action.COMMENT: dict.fromkeys(State.values, LEAD),
    Action.READ_COMMENTS: dict.fromkeys(State.values, BOTH),
    Action.REPLY: {
        State.ALLOCATED: BOTH,
        State.IN_PROGRESS: BOTH,
        State.SUBMITTED: BOTH,
        State.RETURNED: BOTH,
        State.SIGNED_OFF: LEAD,
    },
    Action.RESOLVE: {
        State.ALLOCATED: BOTH,
        State.IN_PROGRESS: BOTH,
        State.SUBMITTED: BOTH,
        State.RETURNED: BOTH,
        State.SIGNED_OFF: LEAD,
    },
    Action.READ_HISTORY: dict.fromkeys(State.values, BOTH | {Part.PANEL_MEMBER}),
}
"""Who may take which action in which state of a case, while fieldwork is open."""

READING = frozenset({Action.READ, Action.READ_COMMENTS, Action.READ_HISTORY})
"""What goes on when fieldwork has closed."""

RECORDABLE_STATES = tuple(state for state in State.values if WHO_MAY[Action.RECORD][state])
"""The states in which the inspector a case is allocated to records in it."""


def parts_of(user: User, case: Case) -> frozenset[Part]:
    """What ``user`` is to ``case``; empty for someone who is not on the inspection."""
    role = case.inspection.role_of(user)
    if role is None:
        return frozenset()
    if role == Membership.Role.PANEL_MEMBER:
        return frozenset({Part.PANEL_MEMBER})
    parts = {Part.LEAD_INSPECTOR} if role == Membership.Role.LEAD_INSPECTOR else set()
    parts.add(Part.OWN_INSPECTOR if case.allocated_to_id == user.pk else Part.OTHER_INSPECTOR)
    return frozenset(parts)


def why_not(action: Action, user: User, case: Case) -> str | None:
    """Why ``user`` may not take ``action`` in ``case`` now, in words, or ``None``."""
    parts = parts_of(user, case)
    if action not in READING and case.inspection.is_sealed:
        return "The result is sealed, so this case can't change."
    if action not in READING and case.inspection.state != Inspection.State.FIELDWORK:
        return "Fieldwork has closed, so this case can't change."
    if parts & WHO_MAY[action][case.state]:
        return None
    ever = frozenset().union(*WHO_MAY[action].values())
    if parts & ever:
        return f"This case is {case.get_state_display().lower()}, so you can't {action} now."
    if action is Action.RECORD and Part.OTHER_INSPECTOR in parts:
        holder = case.allocated_to.name if case.allocated_to else "nobody yet"
        return f"This case is allocated to {holder}, so you can read it but not record in it."
    who = " or ".join(sorted(ever))
    return f"Only {who} can {action}."


def can(action: Action, user: User, case: Case) -> bool:
    return why_not(action, user, case) is None


def check(action: Action, user: User, case: Case) -> None:
    """Raise ``Refused`` in words unless ``user`` may take ``action`` in ``case`` now."""
    refuse(why_not(action, user, case))


def why_not_load_outbox(user: User, inspection: Inspection) -> str | None:
    """A file of what waited on an inspector's device is the lead inspector's to load."""
    if inspection.role_of(user) != Membership.Role.LEAD_INSPECTOR:
        return "Only the lead inspector loads what waited on a device."
    if inspection.state != Inspection.State.FIELDWORK:
        return "Fieldwork has closed. Reopen it to load what waited on a device."
    return None


def can_load_outbox(user: User, inspection: Inspection) -> bool:
    return why_not_load_outbox(user, inspection) is None


def check_load_outbox(user: User, inspection: Inspection) -> None:
    refuse(why_not_load_outbox(user, inspection))


def why_not_loaded(made_by: User, case: Case) -> str:
    """Why a case does not take ``made_by``'s answers now, and what its lead can do."""
    if case.allocated_to_id != made_by.pk:
        holder = f"allocated to {case.allocated_to}" if case.allocated_to else "not allocated"
        return (
            f"The case is {holder}. Allocate it to {made_by}, load the file again, "
            "and then hand the case over."
        )
    if case.state not in RECORDABLE_STATES:
        return (
            f"The case is {case.get_state_display().lower()}. Return it, then load the file again."
        )
    return "The case does not take answers now. Load the file again once it does."
