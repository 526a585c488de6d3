"""Inspections on their way through the panel, as the tests need them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from cases.models import Case
from inspections.framework import Group
from inspections.models import Inspection, Membership, User
from ratings.models import Discretion, Judgement, PanelHearing, PanelMeeting
from ratings.panel.actions import arrange_meeting, submit_to_panel
from tests import build

MEETING_DATE = date(2026, 3, 12)


@dataclass
class Scene:
    """An inspection, its people and the meeting that hears it."""

    inspection: Inspection
    lead: User
    inspector: User
    chair: User
    member: User
    meeting: PanelMeeting
    hearing: PanelHearing | None = None

    def fresh(self) -> Inspection:
        """As the database has it, with nothing remembered."""
        return Inspection.objects.get(pk=self.inspection.pk)


def in_review() -> Scene:
    """Every case signed off and every standard rated: Good but for 3.1, at 50 per cent."""
    inspection = build.inspection("2021")
    lead, inspector = build.lead_inspector(inspection), build.inspector(inspection)
    for group, number in (("COURT", 3), ("OUT_OF_COURT", 2)):
        for position in range(number):
            record(build.case(inspection, group, inspector), inspector, no=position == 0)
    Case.objects.filter(inspection=inspection).update(state=Case.State.SIGNED_OFF)
    Judgement.objects.bulk_create(
        Judgement(
            inspection=inspection,
            standard=standard.code,
            rating="GOOD",
            rationale="Seen in documents and interviews.",
            saved_at=timezone.now(),
            saved_by=lead,
        )
        for standard in inspection.framework.standards
        if standard.is_qualitative
    )
    build.sample(inspection, "COURT", eligible_cases=9)
    move_to(inspection, Inspection.State.REVIEW)
    chair, member = build.user("The chair"), build.user("The member")
    meeting = arrange_meeting(
        meeting_date=MEETING_DATE, chair=chair, members=[chair, member], by=lead
    )
    return Scene(inspection, lead, inspector, chair, member, meeting)


def record(case: Case, by: User, *, no: bool) -> None:
    """Answer the key questions of ``case`` Yes, all but the first of 3.1 and 2.1 with ``no``."""
    codes = [
        question.code
        for standard in case.inspection.framework.case_standards(Group(case.group))
        for question in standard.key_questions
    ]
    low = {"2.1.1", "3.1.1"} if no else set()
    build.answers(case, by, **{code: "NO" if code in low else "YES" for code in codes})


def before_panel() -> Scene:
    """Submitted to the meeting and heard by its two members."""
    scene = in_review()
    scene.hearing = submit_to_panel(
        inspection=scene.inspection,
        meeting=scene.meeting,
        lead_view="3.1 rests on one case.",
        by=scene.lead,
    )
    scene.inspection = scene.fresh()
    return scene


def decide(scene: Scene, standard: str = "3.1", **fields: Any) -> Discretion:
    """A decision of the chair, by default from Requires improvement to Good on 3.1."""
    return decide_on(
        scene.inspection, standard, **{"hearing": scene.hearing, "decided_by": scene.chair} | fields
    )


def decide_on(inspection: Inspection, standard: str, **fields: Any) -> Discretion:
    """A decision about ``inspection``, by somebody without a part in it."""
    stored = {
        "from_rating": "REQUIRES_IMPROVEMENT",
        "to_rating": "GOOD",
        "lead_view": "One case.",
        "evidence": "The case was read again.",
        "reason": "All evidence in the round.",
        "footnote": "Professional discretion was used.",
        "decided_at": timezone.now(),
        "decided_by": fields.get("decided_by") or build.user(),
    }
    return Discretion.objects.create(inspection=inspection, standard=standard, **stored | fields)


def panel_of(inspection: Inspection) -> set[User]:
    role = Membership.Role.PANEL_MEMBER
    return {one.user for one in inspection.memberships.filter(role=role).select_related("user")}


def move_to(inspection: Inspection, state: str) -> None:
    Inspection.objects.filter(pk=inspection.pk).update(state=state)
    inspection.state = state
