"""Submitting an inspection to the ratings panel, and who hears it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from cases.models import Answer, Case
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.framework import Rating
from inspections.models import Inspection, Membership, User
from inspections.versions import digest
from ratings.models import Discretion, Judgement, PanelMeeting, current_hearing
from ratings.panel.actions import (
    attendance_digest,
    give_back,
    record_attendance,
    record_outcome,
    release_from_panel,
    step_aside,
    submit_to_panel,
)
from ratings.panel.decisions import decide_discretion, withdraw_discretion
from ratings.panel.meeting_actions import arrange_meeting
from ratings.panel.readiness import NotReady
from ratings.permissions import DECIDE
from tests import scenes
from tests.pages import words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def submit(scene: Scene, **changed: object) -> None:
    arguments = {
        "inspection": scene.inspection,
        "meeting": scene.meeting,
        "lead_view": "As it stands.",
        "by": scene.lead,
    }
    submit_to_panel(**arguments | changed)  # type: ignore[arg-type]


def test_the_meeting_becomes_the_panel_of_the_inspection() -> None:
    scene = scenes.in_review()
    before = builder.panel_member(scene.inspection, "Of an earlier panel")
    submit(scene)
    inspection = scene.fresh()
    assert inspection.state == Inspection.State.PANEL
    assert scenes.panel_of(inspection) == {scene.chair, scene.member}
    scenes.everyone_is_present(inspection)
    inspection = scene.fresh()
    assert DECIDE.can(scene.member, inspection)
    assert not DECIDE.can(before, inspection)
    hearing = current_hearing(inspection)
    assert hearing is not None
    assert hearing.lead_view == "As it stands."
    assert hearing.members == [scene.chair, scene.member]


def test_only_the_lead_inspector_submits_and_only_from_review() -> None:
    scene = scenes.in_review()
    with pytest.raises(Refused, match="Only the lead inspector submits"):
        submit(scene, by=scene.inspector)
    scenes.move_to(scene.inspection, Inspection.State.FIELDWORK)
    with pytest.raises(Refused, match="Close fieldwork"):
        submit(scene)
    scenes.move_to(scene.inspection, Inspection.State.PANEL)
    with pytest.raises(Refused, match="with the ratings panel already"):
        submit(scene)


def test_provisional_ratings_are_not_submitted_and_everything_missing_is_named() -> None:
    scene = scenes.in_review()
    Judgement.objects.filter(standard="1.2").delete()
    Answer.objects.filter(question__startswith="3.2.").delete()
    first = scene.inspection.cases.first()
    assert first is not None
    Case.objects.filter(pk=first.pk).update(state=Case.State.SUBMITTED)
    with pytest.raises(NotReady) as refused:
        submit(scene)
    assert [str(blocker) for blocker in refused.value.blockers] == [
        "Standard 1.2 Staff has not been judged yet.",
        "Standard 3.2 Planning has no answers yet.",
        f"1 of 5 cases is not signed off: {first.reference}.",
    ]
    assert scene.fresh().state == Inspection.State.REVIEW


def test_a_member_who_worked_on_the_inspection_steps_aside() -> None:
    scene = scenes.in_review()
    recorder = builder.inspector(scene.inspection, "Left the team")
    with_interest = arrange_meeting(
        meeting_date=scenes.MEETING_DATE,
        chair=scene.chair,
        members=[scene.inspector, recorder, scene.member],
        by=scene.lead,
    )
    scenes.move_to(scene.inspection, Inspection.State.FIELDWORK)
    case = builder.case(scene.inspection, "COURT", recorder)
    scenes.record(case, recorder, no=False)
    Case.objects.filter(pk=case.pk).update(state="SIGNED_OFF", allocated_to=None)
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    Membership.objects.filter(user=recorder).delete()
    submit(scene, meeting=with_interest)
    hearing = current_hearing(scene.fresh())
    assert hearing is not None
    assert {row.member: row.reason for row in hearing.stepped_aside.all()} == {
        scene.inspector: "Inspector on this inspection's team.",
        recorder: "Recorded cases of this inspection.",
    }
    assert scenes.panel_of(scene.inspection) == {scene.chair, scene.member}
    for person in (scene.inspector, recorder):
        assert not DECIDE.can(person, scene.fresh())


def test_a_chair_with_an_interest_is_refused() -> None:
    scene = scenes.in_review()
    meeting = arrange_meeting(
        meeting_date=scenes.MEETING_DATE, chair=scene.inspector, members=[], by=scene.lead
    )
    with pytest.raises(Refused, match="Choose a meeting with another chair"):
        submit(scene, meeting=meeting)


def test_the_database_refuses_decisions_of_people_who_worked_on_it_or_stepped_aside(
    settings: Settings,
) -> None:
    settings.PANEL_QUORUM = 1
    scene = scenes.before_panel()
    assert scene.hearing is not None
    step_aside(inspection=scene.inspection, reason="A relative works there.", by=scene.member)
    for person in (scene.lead, scene.inspector, scene.member):
        with pytest.raises(IntegrityError, match="takes no part"), transaction.atomic():
            scenes.decide(scene, decided_by=person)
    decision = scenes.decide(scene)
    with pytest.raises(IntegrityError, match="takes no part"), transaction.atomic():
        Discretion.objects.filter(pk=decision.pk).update(decided_by=scene.member)


def test_a_decision_belongs_to_a_hearing_of_its_own_inspection() -> None:
    scene, other = scenes.before_panel(), scenes.before_panel()
    with pytest.raises(IntegrityError, match="about another inspection"), transaction.atomic():
        scenes.decide(scene, hearing=other.hearing)


def test_a_member_steps_aside_unless_they_decided_already_or_chair() -> None:
    scene = scenes.before_panel()
    assert scene.hearing is not None
    with pytest.raises(Refused, match="chair can't step aside"):
        step_aside(inspection=scene.inspection, reason="A relative.", by=scene.chair)
    scenes.decide(scene, decided_by=scene.member)
    with pytest.raises(Refused, match="recorded a decision"):
        step_aside(inspection=scene.inspection, reason="A relative.", by=scene.member)


def test_people_who_stepped_aside_once_do_not_hear_the_inspection_at_the_next_meeting() -> None:
    scene = scenes.before_panel()
    assert scene.hearing is not None
    step_aside(inspection=scene.inspection, reason="A relative works there.", by=scene.member)
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    third = builder.user("The third")
    scene.meeting.seats.create(member=third)
    submit(scene)
    again = current_hearing(scene.fresh())
    assert again is not None and again != scene.hearing
    assert again.members == [scene.chair, third]


def test_meetings_are_arranged_by_leads_and_administrators() -> None:
    chair = builder.user()
    with pytest.raises(Refused, match="Only lead inspectors and administrators"):
        arrange_meeting(
            meeting_date=scenes.MEETING_DATE, chair=chair, members=[], by=builder.user()
        )
    meeting = arrange_meeting(
        meeting_date=scenes.MEETING_DATE, chair=chair, members=[], by=builder.user(is_staff=True)
    )
    assert list(meeting.members.all()) == [chair]


def record(scene: Scene, by: User) -> None:
    notes = "Heard."
    nothing = digest([""])
    record_outcome(inspection=scene.inspection, outcome_notes=notes, instead_of=nothing, by=by)


def test_the_chair_records_the_outcome() -> None:
    scene = scenes.before_panel()
    assert scene.hearing is not None
    with pytest.raises(Refused, match="Only the chair"):
        record(scene, by=scene.member)
    record(scene, by=scene.chair)
    scene.hearing.refresh_from_db()
    assert scene.hearing.outcome_notes == "Heard."


def test_a_decision_names_the_hearing_it_was_taken_in() -> None:
    scene = scenes.before_panel()
    decision = decide_discretion(
        inspection=scene.inspection,
        standard="3.1",
        key_question="",
        from_rating=Rating.REQUIRES_IMPROVEMENT,
        to_rating=Rating.GOOD,
        lead_view="One case.",
        evidence="The case was read again.",
        reason="All evidence in the round.",
        footnote="Professional discretion was used.",
        by=scene.member,
    )
    assert decision.hearing == scene.hearing


class TestAMeetingWithTooFew:
    """Of those who can hear the inspection, for the quorum."""

    @pytest.fixture
    def scene(self) -> Scene:
        scene = scenes.in_review()
        PanelMeeting.objects.update(meeting_date=timezone.localdate())
        scene.meeting.refresh_from_db()
        return scene

    def test_is_neither_offered_nor_taken(self, scene: Scene) -> None:
        offered = f'value="{scene.meeting.pk}"'
        assert offered in scene.get(scene.lead, "panel/submit/").content.decode()
        scene.inspection.memberships.create(user=scene.member, role=Membership.Role.INSPECTOR)
        page = scene.get(scene.lead, "panel/submit/")
        assert offered not in page.content.decode()
        said = "1 of its members can hear this inspection, and the panel needs 2 to decide."
        assert f"chaired by The chair: {said}" in words(page)
        with pytest.raises(Refused, match=said):
            submit(scene)
        assert scene.fresh().state == Inspection.State.REVIEW

    def test_is_not_one_whose_members_reach_the_quorum_without_them(self, scene: Scene) -> None:
        scene.inspection.memberships.create(user=scene.member, role=Membership.Role.INSPECTOR)
        scene.meeting.seats.create(member=builder.user("The third"))
        submit(scene)


class TestAPanelThatCannotHearItAgain:
    """It gave the inspection back, and too few of it are left."""

    WHY = "Of its members, 1 can hear it still, and the panel needs 2 to decide."

    @pytest.fixture
    def scene(self) -> Scene:
        scene = scenes.before_panel()
        give_back(inspection=scene.fresh(), reason="3.4 was read wrongly.", by=scene.lead)
        PanelMeeting.objects.update(meeting_date=timezone.localdate())
        return scene

    def test_blocks_the_submission_until_an_administrator_lets_another_hear_it(
        self, scene: Scene
    ) -> None:
        assert "not possible yet" not in words(scene.get(scene.lead, ""))
        User.objects.filter(pk=scene.chair.pk).update(is_active=False)
        for address in ("", "panel/submit/"):
            page = words(scene.get(scene.lead, address))
            assert self.WHY in page
            assert "An administrator lets another panel hear it" in page
        page = words(scene.get(scene.lead, "panel/submit/"))
        assert "No meeting of the ratings panel is to come" not in page
        assert "Arrange a meeting" not in page
        administrator = builder.user("Alex Administrator", is_staff=True)
        release_from_panel(inspection=scene.fresh(), reason="It left.", by=administrator)
        assert "not possible yet" not in words(scene.get(scene.lead, ""))
        assert "Arrange a meeting" in words(scene.get(scene.lead, "panel/submit/"))


class TestWhoDecidedInAnEarlierHearing:
    """Their decision applies, so they took part."""

    @pytest.fixture
    def scene(self) -> Scene:
        scene = scenes.before_panel()
        self.decide(scene)
        give_back(inspection=scene.fresh(), reason="3.4 was read wrongly.", by=scene.chair)
        return scenes.submit(scene)

    def decide(self, scene: Scene) -> Discretion:
        came_from, to = Rating.REQUIRES_IMPROVEMENT, Rating.GOOD
        return scenes.decide_as(scene.fresh(), scene.member, "3.1", to, came_from)

    def test_cannot_step_aside_while_it_stands(self, scene: Scene) -> None:
        said = "You have recorded a decision on this inspection that stands"
        with pytest.raises(Refused, match=said):
            step_aside(inspection=scene.fresh(), reason="A relative.", by=scene.member)
        page = scene.post(scene.member, "panel/step-aside/", reason="A relative.")
        assert page.status_code == 403
        assert scene.member in scenes.panel_of(scene.inspection)

    def test_is_not_set_aside_by_the_chair_either(self, scene: Scene) -> None:
        hearing = current_hearing(scene.fresh())
        assert hearing is not None
        with pytest.raises(Refused, match="The member has recorded a decision on this inspection"):
            record_attendance(
                inspection=scene.fresh(),
                present=[scene.chair],
                apologies=[],
                aside={scene.member: "A relative."},
                seen=attendance_digest(hearing),
                by=scene.chair,
            )

    def test_steps_aside_once_it_was_withdrawn(self, scene: Scene) -> None:
        withdraw_discretion(
            discretion=Discretion.objects.get(), reason="It was read wrongly.", by=scene.chair
        )
        step_aside(inspection=scene.fresh(), reason="A relative.", by=scene.member)
        assert scene.member not in scenes.panel_of(scene.inspection)
