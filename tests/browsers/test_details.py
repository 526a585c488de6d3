"""A case's details are saved as they are edited, and fields that a browser refills are no edit.

Such a form carries the newest version, while its fields hold what they held when it was left.
"""

from __future__ import annotations

import pytest

from cases.actions import DetailChange, record_details
from cases.models import DetailSave
from tests.browsers.answers import everything_saved, is_shown, keep_offline
from tests.browsers.conftest import Browser
from tests.browsers.tab import Tab
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "textarea[name=serious_harm_reason]"


def edit(tab: Tab, scene: Scene, reason: str) -> None:
    tab.open(f"{scene.case_page}details/")
    is_shown(tab)
    tab.write(REASON, reason)


def saved_elsewhere(scene: Scene, reason: str) -> None:
    scene.case.refresh_from_db()
    save = DetailChange("serious_harm_reason", reason, scene.case.version)
    record_details(case_id=scene.case.pk, saves=[save], by=scene.inspector)


def history(scene: Scene) -> list[tuple[object, int | None]]:
    saves = DetailSave.objects.filter(case=scene.case).order_by("saved_at")
    return list(saves.values_list("value", "version"))


@pytest.mark.parametrize("way", ["Back", "a reload"])
def test_details_show_what_stands_after(way: str, tab: Tab, scene: Scene) -> None:
    edit(tab, scene, "The first")
    everything_saved(tab)
    if way == "Back":
        tab.follow("main a", "Back to the case")
        saved_elsewhere(scene, "The second")
        tab.back()
    else:
        saved_elsewhere(scene, "The second")
        tab.reload()
    everything_saved(tab)
    assert tab.value(REASON) == "The second"
    # Neither leaving nor sending the form makes an edit of what was refilled.
    tab.follow("main button", "Save details")
    assert history(scene) == [("The first", 1), ("The second", 2)]


def test_details_edited_offline_are_stored_once_there_is_a_network(
    browser: Browser, scene: Scene
) -> None:
    tab = browser.tab
    keep_offline(tab, scene)
    browser.lose_network()
    edit(tab, scene, "Typed on a train")
    tab.until("document.body.dataset.waiting === '1'")
    tab.reload()
    is_shown(tab)
    assert tab.value(REASON) == "Typed on a train"
    browser.find_network()
    everything_saved(tab)
    assert history(scene) == [("Typed on a train", 1)]
