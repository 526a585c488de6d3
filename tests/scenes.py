"""Inspections at the points that tests begin from, each with its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings

from cases.models import Case
from config.demonstration import builder
from inspections.framework import Group, Rating
from inspections.models import Inspection, Membership, User
from ratings.models import (
    Discretion,
    Evidence,
    Finding,
    PanelHearing,
    PanelMeeting,
    current_hearing,
)
from ratings.panel.actions import submit_to_panel
from ratings.panel.decisions import decide_discretion
from ratings.panel.meeting_actions import arrange_meeting
from tests.pages import signed_in

MEETING_DATE = date(2026, 3, 12)


@dataclass
class Scene:
    """An inspection with its lead and an inspector; whoever else is asked for joins then."""

    inspection: Inspection
    lead: User
    inspector: User

    @cached_property
    def colleague(self) -> User:
        """Another inspector of the same inspection."""
        return builder.inspector(self.inspection, "Grace Inspector")

    @cached_property
    def panel(self) -> User:
        """A member of the inspection's ratings panel."""
        return builder.panel_member(self.inspection, "Pat Panel")

    @cached_property
    def reviewer(self) -> User:
        """Of quality, who sees ratings at any time and holds no case."""
        return builder.member(self.inspection, Membership.Role.REVIEWER, "Rita Reviewer")

    @cached_property
    def outsider(self) -> User:
        """An inspector of another inspection."""
        return builder.inspector(builder.inspection(), "Otto Outsider")

    @cached_property
    def case(self) -> Case:
        """A court case allocated to the inspector."""
        return builder.case(self.inspection, to=self.inspector, reference="C-001")

    @cached_property
    def second_case(self) -> Case:
        """Another of the inspector's."""
        return builder.case(self.inspection, to=self.inspector, reference="C-002")

    @cached_property
    def chair(self) -> User:
        """Of the meeting that hears the inspection."""
        return builder.user("The chair")

    @cached_property
    def member(self) -> User:
        """The other person in that meeting."""
        return builder.user("The member")

    @cached_property
    def meeting(self) -> PanelMeeting:
        return arrange_meeting(
            meeting_date=MEETING_DATE,
            chair=self.chair,
            members=[self.chair, self.member],
            by=self.lead,
        )

    @property
    def hearing(self) -> PanelHearing:
        """The first one."""
        return PanelHearing.objects.filter(inspection=self.inspection).earliest("pk")

    @property
    def home(self) -> str:
        return f"/inspections/{self.inspection.pk}/"

    @property
    def case_page(self) -> str:
        return f"{self.home}cases/{self.case.pk}/"

    def record_page(self, standard: str = "2.1") -> str:
        return f"{self.case_page}{standard}/"

    def evidence(
        self, kind: str = "MEETING", *under: str, by: User | None = None, **more: Any
    ) -> Evidence:
        return builder.evidence(self.inspection, by or self.lead, kind, *under, **more)

    def finding(
        self, text: str = "Found.", kind: str = "STRENGTH", rests_on: tuple[int, ...] = ()
    ) -> Finding:
        return builder.finding(self.inspection, self.lead, text, kind, rests_on=rests_on)

    def get(self, person: User, address: str) -> Any:
        return signed_in(person).get(self.home + address)

    def post(self, person: User, address: str, **data: Any) -> Any:
        return signed_in(person).post(self.home + address, data)

    def fresh(self) -> Inspection:
        """As the database has it, with nothing remembered."""
        return Inspection.objects.get(pk=self.inspection.pk)


def scene(edition: str = "2021", **fields: Any) -> Scene:
    """Fieldwork with nothing recorded yet."""
    inspection = builder.inspection(edition, **fields)
    return Scene(
        inspection,
        builder.lead_inspector(inspection, "Priya Lead"),
        builder.inspector(inspection, "Ada Inspector"),
    )


def team(edition: str = "2021") -> Scene:
    """The same with somebody in every role, a case, and somebody who has none."""
    made = scene(edition)
    assert made.colleague and made.panel and made.outsider and made.case
    return made


