"""Who holds which case: allocating one or many, handing over and taking back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.models import Case, DeclaredInterest
from cases.permissions import ALLOCATE_CASE, ALLOCATE_CASES, RECORDABLE_STATES
from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.history import action
from inspections.models import Inspection, Membership, User
from inspections.team.work import HOLDING_ROLES
from inspections.versions import Conflict

REMOVED = "This case was removed since you opened the page."


@dataclass(frozen=True, slots=True)
class Allocation:
    """The case of this number to ``to``, or to nobody, which takes it back.

    ``instead_of`` is the number of whoever held it when that was decided, 0 for nobody, ``None``
    for whoever does.
    """

    case: int
    to: User | None
    instead_of: int | None = None


class NotAllocated(Exception):
    """Nothing was allocated. By case number, ``refused`` says why a case can't be allocated so, and
    ``changed`` has the cases that somebody else holds than was thought."""

    def __init__(self, refused: Mapping[int, str], changed: Mapping[int, Case]) -> None:
        super().__init__(" ".join(refused.values()) or "Other people hold these cases by now.")
        self.refused = refused
        self.changed = changed


@dataclass(frozen=True, slots=True)
class Allocated:
    """A case that has another holder than before, and who that was."""

    case: Case
    before: User | None


@action
def allocate_case(*, case: Case, to: User, by: User, instead_of: int | None = None) -> Case:
    """Allocate ``case`` to an inspector of its team, even if answers are recorded already.

    ``instead_of`` is the number of whoever held it when ``by`` decided that, 0 for nobody, ``None``
    for whoever does. Raises ``Refused`` when ``by`` may not do this, or not now, and when ``to`` is
    neither inspector nor lead inspector of the inspection or declared an interest in its service,
    and ``Conflict`` when somebody else holds it by now.
    """
    may_hold = _MayHold(case.inspection)
    locked = Case.objects.locked(case.pk)
    ALLOCATE_CASE.check(by, locked)
    if _is_changed(locked, to, instead_of):
        raise Conflict(locked)
    if why_not := may_hold.why_not(locked, to):
        raise Refused(why_not)
    _give(locked, to)
    return locked


@action
def allocate_cases(
    *, inspection: Inspection, allocations: Sequence[Allocation], by: User
) -> list[Allocated]:
    """Allocate many cases at once, all or none; returns those that have another holder now.

    Raises ``Refused`` when ``by`` may not allocate cases, or not now, and ``NotAllocated`` with
    every case that can't be allocated so, for the reasons of ``allocate_case``.
    """
    may_hold = _MayHold(inspection)
    ALLOCATE_CASES.check(by, may_hold.inspection)
    # Always in the order of their numbers, so that two that allocate the same cases don't deadlock.
    cases = {
        number: Case.objects.locked(number)
        for number in inspection.cases.filter(pk__in=[one.case for one in allocations])
        .order_by("pk")
        .values_list("pk", flat=True)
    }
    refused: dict[int, str] = {}
    changed: dict[int, Case] = {}
    done = []
    for one in allocations:
        case = cases.get(one.case)
        if case is None:
            refused[one.case] = REMOVED
        elif _is_changed(case, one.to, one.instead_of):
            changed[one.case] = case
        elif why_not := ALLOCATE_CASE.why_not(by, case) or may_hold.why_not(case, one.to):
            refused[one.case] = why_not
        elif case.allocated_to != one.to:
            done.append(Allocated(case, case.allocated_to))
            _give(case, one.to)
    if refused or changed:
        raise NotAllocated(refused, changed)
    return done


class _MayHold:
    """Who may hold cases of an inspection; its state, team and declared interests stay as they are
    until the transaction ends."""

    def __init__(self, inspection: Inspection) -> None:
        """Locks the inspection before its team, and that before any case. Django knows no lock
        that several may hold."""
        self.inspection: Inspection = Inspection.objects.raw(
            "SELECT * FROM inspections_inspection WHERE id = %s FOR KEY SHARE", [inspection.pk]
        )[0]
        members = Membership.objects.raw(
            "SELECT * FROM inspections_membership WHERE inspection_id = %s ORDER BY id FOR SHARE",
            [inspection.pk],
        )
        self.holders = {one.user_id for one in members if one.role in HOLDING_ROLES}
        interests = DeclaredInterest.objects.filter(service=self.inspection.service_id)
        self.interested = set(interests.values_list("person", flat=True))

    def why_not(self, case: Case, to: User | None) -> str | None:
        """Whoever holds a case already keeps it, whatever they declared since."""
        if (to.pk if to else None) == case.allocated_to_id:
            return None
        if to is None:
            if case.state in RECORDABLE_STATES:
                return None
            return (
                f"Case {case} is {case.state_words} and may be returned, so somebody has to hold "
                "it. Choose another inspector."
            )
        if to.pk not in self.holders:
            return f"{to} is not an inspector of this inspection's team."
        if to.pk in self.interested:
            return (
                f"{to} declared an interest in {self.inspection.service}, "
                "so can't be given a case of it."
            )
        return None


def _is_changed(case: Case, to: User | None, instead_of: int | None) -> bool:
    """Whether somebody else holds it than was thought, and than is to hold it."""
    holder = case.allocated_to_id or 0
    return instead_of is not None and holder not in (instead_of, to.pk if to else 0)


def _give(case: Case, to: User | None) -> None:
    case.allocated_to = to
    case.save(update_fields=["allocated_to"])
    announce(case.inspection_id)
