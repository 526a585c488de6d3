"""Earlier decisions on similar ratings, across inspections."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.demonstration import builder
from inspections.models import Inspection, User
from ratings.models import Replay
from ratings.panel.precedents import Precedents
from ratings.service import rate_inspection
from tests import scenes
from tests.integration.results.test_seal import sealed

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer() -> User:
    return builder.user()


def counted(edition: str, counts: dict[str, tuple[int, int]]) -> Inspection:
    """An inspection before the panel, with Yes and No for some key questions."""
    inspection = builder.inspection(edition)
    inspector = builder.inspector(inspection)
    for group in ("COURT", "OUT_OF_COURT"):
        asked = {
            code: yes_and_no
            for code, yes_and_no in counts.items()
            if inspection.framework.standard_of_question[code].group == group
        }
        for position in range(max((sum(one) for one in asked.values()), default=0)):
            case = builder.case(inspection, group, inspector)
            values = {
                code: "YES" if position < yes else "NO"
                for code, (yes, no) in asked.items()
                if position < yes + no
            }
            builder.answers(case, inspector, **values)
    scenes.move_to(inspection, Inspection.State.PANEL)
    return inspection


def published(
    edition: str, counts: dict[str, tuple[int, int]], standard: str, **fields: Any
) -> Inspection:
    """A replayed inspection with one decision."""
    inspection = counted(edition, counts)
    Replay.objects.create(
        inspection=inspection, key=str(inspection.pk), published={}, replayed_at=timezone.now()
    )
    builder.decision(inspection, standard, **fields)
    return inspection


UP = {"from_rating": "INADEQUATE", "to_rating": "REQUIRES_IMPROVEMENT"}
DOWN = {"from_rating": "OUTSTANDING", "to_rating": "GOOD"}


def test_decisions_of_published_reports_find_each_other(viewer: User) -> None:
    """As the reports of 2021 and 2023 do: 3.1 at 45 per cent, 2.1.1 at 83."""
    up = published("2021", {"3.1.1": (13, 7), "3.1.2": (9, 11), "3.1.3": (14, 6)}, "3.1", **UP)
    down = published("2021", {"2.1.1": (10, 2)}, "2.1", key_question="2.1.1", **DOWN)
    (found,) = Precedents(rate_inspection(up), viewer=viewer).of("3.1")
    assert found.decision == down.discretions.get()
    assert found.shares == ("Assessment too, in standard 2.1",)
    assert found.decision.footnote == "Professional discretion was used."
    (found,) = Precedents(rate_inspection(down), viewer=viewer).of("2.1", "2.1.1")
    assert found.decision == up.discretions.get()


def test_the_most_similar_come_first_with_what_they_share(viewer: User) -> None:
    rated = rate_inspection(counted("2021", {"2.2.1": (9, 11), "2.2.2": (20, 0)}))
    same_aim = published("2018", {"3.3.1": (1, 9)}, "3.3", key_question="3.3.1", **UP)
    same_question = published("2018", {"2.2.1": (9, 11)}, "2.2", key_question="2.2.1", **UP)
    same_standard = published("2021", {"2.2.3": (1, 9)}, "2.2", **UP)
    published("2021", {"2.3.2": (1, 9)}, "2.3", key_question="2.3.2", **UP)
    found = Precedents(rated, viewer=viewer).of("2.2", "2.2.1")
    assert [one.decision.inspection for one in found] == [
        same_question,
        same_standard,
        same_aim,
    ]
    assert found[0].shares == (
        "the same key question, 2.2.1",
        "started from Inadequate too",
        "near the boundary between Inadequate and Requires improvement too",
    )
    assert found[1].shares == ("the same standard, 2.2 Planning", "started from Inadequate too")
    assert found[2].shares == (
        "rests on a key question about the child's desistance too",
        "started from Inadequate too",
    )


def test_a_code_that_means_another_standard_in_another_edition_is_not_the_same(
    viewer: User,
) -> None:
    published("2018", {"3.4.1": (1, 9)}, "3.4", **UP)
    rated = rate_inspection(counted("2021", {}))
    assert Precedents(rated, viewer=viewer).of("3.4") == []


def test_an_unsealed_decision_is_shown_only_to_people_on_its_inspection(
    viewer: User,
) -> None:
    scene = scenes.before_panel()
    scenes.decide(scene)
    rated = rate_inspection(counted("2021", {}))
    assert Precedents(rated, viewer=viewer).of("3.1") == []
    assert len(Precedents(rated, viewer=scene.member).of("3.1")) == 1
    sealed(scene)
    (found,) = Precedents(rated, viewer=viewer).of("3.1")
    assert found.decision.meeting_date == scenes.MEETING_DATE


def test_withdrawn_decisions_and_those_of_the_inspection_itself_are_left_out(viewer: User) -> None:
    first = published("2021", {"3.1.1": (9, 11)}, "3.1", **UP)
    assert Precedents(rate_inspection(first), viewer=viewer).of("3.1") == []
    first.discretions.update(withdrawn_at=timezone.now(), withdrawn_by=builder.user())
    rated = rate_inspection(counted("2021", {}))
    assert Precedents(rated, viewer=viewer).of("3.1") == []


def test_however_many_decisions_it_takes_two_queries(viewer: User) -> None:
    for _ in range(3):
        published("2021", {"3.1.1": (9, 11)}, "3.1", **UP)
    rated = rate_inspection(counted("2021", {}))
    with CaptureQueriesContext(connection) as queries:
        assert len(Precedents(rated, viewer=viewer).of("3.1")) == 3
    assert len(queries) == 2
