"""Who sets inspections up, moves them on and sees ratings: rows of the table of permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspections.access.permissions import ADMINISTRATOR, ANY, Permission, States
from inspections.models import Inspection, Membership, User, roles_from

Role = Membership.Role
State = Inspection.State

LEADS: tuple[str, ...] = (Role.LEAD_INSPECTOR, Role.DEPUTY_LEAD)
"""Who runs an inspection: its lead inspector, and deputies, who do what the lead does but for what
is the lead's by name (ADR 32). Refusals name the lead inspector for both."""


def leads(states: States) -> dict[str, States]:
    """What the lead inspector and deputies may do in ``states``, as part of a row."""
    return dict.fromkeys(LEADS, states)


AFTER_FIELDWORK: frozenset[str] = frozenset({State.REVIEW, State.PANEL, State.SEALED})
FROM_THE_SUBMISSION: frozenset[str] = frozenset({State.PANEL, State.SEALED})
"""The states in which the ratings panel has an inspection, or had it."""

ONCE_FIELDWORK_HAS_CLOSED: Mapping[str, States] = {
    **leads(ANY),
    Role.REVIEWER: ANY,
    Role.PANEL_MEMBER: FROM_THE_SUBMISSION,
    Inspection.GAVE_IT_BACK: {State.REVIEW},
    Role.INSPECTOR: AFTER_FIELDWORK,
}
"""Who sees what inspectors don't see while they judge cases, and the ratings panel not before an
inspection is submitted to it; part of a row."""

CASES_ARE_JUDGED_FIRST = {
    State.REVIEW: "The ratings panel sees ratings and judgements from the submission on.",
    "": "Inspectors see ratings and judgements once fieldwork has closed, so that what a case "
    "shows is judged on its own. The ratings panel sees them from the submission on.",
}

BEFORE_FIELDWORK: frozenset[str] = frozenset({State.ANNOUNCED, State.PREPARATION})

SEE_RATINGS = Permission(
    action="SEE_RATINGS",
    who={**ONCE_FIELDWORK_HAS_CLOSED, Role.OBSERVER: ANY},
    refusal="Only inspectors, the ratings panel and observers of this inspection see its ratings.",
    closed=CASES_ARE_JUDGED_FIRST,
)
"""The ratings with their figures, and what the panel decided on each; what if."""

SEE_SET_UP = Permission(
    action="SEE_SET_UP",
    who={
        ADMINISTRATOR: ANY,
        **leads(ANY),
        Role.INSPECTOR: ANY,
        Role.LOCAL_ASSESSOR: ANY,
        Role.REVIEWER: ANY,
        Role.PANEL_MEMBER: ANY,
    },
    refusal="Only the team and the ratings panel of this inspection see how it is set up.",
)
"""The announcement, the checklist and the team."""


@dataclass(frozen=True, slots=True)
class Part:
    """A role in an inspection of this state, as a subject of permissions: for lists, where the
    role was loaded with each inspection."""

    role: str | None
    inspection_state: str
    case_state: str = ""
    is_moved_back: bool = False

    def roles_of(self, user: User) -> frozenset[str]:
        return roles_from(self.role, self.inspection_state, is_moved_back=self.is_moved_back)


# --- Moving an inspection on


def once_led(user: User, inspection: Inspection) -> str | None:
    """Load ``memberships`` with the inspection."""
    is_led = any(one.role == Role.LEAD_INSPECTOR for one in inspection.memberships.all())
    return None if is_led else "Name the lead inspector first: they prepare the inspection."


BEGIN_PREPARATION = Permission(
    action="BEGIN_PREPARATION",
    who={**leads({State.ANNOUNCED}), ADMINISTRATOR: {State.ANNOUNCED}},
    refusal="Only the lead inspector and administrators begin the preparation of an inspection.",
    closed={"": "This inspection is in preparation or beyond it already."},
    check_last=once_led,
)

BEGIN_FIELDWORK = Permission(
    action="BEGIN_FIELDWORK",
    who=leads({State.PREPARATION}),
    refusal="Only the lead inspector begins fieldwork.",
    closed={
        State.ANNOUNCED: "Begin the preparation first: cases are sampled and allocated in it.",
        "": "Fieldwork has begun already.",
    },
)

CLOSE_FIELDWORK = Permission(
    action="CLOSE_FIELDWORK",
    who=leads({State.FIELDWORK}),
    refusal="Only the lead inspector closes or reopens fieldwork.",
    closed={
        **dict.fromkeys(BEFORE_FIELDWORK, "Fieldwork has not begun."),
        "": "Fieldwork is closed already.",
    },
)

REOPEN_FIELDWORK = Permission(
    action="REOPEN_FIELDWORK",
    who=leads({State.REVIEW}),
    refusal="Only the lead inspector closes or reopens fieldwork.",
    closed={
        **dict.fromkeys(BEFORE_FIELDWORK, "Fieldwork has not begun."),
        State.FIELDWORK: "Fieldwork is open already.",
        State.PANEL: "The inspection is with the ratings panel. Take it back first.",
        State.SEALED: "The result is sealed. The chair of the ratings panel can reopen it.",
    },
)


