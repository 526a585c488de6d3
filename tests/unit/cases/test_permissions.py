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
RETURN_CASE        -           -            overseers  -          overseers
SIGN_OFF_CASE      -           -            lead       -          -
ALLOCATE_CASE      lead        lead         lead       lead       lead
COMMENT            overseers   overseers    overseers  overseers  overseers
READ_COMMENTS      both        both         both       both       both
REPLY              both        both         both       both       overseers
RESOLVE            both        both         both       both       overseers
READ_CASE_HISTORY  explained   explained    explained  explained  explained
"""

LEADS = {Role.LEAD_INSPECTOR, Role.DEPUTY_LEAD}

ROLES = {
    "all": set(Role),
    "own": {Role.OWN_INSPECTOR},
    "lead": LEADS,
    "overseers": {*LEADS, Role.REVIEWER},
    "both": {Role.OWN_INSPECTOR, *LEADS, Role.REVIEWER},
    "explained": {Role.OWN_INSPECTOR, *LEADS, Role.REVIEWER, Role.PANEL_MEMBER},
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
        (
            REPLY,
            InCase({Role.OTHER_INSPECTOR}),
            "allocated to, the lead inspector or the quality reviewer can reply",
        ),
        (RECORD, InCase({Role.REVIEWER}), "Only the inspector it is allocated to can record"),
        (SIGN_OFF_CASE, InCase({Role.REVIEWER}), "Only the lead inspector can sign off"),
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


def test_a_quality_reviewer_changes_nothing_but_comments_and_the_return() -> None:
    changes = PERMISSIONS.keys() - READING - {"COMMENT", "REPLY", "RESOLVE", "RETURN_CASE"}
    for action in changes:
        permission = PERMISSIONS[action]
        assert all(Role.REVIEWER not in who_may(permission, state) for state in Case.State)


def test_a_deputy_may_do_with_a_case_what_the_lead_may() -> None:
    for permission in PERMISSIONS.values():
        for state in Case.State:
            may = who_may(permission, state)
            assert (Role.DEPUTY_LEAD in may) == (Role.LEAD_INSPECTOR in may)


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
