"""What each role can do and see, in words, as the table of permissions has it.

A row of the table says who and in which states; here is only how that reads. So a help page can't
promise what would be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.text import capfirst

from cases import permissions as cases
from cases.models import Case
from inspections import permissions as inspections
from inspections.access.permissions import ADMINISTRATOR, NEVER, Permission, States
from inspections.models import Inspection, Membership
from inspections.team.parts import PARTS
from ratings import meeting_permissions as meetings
from ratings import permissions as ratings
from ratings import retention_permissions as retention
from ratings.models import PanelMeeting

Role = Membership.Role
State = Inspection.State


@dataclass(frozen=True, slots=True)
class RoleHelp:
    """A help page. ``roles`` are what people are, ``as_well`` what they can be besides, such as the
    inspector of a case that is allocated to them."""

    slug: str
    title: str
    roles: tuple[str, ...]
    as_well: tuple[str, ...] = ()

    @property
    def questions(self) -> str:
        """The template with what people ask."""
        return f"site/help/{self.slug}.html"

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The name of each role of an inspection, and what it is for."""
        return [(role.label, words) for role, words in PARTS.items() if role in self.roles]

    @property
    def does(self) -> list[tuple[str, list[str]]]:
        """What these people can do, by when they can."""
        return _by_when(_read(self, DOES))

    @property
    def sees(self) -> list[tuple[str, list[str]]]:
        """What these people can see, by when they can."""
        return _by_when(_read(self, SEES))

    @property
    def records(self) -> bool:
        """Whether these people record in cases."""
        return bool(_holders(self, cases.RECORD))


OWN = Case.Role.OWN_INSPECTOR
NAMES: Mapping[str, str] = {
    Role.LEAD_INSPECTOR: "the lead inspector alone",
    ratings.CHAIR: "the chair",
}
"""How a page for several roles says that only one of them may."""

PAGES = (
    RoleHelp(
        "lead",
        "Lead inspectors and deputies",
        (Role.LEAD_INSPECTOR, Role.DEPUTY_LEAD),
        (OWN, PanelMeeting.ARRANGED_IT),
    ),
    RoleHelp("inspector", "Inspectors", (Role.INSPECTOR,), (OWN,)),
    RoleHelp("local-assessor", "Local assessors", (Role.LOCAL_ASSESSOR,), (OWN,)),
    RoleHelp("quality-reviewer", "Quality reviewers", (Role.REVIEWER,)),
    RoleHelp(
        "panel", "Members of the ratings panel and its chair", (Role.PANEL_MEMBER, ratings.CHAIR)
    ),
    RoleHelp("observer", "Observers", (Role.OBSERVER,)),
    RoleHelp("publisher", "Publishers", (Role.PUBLISHER,)),
    RoleHelp("administrator", "Administrators", (ADMINISTRATOR,)),
)
PAGE_OF = {page.slug: page for page in PAGES}

DOES: tuple[tuple[Permission, str], ...] = (
    (inspections.KEEP_SERVICES, "keep the list of services"),
    (inspections.ANNOUNCE, "announce inspections"),
    (inspections.REMOVE_INSPECTION, "remove an inspection that was announced in error"),
    (inspections.CHANGE_ANNOUNCEMENT, "change the announcement"),
    (inspections.SET_UP_TEAM, "set up the team"),
    (inspections.HAND_OVER_LEAD, "hand over the lead"),
    (inspections.NAME_PANEL, "name the ratings panel"),
    (cases.LOAD_LISTS, "load lists of cases"),
    (cases.DRAW_SAMPLE, "draw samples"),
    (cases.ALLOCATE_CASES, "allocate cases"),
    (cases.DECLARE_INTEREST, "declare an interest in the service"),
    (cases.PLAN_INTERVIEWS, "plan interviews with case managers"),
    (cases.RECORD, "record in the cases that are allocated to you"),
    (cases.SUBMIT_CASE, "submit these cases"),
    (cases.COMMENT, "comment on cases"),
    (cases.REPLY, "reply to comments"),
    (cases.RETURN_CASE, "return a case to its inspector"),
    (cases.SIGN_OFF_CASE, "sign cases off"),
    (ratings.ADD_EVIDENCE, "add evidence"),
    (ratings.JUDGE, "judge the qualitative standards"),
    (ratings.WRITE_FINDINGS, "write strengths and areas for improvement"),
    (inspections.CLOSE_FIELDWORK, "close fieldwork"),
    (meetings.ARRANGE, "arrange meetings of the ratings panel"),
    (meetings.CHANGE_MEETING, "change or cancel a meeting before it has heard an inspection"),
    (ratings.SUBMIT, "submit the inspection to the ratings panel"),
    (ratings.RECORD_ATTENDANCE, "record who is present"),
    (ratings.STEP_ASIDE, "step aside from a hearing"),
    (ratings.NAME_CHAIR, "name another chair when the chair can’t act"),
    (ratings.DECIDE, "decide professional discretion"),
    (ratings.GIVE_BACK, "have the inspection go back to the lead inspector"),
    (ratings.AGREE, "confirm the result"),
    (ratings.REOPEN, "reopen a sealed result, with a reason"),
    (retention.PUBLISH, "record when the result was published"),
    (retention.SET_MONTHS, "change for how many months case content is kept"),
    (retention.EXPORT, "export everything that the inspection holds"),
    (inspections.SEARCH_HISTORY, "search and export the record of who did what, without contents"),
)

