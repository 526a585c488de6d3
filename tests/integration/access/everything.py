"""Inspections that hold a record of every kind, with somebody in every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cases.actions import comment_on, mark_quotable
from cases.models import Answer, Case
from config.demonstration import builder
from inspections.models import Inspection, Membership, User
from ratings.panel.actions import submit_to_panel
from ratings.results.actions import agree_to_seal, readiness
from ratings.results.export.actions import record_export
from tests import scenes
from tests.integration.sampling import scenes as sampling
from tests.scenes import Scene

Role = Membership.Role


@dataclass
class Everything:
    """One inspection: ``ids`` are what addresses take to lead to its records, and ``people`` has
    somebody in every role that a membership gives."""

    made: Scene
    people: dict[str, User]
    ids: dict[str, Any] = field(default_factory=dict)

    @property
    def inspection(self) -> Inspection:
        return self.made.inspection

    def submit(self) -> None:
        """To the panel, which decides on 3.1. Every case but the first is signed off."""
        made = self.made
        Case.objects.filter(inspection=made.inspection).update(state=Case.State.SIGNED_OFF)
        scenes.move_to(made.inspection, Inspection.State.REVIEW)
        made.inspection = made.fresh()
        submit_to_panel(
            inspection=made.inspection, meeting=made.meeting, lead_view="One case.", by=made.lead
        )
        scenes.everyone_is_present(made.inspection)
        made.inspection = made.fresh()
        self.ids["discretion_id"] = scenes.decide(made).pk

    def seal(self) -> None:
        for person in (self.made.lead, self.made.chair):
            digest = readiness(self.made.fresh()).result_sha256
            agree_to_seal(inspection=self.inspection, result_sha256=digest, by=person)


def everything() -> Everything:
    """In fieldwork: lists, a draw, a case in work and others that are signed off, evidence, a
    finding, interviews, links, interests, and a meeting of the panel that is to hear it."""
    made = sampling.preparation()
    listed = sampling.take(made, sampling.rows(12))
    draw = sampling.draw(made, rule="own/2021", own_number=3, size_reason="Three days.")
    scenes.move_to(made.inspection, Inspection.State.FIELDWORK)
    invited = builder.user("Ines Invited", password=None)
    made.inspection.memberships.create(user=invited, role=Role.INSPECTOR)
    for person in (made.chair, made.member):
        made.inspection.memberships.create(user=person, role=Role.PANEL_MEMBER)
    drawn = list(made.inspection.cases.order_by("pk"))
    case, *rest = [*drawn, *builder.cases(made.inspection, "OUT_OF_COURT", 2, None)]
    Case.objects.filter(inspection=made.inspection).update(allocated_to=made.inspector)
    for one in (case, *rest):
        first_of_its_group = one in (case, rest[-1])
        scenes.record(Case.objects.get(pk=one.pk), made.inspector, no=first_of_its_group)
    Case.objects.filter(pk__in=[one.pk for one in rest]).update(state=Case.State.SIGNED_OFF)
    comment_on(case=case, text="Why?", by=made.lead)
    answer = Answer.objects.filter(case=case)[0]
    mark_quotable(answer=answer, version=answer.version, quotable=True, by=made.lead)
    builder.judge_all(made.inspection, made.lead)
    evidence = made.evidence("MEETING", "1.1.1", by=made.inspector)
    people: dict[str, User] = {
        Role.LEAD_INSPECTOR: made.lead,
        Role.DEPUTY_LEAD: builder.member(made.inspection, Role.DEPUTY_LEAD),
        Role.INSPECTOR: made.inspector,
        Role.LOCAL_ASSESSOR: builder.member(made.inspection, Role.LOCAL_ASSESSOR),
        Role.REVIEWER: builder.member(made.inspection, Role.REVIEWER),
        Role.PANEL_MEMBER: made.member,
        Role.OBSERVER: builder.member(made.inspection, Role.OBSERVER),
        Role.PUBLISHER: builder.member(made.inspection, Role.PUBLISHER),
    }
    assert made.meeting
    return Everything(
        made,
        people,
        {
            "inspection_id": made.inspection.pk,
            "service_id": made.inspection.service_id,
            "case_id": case.pk,
            "list_id": listed.pk,
            "row_id": listed.rows.all()[0].pk,
            "number": draw.number,
            "linked_id": builder.linked_cases(made.inspection, case, rest[0], by=made.lead).pk,
            "slot_id": builder.interview(made.inspection, made.inspector, case, by=made.lead).pk,
            "person": builder.interest(made.inspection, invited, by=made.lead).person_id,
            "evidence_id": evidence.pk,
            "finding_id": made.finding().pk,
            "meeting_id": made.meeting.pk,
            "user_id": invited.pk,
            "discretion_id": 0,
            "export_id": record_export(
                inspection=made.inspection, redacted=True, purpose="Request 1", by=made.lead
            ).pk,
        },
    )
