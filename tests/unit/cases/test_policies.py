"""The table of who may do what with a case, entry by entry."""

from __future__ import annotations

import pytest

from cases.actions.states import MOVES
from cases.models import Case
from cases.policies import READING, WHO_MAY, Action, Part

EXPECTED = """
               ALLOCATED   IN_PROGRESS  SUBMITTED  RETURNED   SIGNED_OFF
READ           all         all          all        all        all
RECORD         own         own          -          own        -
SUBMIT         own         own          -          own        -
RETURN         -           -            lead       -          lead
SIGN_OFF       -           -            lead       -          -
ALLOCATE       lead        lead         -          lead       -
COMMENT        lead        lead         lead       lead       lead
READ_COMMENTS  both        both         both       both       both
REPLY          both        both         both       both       lead
RESOLVE        both        both         both       both       lead
READ_HISTORY   explained   explained    explained  explained  explained
"""

PARTS = {
    "all": set(Part),
    "own": {Part.OWN_INSPECTOR},
    "lead": {Part.LEAD_INSPECTOR},
    "both": {Part.OWN_INSPECTOR, Part.LEAD_INSPECTOR},
    "explained": {Part.OWN_INSPECTOR, Part.LEAD_INSPECTOR, Part.PANEL_MEMBER},
    "-": set[Part](),
}


def expected() -> dict[tuple[Action, str], set[Part]]:
    states, *rows = [line.split() for line in EXPECTED.strip().splitlines()]
    return {
        (Action[action], state): PARTS[who]
        for action, *cells in rows
        for state, who in zip(states, cells, strict=True)
    }


def test_the_table_answers_for_every_action_in_every_state() -> None:
    assert set(WHO_MAY) == set(Action)
    for action in Action:
        assert set(WHO_MAY[action]) == set(Case.State.values), action


@pytest.mark.parametrize(("action", "state"), expected())
def test_who_may(action: Action, state: str) -> None:
    assert WHO_MAY[action][state] == expected()[action, state]


def test_the_panel_only_reads() -> None:
    for action in set(Action) - READING:
        assert all(Part.PANEL_MEMBER not in who for who in WHO_MAY[action].values())


def test_whoever_answers_a_comment_reads_it() -> None:
    for action in (Action.COMMENT, Action.REPLY, Action.RESOLVE):
        for state, who in WHO_MAY[action].items():
            assert who <= WHO_MAY[Action.READ_COMMENTS][state]


def test_a_case_that_can_be_returned_can_be_commented_on() -> None:
    for state, who in WHO_MAY[Action.RETURN].items():
        assert who <= WHO_MAY[Action.COMMENT][state]


def test_every_move_leads_to_another_state() -> None:
    for action, state in MOVES.items():
        assert state in Case.State.values
        assert not WHO_MAY[action][state], f"{action} from {state} leads nowhere"
