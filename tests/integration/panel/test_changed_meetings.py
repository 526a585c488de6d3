"""A meeting is changed or cancelled with a reason, until it has heard something; and an inspection
goes before the same panel again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.models import Inspection, User
from inspections.versions import Conflict
from ratings.meeting_permissions import CHANGE_MEETING
from ratings.models import PanelMeeting, current_hearing
from ratings.panel.actions import give_back, release_from_panel, submit_to_panel
from ratings.panel.meeting_actions import (
    arrange_meeting,
    cancel_meeting,
    change_meeting,
    meeting_version,
)
from tests import scenes
from tests.pages import post, read
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

BEGUN = "This meeting has heard an inspection, so it can’t change any more."


@pytest.fixture
def scene() -> Scene:
    """Submitted to a meeting of today that has recorded nothing yet."""
    made = scenes.in_review()
    PanelMeeting.objects.update(meeting_date=timezone.localdate())
    submit(made, made.meeting)
    return made


@pytest.fixture
def administrator() -> User:
    return builder.user("Alex Administrator", is_staff=True)


def submit(scene: Scene, meeting: PanelMeeting) -> None:
    submit_to_panel(
        inspection=scene.fresh(), meeting=meeting, lead_view="As it stands.", by=scene.lead
    )


def fresh(meeting: PanelMeeting) -> PanelMeeting:
    return PanelMeeting.objects.get(pk=meeting.pk)


def change(scene: Scene, **changed: Any) -> None:
    arguments: dict[str, Any] = {
        "meeting_date": timezone.localdate() + timedelta(days=7),
        "chair": scene.chair,
        "members": [scene.member],
        "reason": "The room is taken.",
        "base_version": meeting_version(fresh(scene.meeting)),
        "by": scene.chair,
    }
    change_meeting(meeting=fresh(scene.meeting), **arguments | changed)


class TestChanging:
    def test_the_chair_changes_the_day_and_the_page_says_what_stood_before_and_why(
        self, scene: Scene
    ) -> None:
        change(scene)
        assert fresh(scene.meeting).meeting_date == timezone.localdate() + timedelta(days=7)
        page = read(scene.lead, f"/panel/{scene.meeting.pk}/")
        today = f"{timezone.localdate():%-d %B %Y}"
        assert f"Before: {today}, chaired by The chair, with The member." in page
        assert "by The chair: The room is taken." in page

    def test_whoever_arranged_it_and_administrators_do_too_and_nobody_else(
        self, scene: Scene, administrator: User
    ) -> None:
        for person in (scene.lead, administrator):
            assert CHANGE_MEETING.can(person, fresh(scene.meeting))
        for person in (scene.member, scene.inspector, builder.lead_inspector(builder.inspection())):
            with pytest.raises(Refused, match="Only the chair, whoever arranged the meeting"):
                change(scene, by=person)

    def test_inspections_before_it_have_the_new_people_as_their_panel(self, scene: Scene) -> None:
        fresh_member = builder.user("New member")
        change(scene, members=[fresh_member, scene.inspector])
        assert scenes.panel_of(scene.inspection) == {scene.chair, fresh_member}
        hearing = current_hearing(scene.fresh())
        assert hearing is not None
        assert [str(one) for one in hearing.members] == ["New member", "The chair"]
        assert [row.member for row in hearing.stepped_aside.all()] == [scene.inspector]

    def test_a_chair_with_an_interest_is_refused_and_nothing_changes(self, scene: Scene) -> None:
        with pytest.raises(Refused, match="has a part in the inspection"):
            change(scene, chair=scene.inspector)
        assert fresh(scene.meeting).chair == scene.chair
        assert scenes.panel_of(scene.inspection) == {scene.chair, scene.member}

    def test_an_old_page_changes_nothing(self, scene: Scene) -> None:
        version = meeting_version(fresh(scene.meeting))
        change(scene)
        with pytest.raises(Conflict):
            change(scene, base_version=version, reason="Another one.")

    @pytest.mark.parametrize("act", ["attendance", "decision", "conclusions", "confirmation"])
    def test_it_stays_once_it_has_heard_something(self, scene: Scene, act: str) -> None:
        hearing = scene.hearing
        if act == "attendance":
            hearing.attendance.create(member=scene.chair, is_present=True)
        elif act == "decision":
            scenes.everyone_is_present(scene.inspection)
            scenes.decide(scene)
        elif act == "conclusions":
            hearing.outcome_notes = "Heard."
            hearing.save()
        else:
            scene.inspection.seal_agreements.create(
                signatory="LEAD_INSPECTOR",
                result_sha256="0" * 64,
                agreed_at=timezone.now(),
                agreed_by=scene.lead,
            )
        with pytest.raises(Refused, match=BEGUN):
            change(scene)
        with pytest.raises(Refused, match=BEGUN):
            cancel_meeting(meeting=fresh(scene.meeting), reason="No.", by=scene.chair)


class TestCancelling:
    def test_inspections_go_back_to_their_leads_with_the_reason(self, scene: Scene) -> None:
        cancel_meeting(meeting=fresh(scene.meeting), reason="The chair is ill.", by=scene.lead)
        assert scene.fresh().state == Inspection.State.REVIEW
        assert scene.fresh().moved_back_reason.endswith("was cancelled: The chair is ill.")
        page = read(scene.chair, f"/panel/{scene.meeting.pk}/")
        assert "Cancelled by Priya Lead" in page
        assert "The chair is ill." in page
        assert "(cancelled)" in read(scene.lead, "/panel/")

    def test_it_is_offered_no_more_and_hears_nothing(self, scene: Scene) -> None:
        cancel_meeting(meeting=fresh(scene.meeting), reason="The chair is ill.", by=scene.lead)
        page = read(scene.lead, f"{scene.home}panel/submit/")
        assert "No meeting of the ratings panel is to come." in page
        with pytest.raises(Refused, match="This meeting was cancelled"):
            submit(scene, fresh(scene.meeting))
        with pytest.raises(Refused, match="This meeting was cancelled"):
            change(scene)

    def test_the_inspection_may_go_to_any_other_meeting(self, scene: Scene) -> None:
        cancel_meeting(meeting=fresh(scene.meeting), reason="The chair is ill.", by=scene.lead)
        submit(scene, another_panel(scene))
        assert scene.fresh().state == Inspection.State.PANEL


def another_panel(scene: Scene, *, day: date | None = None) -> PanelMeeting:
    return arrange_meeting(
        meeting_date=day or timezone.localdate(),
        chair=builder.user("Another chair"),
        members=[builder.user("Another member")],
        by=scene.lead,
    )


class TestTheSamePanel:
    @pytest.fixture
    def given_back(self, scene: Scene) -> Scene:
        scenes.everyone_is_present(scene.inspection)
        give_back(inspection=scene.fresh(), reason="3.4 was read wrongly.", by=scene.chair)
        return scene

    def test_an_inspection_that_was_given_back_goes_before_it_again(
        self, given_back: Scene
    ) -> None:
        with pytest.raises(Refused, match="so it goes before the same members again"):
            submit(given_back, another_panel(given_back))
        submit(given_back, given_back.meeting)
        assert given_back.fresh().state == Inspection.State.PANEL

    def test_on_another_day_too(self, given_back: Scene) -> None:
        again = arrange_meeting(
            meeting_date=timezone.localdate(),
            chair=given_back.member,
            members=[given_back.chair],
            by=given_back.lead,
        )
        submit(given_back, again)
        assert given_back.fresh().state == Inspection.State.PANEL

    def test_the_form_offers_it_although_it_was_held_and_no_other(self, given_back: Scene) -> None:
        PanelMeeting.objects.update(meeting_date=timezone.localdate() - timedelta(days=9))
        another_panel(given_back)
        page = read(given_back.lead, f"{given_back.home}panel/submit/")
        assert "chaired by The chair" in page
        assert "chaired by Another chair" not in page
        assert "An administrator can let another panel hear it." in page

    def test_an_administrator_lets_another_panel_hear_it(
        self, given_back: Scene, administrator: User
    ) -> None:
        meeting = f"/panel/{given_back.meeting.pk}/"
        assert "Let another panel hear it" in read(administrator, meeting)
        release = f"{given_back.home}panel/release/"
        assert "Enter why another panel hears it" in post(administrator, release, expect=200)
        post(administrator, release, {"reason": "Two members have left."})
        assert "Let another panel hear it" not in read(administrator, meeting)
        submit(given_back, another_panel(given_back))
        assert given_back.fresh().state == Inspection.State.PANEL
        earlier = given_back.hearing
        assert (earlier.released_by, earlier.released_reason) == (
            administrator,
            "Two members have left.",
        )

    def test_a_second_time_it_says_that_any_panel_can(
        self, given_back: Scene, administrator: User
    ) -> None:
        release = f"{given_back.home}panel/release/"
        post(administrator, release, {"reason": "Two members have left."})
        page = post(administrator, release, {"reason": "Two members have left."}, expect=403)
        assert "Any panel can hear this inspection." in page

    def test_nobody_else_does(self, given_back: Scene) -> None:
        for person in (given_back.lead, given_back.chair):
            with pytest.raises(Refused, match="Only administrators let another panel"):
                release_from_panel(inspection=given_back.fresh(), reason="Because.", by=person)

    def test_taken_back_before_the_panel_began_it_may_go_to_any(self, scene: Scene) -> None:
        give_back(inspection=scene.fresh(), reason="Too early.", by=scene.lead)
        submit(scene, another_panel(scene))
        assert scene.fresh().state == Inspection.State.PANEL


class TestPages:
    def entries(self, scene: Scene, **changed: object) -> dict[str, Any]:
        day = timezone.localdate() + timedelta(days=3)
        return {
            "meeting_date_0": day.day,
            "meeting_date_1": day.month,
            "meeting_date_2": day.year,
            "chair": scene.chair.pk,
            "members": [scene.member.pk],
            "reason": "The room is taken.",
            "base_version": meeting_version(fresh(scene.meeting)),
            **changed,
        }

    def address(self, scene: Scene, name: str) -> str:
        return f"/panel/{scene.meeting.pk}/{name}/"

    def test_a_meeting_is_changed_from_its_page(self, scene: Scene) -> None:
        page = read(scene.chair, f"/panel/{scene.meeting.pk}/")
        assert "Change the meeting Cancel the meeting" in page
        no_reason = self.entries(scene, reason="")
        page = post(scene.chair, self.address(scene, "change"), no_reason, expect=200)
        assert "Enter why the meeting is changed" in page
        post(scene.chair, self.address(scene, "change"), self.entries(scene))
        assert fresh(scene.meeting).changed_by == scene.chair

    def test_an_old_page_shows_both_and_can_be_saved_again(self, scene: Scene) -> None:
        old = self.entries(scene, reason="Mine.")
        change(scene)
        page = post(scene.chair, self.address(scene, "change"), old, expect=409)
        assert "saved another version" in page
        again = old | {"base_version": meeting_version(fresh(scene.meeting))}
        post(scene.chair, self.address(scene, "change"), again)
        assert fresh(scene.meeting).changed_reason == "Mine."

    def test_what_is_refused_is_said_beside_the_form(self, scene: Scene) -> None:
        entries = self.entries(scene, chair=scene.inspector.pk)
        page = post(scene.chair, self.address(scene, "change"), entries, expect=200)
        assert "has a part in the inspection" in page

    def test_a_meeting_is_cancelled_from_its_page(self, scene: Scene) -> None:
        page = post(scene.chair, self.address(scene, "cancel"), expect=200)
        assert "Enter why the meeting is cancelled" in page
        post(scene.chair, self.address(scene, "cancel"), {"reason": "Snow."})
        assert fresh(scene.meeting).is_cancelled

    def test_whoever_may_not_has_no_links_and_is_refused(self, scene: Scene) -> None:
        assert "Cancel the meeting" not in read(scene.member, f"/panel/{scene.meeting.pk}/")
        for name in ("change", "cancel"):
            read(scene.member, self.address(scene, name), expect=403)
            read(scene.outsider, self.address(scene, name), expect=404)
