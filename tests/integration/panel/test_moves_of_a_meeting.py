"""What the page of a meeting says that its decisions moved."""

from __future__ import annotations

import pytest

from cases.models import Answer
from inspections.framework import Rating
from inspections.models import Inspection
from ratings.models import Discretion
from ratings.panel.actions import give_back, submit_to_panel
from ratings.panel.decisions import withdraw_discretion
from tests import scenes
from tests.pages import read
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    made = scenes.before_panel()
    scenes.decide_as(made.fresh(), made.member, "3.1", Rating.GOOD, Rating.REQUIRES_IMPROVEMENT)
    return made


def page_of(scene: Scene) -> str:
    return read(scene.chair, f"/panel/{scene.meeting.pk}/")


def submit_again(scene: Scene) -> None:
    give_back(inspection=scene.fresh(), reason="Look at 1.2 again.", by=scene.chair)
    submit_to_panel(
        inspection=scene.fresh(), meeting=scene.meeting, lead_view="Again.", by=scene.lead
    )
    scenes.everyone_is_present(scene.inspection)


def test_a_decision_and_what_it_does_to_the_score_are_shown(scene: Scene) -> None:
    page = page_of(scene)
    assert "28 out of 36 29 out of 36" in page
    assert "3.1 from Requires improvement to Good" in page
    assert "No rating moved" not in page


def test_a_decision_before_a_give_back_still_counts_for_the_meeting(scene: Scene) -> None:
    submit_again(scene)
    page = page_of(scene)
    assert "28 out of 36 29 out of 36" in page
    assert page.count("3.1 from Requires improvement to Good") == 1
    assert "No rating moved" not in page


def test_a_withdrawn_decision_is_listed_as_such(scene: Scene) -> None:
    withdraw_discretion(discretion=Discretion.objects.get(), reason="Wrong.", by=scene.chair)
    page = page_of(scene)
    assert "28 out of 36 28 out of 36" in page
    assert "3.1 from Requires improvement to Good (withdrawn)" in page


def test_a_decision_that_another_replaced_is_listed_as_such(scene: Scene) -> None:
    scenes.decide_as(
        scene.fresh(), scene.chair, "3.1", Rating.INADEQUATE, Rating.REQUIRES_IMPROVEMENT
    )
    page = page_of(scene)
    assert "3.1 from Requires improvement to Good (replaced by another)" in page
    assert "3.1 from Requires improvement to Inadequate" in page


def test_a_stale_decision_is_listed_as_such(scene: Scene) -> None:
    scenes.move_to(scene.inspection, Inspection.State.FIELDWORK)
    answer = Answer.objects.get(question="3.1.1", value="NO")
    Answer.objects.filter(pk=answer.pk).update(value="YES", version=2)
    scenes.move_to(scene.inspection, Inspection.State.PANEL)
    assert "3.1 from Requires improvement to Good (out of date)" in page_of(scene)
