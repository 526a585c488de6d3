"""Who decides in a hearing, members who decide at once, and decisions whose rating moves."""

from __future__ import annotations

from typing import Any

import pghistory
import pytest
from django.urls import reverse

from cases.models import Answer
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.models import Membership, User
from ratings.models import Discretion, current_hearing
from ratings.panel.meeting_actions import arrange_meeting
from ratings.panel.readiness import interests_in
from ratings.permissions import DECIDE
from ratings.results.actions import readiness
from ratings.service import rate_inspection
from tests import scenes
from tests.integration.panel.test_submit import submit
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return scenes.before_panel()


def send(scene: Scene, by: User, **changed: Any) -> Any:
    """The form on 3.1 as ``by`` would send it who saw no current decision."""
    fields = {
        "from_rating": "REQUIRES_IMPROVEMENT",
        "in_place_of": "",
        "to_rating": "GOOD",
        "lead_view": "One case.",
        "evidence": "The case was read again.",
        "reason": "All evidence in the round.",
        "footnote": "Professional discretion was used.",
    }
    return signed_in(by).post(address(scene), fields | changed)


def address(scene: Scene) -> str:
    return reverse("ratings:discretion", args=[scene.inspection.pk, "3.1"])


def test_a_member_does_not_replace_a_decision_that_they_have_not_seen(scene: Scene) -> None:
    assert send(scene, scene.chair).status_code == 302
    first = Discretion.objects.get()
    response = send(scene, scene.member, to_rating="INADEQUATE", reason="My own reason.")
    assert response.status_code == 409
    page = words(response)
    assert "What you wrote is not saved yet" in page
    assert "The chair saved another version" in page
    assert "Reason My own reason. All evidence in the round." in page
    assert "Up one band, to Good" in page
    assert f'name="in_place_of" value="{first.pk}"' in response.content.decode()
    assert "Save mine instead" in page and "Save the panel’s decision" not in page
    assert Discretion.objects.get() == first
    again = send(scene, scene.member, to_rating="INADEQUATE", in_place_of=str(first.pk))
    assert again.status_code == 302
    assert Discretion.objects.current().get().to_rating == "INADEQUATE"
    assert Discretion.objects.count() == 2


def test_a_member_is_told_when_the_decision_they_saw_is_withdrawn(scene: Scene) -> None:
    first = scenes.decide(scene)
    page = signed_in(scene.member).get(address(scene)).content.decode()
    assert f'name="in_place_of" value="{first.pk}"' in page
    signed_in(scene.chair).post(
        reverse("ratings:withdraw", args=[scene.inspection.pk, first.pk]),
        {"reason": "It weighed a case twice."},
    )
    response = send(scene, scene.member, in_place_of=str(first.pk))
    assert "was withdrawn after you opened this page" in words(response)
    assert not Discretion.objects.current().exists()


def test_a_decision_withdrawn_by_a_colleague_first_is_said_to_be_withdrawn(scene: Scene) -> None:
    first = scenes.decide(scene)
    withdrawing = reverse("ratings:withdraw", args=[scene.inspection.pk, first.pk])
    reason = {"reason": "It weighed a case twice."}
    assert signed_in(scene.chair).post(withdrawing, reason).status_code == 302
    member = signed_in(scene.member)
    for answer in (member.post(withdrawing, reason), member.get(withdrawing)):
        assert answer.status_code == 403
        assert "This decision has been withdrawn or replaced already." in words(answer)


def test_whoever_is_put_on_the_panel_without_a_seat_in_the_meeting_does_not_decide(
    scene: Scene,
) -> None:
    added = builder.panel_member(scene.inspection, "Added later")
    with pytest.raises(Refused, match="not a member of the meeting"):
        DECIDE.check(added, scene.fresh())
    assert send(scene, added).status_code == 403