SEES: tuple[tuple[Permission, str], ...] = (
    (inspections.SEE_SET_UP, "how an inspection is set up, and its team"),
    (cases.SEE_SAMPLING, "lists and samples"),
    (cases.SEE_CASES, "cases, and how far they are"),
    (cases.SEE_READERS, "who opened a case"),
    (cases.SEE_INTERVIEWS, "interviews"),
    (ratings.SEE_EVIDENCE, "evidence"),
    (cases.SEE_ANSWERS, "the answers of all cases to one question"),
    (ratings.SEE_FINDINGS, "judgements, strengths and areas for improvement"),
    (inspections.SEE_RATINGS, "ratings, and what the panel decided on each"),
    (ratings.SEE_PANEL, "the panel’s page, and its pack for the meeting"),
    (ratings.SEE_SEAL, "the seal and its file"),
    (retention.SEE_RETENTION, "for how long case content is kept"),
    (inspections.SEE_HISTORY, "the history of the whole inspection"),
)


def may(role: str, permission: Permission) -> bool:
    """Whether ``role`` may do this in some state or other."""
    return (
        permission.who.get(role, NEVER) != NEVER
        and permission.case_states.get(role) != NEVER
        and role not in permission.barred
    )


def _holders(page: RoleHelp, permission: Permission) -> list[str]:
    return [role for role in (*page.roles, *page.as_well) if may(role, permission)]


def _read(page: RoleHelp, rows: tuple[tuple[Permission, str], ...]) -> Iterator[tuple[States, str]]:
    for permission, words in rows:
        holders = _holders(page, permission)
        if not holders:
            continue
        states = permission.who[holders[0]]
        only = NAMES.get(holders[0]) if len(holders) == 1 and len(page.roles) > 1 else None
        yield states, f"{words} ({only})" if only else words


def _by_when(lines: Iterable[tuple[States, str]]) -> list[tuple[str, list[str]]]:
    """What can be done at any time first, then in the order of an inspection."""

    def place(states: States) -> list[int]:
        return sorted(ORDER.index(State(state)) for state in states or ())

    groups: dict[str, list[str]] = {}
    for states, words in sorted(lines, key=lambda line: place(line[0])):
        groups.setdefault(when(states), []).append(words)
    return list(groups.items())


ORDER = list(State)


FROM = {
    State.PREPARATION: "From the preparation on",
    State.FIELDWORK: "Once fieldwork has begun",
    State.REVIEW: "Once fieldwork has closed",
    State.PANEL: "Once submitted to the ratings panel",
    State.SEALED: "Once the result is sealed",
}
UNTIL = {
    State.ANNOUNCED: "until the preparation begins",
    State.PREPARATION: "until fieldwork begins",
    State.FIELDWORK: "until fieldwork closes",
    State.REVIEW: "until submitted to the ratings panel",
    State.PANEL: "until the result is sealed",
}
ONLY = {
    State.PREPARATION: "In preparation",
    State.FIELDWORK: "During fieldwork",
    State.PANEL: "While the ratings panel has the inspection",
}


def when(states: States) -> str:
    """In which states of an inspection, in words. No row leaves out a state between two others."""
    if states is None or len(states) == len(ORDER):
        return "At any time"
    places = [ORDER.index(State(state)) for state in states]
    first, last = ORDER[min(places)], ORDER[max(places)]
    if first == last and first in ONLY:
        return ONLY[first]
    if last == State.SEALED:
        return FROM[first]
    return capfirst(UNTIL[last]) if first == State.ANNOUNCED else f"{FROM[first]}, {UNTIL[last]}"
