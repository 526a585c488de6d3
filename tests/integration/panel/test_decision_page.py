"""The page of one decision: all that it rests on, and what it would change."""

from __future__ import annotations

import pytest

from cases.models import Case
from config.demonstration import builder
from inspections.framework import Rating
from inspections.models import User
from ratings.models import Judgement
from ratings.panel.decisions import find_target
from ratings.panel.effects import Effect, effects_of
from ratings.service import rate_inspection
from tests import scenes
from tests.integration.panel.test_submit import submit
from tests.integration.results.test_seal import sealed
from tests.pages import words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return scenes.before_panel()


def read(scene: Scene, who: User, code: str) -> str:
    response = scene.get(who, f"ratings/discretion/{code}/")
    assert response.status_code == 200
    return words(response)


def effects(scene: Scene, code: str) -> dict[Rating, Effect]:
    rated = rate_inspection(scene.fresh())
    about = find_target(rated.outcome.edition, code)
    assert about is not None
    return {effect.to_rating: effect for effect in effects_of(rated, about)}


class TestWhatItRestsOn:
    def test_the_figures_of_the_standard_and_each_key_question(self, scene: Scene) -> None:
        page = read(scene, scene.chair, "3.1")
        assert "50% (1 of 2) answers to 3.1.1 One case is 50 points" in page
        assert (
            "1 case to Good, then Outstanding 15 points, from No to Yes "
            "1 case to Inadequate 1 point, from Yes to No" in page
        )
        assert "Decide discretion on 3.1.1" in page

    def test_the_lead_inspectors_view(self, scene: Scene) -> None:
        assert "The lead inspector’s view 3.1 rests on one case." in read(scene, scene.chair, "3.1")

    def test_similar_past_decisions(self, scene: Scene) -> None:
        other = scenes.before_panel()
        scenes.decide(other)
        sealed(other)
        page = read(scene, scene.chair, "3.1")
        assert "Similar past decisions for 3.1 (1)" in page
        assert "Like this: the same standard, 3.1 Assessment" in page
        assert "Similar past decisions for 3.1.1" in read(scene, scene.chair, "3.1.1")

    def test_for_a_judged_standard_its_rationale_findings_and_evidence(self) -> None:
        scene = scenes.in_review()
        Judgement.objects.filter(standard="1.2").update(rationale="Caseloads are fair.")
        text = "Staff have time for each child."
        builder.finding(scene.inspection, scene.lead, text, key_question="1.2.1")
        submit(scene)
        page = read(scene, scene.chair, "1.2")
        assert "Lead inspector’s rationale for 1.2" in page
        assert "Caseloads are fair." in page
        assert "Strength: Staff have time for each child." in page

    def test_who_sees_ratings_but_not_the_panel_sees_no_view_of_it(self, scene: Scene) -> None:
        observer = builder.member(scene.inspection, "OBSERVER")
        page = read(scene, observer, "3.1")
        assert "50% (1 of 2)" in page
        assert "The lead inspector’s view" not in page
        assert "What each decision would change" not in page


class TestWhatItWouldChange:
    def test_each_move_with_standard_score_and_overall_rating(self, scene: Scene) -> None:
        page = read(scene, scene.chair, "3.1")
        assert (
            "As it stands Requires improvement 28 out of 36 Good "
            "Up one band, to Good Good 29 out of 36 No change "
            "Down one band, to Inadequate Inadequate 27 out of 36 No change" in page
        )

    def test_it_is_what_the_rating_is_once_it_is_decided(self, scene: Scene) -> None:
        for code in ("3.1", "3.1.1", "2.1", "1.2"):
            for to, effect in effects(scene, code).items():
                computed = rate_inspection(scene.inspection).outcome.rating_of(code).computed
                assert isinstance(computed, Rating)
                scenes.decide_as(scene.inspection, scene.chair, code, to, computed)
                decided = rate_inspection(scene.inspection).outcome
                assert effect.outcome.score == decided.score
                assert effect.outcome.overall == decided.overall
                assert effect.rating == decided.by_code[effect.code].decided

    def test_a_key_question_that_is_not_the_lowest_changes_nothing_when_it_rises(
        self, scene: Scene
    ) -> None:
        effect = effects(scene, "3.1.2")[Rating.GOOD]
        assert not effect.changes_standard
        assert effect.points == 0
        assert not effect.changes_overall

    def test_a_standard_apart_from_the_score_changes_no_score(self) -> None:
        scene = scenes.in_review()
        signed_off = {"state": Case.State.SIGNED_OFF}
        builder.case(scene.inspection, "RESETTLEMENT", scene.inspector, **signed_off)
        submit(scene)
        assert {effect.points for effect in effects(scene, "4.1").values()} == {0}

    def test_nothing_follows_for_who_decides_nothing(self, scene: Scene) -> None:
        assert "What each decision would change" not in read(scene, scene.lead, "3.1")


def test_after_deciding_the_member_is_back_on_the_panels_page(scene: Scene) -> None:
    response = scene.post(
        scene.chair,
        "ratings/discretion/3.1/",
        from_rating="REQUIRES_IMPROVEMENT",
        to_rating="GOOD",
        lead_view="One case.",
        evidence="The case was read again.",
        reason="All evidence in the round.",
        footnote="Professional discretion was used.",
    )
    # At its top, where what was saved is said: a browser that jumps to a row takes the focus away.
    assert response["Location"] == f"{scene.home}panel/"
