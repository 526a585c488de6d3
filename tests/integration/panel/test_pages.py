"""The pages of the panel: who opens them, and what they say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from config.demonstration import builder
from inspections.models import Inspection, User
from inspections.versions import digest
from ratings.models import Judgement, PanelMeeting
from ratings.panel.actions import submit_to_panel
from ratings.permissions import AGREE, DECIDE
from tests import scenes
from tests.integration.results.test_seal import agree, sealed
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def read(user: User, name: str, *args: object, expect: int = 200) -> str:
    response = signed_in(user).get(reverse(f"ratings:{name}", args=args))
    assert response.status_code == expect
    return words(response)


def post(user: User, name: str, *args: object, expect: int = 302, **entries: object) -> str:
    response = signed_in(user).post(reverse(f"ratings:{name}", args=args), entries)
    assert response.status_code == expect
    return words(response)


@pytest.fixture
def scene() -> Scene:
    """Ready for the panel, with a meeting today."""
    scene = scenes.in_review()
    PanelMeeting.objects.update(meeting_date=timezone.localdate())
    scene.meeting.refresh_from_db()
    return scene


def submit(scene: Scene) -> None:
    submit_to_panel(
        inspection=scene.inspection, meeting=scene.meeting, lead_view="One case.", by=scene.lead
    )
    scene.inspection = scene.fresh()


@pytest.fixture
def heard(scene: Scene) -> Scene:
    submit(scene)
    scenes.everyone_is_present(scene.inspection)
    scene.inspection = scene.fresh()
    return scene


class TestArranging:
    def entries(self, scene: Scene, **changed: object) -> dict[str, Any]:
        day = timezone.localdate() + timedelta(days=3)
        return {
            "meeting_date_0": day.day,
            "meeting_date_1": day.month,
            "meeting_date_2": day.year,
            "chair": scene.chair.pk,
            "members": [scene.member.pk],
            **changed,
        }

    def test_a_lead_arranges_a_meeting(self, scene: Scene) -> None:
        post(scene.lead, "arrange", **self.entries(scene))
        meeting = PanelMeeting.objects.latest("pk")
        assert meeting.meeting_date == timezone.localdate() + timedelta(days=3)
        assert set(meeting.members.all()) == {scene.chair, scene.member}
        assert scene.member.name in read(scene.lead, "meetings")

    def test_nobody_else_does(self, scene: Scene) -> None:
        for person in (scene.inspector, scene.member, builder.user()):
            read(person, "arrange", expect=403)
            post(person, "arrange", expect=403, **self.entries(scene))
        assert PanelMeeting.objects.count() == 1

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"meeting_date_2": "2001"}, "The date of the meeting must be today or in the future"),
            ({"meeting_date_0": "31", "meeting_date_1": "2"}, "must be a real date"),
            ({"chair": ""}, "Select who chairs the meeting"),
            ({"chair": "0"}, "Select the chair from the list"),
            ({"members": []}, "Select at least one member besides the chair"),
            ({"members": ["0"]}, "Select members from the list"),
        ],
    )
    def test_errors_are_shown(self, scene: Scene, changed: dict[str, object], message: str) -> None:
        page = post(scene.lead, "arrange", expect=200, **self.entries(scene, **changed))
        assert "There is a problem" in page
        assert message in page
        assert PanelMeeting.objects.count() == 1

    def test_a_chair_alone_is_no_panel(self, scene: Scene) -> None:
        entries = self.entries(scene, members=[scene.chair.pk])
        page = post(scene.lead, "arrange", expect=200, **entries)
        assert "Select at least one member besides the chair" in page

    def test_administrators_and_closed_accounts_are_not_offered(self, scene: Scene) -> None:
        builder.user("Ada Administrator", is_staff=True)
        builder.user("Left Long Ago", is_active=False)
        page = read(scene.lead, "arrange")
        assert "Ada Administrator" not in page
        assert "Left Long Ago" not in page

    def test_for_an_inspection_it_says_who_steps_aside_and_offers_no_such_chair(
        self, scene: Scene
    ) -> None:
        page = read(scene.lead, "arrange_for", scene.inspection.pk)
        assert "Steps aside from this inspection: Inspector on this inspection" in page
        entries = self.entries(scene, chair=scene.inspector.pk)
        again = post(scene.lead, "arrange_for", scene.inspection.pk, expect=200, **entries)
        assert "Select the chair from the list" in again


class TestSubmitting:
    def test_everything_missing_is_listed_with_links_to_fix_it(self, scene: Scene) -> None:
        Judgement.objects.filter(standard="1.2").delete()
        Case.objects.filter(group="COURT").update(state=Case.State.SUBMITTED)
        address = reverse("ratings:submit", args=[scene.inspection.pk])
        html = signed_in(scene.lead).get(address).content.decode()
        assert "Standard 1.2 Staff has not been judged yet." in html
        assert reverse("ratings:judgement", args=[scene.inspection.pk, "1.2"]) in html
        assert "3 of 5 cases are not signed off" in html
        assert reverse("cases:cases", args=[scene.inspection.pk]) in html
        assert "Your view of the ratings" not in html

    def test_what_was_typed_stays_when_something_went_missing_meanwhile(self, scene: Scene) -> None:
        Judgement.objects.filter(standard="1.2").delete()
        page = post(
            scene.lead,
            "submit",
            scene.inspection.pk,
            expect=200,
            meeting=scene.meeting.pk,
            lead_view="My own words",
        )
        assert "The inspection is not ready for the panel." in page
        assert "My own words" in page
        assert scene.fresh().state == Inspection.State.REVIEW

    def test_a_meeting_whose_chair_has_a_part_is_refused_in_words(self, scene: Scene) -> None:
        PanelMeeting.objects.update(chair=scene.inspector)
        page = post(
            scene.lead,
            "submit",
            scene.inspection.pk,
            expect=200,
            meeting=scene.meeting.pk,
            lead_view="My own words",
        )
        assert "Choose a meeting with another chair." in page
        assert "My own words" in page

    def test_a_meeting_that_was_held_is_not_offered(self, scene: Scene) -> None:
        PanelMeeting.objects.update(meeting_date=timezone.localdate() - timedelta(days=1))
        page = read(scene.lead, "submit", scene.inspection.pk)
        assert "No meeting of the ratings panel is to come." in page

    @pytest.mark.parametrize("who", ["inspector", "chair"])
    def test_nobody_else_submits(self, heard: Scene, who: str) -> None:
        assert heard.hearing is not None
        read(getattr(heard, who), "submit", heard.inspection.pk, expect=403)


class TestPanelPage:
    def test_it_shows_what_a_decision_is_weighed_from(self, heard: Scene) -> None:
        page = read(heard.chair, "panel", heard.inspection.pk)
        assert "Score 28 out of 36 28 out of 36" in page
        assert "Panel members The chair, The member" in page
        assert "One case." in page
        assert (
            "3.1 Assessment 3.1.1: 50% ( 1 of 2 answers to 3.1.1 ) 1 up to Outstanding "
            "1 down to Inadequate" in page
        )

    def test_score_and_overall_are_shown_side_by_side(self, heard: Scene) -> None:
        scenes.decide(heard)
        page = read(heard.lead, "panel", heard.inspection.pk)
        assert "Score 28 out of 36 29 out of 36" in page
        assert "The ratings panel moved 3.1 from Requires improvement to Good" in page
        assert "Decide on" not in page

    def test_an_inspection_that_was_never_submitted_says_so(self) -> None:
        replayed = builder.inspection(state=Inspection.State.PANEL)
        page = read(builder.panel_member(replayed), "panel", replayed.pk)
        assert "has not been submitted to a meeting of the ratings panel" in page

    def test_it_takes_as_many_queries_however_many_earlier_decisions(
        self, heard: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(heard.chair)
        for _ in range(2):
            with django_assert_max_num_queries(35):
                client.get(reverse("ratings:panel", args=[heard.inspection.pk]))
            for _ in range(3):
                other = scenes.before_panel()
                scenes.decide(other)
                sealed(other)


class TestTheDayOfTheMeeting:
    def test_nothing_is_decided_or_confirmed_before_it(self, heard: Scene) -> None:
        assert DECIDE.why_not(heard.member, heard.inspection) is None
        PanelMeeting.objects.update(meeting_date=timezone.localdate() + timedelta(days=1))
        assert "It decides from that day on." in str(DECIDE.why_not(heard.member, heard.fresh()))
        for person in (heard.lead, heard.chair):
            words = str(AGREE.why_not(person, heard.fresh()))
            assert "can be confirmed from that day on" in words


class TestGivingBack:
    def test_the_lead_does_until_the_panel_has_decided_something(self, heard: Scene) -> None:
        read(heard.lead, "give_back", heard.inspection.pk)
        scenes.decide(heard)
        page = read(heard.lead, "give_back", heard.inspection.pk, expect=403)
        assert "The chair, who chairs it, can give the inspection back." in page
        read(heard.member, "give_back", heard.inspection.pk, expect=403)
        page = post(heard.chair, "give_back", heard.inspection.pk, expect=200)
        assert "Enter why the inspection is given back" in page
        assert heard.fresh().state == Inspection.State.PANEL
        post(heard.chair, "give_back", heard.inspection.pk, reason="3.4 was read wrongly.")
        assert heard.fresh().state == Inspection.State.REVIEW

    def test_and_until_somebody_has_confirmed_a_result(self, heard: Scene) -> None:
        agree(heard, heard.lead)
        page = read(heard.lead, "give_back", heard.inspection.pk, expect=403)
        assert "A result has been confirmed already." in page

    def test_an_inspection_replayed_without_a_hearing_goes_back_to_its_lead(self) -> None:
        replayed = builder.inspection(state=Inspection.State.PANEL)
        post(builder.lead_inspector(replayed), "give_back", replayed.pk, reason="Try.")
        replayed.refresh_from_db()
        assert replayed.state == Inspection.State.REVIEW

    def test_the_overview_says_why_and_by_whom_until_it_is_submitted_again(
        self, heard: Scene
    ) -> None:
        post(heard.lead, "give_back", heard.inspection.pk, reason="3.4 was read wrongly.")
        for person in (heard.lead, heard.member):
            page = words(signed_in(person).get(heard.home))
            assert f"was given back to the lead inspector by {heard.lead}" in page
            assert "3.4 was read wrongly." in page
        submit(heard)
        assert "was given back" not in words(signed_in(heard.lead).get(heard.home))

    def test_refusals_say_that_it_was_given_back(self, heard: Scene) -> None:
        post(heard.lead, "give_back", heard.inspection.pk, reason="3.4 was read wrongly.")
        said = (
            "This inspection was given back to the lead inspector and has not been submitted to "
            "the ratings panel again."
        )
        for state in (Inspection.State.REVIEW, Inspection.State.FIELDWORK):
            scenes.move_to(heard.inspection, state)
            assert DECIDE.why_not(heard.member, heard.fresh()) == said
            assert AGREE.why_not(heard.chair, heard.fresh()) == said

    def test_the_overview_says_so_while_fieldwork_is_open_again_for_it(self, heard: Scene) -> None:
        post(heard.lead, "give_back", heard.inspection.pk, reason="3.4 was read wrongly.")
        signed_in(heard.lead).post(f"{heard.home}move/FIELDWORK/", {"reason": "C-01 is wrong."})
        page = words(signed_in(heard.lead).get(heard.home))
        assert "C-01 is wrong." in page
        assert "3.4 was read wrongly." in page
        inspectors = words(signed_in(heard.inspector).get(heard.home))
        assert "C-01 is wrong." in inspectors
        assert "3.4 was read wrongly." not in inspectors
        signed_in(heard.lead).post(f"{heard.home}move/REVIEW/")
        assert heard.fresh().state == Inspection.State.REVIEW
        for person in (heard.lead, heard.inspector):
            page = words(signed_in(person).get(heard.home))
            assert "C-01 is wrong." not in page
            assert f"was given back to the lead inspector by {heard.lead}" in page
            assert "3.4 was read wrongly." in page

    def test_the_history_keeps_every_reason(self, heard: Scene) -> None:
        for reason in ("3.4 was read wrongly.", "2.1 too."):
            post(heard.lead, "give_back", heard.inspection.pk, reason=reason)
            submit(heard)
        page = read(heard.chair, "panel", heard.inspection.pk)
        for reason in ("3.4 was read wrongly.", "2.1 too."):
            assert reason in page


class TestReopeningFieldwork:
    def test_it_needs_a_reason_which_the_team_reads(self, scene: Scene) -> None:
        address = f"{scene.home}move/FIELDWORK/"
        page = words(signed_in(scene.lead).post(address))
        assert "Enter why fieldwork is reopened" in page
        assert scene.fresh().state == Inspection.State.REVIEW
        signed_in(scene.lead).post(address, {"reason": "C-01 was recorded twice."})
        assert scene.fresh().state == Inspection.State.FIELDWORK
        home = words(signed_in(scene.inspector).get(scene.home))
        assert f"Fieldwork was reopened by {scene.lead}" in home
        assert "C-01 was recorded twice." in home
        signed_in(scene.lead).post(f"{scene.home}move/REVIEW/")
        assert "C-01 was recorded twice." not in words(signed_in(scene.lead).get(scene.home))


class TestSteppingAside:
    def test_a_member_does_with_a_reason_and_then_sees_the_inspection_no_more(
        self, heard: Scene
    ) -> None:
        page = post(heard.member, "step_aside", heard.inspection.pk, expect=200, reason="")
        assert "Enter why you step aside" in page
        post(heard.member, "step_aside", heard.inspection.pk, reason="A relative.")
        read(heard.member, "panel", heard.inspection.pk, expect=404)
        page = read(heard.member, "meeting", heard.meeting.pk)
        assert "You step aside, so you take no part in this hearing: A relative." in page
        assert "The member: A relative." in read(heard.chair, "panel", heard.inspection.pk)

    def test_the_chair_does_not(self, heard: Scene) -> None:
        page = read(heard.chair, "step_aside", heard.inspection.pk, expect=403)
        assert "The chair can&#x27;t step aside" in page

    def test_an_inspector_who_sits_in_the_meeting_is_told_why_they_dont_decide(
        self, scene: Scene
    ) -> None:
        scene.meeting.seats.create(member=scene.inspector)
        submit_to_panel(
            inspection=scene.inspection, meeting=scene.meeting, lead_view="So.", by=scene.lead
        )
        assert DECIDE.why_not(scene.inspector, scene.fresh()) == (
            "You step aside from this hearing, so you take no part in it: "
            "Inspector on this inspection's team."
        )


class TestMeetings:
    def test_a_member_sees_their_own_meetings_alone(self, heard: Scene) -> None:
        other = scenes.in_review()
        PanelMeeting.objects.filter(pk=other.meeting.pk).update(meeting_date=timezone.localdate())
        page = signed_in(heard.member).get(reverse("ratings:meetings")).content.decode()
        assert reverse("ratings:meeting", args=[heard.meeting.pk]) in page
        assert reverse("ratings:meeting", args=[other.meeting.pk]) not in page
        read(heard.member, "meeting", other.meeting.pk, expect=404)

    def test_a_meeting_shows_only_the_readers_inspections(self, heard: Scene) -> None:
        other_lead = builder.lead_inspector(builder.inspection())
        page = read(other_lead, "meeting", heard.meeting.pk)
        assert str(heard.inspection.service) not in page
        assert "1 inspection is heard at this meeting in which you have no part." in page

    def test_it_shows_the_outcome_of_each_inspection(self, heard: Scene) -> None:
        scenes.decide(heard)
        nothing, notes = digest([""]), "3.1 was read again."
        sent_to = heard.chair, "outcome", heard.inspection.pk
        post(*sent_to, outcome_notes=notes, instead_of=nothing)
        page = read(heard.lead, "meeting", heard.meeting.pk)
        assert "3.1 from Requires improvement to Good" in page
        assert "Score 28 out of 36 29 out of 36" in page
        assert "3.1 was read again." in page

    def test_only_the_chair_records_the_outcome(self, heard: Scene) -> None:
        read(heard.member, "outcome", heard.inspection.pk, expect=403)
        page = post(heard.chair, "outcome", heard.inspection.pk, expect=200, outcome_notes="")
        assert "Enter the panel’s conclusions" in page
