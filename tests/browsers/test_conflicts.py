"""Two answers to one question: both are shown, and either can be kept."""

from __future__ import annotations

import pytest

from cases.actions import allocate_case
from tests.browsers.answers import (
    choose,
    elsewhere,
    everything_saved,
    history,
    open_record,
    says,
    shown,
)
from tests.browsers.tab import Tab
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

CONFLICT = "section[data-question='2.1.1a'] .app-conflict"
THEIRS = ("2.1.1a", "NO", "Nothing on file", 1)
MINE = ("2.1.1a", "YES", "", None)


@pytest.fixture
def in_conflict(tab: Tab, scene: Scene) -> Tab:
    """Yes is chosen here after a colleague has answered No; then the case came back."""
    open_record(tab, scene)
    allocate_case(case=scene.case, to=scene.colleague, by=scene.lead)
    elsewhere(scene, "NO", "Nothing on file", 0, by=scene.colleague)
    allocate_case(case=scene.case, to=scene.inspector, by=scene.lead)
    choose(tab, "2.1.1a", "Yes")
    says(tab, "2.1.1a", "Conflict: choose which answer to keep")
    tab.sees(CONFLICT, "Mine, as entered here: Yes")
    tab.sees(CONFLICT, "Grace Inspector’s answer: No")
    tab.sees(CONFLICT, "Nothing on file")
    return tab


def test_mine_is_kept_in_a_conflict(in_conflict: Tab, scene: Scene) -> None:
    in_conflict.click(f"{CONFLICT} button", "Keep mine")
    everything_saved(in_conflict)
    assert shown(in_conflict, "2.1.1a") == ("YES", "")
    assert history(scene) == [THEIRS, MINE, ("2.1.1a", "YES", "", 2)]


def test_theirs_is_kept_in_a_conflict(in_conflict: Tab, scene: Scene) -> None:
    in_conflict.click(f"{CONFLICT} button", "Keep theirs")
    everything_saved(in_conflict)
    assert shown(in_conflict, "2.1.1a") == ("NO", "Nothing on file")
    assert history(scene) == [THEIRS, MINE]


def test_a_conflict_outlasts_a_reload(in_conflict: Tab, scene: Scene) -> None:
    in_conflict.reload()
    in_conflict.sees(CONFLICT, "Mine, as entered here: Yes")
    in_conflict.click(f"{CONFLICT} button", "Keep mine")
    everything_saved(in_conflict)
    assert history(scene) == [THEIRS, MINE, ("2.1.1a", "YES", "", 2)]
