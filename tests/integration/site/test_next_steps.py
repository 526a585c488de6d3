"""“What to do next” offers only what would be accepted, and says what blocks the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import comment_on
from cases.models import Case
from cases.permissions import SEE_CASES
from cases.progress import inspection_progress
from config.demonstration import builder
from config.site.next_steps import NextSteps, next_steps
from inspections.models import Inspection, Membership, User
from ratings.models import Judgement, PanelMeeting
from ratings.panel.actions import give_back, submit_to_panel
from ratings.results.actions import agree_to_seal, readiness
from tests import scenes
from tests.integration.access.everything import everything
from tests.integration.sampling import scenes as sampling
from tests.pages import read, signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

State = Inspection.State
Role = Membership.Role

SUBMIT = "Submit the inspection to the ratings panel"
DECIDE = "Look at the ratings before the panel and decide"
CONFIRM = "Confirm the result when the panel has decided"


def steps(inspection: Inspection, person: User) -> NextSteps:
    fresh = Inspection.objects.with_team().get(pk=inspection.pk)
    progress = inspection_progress(fresh) if SEE_CASES.can(person, fresh) else None
    return next_steps(fresh, person, progress)


def offered(scene: Scene, person: User) -> list[str]:
    return [text for text, _ in steps(scene.inspection, person).open]


def blocked(scene: Scene, person: User) -> dict[str, str]:
    return {
        one.text: " ".join(map(str, one.because)) for one in steps(scene.inspection, person).blocked
    }


@pytest.mark.parametrize("state", State)
def test_every_page_that_a_step_leads_to_opens_in_every_state_for_every_role(state: State) -> None:
    own = everything()
    if state in (State.PANEL, State.SEALED):
        own.submit()
    if state == State.SEALED:
        own.seal()
    elif state != State.PANEL:
        scenes.move_to(own.inspection, state)
    for role, person in {**own.people, "chair": own.made.chair}.items():
        client = signed_in(person)
        assert client.get(own.made.home).status_code == 200, role
        found = steps(own.inspection, person)
        ways = [address for _, address in found.open]
        ways += [one.fix_href for step in found.blocked for one in step.because if one.fix_href]
        for address in ways:
            assert client.get(address).status_code == 200, (role, address)


class TestOfTheLead:
    def test_submission_is_offered_once_nothing_is_missing(self) -> None:
        scene = scenes.in_review()
        assert SUBMIT in offered(scene, scene.lead)
        assert blocked(scene, scene.lead) == {}

    def test_until_then_it_says_what_blocks_it_with_the_way_there(self) -> None:
        scene = scenes.in_review()
        Judgement.objects.filter(standard="1.2").delete()
        Case.objects.filter(group="COURT").update(state=Case.State.SUBMITTED)
        assert SUBMIT not in offered(scene, scene.lead)
        why = blocked(scene, scene.lead)[SUBMIT]
        assert "Standard 1.2 Staff has not been judged yet." in why
        assert "3 of 5 cases are not signed off" in why
        page = read(scene.lead, scene.home)
        assert f"{SUBMIT}: not possible yet" in page
        assert "Judge 1.2" in page

    def test_the_sample_of_a_group_is_drawn_if_any_case_is_eligible(self) -> None:
        scene = sampling.preparation()
        sampling.take(scene, sampling.rows(5))
        drawing = "Draw the sample: court disposal"
        assert drawing in offered(scene, scene.lead)
        scene.inspection.windows.all().delete()
        long_ago = timezone.localdate() - timedelta(days=4000)
        scene.inspection.windows.create(
            group="COURT", start_date=long_ago, end_date=long_ago + timedelta(days=1)
        )
        assert drawing not in offered(scene, scene.lead)
        assert "eligible" in blocked(scene, scene.lead)[drawing]

    def test_fieldwork_is_closed_once_nothing_is_left_in_it(self) -> None:
        scene = scenes.in_review()
        scenes.move_to(scene.inspection, State.FIELDWORK)
        assert "Close fieldwork" in offered(scene, scene.lead)
        assert "Close fieldwork" not in offered(scene, scene.inspector)
        Case.objects.filter(group="COURT").update(state=Case.State.SUBMITTED)
        assert "Close fieldwork" not in offered(scene, scene.lead)
        Case.objects.update(state=Case.State.SIGNED_OFF)
        Judgement.objects.filter(standard="1.2").delete()
        assert "Close fieldwork" not in offered(scene, scene.lead)
        without_cases = scenes.scene()
        builder.judge_all(without_cases.inspection, without_cases.lead)
        assert "Close fieldwork" not in offered(without_cases, without_cases.lead)

    def test_confirming_waits_for_the_panel_and_says_why(self) -> None:
        scene = scenes.before_panel()
        PanelMeeting.objects.update(meeting_date=timezone.localdate() + timedelta(days=3))
        assert CONFIRM not in offered(scene, scene.lead)
        assert "The panel meets on" in blocked(scene, scene.lead)[CONFIRM]
        PanelMeeting.objects.update(meeting_date=timezone.localdate())
        assert CONFIRM in offered(scene, scene.lead)

    def test_whoever_has_confirmed_is_not_asked_again(self) -> None:
        scene = scenes.before_panel()
        digest = readiness(scene.fresh()).result_sha256
        agree_to_seal(inspection=scene.inspection, result_sha256=digest, by=scene.lead)
        assert CONFIRM not in offered(scene, scene.lead)
        assert CONFIRM not in blocked(scene, scene.lead)
        assert CONFIRM in offered(scene, scene.chair)

    def test_a_deputy_is_not_asked_to_confirm(self) -> None:
        scene = scenes.before_panel()
        deputy = builder.member(scene.inspection, Role.DEPUTY_LEAD)
        assert CONFIRM not in {*offered(scene, deputy), *blocked(scene, deputy)}

    def test_a_result_that_no_meeting_heard_is_not_confirmed(self) -> None:
        """As of an inspection that is replayed from its report."""
        scene = scenes.in_review()
        scenes.move_to(scene.inspection, State.PANEL)
        assert CONFIRM not in offered(scene, scene.lead)
        assert "has not been submitted to a meeting" in blocked(scene, scene.lead)[CONFIRM]


class TestOfThePanel:
    def test_a_member_decides_once_it_is_recorded_who_is_present(self) -> None:
        scene = scenes.in_review()
        submit_to_panel(
            inspection=scene.inspection, meeting=scene.meeting, lead_view="One.", by=scene.lead
        )
        assert DECIDE not in offered(scene, scene.member)
        assert "Look at the ratings before the panel" in offered(scene, scene.member)
        why = blocked(scene, scene.member)["Decide professional discretion"]
        assert "has to record first who is present" in why
        assert "Record who is present" in offered(scene, scene.chair)
        assert "Record who is present" not in offered(scene, scene.member)
        scenes.everyone_is_present(scene.inspection)
        assert DECIDE in offered(scene, scene.member)
        assert "Record who is present" not in offered(scene, scene.chair)

    def test_before_its_day_it_says_when_the_panel_meets(self) -> None:
        scene = scenes.before_panel()
        PanelMeeting.objects.update(meeting_date=timezone.localdate() + timedelta(days=3))
        assert DECIDE not in offered(scene, scene.member)
        assert (
            "The panel meets on" in blocked(scene, scene.member)["Decide professional discretion"]
        )

    def test_another_chair_is_named_when_the_chair_cannot_act(self) -> None:
        scene = scenes.before_panel()
        User.objects.filter(pk=scene.chair.pk).update(is_active=False)
        assert "Name another chair" in offered(scene, scene.member)

    @pytest.mark.parametrize("state", [State.PREPARATION, State.FIELDWORK, State.REVIEW])
    def test_before_the_submission_nothing_is_asked_of_a_member(self, state: State) -> None:
        scene = scenes.scene()
        assert scene.panel
        scenes.move_to(scene.inspection, state)
        assert offered(scene, scene.panel) == []
        assert blocked(scene, scene.panel) == {}


class TestOfAnInspector:
    def test_a_comment_on_a_case_in_work_is_answered(self) -> None:
        scene = scenes.scene()
        comment_on(case=scene.case, text="Why?", by=scene.lead)
        assert "Answer or resolve 1 comment on your cases" in offered(scene, scene.inspector)

    def test_a_comment_on_a_signed_off_case_is_not(self) -> None:
        scene = scenes.scene()
        comment_on(case=scene.case, text="Why?", by=scene.lead)
        Case.objects.filter(pk=scene.case.pk).update(state=Case.State.SIGNED_OFF)
        assert not any("comment" in text for text in offered(scene, scene.inspector))


class TestClosingFieldwork:
    def page(self, scene: Scene) -> str:
        return words(scene.get(scene.lead, "move/REVIEW/"))

    def test_without_a_case_it_warns(self) -> None:
        scene = scenes.scene()
        page = self.page(scene)
        assert "Warning No case has been sampled." in page
        assert "not signed off" not in page

    def test_with_unsigned_cases_it_warns_of_their_number(self) -> None:
        scene = scenes.scene()
        builder.cases(scene.inspection, "COURT", 2, scene.inspector)
        page = self.page(scene)
        assert "Warning 2 cases are not signed off." in page
        assert "No case has been sampled." not in page

    def test_with_every_case_signed_off_it_does_not(self) -> None:
        scene = scenes.scene()
        builder.case(scene.inspection, "COURT", scene.inspector, state=Case.State.SIGNED_OFF)
        assert "Warning" not in self.page(scene)

    def test_reopening_it_warns_of_neither(self) -> None:
        scene = scenes.scene()
        scenes.move_to(scene.inspection, State.REVIEW)
        assert "Warning" not in words(scene.get(scene.lead, "move/FIELDWORK/"))


def test_given_back_it_is_submitted_again_by_the_lead_alone() -> None:
    scene = scenes.before_panel()
    give_back(inspection=scene.fresh(), reason="Look at 3.1 again.", by=scene.chair)
    assert SUBMIT in offered(scene, scene.lead)
    assert offered(scene, scene.chair) == []
    assert "Look at 3.1 again." in read(scene.chair, scene.home)
