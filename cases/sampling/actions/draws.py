"""Drawing a sample from the eligible cases, and making its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef
from django.db.models.expressions import Combinable
from django.utils import timezone

from cases.caseload.draw import Drawn, draw
from cases.caseload.margins import DEFAULT_MARGINS
from cases.caseload.sizes import RULES, OwnNumber, Size, size_of
from cases.models import (
    AnswerSave,
    Case,
    CaseSource,
    Comment,
    DetailSave,
    Draw,
    DrawnCase,
    ListedCase,
    Sample,
    TakenOut,
)
from cases.permissions import DRAW_SAMPLE
from cases.sampling.actions.lists import lock_inspection
from cases.sampling.eligible import Caseload, latest_draw, left_out_by_lead, load_caseload
from inspections.announcements import announce
from inspections.framework import Group
from inspections.history import action, events_of
from inspections.models import Inspection, SamplingWindow, User
from inspections.versions import Conflict

PREFIXES = {Group.COURT: "C", Group.OUT_OF_COURT: "O", Group.RESETTLEMENT: "R"}
"""What our own references of each group begin with."""


DRAWN_SINCE = "Somebody else has drawn this sample since you opened the page."


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRequest:
    """What the lead asks for. ``rule`` is the key of a size rule; ``own_number`` and
    ``size_reason`` belong to the lead's own. ``reason`` says why an earlier draw is replaced."""

    rule: str
    seed: int
    own_number: int | None = None
    size_reason: str = ""
    margins: Sequence[str] = DEFAULT_MARGINS
    cap: int | None = None
    reserve_percent: int = 20
    reason: str = ""


@action
def draw_sample(
    *,
    inspection: Inspection,
    group: Group,
    request: DrawRequest,
    instead_of: int,
    eligible_seen: str,
    by: User,
) -> Draw:
    """Draw the sample of ``group`` and make its cases, with what the list says about them.

    ``instead_of`` is the number of the draw that the lead saw, 0 for none, and ``eligible_seen``
    the ``Caseload.version`` then: where either is another one by now, it is a ``Conflict`` with
    the draw that stands. A later draw keeps the earlier one. A case that both selected stays as it
    is; others of the earlier draw are removed if nothing is recorded in them, and otherwise taken
    out of the sample. Raises ``Refused``, and ``NoSize`` where the rule gives no size.
    """
    locked = lock_inspection(inspection)
    DRAW_SAMPLE.check(by, locked)
    earlier = latest_draw(locked, group)
    if (earlier.number if earlier else 0) != instead_of:
        raise Conflict(earlier, DRAWN_SINCE)
    caseload = load_caseload(locked)
    rows = caseload.eligible(group)
    if caseload.version(group) != eligible_seen:
        raise Conflict(
            earlier,
            f"{len(rows)} cases are eligible now, and they aren’t those that were when you opened "
            "the page. Nothing was drawn.",
        )
    size = size_for(caseload, group, request)
    drawn = draw(
        rows,
        size=size.number,
        seed=request.seed,
        margins=request.margins,
        cap=request.cap,
        reserve_share=Fraction(request.reserve_percent, 100),
    )
    stored = _store(caseload, group, request, size, drawn, earlier, by)
    _keep_window(stored)
    _make_cases(stored, by)
    count_eligible(stored.sample)
    announce(locked.pk)
    return stored


def size_for(caseload: Caseload, group: Group, request: DrawRequest) -> Size:
    """The size that is asked for. Raises ``NoSize``."""
    own = OwnNumber(request.own_number, request.size_reason) if request.own_number else None
    return size_of(
        RULES[request.rule],
        eligible=len(caseload.eligible(group)),
        group=group,
        beside=caseload.beside(group),
        own=own,
    )


def _store(
    caseload: Caseload,
    group: Group,
    request: DrawRequest,
    size: Size,
    drawn: Drawn,
    earlier: Draw | None,
    by: User,
) -> Draw:
    window = caseload.windows[group]
    sample, _ = Sample.objects.update_or_create(
        inspection=caseload.inspection,
        group=group,
        defaults={
            "window_start_date": window.start_date,
            "window_end_date": window.end_date,
            "wanted_cases": size.number,
            "size_reason": size.reason,
        },
    )
    # From now on the announcement's window stays as it was drawn from.
    set_windows = caseload.inspection.windows.filter(group=group.value, drawn_at=None)
    set_windows.update(drawn_at=timezone.now())
    left_out = caseload.left_out(group)
    stored = Draw.objects.create(
        sample=sample,
        number=earlier.number + 1 if earlier else 1,
        window_start_date=window.start_date,
        window_end_date=window.end_date,
        as_of=caseload.as_of,
        listed_cases=len(caseload.eligible(group)) + sum(left_out.values()),
        eligible_cases=len(caseload.eligible(group)),
        left_out={reason.value: number for reason, number in left_out.most_common()},
        eligible_rows=[row.row for row in caseload.eligible(group)],
        size_rule=size.rule,
        size=size.number,
        size_words=size.words,
        size_reason=size.reason,
        seed=request.seed,
        margins=list(request.margins),
        cap=request.cap,
        reserve_percent=request.reserve_percent,
        counts={
            margin: {name: [count.population, count.sample] for name, count in counts.items()}
            for margin, counts in drawn.margins.items()
        },
        largest_difference=_points(drawn.largest_difference),
        largest_at=list(drawn.largest_at),
        adjustments=list(drawn.adjustments),
        reason=request.reason if earlier else "",
        drawn_at=timezone.now(),
        drawn_by=by,
    )
    DrawnCase.objects.bulk_create(
        DrawnCase(draw=stored, listed_id=row.row, place=place, is_reserve=is_reserve)
        for is_reserve, rows in ((False, drawn.selected), (True, drawn.reserves))
        for place, row in enumerate(rows, start=1)
    )
    return stored


