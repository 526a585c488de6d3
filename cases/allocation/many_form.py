"""The form that allocates many cases at once, and the proposal that fills it in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from cases.actions import Allocation, NotAllocated
from cases.allocation.minutes import MOST_MINUTES
from inspections.framework import Group
from inspections.history import events_of
from inspections.models import Inspection, Membership, User

NUMBER = re.compile(r"[0-9]{1,9}")
WHICH = re.compile(r"to-(?P<case>[0-9]{1,18})")

TICK_SOME = "Tick the cases that are to go to the inspector you chose."
CHOOSE_WHOM = "Choose who is to have the cases that you ticked."
GONE = "The person whom you chose for this case is not on the team. Choose somebody else."

NOBODY = "0"
"""What a choice sends for nobody: taking back, or leaving as it is what nobody holds."""


@dataclass(slots=True)
class ManyForm:
    """What the page of all cases was sent with.

    ``to-12`` chooses who is to have case 12, and ``held-12`` says who held it when the page was
    opened. ``ticked`` are cases that ``ticked_to`` is to have, whatever their own choice says.
    Only what differs from ``held-…`` is allocated, so that a page that was opened earlier changes
    nothing that its reader didn't.
    """

    allocations: list[Allocation] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    """By the field's name; a case's is ``to-…``, and that of the whole page is empty."""
    chosen: dict[int, str] = field(default_factory=dict)
    """The choice of each case that the reader changed."""
    ticked: set[int] = field(default_factory=set)
    ticked_to: str = ""

    def refuse(self, error: NotAllocated) -> None:
        """Say beside each case why nothing was allocated."""
        for number, why in error.refused.items():
            self.errors[f"to-{number}"] = why
        for number, case in error.changed.items():
            holder = f"Allocated to {case.allocated_to}" if case.allocated_to else "Taken back"
            self.errors[f"to-{number}"] = (
                f"{holder} since you opened this page. Save again if it is to be as you chose."
            )


def read_many(data: QueryDict, inspection: Inspection) -> ManyForm:
    """What was chosen. A person who has left the team is found too, so that the refusal can name
    them; a number that never was on it is an error of its own."""
    form = ManyForm(ticked_to=_sent(data, "ticked_to"))
    form.ticked = {int(one) for one in data.getlist("ticked") if NUMBER.fullmatch(one)}
    if form.ticked and not form.ticked_to:
        form.errors["ticked_to"] = CHOOSE_WHOM
    if form.ticked_to and not form.ticked:
        form.errors["ticked_to"] = TICK_SOME
    wanted: dict[int, tuple[str, int]] = {}
    for name in data:
        if found := WHICH.fullmatch(name):
            case = int(found["case"])
            held = _sent(data, f"held-{case}")
            to = (form.ticked_to if case in form.ticked else "") or _sent(data, name)
            if NUMBER.fullmatch(held) and to != held:
                wanted[case] = (to, int(held))
                form.chosen[case] = to
    people = _people(inspection, {to for to, _ in wanted.values()})
    for case, (whom, instead_of) in wanted.items():
        if whom != NOBODY and whom not in people:
            form.errors[f"to-{case}"] = GONE
        else:
            form.allocations.append(Allocation(case, people.get(whom), instead_of))
    return form


def _sent(data: QueryDict, name: str) -> str:
    return str(data.get(name, "")).strip()


def _people(inspection: Inspection, asked: set[str]) -> Mapping[str, User]:
    """Those of ``asked`` who are or were on the inspection, by their number as it was sent."""
    numbers = [int(one) for one in asked if NUMBER.fullmatch(one)]
    joined = events_of(Membership).filter(inspection=inspection.pk).values("user")
    return {
        str(user.pk): user for user in User.objects.filter(pk__in=numbers).filter(pk__in=joined)
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proposal is asked for with: minutes of each group, and who takes cases.

    ``wanted`` says whether a proposal was asked for, ``takers`` are numbers of people.
    """

    wanted: bool
    minutes: Mapping[Group, int]
    takers: frozenset[int]
    errors: Mapping[str, str]
    """By the field's name."""
    typed: Mapping[Group, str]
    """The minutes as they were entered."""


def read_asked(data: QueryDict, expected: Mapping[Group, int], takers: Sequence[int]) -> Asked:
    """``expected`` minutes and ``takers`` hold where nothing else is asked for."""
    minutes = dict(expected)
    typed = {group: str(number) for group, number in expected.items()}
    errors = {}
    for group in expected:
        name = f"minutes_{group.lower()}"
        if name not in data:
            continue
        entered = typed[group] = _sent(data, name)
        if NUMBER.fullmatch(entered) and 1 <= int(entered) <= MOST_MINUTES:
            minutes[group] = int(entered)
        else:
            errors[name] = f"Enter the minutes as a whole number from 1 to {MOST_MINUTES:,}."
    wanted = "propose" in data
    chosen = frozenset(int(one) for one in data.getlist("takes") if NUMBER.fullmatch(one))
    return Asked(wanted, minutes, chosen if wanted else frozenset(takers), errors, typed)
