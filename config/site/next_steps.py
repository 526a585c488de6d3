"""“What to do next” on the home of an inspection: only what would be accepted now, and what blocks
the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Comment
from cases.permissions import ALLOCATE_CASES, OVERSEE_CASES, REPLY
from cases.progress import InspectionProgress
from cases.sampling.steps import sampling_steps
from inspections.announcing.steps import set_up_steps
from inspections.models import Inspection, User
from inspections.permissions import CLOSE_FIELDWORK
from ratings.evidence.judged import standards_judged
from ratings.models import current_hearing
from ratings.panel.readiness import Blocker, blockers, why_no_panel_can_hear
from ratings.permissions import (
    AGREE,
    DECIDE,
    JUDGE,
    NAME_CHAIR,
    RECORD_ATTENDANCE,
    SEE_PANEL,
    SEE_SEAL,
    SUBMIT,
    WRITE_FINDINGS,
    signatory_of,
)
from ratings.results.actions import readiness
from ratings.service import rate_inspection
from ratings.words import counted

State = Inspection.State

Step = tuple[str, str]
"""Text and address."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A step of the reader that would be refused now, and what has to be done first."""

    text: str
    because: Sequence[Blocker]


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Of one person in one inspection, most important first."""

    open: list[Step] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)


def next_steps(
    inspection: Inspection, user: User, progress: InspectionProgress | None
) -> NextSteps:
    """``progress`` is given for those who see cases."""
    found = NextSteps()
    found.open.extend(set_up_steps(inspection, user, timezone.localdate()))
    for text, address, why_not in sampling_steps(inspection, user):
        if why_not:
            blocker = Blocker(why_not, address, "See the samples")
            found.blocked.append(Blocked(text, [blocker]))
        else:
            found.open.append((text, address))
    if progress is not None:
        found.open.extend(_steps_in_cases(inspection, user, progress))
    left = _standards_left(inspection, user)
    if left:
        text = f"Judge {counted(left, 'qualitative standard')}"
        found.open.append((text, _page("judgements", inspection)))
    if progress is not None and not left and _is_signed_off(progress):
        found.open.extend(_closing(inspection, user))
    if not inspection.gives_ratings:
        if inspection.state == State.REVIEW and WRITE_FINDINGS.can(user, inspection):
            address = reverse("ratings:evidence", args=[inspection.pk])
            found.open.append(("Complete the strengths and areas for improvement", address))
    elif inspection.state == State.REVIEW:
        _submit(found, inspection, user)
    elif inspection.state == State.PANEL:
        _before_the_panel(found, inspection, user)
    elif inspection.state == State.SEALED and SEE_SEAL.can(user, inspection):
        found.open.append(("See the sealed result", _page("seal", inspection)))
    return found


def _page(name: str, inspection: Inspection) -> str:
    return reverse(f"ratings:{name}", args=[inspection.pk])


def _steps_in_cases(
    inspection: Inspection, user: User, progress: InspectionProgress
) -> Iterator[Step]:
    if inspection.state == State.FIELDWORK:
        cases = reverse("cases:cases", args=[inspection.pk])
        for text, filters in _recording(inspection, user, progress):
            yield text, f"{cases}?{filters}"
    if ALLOCATE_CASES.can(user, inspection):
        nobody = [row.cases for row in progress.inspectors if row.inspector is None]
        if nobody:
            address = reverse("cases:allocation", args=[inspection.pk])
            yield f"Allocate {counted(nobody[0], 'case')}", address


def _recording(
    inspection: Inspection, user: User, progress: InspectionProgress
) -> Iterator[tuple[str, str]]:
    """Steps during fieldwork, each with the filters of the list of cases that shows them."""
    held = {row.inspector: row for row in progress.inspectors}
    own = held.get(user)
    if own and own.progress.missing:
        yield f"Answer {counted(own.progress.missing, 'question')} in your cases", "mine=on"
    submitted = progress.states[Case.State.SUBMITTED]
    if submitted and OVERSEE_CASES.can(user, inspection):
        yield f"Review {counted(submitted, 'submitted case')}", "state=SUBMITTED"
    if own is None:
        return
    cases = list(inspection.cases.in_sample().allocated_to(user))
    for case in cases:
        case.inspection = inspection
    # Nobody replies in a signed-off case but those who oversee it.
    open_to_reply = [case.pk for case in cases if REPLY.can(user, case)]
    if waiting := Comment.objects.unresolved().filter(case__in=open_to_reply).count():
        yield f"Answer or resolve {counted(waiting, 'comment')} on your cases", "mine=on"
    if returned := sum(case.state == Case.State.RETURNED for case in cases):
        yield f"Look at {counted(returned, 'case')} returned to you", "state=RETURNED&mine=on"


def _standards_left(inspection: Inspection, user: User) -> int:
    """How many standards ``user`` has to judge still."""
    if not JUDGE.can(user, inspection):
        return 0
    asked = {standard.code for standard in standards_judged(inspection)}
    return len(asked.difference(inspection.judgements.values_list("standard", flat=True)))


def _is_signed_off(progress: InspectionProgress) -> bool:
    """Every case of the sample, of which there are some."""
    return 0 < progress.cases == progress.states[Case.State.SIGNED_OFF]


def _closing(inspection: Inspection, user: User) -> Iterator[Step]:
    if CLOSE_FIELDWORK.can(user, inspection):
        yield "Close fieldwork", reverse("site:move", args=[inspection.pk, State.REVIEW])


def _submit(found: NextSteps, inspection: Inspection, user: User) -> None:
    if not SUBMIT.can(user, inspection):
        return
    text = "Submit the inspection to the ratings panel"
    missing = list(blockers(rate_inspection(inspection)))
    if why := why_no_panel_can_hear(inspection):
        missing.append(Blocker(why, "", ""))
    if missing:
        found.blocked.append(Blocked(text, missing))
    else:
        found.open.append((text, _page("submit", inspection)))


def _before_the_panel(found: NextSteps, inspection: Inspection, user: User) -> None:
    hearing = current_hearing(inspection)
    if NAME_CHAIR.can(user, inspection):
        found.open.append(("Name another chair", _page("chair", inspection)))
    is_recorded = hearing is not None and hearing.is_attendance_recorded
    if RECORD_ATTENDANCE.can(user, inspection) and not is_recorded:
        found.open.append(("Record who is present", _page("attendance", inspection)))
    if DECIDE.is_for(user, inspection) and SEE_PANEL.can(user, inspection):
        panel = _page("panel", inspection)
        if why := DECIDE.why_not(user, inspection):
            found.open.append(("Look at the ratings before the panel", panel))
            found.blocked.append(Blocked("Decide professional discretion", [Blocker(why, "", "")]))
        else:
            found.open.append(("Look at the ratings before the panel and decide", panel))
    signatory = signatory_of(user, inspection)
    if signatory is None:
        return
    text = "Confirm the result when the panel has decided"
    if why := AGREE.why_not(user, inspection):
        found.blocked.append(Blocked(text, [Blocker(why, "", "")]))
        return
    now = readiness(inspection)
    if signatory in now.agreed:
        return
    if now.blockers:
        found.blocked.append(Blocked(text, now.blockers))
    else:
        found.open.append((text, _page("seal", inspection)))