def _keep_window(stored: Draw) -> None:
    """The window stays from its first draw on, also where it is the default one."""
    window, _ = SamplingWindow.objects.get_or_create(
        inspection=stored.sample.inspection,
        group=stored.sample.group,
        defaults={
            "start_date": stored.window_start_date,
            "end_date": stored.window_end_date,
        },
    )
    if window.drawn_at is None:
        window.drawn_at = stored.drawn_at
        window.save(update_fields=["drawn_at"])


def _points(difference: Fraction) -> Decimal:
    """Percentage points to a hundredth."""
    return Decimal(round(difference * 100)) / 100


def _make_cases(stored: Draw, by: User) -> None:
    """Make the sample's cases, keep those that were in it before, and remove the rest."""
    inspection, group = stored.sample.inspection, Group(stored.sample.group)
    selected = list(stored.drawn.filter(is_reserve=False).select_related("listed"))
    wanted = {one.listed.reference for one in selected}
    before = list(
        inspection.cases.in_sample()
        .filter(group=group, source__isnull=False)
        .select_related("source")
        .annotate(has_records=_has_records())
    )
    for case in before:
        source = case.source
        if source.service_reference in wanted or source.kind == CaseSource.Kind.BY_HAND:
            continue
        if case.has_records:
            why = f"Draw {stored.number} has other cases: {stored.reason}"
            take_out(case, why, by)
        else:
            case.delete()
    there = {case.source.service_reference for case in before}
    new = [one for one in selected if one.listed.reference not in there]
    make_cases(inspection, group, new, by)


def make_cases(
    inspection: Inspection,
    group: Group,
    drawn: Sequence[DrawnCase],
    by: User,
    *,
    kind: CaseSource.Kind = CaseSource.Kind.DRAWN,
    reason: str = "",
    replaces: Case | None = None,
) -> list[Case]:
    """Make a case of each, with the details that the list has, under references of our own."""
    references = next_references(inspection, group, len(drawn))
    made = Case.objects.bulk_create(
        Case(inspection=inspection, group=group, reference=reference, **details_of(one.listed))
        for reference, one in zip(references, drawn, strict=True)
    )
    now = timezone.now()
    CaseSource.objects.bulk_create(
        CaseSource(
            case=case,
            kind=kind,
            service_reference=one.listed.reference,
            drawn=one,
            replaces=replaces,
            reason=reason,
            added_at=now,
            added_by=by,
        )
        for case, one in zip(made, drawn, strict=True)
    )
    return made


def details_of(listed: ListedCase) -> dict[str, object]:
    """What the service's list says about a case, as details of the case."""
    return {
        "disposal_type": listed.disposal_type,
        "disposal_local_name": listed.disposal_local_name,
        "disposal_date": listed.disposal_date,
        "offence_category": listed.offence,
        "offence_type": listed.offence_detail,
        "age": listed.age,
        "gender": listed.gender,
        "ethnicity": listed.ethnicity,
        "serious_harm_level": listed.serious_harm_level,
        "safety_level": listed.safety_level,
    }


def next_references(inspection: Inspection, group: Group, number: int) -> list[str]:
    """The next so many of our own references: C-01, C-02 for court cases, O-01, R-01.

    One that a removed case had is not given again: it may stand in a timetable or on paper.
    """
    prefix = f"{PREFIXES[group]}-"
    used = {"inspection": inspection.pk, "reference__startswith": prefix}
    given = [
        *Case.objects.filter(**used).values_list("reference", flat=True),
        *events_of(Case).filter(**used).values_list("reference", flat=True),
    ]
    last = max(map(_number_in, given), default=0)
    return [f"{prefix}{place:02}" for place in range(last + 1, last + 1 + number)]


def _number_in(reference: str) -> int:
    number = reference.partition("-")[2]
    return int(number) if number.isdecimal() else 0


def take_out(case: Case, reason: str, by: User) -> None:
    """Let a case count nowhere from now on; what is recorded in it stays."""
    TakenOut.objects.create(case=case, reason=reason, taken_out_at=timezone.now(), taken_out_by=by)
    case.state = Case.State.TAKEN_OUT
    case.save(update_fields=["state"])


def _has_records() -> Combinable:
    """Whether an answer, a detail or a comment of a case was recorded, accepted or not."""
    of_case = {"case": OuterRef("pk")}
    return (
        Exists(AnswerSave.objects.filter(**of_case))
        | Exists(DetailSave.objects.filter(**of_case))
        | Exists(Comment.objects.filter(**of_case))
    )


def count_eligible(sample: Sample) -> None:
    """Set how many cases the sample stands for.

    They are those that the draw that stands was made from, without those that turned out to be
    sampled wrongly, were taken out and stay left out, and with those added by hand. The likelihood
    over the whole caseload is computed from this number.
    """
    draw = sample.draws.first()
    if draw is None:
        return
    rows = ListedCase.objects.filter(pk__in=draw.eligible_rows)
    eligible = set(rows.values_list("reference", flat=True))
    cases = sample.inspection.cases.filter(group=sample.group, source__isnull=False)
    references = "source__service_reference"
    in_sample = set(cases.in_sample().values_list(references, flat=True))
    out = set(cases.taken_out().values_list(references, flat=True))
    wrong = out & left_out_by_lead(sample.inspection)
    sample.eligible_cases = len((eligible - wrong) | in_sample)
    sample.save(update_fields=["eligible_cases"])