def move_to(state: str, now: str) -> Permission | None:
    """What permits to set ``state`` in an inspection whose state is ``now``; ``None`` for a state
    that nobody sets. Going to the panel and back needs a meeting: ``ratings.panel`` does that."""
    if state == State.FIELDWORK:
        return BEGIN_FIELDWORK if now in BEFORE_FIELDWORK else REOPEN_FIELDWORK
    moves: dict[str, Permission] = {
        State.PREPARATION: BEGIN_PREPARATION,
        State.REVIEW: CLOSE_FIELDWORK,
    }
    return moves.get(state)


# --- Services, announcements and teams


class Setup:
    """What administrators keep as a whole, as a subject of permissions: services and inspections
    to be announced."""

    inspection_state = case_state = ""

    def roles_of(self, user: User) -> frozenset[str]:
        return frozenset({ADMINISTRATOR} if user.is_active and user.is_staff else ())


SETUP = Setup()

KEEP_SERVICES = Permission(
    action="KEEP_SERVICES",
    who={ADMINISTRATOR: ANY},
    refusal="Only administrators keep the list of services.",
)

ANNOUNCE = Permission(
    action="ANNOUNCE",
    who={ADMINISTRATOR: ANY},
    refusal="Only administrators announce inspections.",
)

SEARCH_HISTORY = Permission(
    action="SEARCH_HISTORY",
    who={ADMINISTRATOR: ANY},
    refusal="Only administrators search the record of who did what.",
)
"""Searching and exporting who did, read and changed what in the whole service, and when. It shows
nothing of what was written."""

SEE_HISTORY = Permission(
    action="SEE_HISTORY",
    who=leads(ANY),
    refusal="Only the lead inspector and deputies see the history of the whole inspection.",
)
"""Who did, read and changed what in one inspection, and when."""

UNTIL_THE_PANEL: frozenset[str] = frozenset({*BEFORE_FIELDWORK, State.FIELDWORK, State.REVIEW})

CHANGE_ANNOUNCEMENT = Permission(
    action="CHANGE_ANNOUNCEMENT",
    who={**leads(UNTIL_THE_PANEL), ADMINISTRATOR: UNTIL_THE_PANEL},
    refusal="Only the lead inspector and administrators change the announcement.",
    closed={
        State.SEALED: "The result is sealed, so its announcement can't change.",
        "": "The inspection is with the ratings panel, so its announcement can't change.",
    },
)

SET_WINDOWS = Permission(
    action="SET_WINDOWS",
    who={
        **leads({*BEFORE_FIELDWORK, State.FIELDWORK}),
        ADMINISTRATOR: {*BEFORE_FIELDWORK, State.FIELDWORK},
    },
    refusal="Only the lead inspector and administrators set the windows for sampling.",
    closed={"": "Fieldwork has closed, so the windows for sampling can't change."},
)
"""A window stays once a sample is drawn from it."""

KEEP_CHECKLIST = Permission(
    action="KEEP_CHECKLIST",
    who={**leads(UNTIL_THE_PANEL), ADMINISTRATOR: UNTIL_THE_PANEL},
    refusal="Only the lead inspector and administrators keep the checklist.",
    closed={
        State.SEALED: "The result is sealed, so its checklist can't change.",
        "": "The inspection is with the ratings panel, so its checklist can't change.",
    },
)
"""What the service was asked to send before fieldwork."""

REMOVE_INSPECTION = Permission(
    action="REMOVE_INSPECTION",
    who={ADMINISTRATOR: {*BEFORE_FIELDWORK, State.FIELDWORK}},
    refusal="Only administrators remove an inspection.",
    closed={"": "Fieldwork has closed, so this inspection was no error. It stays."},
)
"""One that was announced in error and holds nothing."""

BEFORE_THE_SEAL = frozenset(State) - {State.SEALED}

SET_UP_TEAM = Permission(
    action="SET_UP_TEAM",
    who={**leads(BEFORE_THE_SEAL), ADMINISTRATOR: BEFORE_THE_SEAL},
    refusal="Only the lead inspector and administrators set up the team.",
    closed={
        "": "The result is sealed, with its team. The chair of the ratings panel can reopen it."
    },
)
"""Who is on the team, and who leads it: a lead hands over to a colleague themselves. Nobody gives
themselves a role (``inspections.team``)."""

HAND_OVER_LEAD = Permission(
    action="HAND_OVER_LEAD",
    who={Role.LEAD_INSPECTOR: BEFORE_THE_SEAL, ADMINISTRATOR: BEFORE_THE_SEAL},
    refusal="Only the lead inspector and administrators hand over the lead.",
    closed=SET_UP_TEAM.closed,
)
"""Not a deputy's: there is one lead inspector, who answers for the inspection."""

NAME_PANEL = Permission(
    action="NAME_PANEL",
    who={**leads(UNTIL_THE_PANEL), ADMINISTRATOR: UNTIL_THE_PANEL},
    refusal="Only the lead inspector and administrators name the ratings panel.",
    closed={
        State.SEALED: "The result is sealed, with its ratings panel.",
        "": "The ratings panel has this inspection, so nobody joins or leaves it here. A member "
        "steps aside on the panel’s page, or the inspection is given back and submitted to "
        "another meeting.",
    },
)
"""Before the inspection is submitted; then its panel are the members of the meeting."""
