"""What the lead's overview says to do next about lists and samples."""

from __future__ import annotations

import pytest

from cases.sampling.steps import sampling_steps
from inspections.models import Inspection
from tests.integration.sampling import scenes
from tests.integration.sampling.scenes import draw, row, rows, store, take
from tests.pages import read
from tests.scenes import Scene


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.preparation()


def steps(scene: Scene) -> list[str]:
    return [text for text, *_ in sampling_steps(scene.fresh(), scene.lead)]


def test_the_lead_is_led_from_the_list_to_the_samples(scene: Scene) -> None:
    assert steps(scene) == ["Load the service’s list of cases"]
    assert "Load the service’s list of cases" in read(scene.lead, scene.home)
    listed = [*rows(20), row(21, "Out of court")]
    store(scene, listed)
    assert steps(scene) == ["Take or discard the list of cases that was read"]
    scene.inspection.case_lists.all().delete()
    take(scene, listed)
    assert steps(scene) == [
        "Draw the sample: court disposal",
        "Draw the sample: out-of-court disposal",
    ]
    draw(scene)
    assert steps(scene) == ["Draw the sample: out-of-court disposal"]


def test_nobody_else_and_at_no_other_time_is_asked_to(scene: Scene) -> None:
    assert list(sampling_steps(scene.inspection, scene.inspector)) == []
    Inspection.objects.filter(pk=scene.inspection.pk).update(state="FIELDWORK")
    assert steps(scene) == []
