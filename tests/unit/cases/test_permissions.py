"""The table of who may do what with a case, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cases.models import Case
from cases.permissions import (
    ALLOCATE_CASE,
    COMMENT,
    MOVES,
    READ_CASE,
    READ_CASE_HISTORY,
    READ_COMMENTS,
    RECORD,
    REPLY,
    RESOLVE,
    RETURN_CASE,
    SIGN_OFF_CASE,
    SUBMIT_CASE,
)
from inspections.access.permissions import Permission
from inspections.models import Inspection, User

Role = Case.Role

EXPECTED = """
                   NOT_STARTED IN_PROGRESS  SUBMITTED  RETURNED   SIGNED_OFF
READ_CASE          all         all          all        all        all
RECORD             own         own          -          own        -
SUBMIT_CASE        own         own          -          own        -
RETURN_CASE        -           -            lead       -          lead
SIGN_OFF_CASE      -           -            lead       -          -
ALLOCATE_CASE      lead        lead         -          lead       -
COMMENT            lead        lead         lead       lead       lead
READ_COMMENTS      both        both         both       both       both
REPLY              both        both         both       both       lead
RESOLVE            both        both         both       both       lead
READ_CASE_HISTORY  explained   explained    explained  explained  explained
"""

ROLES = {
    "all": set(Role),
    "own": {Role.OWN_INSPECTOR},
    "lead": {Role.LEAD_INSPECTOR},
    "both": {Role.OWN_INSPECTOR, Role.LEAD_INSPECTOR},
    "explained": {Role.OWN_INSPECTOR, Role.LEAD_INSPECTOR, Role.PANEL_MEMBER},
    "-": set[Role](),
}

PERMISSIONS = {
    permission.action: permission
    for permission in (
        READ_CASE,
        RECORD,
        SUBMIT_CASE,
        RETURN_CASE,
        SIGN_OFF_CASE,
        ALLOCATE_CASE,
        COMMENT,
        READ_COMMENTS,
        REPLY,
        RESOLVE,
        READ_CASE_HISTORY,
    )
}
READING = {"READ_CASE", "READ_COMMENTS", "READ_CASE_HISTORY"}


@dataclass
class InCase:
    """A case in some state, for somebody with some roles."""

    roles: set[Role]
    case_state: str = Case.State.IN_PROGRESS
    inspection_state: str = Inspection.State.FIELDWORK
    holder: str = "Grace"

    def roles_of(self, user: User) -> frozenset[str]:
        return frozenset(self.roles)

    @property
    def state_words(self) -> str:
        return Case.State(self.case_state).label.lower()


def who_may(permission: Permission, state: str, inspection: str = "FIELDWORK") -> set[Role]:
    return {role for role in Role if permission.can(User(), InCase({role}, state, inspection))}


def expected() -> dict[tuple[str, str], set[Role]]:
    states, *rows = [line.split() for line in EXPECTED.strip().splitlines()]
    return {
        (action, state): ROLES[who]
        for action, *cells in rows
        for state, who in zip(states, cells, strict=True)
    }


@pytest.mark.parametrize(("action", "state"), expected())
def test_who_may(action: str, state: str) -> None:
    assert who_may(PERMISSIONS[action], state) == expected()[action, state]


@pytest.mark.parametrize("action", PERMISSIONS)
@pytest.mark.parametrize("inspection", ["REVIEW", "PANEL", "SEALED"])
def test_only_reading_is_permitted_after_fieldwork(action: str, inspection: str) -> None:
    permission = PERMISSIONS[action]
    for state in Case.State.values:
        during = who_may(permission, state)
        assert who_may(permission, state, inspection) == (during if action in READING else set())


@pytest.mark.parametrize(
    ("permission", "subject", "words"),
    [
        (RECORD, InCase({Role.OWN_INSPECTOR}, "SUBMITTED"), "This case is submitted, so you can't"),
        (RECORD, InCase({Role.OTHER_INSPECTOR}), "This case is allocated to Grace"),
        (RECORD, InCase({Role.LEAD_INSPECTOR, Role.OTHER_INSPECTOR}), "is allocated to Grace"),
        (RECORD, InCase({Role.PANEL_MEMBER}), "Only the inspector it is allocated to can record"),
        (REPLY, InCase({Role.OTHER_INSPECTOR}), "allocated to or the lead inspector can reply"),
        (RECORD, InCase({Role.PANEL_MEMBER}, inspection_state="REVIEW"), "Fieldwork has closed"),
        (COMMENT, InCase(set(Role), inspection_state="SEALED"), "The result is sealed"),
        (READ_CASE, InCase(set()), "Only "),
    ],
)
def test_a_refusal_says_why(permission: Permission, subject: InCase, words: str) -> None:
    assert words in (permission.why_not(User(), subject) or "")


def test_the_panel_only_reads() -> None:
    for action in PERMISSIONS.keys() - READING:
        permission = PERMISSIONS[action]
        assert all(Role.PANEL_MEMBER not in who_may(permission, state) for state in Case.State)


def test_people_who_may_reply_to_a_comment_may_read_it() -> None:
    for permission in (COMMENT, REPLY, RESOLVE):
        for state in Case.State:
            assert who_may(permission, state) <= who_may(READ_COMMENTS, state)


def test_a_case_that_can_be_returned_can_be_commented_on() -> None:
    for state in Case.State:
        assert who_may(RETURN_CASE, state) <= who_may(COMMENT, state)


def test_every_move_leads_to_another_state() -> None:
    for state, permission in MOVES.items():
        assert not who_may(permission, state), f"{permission.action} leads nowhere"
