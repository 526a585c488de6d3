"""Who is present when the panel hears an inspection, and that enough members are."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.framework import Rating
from inspections.history import events_of
from inspections.models import User
from inspections.versions import Conflict
from ratings.models import Attendance, PanelHearing, PanelMeeting, current_hearing
from ratings.panel.actions import attendance_digest, record_attendance, submit_to_panel
from ratings.permissions import AGREE, DECIDE
from tests import scenes
from tests.integration.results.test_seal import agree, sealed
from tests.pages import post, read
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """Before its panel of three, of whom nobody has been recorded as present."""
    scene = scenes.in_review()
    scene.meeting.seats.create(member=builder.user("The third"))
    submit_to_panel(
        inspection=scene.inspection, meeting=scene.meeting, lead_view="As it stands.", by=scene.lead
    )
    scene.inspection = scene.fresh()
    return scene


def third(scene: Scene) -> User:
    return User.objects.get(name="The third")


def hearing_of(scene: Scene) -> PanelHearing:
    hearing = current_hearing(scene.fresh())
    assert hearing is not None
    return hearing


def record(scene: Scene, **changed: Any) -> None:
    arguments: dict[str, Any] = {
        "present": [scene.chair, scene.member, third(scene)],
        "apologies": [],
        "aside": {},
        "seen": attendance_digest(hearing_of(scene)),
        "by": scene.chair,
    }
    record_attendance(inspection=scene.fresh(), **arguments | changed)


def names(people: list[User]) -> list[str]:
    return [str(one) for one in people]


class TestRecording:
    def test_the_chair_records_who_is_present_and_who_sent_apologies(self, scene: Scene) -> None:
        record(scene, present=[scene.chair, third(scene)], apologies=[scene.member])
        hearing = hearing_of(scene)
        assert names(hearing.present) == ["The chair", "The third"]
        assert names(hearing.apologies) == ["The member"]

    def test_nobody_else_does(self, scene: Scene) -> None:
        for person in (scene.lead, scene.member):
            with pytest.raises(Refused, match="Only the chair of the meeting records"):
                record(scene, by=person)

    def test_nobody_does_before_the_day_of_the_meeting(self, scene: Scene) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        PanelMeeting.objects.update(meeting_date=tomorrow)
        with pytest.raises(Refused, match="is recorded from that day on"):
            record(scene)

    def test_a_member_with_an_interest_steps_aside_for_good(self, scene: Scene) -> None:
        record(scene, present=[scene.chair, third(scene)], aside={scene.member: "A relative."})
        hearing = hearing_of(scene)
        assert [str(row) for row in hearing.stepped_aside.all()] == ["The member: A relative."]
        assert scene.member not in scenes.panel_of(scene.inspection)
        assert scene.member not in hearing.members

    def test_whoever_has_decided_can_no_longer_step_aside(self, scene: Scene) -> None:
        record(scene)
        scenes.decide_as(
            scene.fresh(), scene.member, "3.1", Rating.GOOD, Rating.REQUIRES_IMPROVEMENT
        )
        with pytest.raises(Refused, match="The member has recorded a decision"):
            record(scene, present=[scene.chair, third(scene)], aside={scene.member: "Late."})
        assert scene.member in hearing_of(scene).present

    def test_an_old_page_replaces_no_newer_attendance(self, scene: Scene) -> None:
        seen = attendance_digest(hearing_of(scene))
        record(scene, present=[scene.chair, scene.member], apologies=[third(scene)])
        with pytest.raises(Conflict):
            record(scene, seen=seen)
        assert names(hearing_of(scene).apologies) == ["The third"]

    def test_a_page_from_before_somebody_stepped_aside_is_out_of_date(self, scene: Scene) -> None:
        seen = attendance_digest(hearing_of(scene))
        post(scene.member, f"{scene.home}panel/step-aside/", {"reason": "A relative."})
        with pytest.raises(Conflict):
            record(scene, seen=seen)

    def test_what_stood_before_stays_in_the_history(self, scene: Scene) -> None:
        record(scene)
        record(scene, present=[scene.chair, scene.member], apologies=[third(scene)])
        events = events_of(Attendance).filter(member=third(scene)).order_by("pgh_id")
        assert [(one.pgh_label, one.is_present) for one in events] == [
            ("insert", True),
            ("update", False),
        ]
        assert {one.pgh_context["user"] for one in events} == {scene.chair.pk}

    def test_each_member_is_named_once_and_the_chair_is_present(self, scene: Scene) -> None:
        with pytest.raises(ValueError, match="each member who takes part once"):
            record(scene, present=[scene.chair, scene.member])
        with pytest.raises(ValueError, match="each member who takes part once"):
            record(scene, apologies=[scene.member])
        with pytest.raises(ValueError, match="is present"):
            record(scene, present=[scene.member, third(scene)], apologies=[scene.chair])


class TestQuorum:
    def test_nothing_is_decided_or_confirmed_before_it_is_known_who_is_present(
        self, scene: Scene
    ) -> None:
        said = "The chair, who chairs, has to record first who is present."
        assert DECIDE.why_not(scene.member, scene.fresh()) == said
        assert AGREE.why_not(scene.lead, scene.fresh()) == said
        assert AGREE.why_not(scene.chair, scene.fresh()) == "Record first who is present."

    def test_nothing_is_decided_or_confirmed_with_too_few(
        self, scene: Scene, settings: Settings
    ) -> None:
        settings.PANEL_QUORUM = 3
        record(scene, present=[scene.chair, scene.member], apologies=[third(scene)])
        said = "2 members are present. The panel needs 3 to decide."
        assert DECIDE.why_not(scene.member, scene.fresh()) == said
        assert AGREE.why_not(scene.lead, scene.fresh()) == said
        record(scene)
        assert DECIDE.can(scene.member, scene.fresh())
        assert AGREE.can(scene.lead, scene.fresh())

    def test_whoever_sent_apologies_does_not_decide(self, scene: Scene) -> None:
        record(scene, present=[scene.chair, third(scene)], apologies=[scene.member])
        said = "The chair, who chairs, recorded that you sent apologies."
        assert said in str(DECIDE.why_not(scene.member, scene.fresh()))

    def test_whoever_steps_aside_no_longer_counts(self, scene: Scene, settings: Settings) -> None:
        settings.PANEL_QUORUM = 3
        record(scene)
        post(scene.member, f"{scene.home}panel/step-aside/", {"reason": "A relative."})
        assert "2 members are present" in str(DECIDE.why_not(third(scene), scene.fresh()))

    def test_whoever_cannot_sit_any_more_no_longer_counts(
        self, scene: Scene, settings: Settings
    ) -> None:
        settings.PANEL_QUORUM = 3
        record(scene)
        assert DECIDE.can(third(scene), scene.fresh())
        User.objects.filter(pk=scene.member.pk).update(is_active=False)
        assert "2 members are present" in str(DECIDE.why_not(third(scene), scene.fresh()))
        assert "2 members are present" in str(AGREE.why_not(scene.lead, scene.fresh()))
        page = read(scene.lead, f"{scene.home}panel/")
        assert "Present The chair, The member, The third" in page
        assert "Has left since The member" in page

    def test_whoever_was_taken_off_the_panel_no_longer_counts_either(
        self, scene: Scene, settings: Settings
    ) -> None:
        settings.PANEL_QUORUM = 3
        record(scene)
        scene.inspection.memberships.filter(user=scene.member).delete()
        assert "2 members are present" in str(AGREE.why_not(scene.lead, scene.fresh()))
        assert "Has left since The member" in read(scene.lead, f"{scene.home}panel/")

    def test_attendance_is_asked_of_those_who_can_sit(self, scene: Scene) -> None:
        record(scene)
        User.objects.filter(pk=scene.member.pk).update(is_active=False)
        page = read(scene.chair, f"{scene.home}panel/attendance/")
        assert "The third" in page
        assert "The member" not in page
        with pytest.raises(ValueError, match="each member who takes part once"):
            record(scene)
        record(scene, present=[scene.chair, third(scene)])
        assert names(hearing_of(scene).present) == ["The chair", "The third"]


class TestWhatIsKept:
    def test_a_decision_keeps_who_was_present_when_it_was_recorded(self, scene: Scene) -> None:
        record(scene)
        decision = scenes.decide_as(
            scene.fresh(), scene.member, "3.1", Rating.GOOD, Rating.REQUIRES_IMPROVEMENT
        )
        record(scene, present=[scene.chair, scene.member], apologies=[third(scene)])
        assert names(decision.members_present) == ["The chair", "The member", "The third"]
        page = read(scene.lead, f"{scene.home}ratings/discretion/3.1/")
        assert "Members present The chair, The member, The third" in page

    def test_a_decision_does_not_name_whose_account_was_closed_before_it(
        self, scene: Scene
    ) -> None:
        record(scene)
        User.objects.filter(pk=scene.member.pk).update(is_active=False)
        decision = scenes.decide_as(
            scene.fresh(), third(scene), "3.1", Rating.GOOD, Rating.REQUIRES_IMPROVEMENT
        )
        assert names(decision.members_present) == ["The chair", "The third"]

    def test_the_seal_names_who_was_present(self, scene: Scene) -> None:
        record(scene, present=[scene.chair, scene.member], apologies=[third(scene)])
        scenes.decide_as(
            scene.fresh(), scene.member, "3.1", Rating.GOOD, Rating.REQUIRES_IMPROVEMENT
        )
        _, seal = sealed(scene)
        result = json.loads(seal.document)["result"]
        assert result["hearings"][0]["present"] == ["The chair", "The member"]
        assert result["hearings"][0]["apologies"] == ["The third"]
        assert result["decisions"][0]["members"] == ["The chair", "The member"]

    def test_a_result_with_other_people_present_has_to_be_confirmed_again(
        self, scene: Scene
    ) -> None:
        record(scene)
        agree(scene, scene.lead)
        record(scene, present=[scene.chair, scene.member], apologies=[third(scene)])
        assert agree(scene, scene.chair) is None
        assert agree(scene, scene.lead) is not None


class TestPage:
    def address(self, scene: Scene) -> str:
        return f"{scene.home}panel/attendance/"

    def entries(self, scene: Scene, **changed: str) -> dict[str, str]:
        others = (scene.member, third(scene))
        found = {f"member_{one.pk}": "PRESENT" for one in others}
        found |= {f"reason_{one.pk}": "" for one in others}
        found["seen"] = attendance_digest(hearing_of(scene))
        return found | changed

    def test_the_panels_page_leads_the_chair_there(self, scene: Scene) -> None:
        page = read(scene.chair, f"{scene.home}panel/")
        assert "Present Not recorded" in page
        assert "Record who is present" in page
        assert "Record who is present" not in read(scene.member, f"{scene.home}panel/")
        post(scene.chair, self.address(scene), self.entries(scene))
        page = read(scene.chair, f"{scene.home}panel/")
        assert "Present The chair, The member, The third" in page
        assert "Change who is present" in page

    def test_each_member_needs_an_answer_and_whoever_steps_aside_a_reason(
        self, scene: Scene
    ) -> None:
        member = scene.member.pk
        nothing = {f"member_{member}": ""}
        page = post(scene.chair, self.address(scene), self.entries(scene, **nothing), expect=200)
        assert "Select whether The member is present" in page
        aside = {f"member_{member}": "ASIDE"}
        page = post(scene.chair, self.address(scene), self.entries(scene, **aside), expect=200)
        assert "Enter why The member steps aside" in page
        assert not hearing_of(scene).is_attendance_recorded

    def test_an_old_page_shows_both_and_can_be_saved_again(self, scene: Scene) -> None:
        old = self.entries(scene)
        member = scene.member.pk
        newer = self.entries(scene, **{f"member_{member}": "APOLOGIES"})
        post(scene.chair, self.address(scene), newer)
        page = post(scene.chair, self.address(scene), old, expect=409)
        assert "The member Present Sent apologies" in page
        assert names(hearing_of(scene).apologies) == ["The member"]
        post(scene.chair, self.address(scene), self.entries(scene))
        assert names(hearing_of(scene).apologies) == []

    def test_why_somebody_cannot_step_aside_is_said_and_nothing_typed_is_lost(
        self, scene: Scene
    ) -> None:
        record(scene)
        scenes.decide_as(
            scene.fresh(), scene.member, "3.1", Rating.GOOD, Rating.REQUIRES_IMPROVEMENT
        )
        member = scene.member.pk
        aside = {f"member_{member}": "ASIDE", f"reason_{member}": "Found out late."}
        page = post(scene.chair, self.address(scene), self.entries(scene, **aside), expect=200)
        assert "The member has recorded a decision in this hearing" in page
        assert "Found out late." in page
