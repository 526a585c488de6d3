"""What the page that allocates all cases shows: each case, each person, and what to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.allocation.many_form import NOBODY, Asked, ManyForm
from cases.allocation.proposal import CaseToPlace, Proposal, Taker, propose
from cases.models import Case, DeclaredInterest, LinkedCases
from cases.permissions import ALLOCATE_CASE
from cases.progress import Progress
from inspections.framework import Group
from inspections.models import Inspection, User


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case on the page. ``chosen`` is what its choice shows, ``held`` who holds it, as numbers,
    0 for nobody. ``is_proposed`` says that the choice is of the proposal, ``unplaced`` why the
    proposal has nobody for it."""

    case: Case
    progress: Progress
    minutes: int
    why_not: str | None
    links: Sequence[str]
    held: str
    chosen: str
    is_ticked: bool
    is_proposed: bool
    unplaced: str
    error: str

    @property
    def is_changed(self) -> bool:
        return self.chosen != self.held

    @property
    def is_started(self) -> bool:
        """Something is recorded in it, so a device may hold more."""
        return self.case.state != Case.State.NOT_STARTED


@dataclass(frozen=True, slots=True)
class PersonRow:
    """``minutes`` are of the cases held, ``minutes_then`` of those after the choices are saved."""

    person: User
    is_interested: bool
    takes_cases: bool
    cases: int
    minutes: int
    cases_then: int
    minutes_then: int


@dataclass(frozen=True, slots=True)
class Overview:
    rows: Sequence[CaseRow]
    people: Sequence[PersonRow]
    notes: Sequence[str]
    unallocated: int
    proposed: int
    """How many cases the proposal has somebody for."""


def overview(
    inspection: Inspection, reader: User, people: Sequence[User], asked: Asked, form: ManyForm
) -> Overview:
    """``people`` may hold cases. The choices are those of ``form``, or of the proposal if one is
    asked for."""
    sample = inspection.cases.in_sample().select_related("allocated_to")
    cases = list(sample.with_answered().in_order())
    for case in cases:
        case.inspection = inspection
    links = list(inspection.linked_cases.with_cases())
    interested = set(
        DeclaredInterest.objects.filter(service=inspection.service_id).values_list(
            "person", flat=True
        )
    )
    proposal = (
        _propose(inspection, reader, cases, people, links, interested, asked)
        if asked.wanted and not asked.errors
        else Proposal({}, {}, {})
    )
    rows = [_row(case, inspection, reader, links, asked, form, proposal) for case in cases]
    return Overview(
        rows=rows,
        people=[_person(one, rows, interested, asked) for one in people],
        notes=[*_held_despite_an_interest(cases, interested), *_apart(links)],
        unallocated=sum(case.allocated_to_id is None for case in cases),
        proposed=len(proposal.places),
    )


def _propose(
    inspection: Inspection,
    reader: User,
    cases: Sequence[Case],
    people: Sequence[User],
    links: Sequence[LinkedCases],
    interested: Collection[int],
    asked: Asked,
) -> Proposal:
    """Nobody is proposed for a case that can't be allocated now; whoever holds one counts."""
    link_of = {case.pk: linked.pk for linked in links for case in linked.cases.all()}
    return propose(
        [
            CaseToPlace(
                case.pk,
                case.reference,
                asked.minutes[Group(case.group)],
                case.allocated_to_id,
                link_of.get(case.pk),
            )
            for case in cases
            if case.allocated_to_id or ALLOCATE_CASE.can(reader, case)
        ],
        [Taker(one.pk, str(one), one.pk in asked.takers, one.pk in interested) for one in people],
    )


def _row(
    case: Case,
    inspection: Inspection,
    reader: User,
    links: Sequence[LinkedCases],
    asked: Asked,
    form: ManyForm,
    proposal: Proposal,
) -> CaseRow:
    group = Group(case.group)
    held = str(case.allocated_to_id or NOBODY)
    chosen = form.chosen.get(case.pk, str(proposal.places.get(case.pk, held)))
    return CaseRow(
        case=case,
        progress=Progress(case.answered, len(inspection.framework.case_questions(group))),
        minutes=asked.minutes[group],
        why_not=ALLOCATE_CASE.why_not(reader, case),
        links=list(_links_of(case, links)),
        held=held,
        chosen=chosen,
        is_ticked=case.pk in form.ticked,
        is_proposed=case.pk in proposal.places and case.pk not in form.chosen,
        unplaced=proposal.unplaced.get(case.pk, ""),
        error=form.errors.get(f"to-{case.pk}", ""),
    )


def _links_of(case: Case, links: Sequence[LinkedCases]) -> Iterator[str]:
    """“Siblings: C-04, C-09”, without the case itself."""
    for linked in links:
        members = list(linked.cases.all())
        if case in members:
            others = ", ".join(str(one) for one in members if one != case)
            yield f"{linked.get_why_display()}: {others}"


def _person(
    person: User, rows: Sequence[CaseRow], interested: Collection[int], asked: Asked
) -> PersonRow:
    number = str(person.pk)
    held = [row.minutes for row in rows if row.held == number]
    then = [row.minutes for row in rows if row.chosen == number]
    return PersonRow(
        person=person,
        is_interested=person.pk in interested,
        takes_cases=person.pk in asked.takers,
        cases=len(held),
        minutes=sum(held),
        cases_then=len(then),
        minutes_then=sum(then),
    )


def _held_despite_an_interest(cases: Sequence[Case], interested: Collection[int]) -> Iterator[str]:
    by_person: dict[User, list[str]] = {}
    for case in cases:
        if case.allocated_to and case.allocated_to_id in interested:
            by_person.setdefault(case.allocated_to, []).append(str(case))
    for person, references in by_person.items():
        yield (
            f"{person} declared an interest in this service and still holds "
            f"{', '.join(references)}. Hand them over."
        )


def _apart(links: Sequence[LinkedCases]) -> Iterator[str]:
    for linked in links:
        holders: Mapping[int, str] = {
            case.allocated_to_id: str(case.allocated_to)
            for case in linked.cases.all()
            if case.allocated_to_id
        }
        if len(holders) > 1:
            yield f"{linked} are held by different people: {', '.join(holders.values())}."
