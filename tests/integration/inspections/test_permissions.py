"""Every row of the table of permissions answers in words, whoever asks in whichever state."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from itertools import product
from typing import Any

import pytest

from cases.models import Case
from config.demonstration import builder
from inspections.access.permissions import ADMINISTRATOR, TABLE, Permission
from inspections.models import Inspection, Membership, User
from inspections.permissions import (
    BEGIN_FIELDWORK,
    BEGIN_PREPARATION,
    CLOSE_FIELDWORK,
    REOPEN_FIELDWORK,
    SETUP,
    move_to,
)

for app in ("inspections", "cases", "ratings"):
    import_module(f"{app}.permissions")

State = Inspection.State
ROLES = sorted({role for row in TABLE.values() for role in (*row.who, *row.barred)})


@dataclass
class Subject:
    role: str
    inspection_state: str
    case_state: str
    state_words: str = "as it is"
    holder: str = "somebody"

    def roles_of(self, user: User) -> frozenset[str]:
        return frozenset({self.role})


@pytest.mark.parametrize("action", sorted(TABLE))
def test_every_refusal_is_in_words(action: str) -> None:
    row = TABLE[action]
    refusals = 0
    for role, state, case in product(ROLES, State, Case.State):
        # Conditions that a table can't express have tests of their own.
        if row.check_first or row.check_last or row.extra_roles:
            assert all(
                row.closed.get(one) or row.closed.get("")
                for states in row.who.values()
                if states is not None
                for one in State
                if one not in states
            )
            return
        words: Any = row.why_not(User(), Subject(role, state, case))
        if words is not None:
            refusals += 1
            assert words.endswith(".") and "{" not in words
    assert refusals


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "to", "move"),
    [
        (State.ANNOUNCED, State.PREPARATION, BEGIN_PREPARATION),
        (State.PREPARATION, State.FIELDWORK, BEGIN_FIELDWORK),
        (State.FIELDWORK, State.REVIEW, CLOSE_FIELDWORK),
        (State.REVIEW, State.FIELDWORK, REOPEN_FIELDWORK),
    ],
)
def test_a_lead_moves_an_inspection_a_step_at_a_time(
    now: State, to: State, move: Permission
) -> None:
    assert move_to(to, now) is move
    inspection = builder.inspection()
    lead = builder.lead_inspector(inspection)
    for state in State:
        may = move_to(to, state)
        assert may is not None
        inspection.state = state
        steps = {(State.PREPARATION, State.FIELDWORK), (State.REVIEW, State.FIELDWORK)}
        assert may.can(lead, inspection) == (state == now or (state, to) in steps)
    for role in (Membership.Role.INSPECTOR, Membership.Role.PANEL_MEMBER):
        assert not move.can(User(), Subject(role, now, ""))


@pytest.mark.parametrize("to", [State.ANNOUNCED, State.PANEL, State.SEALED, "NOWHERE"])
def test_nobody_sets_other_states(to: str) -> None:
    assert all(move_to(to, now) is None for now in State)


@pytest.mark.django_db
def test_an_administrator_begins_preparation_and_no_fieldwork() -> None:
    inspection = builder.inspection(state=State.ANNOUNCED)
    alex = builder.user(is_staff=True)
    assert "Name the lead inspector first" in str(BEGIN_PREPARATION.why_not(alex, inspection))
    builder.lead_inspector(inspection)
    assert BEGIN_PREPARATION.can(alex, inspection)
    assert not BEGIN_FIELDWORK.can(User(), Subject(ADMINISTRATOR, State.PREPARATION, ""))


def test_only_active_administrators_set_up() -> None:
    assert SETUP.roles_of(User(is_staff=True)) == {ADMINISTRATOR}
    assert not SETUP.roles_of(User(is_staff=True, is_active=False))
    assert not SETUP.roles_of(User())