def at_panel() -> Scene:
    """An inspection with the panel: 3.1 computed Inadequate, from 3.1.2 at 4 of 10 cases,
    qualitative standards Good, the rest Outstanding: 28 of 36, Good."""
    made = scene()
    builder.fill(made.inspection, made.inspector, yes={"3.1.2": 4})
    move_to(made.inspection, Inspection.State.PANEL)
    builder.hearing(made.inspection, made.lead, made.panel)
    return made


def in_review() -> Scene:
    """Every case signed off and every standard rated: Good but for 3.1, at 50 per cent."""
    made = scene()
    for group, number in (("COURT", 3), ("OUT_OF_COURT", 2)):
        for place, case in enumerate(builder.cases(made.inspection, group, number, made.inspector)):
            record(case, made.inspector, no=place == 0)
    Case.objects.filter(inspection=made.inspection).update(state=Case.State.SIGNED_OFF)
    builder.judge_all(made.inspection, made.lead)
    builder.sample(made.inspection, "COURT", eligible_cases=9)
    move_to(made.inspection, Inspection.State.REVIEW)
    assert made.meeting
    return made


def record(case: Case, by: User, *, no: bool) -> None:
    """Answer the key questions of ``case`` Yes, all but the first of 3.1 and 2.1 with ``no``."""
    codes = [
        question.code
        for standard in case.inspection.framework.case_standards(Group(case.group))
        for question in standard.key_questions
    ]
    low = {"2.1.1", "3.1.1"} if no else set()
    builder.answers(case, by, **{code: "NO" if code in low else "YES" for code in codes})


def before_panel() -> Scene:
    """Submitted to the meeting, whose two members are present."""
    return submit(in_review())


def submit(made: Scene) -> Scene:
    """An inspection in review, submitted to its meeting, whose two members are present."""
    submit_to_panel(
        inspection=made.inspection,
        meeting=made.meeting,
        lead_view="3.1 rests on one case.",
        by=made.lead,
    )
    everyone_is_present(made.inspection)
    made.inspection = made.fresh()
    return made


def everyone_is_present(inspection: Inspection) -> None:
    """Of those who take part in the current hearing."""
    hearing = current_hearing(Inspection.objects.get(pk=inspection.pk))
    assert hearing is not None
    PanelHearing.objects.filter(pk=hearing.pk).update(quorum=settings.PANEL_QUORUM)
    for member in hearing.members:
        hearing.attendance.create(member=member, is_present=True)


def decide(at: Scene, standard: str = "3.1", **fields: Any) -> Discretion:
    """A decision of the chair, by default from Requires improvement to Good on 3.1."""
    heard = {"hearing": at.hearing, "decided_by": at.chair}
    decision = builder.decision(at.inspection, standard, **heard | fields)
    for member in at.hearing.present:
        decision.present.create(member=member)
    return decision


def decide_as(
    inspection: Inspection, by: User, code: str, to: Rating, came_from: Rating
) -> Discretion:
    """Decide about the standard or key question ``code`` as the panel's page does."""
    is_standard = code in inspection.framework.standards_by_code
    about = {
        "standard": code if is_standard else code.rpartition(".")[0],
        "key_question": "" if is_standard else code,
    }
    current = Discretion.objects.current().filter(inspection=inspection, **about)
    return decide_discretion(
        inspection=inspection,
        **about,
        from_rating=came_from,
        to_rating=to,
        lead_view="The lead inspector’s view.",
        evidence="The evidence weighed.",
        reason="The reason.",
        footnote=f"A footnote on {code}.",
        by=by,
        in_place_of=current.values_list("pk", flat=True).first(),
    )


def panel_of(inspection: Inspection) -> set[User]:
    role = Membership.Role.PANEL_MEMBER
    return {one.user for one in inspection.memberships.filter(role=role).select_related("user")}


def move_to(inspection: Inspection, state: str) -> None:
    Inspection.objects.filter(pk=inspection.pk).update(state=state)
    inspection.state = state
