"""The three published inspections go to a panel, find each other's decisions and are sealed."""

from __future__ import annotations

import json

import pytest

from config.demonstration import builder
from config.demonstration.load import REPORTS
from inspections.models import Inspection
from ratings.national.format import parse
from ratings.national.load import Sealed, load
from ratings.panel.actions import submit_to_panel
from ratings.panel.precedents import Precedents
from ratings.results.build import file_of
from ratings.results.document import verify
from ratings.service import rate_inspection
from tests import scenes
from tests.integration.results.test_seal import sealed
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def replayed(name: str) -> Inspection:
    path = REPORTS / f"{name}.json"
    return load(parse(path.read_bytes(), path.name))


@pytest.mark.parametrize("name", ["wirral-2021", "gateshead-2023", "surrey-2019"])
def test_a_published_inspection_is_sealed_with_its_published_outcome(name: str) -> None:
    inspection = replayed(name)
    published = json.loads((REPORTS / f"{name}.json").read_bytes())["published"]
    scenes.move_to(inspection, Inspection.State.REVIEW)
    scene = Scene(inspection, builder.lead_inspector(inspection), builder.user())
    submit_to_panel(
        inspection=inspection, meeting=scene.meeting, lead_view="As published.", by=scene.lead
    )
    scenes.everyone_is_present(inspection)
    seal = sealed(scene)[1]
    found = verify(file_of(seal), name, seal.sha256)
    assert found.holds, found.differences
    outcome = json.loads(seal.document)["result"]["outcome"]
    assert (outcome["score"], outcome["overall"]) == (published["score"], published["overall"])
    with pytest.raises(Sealed):
        replayed(name)


def test_the_earlier_decisions_of_the_published_inspections_find_each_other() -> None:
    wirral, gateshead, surrey = (
        replayed(name) for name in ("wirral-2021", "gateshead-2023", "surrey-2019")
    )
    viewer = builder.user()

    def found(inspection: Inspection, standard: str, key_question: str = "") -> list[str]:
        rated = rate_inspection(inspection)
        decisions = Precedents(rated, viewer=viewer).of(standard, key_question)
        return [one.decision.inspection.service.name for one in decisions]

    assert found(wirral, "3.1") == [gateshead.service.name]
    assert found(gateshead, "2.1", "2.1.1") == [wirral.service.name]
    assert found(surrey, "2.1", "2.1.1") == [gateshead.service.name, wirral.service.name]
