"""Deciding professional discretion: who may, from what, and what is kept."""

from __future__ import annotations

import pytest

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.framework import Rating
from inspections.models import Inspection
from ratings.models import Discretion
from ratings.panel.actions import give_back
from ratings.panel.decisions import RatingMoved, withdraw_discretion
from ratings.service import rate_inspection
from tests.scenes import Scene, decide_as

pytestmark = pytest.mark.django_db

INADEQUATE, REQUIRES_IMPROVEMENT = Rating.INADEQUATE, Rating.REQUIRES_IMPROVEMENT
GOOD, OUTSTANDING = Rating.GOOD, Rating.OUTSTANDING


def test_the_panel_moves_a_standard_and_score_and_overall_follow(at_panel: Scene) -> None:
    before = rate_inspection(at_panel.inspection).outcome
    decide_as(at_panel.inspection, at_panel.panel, "3.1", REQUIRES_IMPROVEMENT, INADEQUATE)
    after = rate_inspection(at_panel.inspection).outcome

    assert before.score is not None
    assert after.score == before.score + 1
    assert after.computed_score == before.score
    assert after.by_code["3.1"].computed == INADEQUATE
    assert after.by_code["3.1"].decided == REQUIRES_IMPROVEMENT


def test_the_panel_moves_a_key_question_and_its_standard_follows(at_panel: Scene) -> None:
    decide_as(at_panel.inspection, at_panel.panel, "2.1.1", GOOD, OUTSTANDING)

    rated = rate_inspection(at_panel.inspection).outcome.by_code["2.1"]

    assert (rated.computed, rated.decided, rated.deciding) == (OUTSTANDING, GOOD, ("2.1.1",))


@pytest.mark.parametrize("who", ["lead", "inspector", "outsider"])
def test_nobody_but_the_panel_decides(at_panel: Scene, who: str) -> None:
    with pytest.raises(Refused, match="Only a member of this inspection's ratings panel"):
        decide_as(
            at_panel.inspection,
            getattr(at_panel, who),
            "3.1",
            REQUIRES_IMPROVEMENT,
            INADEQUATE,
        )


@pytest.mark.parametrize("state", ["FIELDWORK", "REVIEW"])
def test_the_panel_decides_only_what_it_was_given(at_panel: Scene, state: str) -> None:
    Inspection.objects.update(state=state)

    with pytest.raises(Refused):
        decide_as(at_panel.inspection, at_panel.panel, "3.1", REQUIRES_IMPROVEMENT, INADEQUATE)

    assert not Discretion.objects.exists()


def test_a_decision_from_a_rating_that_is_no_longer_computed_is_refused(
    at_panel: Scene,
) -> None:
    with pytest.raises(RatingMoved) as refused:
        decide_as(at_panel.inspection, at_panel.panel, "3.1", OUTSTANDING, GOOD)

    assert refused.value.computed == INADEQUATE
    assert not Discretion.objects.exists()


def test_a_new_decision_replaces_the_current_one_and_both_stay(
    at_panel: Scene,
) -> None:
    inspection, panel = at_panel.inspection, at_panel.panel
    first = decide_as(inspection, panel, "2.1", GOOD, OUTSTANDING)
    second = decide_as(inspection, panel, "2.1", GOOD, OUTSTANDING)

    first.refresh_from_db()

    assert first.withdrawn_by == panel
    assert list(Discretion.objects.current()) == [second]
    assert Discretion.objects.count() == 2


def test_a_withdrawn_decision_moves_nothing_and_stays_in_the_record(at_panel: Scene) -> None:
    inspection, panel = at_panel.inspection, at_panel.panel
    before = rate_inspection(inspection).outcome.score
    decision = decide_as(inspection, panel, "3.1", REQUIRES_IMPROVEMENT, INADEQUATE)

    withdraw_discretion(discretion=decision, reason="It weighed a case twice.", by=panel)

    assert rate_inspection(inspection).outcome.score == before
    withdrawn = Discretion.objects.get()
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_reason) == (
        panel,
        "It weighed a case twice.",
    )
    with pytest.raises(Refused, match="withdrawn or replaced already"):
        withdraw_discretion(discretion=decision, reason="It weighed a case twice.", by=panel)


def test_nobody_but_the_panel_withdraws(at_panel: Scene) -> None:
    decision = decide_as(
        at_panel.inspection, at_panel.panel, "3.1", REQUIRES_IMPROVEMENT, INADEQUATE
    )

    with pytest.raises(Refused, match="Only a member"):
        withdraw_discretion(discretion=decision, reason="A mistake.", by=at_panel.lead)

    assert Discretion.objects.current().exists()


def test_a_decision_is_stale_when_the_rating_it_started_from_changes(
    at_panel: Scene,
) -> None:
    inspection, panel = at_panel.inspection, at_panel.panel
    decide_as(inspection, panel, "3.4", OUTSTANDING, GOOD)
    give_back(inspection=inspection, reason="3.4 was read wrongly.", by=panel)
    inspection.judgements.filter(standard="3.4").update(rating="INADEQUATE")

    outcome = rate_inspection(inspection).outcome

    assert [move.target for move in outcome.stale] == ["3.4"]
    assert outcome.by_code["3.4"].decided == INADEQUATE


def test_key_questions_of_a_qualitative_standard_carry_no_rating_to_move(
    at_panel: Scene,
) -> None:
    with pytest.raises(ValueError, match="moves no rating"):
        decide_as(at_panel.inspection, at_panel.panel, "1.1.1", OUTSTANDING, GOOD)


def test_panels_of_two_inspections_are_apart(at_panel: Scene) -> None:
    other = builder.inspection(state="PANEL")
    stranger = builder.panel_member(other)

    with pytest.raises(Refused):
        decide_as(at_panel.inspection, stranger, "3.1", REQUIRES_IMPROVEMENT, INADEQUATE)