def test_people_who_left_the_team_and_only_reviewed_cases_step_aside_too() -> None:
    scene = scenes.in_review()
    reviewer = builder.user("Covered for the lead")
    case = scene.inspection.cases.first()
    assert case is not None
    with pghistory.context(user=reviewer.pk):
        case.offence_type = "Theft"
        case.save()
    meeting = arrange_meeting(
        meeting_date=scenes.MEETING_DATE,
        chair=scene.chair,
        members=[reviewer, scene.member],
        by=scene.lead,
    )
    submit(scene, meeting=meeting)
    hearing = current_hearing(scene.fresh())
    assert hearing is not None
    assert [(row.member, row.reason) for row in hearing.stepped_aside.all()] == [
        (reviewer, "Reviewed cases of this inspection.")
    ]


def test_people_who_judged_once_step_aside_even_if_others_judged_since() -> None:
    scene = scenes.in_review()
    judge = builder.user("Judged it first")
    judgement = scene.inspection.judgements.get(standard="1.1")
    for person in (judge, scene.lead):
        judgement.saved_by = person
        judgement.save()
    reason = interests_in(scene.fresh())[judge.pk]
    assert reason == "Judged standards of this inspection."


def test_people_who_submitted_the_inspection_once_step_aside_after_leaving_its_team() -> None:
    scene = scenes.in_review()
    covering = builder.user("Led it for a week")
    Membership.objects.filter(user=scene.lead).update(user=covering)
    submit(scene, by=covering)
    scenes.move_to(scene.inspection, "REVIEW")
    Membership.objects.filter(user=covering).update(user=scene.lead)
    meeting = arrange_meeting(
        meeting_date=scenes.MEETING_DATE,
        chair=scene.chair,
        members=[covering, scene.member],
        by=scene.lead,
    )
    submit(scene, inspection=scene.fresh(), meeting=meeting)
    hearing = current_hearing(scene.fresh())
    assert hearing is not None
    assert [row.reason for row in hearing.stepped_aside.all()] == [
        "Submitted this inspection to the ratings panel."
    ]


def test_a_stale_decision_is_shown_on_every_page_and_applies_again_when_its_rating_returns(
    scene: Scene,
) -> None:
    scenes.decide(scene)
    no = Answer.objects.get(question="3.1.1", value="NO")
    Answer.objects.filter(pk=no.pk).update(value="YES")
    outcome = rate_inspection(scene.fresh()).outcome
    assert [move.target for move in outcome.stale] == ["3.1"]
    assert outcome.by_code["3.1"].decided == outcome.by_code["3.1"].computed
    reader = signed_in(scene.member)
    for name in ("ratings", "panel", "seal"):
        page = words(reader.get(reverse(f"ratings:{name}", args=[scene.inspection.pk])))
        assert "so the decision no longer applies" in page, name
    for person in (scene.member, scene.lead):
        page = words(signed_in(person).get(address(scene)))
        assert "so the decision no longer applies" in page
    assert readiness(scene.fresh()).blockers
    Answer.objects.filter(pk=no.pk).update(value="NO")
    outcome = rate_inspection(scene.fresh()).outcome
    assert outcome.stale == ()
    assert outcome.by_code["3.1"].decided.name == "GOOD"  # type: ignore[union-attr]
    assert not readiness(scene.fresh()).blockers


def test_no_decision_is_offered_on_what_has_no_rating() -> None:
    scene = scenes.before_panel()
    Answer.objects.filter(case__group="OUT_OF_COURT").update(value="")
    panel = words(scene.get(scene.chair, "panel/"))
    assert "Decide on 2.1 Assessment" in panel
    assert "Details on 3.1 Assessment" in panel
    ratings = scene.get(scene.chair, "ratings/").content.decode()
    assert f"{scene.home}ratings/discretion/2.1/" in ratings
    assert f"{scene.home}ratings/discretion/3.1/" not in ratings
    assert f"{scene.home}ratings/discretion/3.1.1/" not in ratings
    figures = words(scene.get(scene.chair, "ratings/discretion/3.1/"))
    assert "There is no rating to move" in figures
    assert "Decide on" not in figures
