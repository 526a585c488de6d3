"""What changes a sample after its draw: a wrongly sampled case that is taken out, one that is put
back, and a case added by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from cases.caseload.draw import most_alike
from cases.caseload.margins import DEFAULT_MARGINS, category
from cases.caseload.rows import reference_key
from cases.models import Case, CaseSource, DrawnCase, LeadChoice, ListedCase, PutBack, Sample
from cases.permissions import CHANGE_SAMPLE, PUT_BACK_CASE, TAKE_OUT_CASE
from cases.sampling.actions.draws import count_eligible, make_cases, next_references, take_out
from cases.sampling.actions.lists import choose, known_spellings, lock_inspection
from cases.sampling.eligible import latest_draw, left_out_by_lead
from inspections.announcements import announce
from inspections.framework import Group
from inspections.history import action, events_of
from inspections.models import Inspection, User
from inspections.versions import Conflict


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case added by hand: the service's reference and what is known of its details."""

    service_reference: str
    details: Mapping[str, Any] = field(default_factory=dict)


class AlreadySampled(Exception):
    """The case with this reference of the service is in the sample; ``case`` is that one."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"This case is in the sample already, as {case}.")
        self.case = case


class NoReserve(Exception):
    """No reserve is left."""

    def __init__(self) -> None:
        super().__init__("No reserve is left. Add a case by hand, or take this one out alone.")


@action
def add_case(*, inspection: Inspection, group: Group, new: NewCase, reason: str, by: User) -> Case:
    """Add one case by hand. Raises ``Refused`` and ``AlreadySampled``."""
    locked = lock_inspection(inspection)
    CHANGE_SAMPLE.check(by, locked)
    made = _add(locked, group, new, reason, by)
    _counted_again(locked, group)
    return made


@action
def replace_case(
    *,
    case: Case,
    reason: str,
    by: User,
    reserve: int | None = None,
    new: NewCase | None = None,
) -> Case | None:
    """Take a wrongly sampled case out, and put one in its place.

    ``reserve`` is the number of the reserve (``DrawnCase``) that comes in, ``new`` a case added by
    hand; without either, none does. What is recorded in the case stays and counts nowhere. The case
    is left out of later draws. Raises ``Refused``, ``AlreadySampled``, ``NoReserve``, and
    ``Conflict`` where another reserve is the next one by now.
    """
    inspection = lock_inspection(case.inspection)
    locked = Case.objects.locked(case.pk)
    TAKE_OUT_CASE.check(by, locked)
    group = Group(locked.group)
    source = CaseSource.objects.filter(case=locked).first()
    coming = None
    if reserve is not None:
        coming = next_reserve(locked)
        if coming is None:
            raise NoReserve
        if coming.pk != reserve:
            raise Conflict(locked, "That reserve has come into the sample since. Look again.")
    take_out(locked, reason, by)
    if source is not None:
        choose(inspection, source.service_reference, LeadChoice.Kind.LEFT_OUT, reason, by)
    made = None
    if coming is not None:
        kind = CaseSource.Kind.RESERVE
        [made] = make_cases(
            inspection, group, [coming], by, kind=kind, reason=reason, replaces=locked
        )
    elif new is not None:
        made = _add(inspection, group, new, reason, by, replaces=locked)
    _counted_again(inspection, group)
    return made


@action
def put_back_case(*, case: Case, reason: str, by: User, takes_out: Case | None = None) -> Case:
    """Put a case back that was taken out of the sample, in the state that it had.

    ``takes_out`` is the case that came in its place, if that one leaves again. It was not sampled
    wrongly, so it still counts as eligible, and can be put back itself. Later draws treat the case
    as they would have done before it was taken out. Raises ``Refused``, also for a ``takes_out``
    that left the sample meanwhile, and ``AlreadySampled`` where the same case of the service came
    into the sample in another way.
    """
    inspection = lock_inspection(case.inspection)
    locked = Case.objects.locked(case.pk)
    PUT_BACK_CASE.check(by, locked)
    source = CaseSource.objects.filter(case=locked).first()
    if source is not None:
        _refuse_second(inspection, Group(locked.group), source.service_reference)
    locked.taken_out.delete()
    PutBack.objects.create(case=locked, reason=reason, put_back_at=timezone.now(), put_back_by=by)
    events = events_of(Case).filter(pgh_obj=locked.pk).exclude(state=Case.State.TAKEN_OUT)
    locked.state = events.latest("pgh_id").state
    locked.save(update_fields=["state"])
    if source is not None:
        _choose_as_before(inspection, source.service_reference, reason, by)
    if takes_out is not None:
        leaving = Case.objects.locked(takes_out.pk)
        TAKE_OUT_CASE.check(by, leaving)
        take_out(leaving, f"{locked} is back in the sample: {reason}", by)
    _counted_again(inspection, Group(locked.group))
    return locked


def came_in_place_of(case: Case) -> Case | None:
    """The case of the sample that replaces ``case``."""
    return case.inspection.cases.in_sample().filter(source__replaces=case).first()


def _choose_as_before(inspection: Inspection, reference: str, reason: str, by: User) -> None:
    """Let what the lead chose about a case count that was left out since."""
    choices = LeadChoice.objects.filter(inspection=inspection, reference=reference)
    latest, *earlier = choices[:2] or (None,)
    if latest is None or latest.kind != LeadChoice.Kind.LEFT_OUT:
        return
    kind = earlier[0].kind if earlier else LeadChoice.Kind.WITHDRAWN
    choose(inspection, reference, LeadChoice.Kind(kind), reason, by)


def reserves_left(inspection: Inspection, group: Group) -> list[DrawnCase]:
    """The reserves of the draw that stands that are in no sample and weren't left out since, in
    their order."""
    draw = latest_draw(inspection, group)
    if draw is None:
        return []
    used = set(
        CaseSource.objects.filter(case__inspection=inspection).values_list(
            "service_reference", flat=True
        )
    )
    left_out = left_out_by_lead(inspection)
    reserves = draw.drawn.filter(is_reserve=True).select_related("listed").order_by("place")
    return [one for one in reserves if one.listed.reference not in used | left_out]


def next_reserve(case: Case) -> DrawnCase | None:
    """The reserve that comes in for ``case``: like for like, so of those that are most like it the
    first; ``None`` if none is left."""
    left = {one.listed_id: one for one in reserves_left(case.inspection, Group(case.group))}
    rows = [one.listed.as_row() for one in left.values()]
    listed = _listed(case)
    ordered = most_alike(listed.as_row(), rows) if listed else rows
    return left[ordered[0].row] if ordered else None


def alike(case: Case, reserve: DrawnCase) -> int:
    """In how many margins a reserve is like ``case``, as the lists had them."""
    listed = _listed(case)
    if listed is None:
        return 0
    rows = listed.as_row(), reserve.listed.as_row()
    return sum(category(rows[0], margin) == category(rows[1], margin) for margin in DEFAULT_MARGINS)


def _listed(case: Case) -> ListedCase | None:
    """The row that ``case`` was drawn from; ``None`` for one that was added by hand."""
    source = CaseSource.objects.filter(case=case, drawn__isnull=False).first()
    return source.drawn.listed if source and source.drawn else None


def _add(
    inspection: Inspection,
    group: Group,
    new: NewCase,
    reason: str,
    by: User,
    *,
    replaces: Case | None = None,
) -> Case:
    known = known_spellings(inspection)
    service_reference = known.get(reference_key(new.service_reference), new.service_reference)
    _refuse_second(inspection, group, service_reference)
    [reference] = next_references(inspection, group, 1)
    made = Case.objects.create(
        inspection=inspection, group=group, reference=reference, **new.details
    )
    CaseSource.objects.create(
        case=made,
        kind=CaseSource.Kind.BY_HAND,
        service_reference=service_reference,
        replaces=replaces,
        reason=reason,
        added_at=timezone.now(),
        added_by=by,
    )
    return made


def _refuse_second(inspection: Inspection, group: Group, service_reference: str) -> None:
    there = inspection.cases.in_sample().filter(
        group=group, source__service_reference=service_reference
    )
    if (earlier := there.first()) is not None:
        raise AlreadySampled(earlier)


def _counted_again(inspection: Inspection, group: Group) -> None:
    for sample in Sample.objects.filter(inspection=inspection, group=group):
        count_eligible(sample)
    announce(inspection.pk)
