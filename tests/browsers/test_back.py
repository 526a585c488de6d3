"""Back, and tabs that the browser opens again, show what stands; only real input is an edit.

Browsers refill the fields of such a page with what they held when it was left, each at a time of
its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsers.answers import (
    choose,
    elsewhere,
    everything_saved,
    history,
    open_note,
    open_record,
    shown,
    write_note,
)
from tests.browsers.conftest import sign_in
from tests.browsers.firefox import Container
from tests.browsers.tab import Tab
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

STANDS = ("NO", "The second")


def change_and_go_back(tab: Tab, scene: Scene) -> None:
    """Answer, leave by a link and come back by one, answer otherwise, and press Back twice."""
    open_record(tab, scene)
    answer(tab, "Yes", "The first")
    leave(tab, scene)
    tab.follow(".govuk-task-list__link", "2.1")
    answer(tab, "No", "The second")
    tab.back()
    tab.back()
    everything_saved(tab)


def answer(tab: Tab, value: str, note: str) -> None:
    everything_saved(tab)
    choose(tab, "2.1.1a", value)
    write_note(tab, "2.1.1a", note)
    everything_saved(tab)


def leave(tab: Tab, scene: Scene) -> None:
    tab.follow(".govuk-breadcrumbs a", scene.case.reference)


def stands(scene: Scene) -> tuple[str, str]:
    answer = scene.case.answers.get(question="2.1.1a")
    return answer.value, answer.note


def nothing_is_saved_by_leaving(tab: Tab, scene: Scene) -> None:
    before = history(scene)
    leave(tab, scene)
    open_record(tab, scene)
    everything_saved(tab)
    assert history(scene) == before


def test_back_shows_what_stands_and_leaving_saves_nothing(tab: Tab, scene: Scene) -> None:
    change_and_go_back(tab, scene)
    assert shown(tab, "2.1.1a") == STANDS
    nothing_is_saved_by_leaving(tab, scene)
    assert stands(scene) == STANDS


def test_what_is_typed_after_back_is_added_to_what_stands(tab: Tab, scene: Scene) -> None:
    change_and_go_back(tab, scene)
    newest = history(scene)[-1][-1]
    assert newest is not None
    open_note(tab, "2.1.1a")
    tab.click("section[data-question='2.1.1a'] textarea")
    tab.evaluate("document.activeElement.setSelectionRange(99, 99)")
    tab.type("!")
    tab.until("document.activeElement.value.endsWith('!')")
    everything_saved(tab)
    assert history(scene)[-1] == ("2.1.1a", "NO", "The second!", newest + 1)


def test_back_shows_another_devices_newer_answer(tab: Tab, scene: Scene) -> None:
    open_record(tab, scene)
    answer(tab, "Yes", "The first")
    leave(tab, scene)
    newest = history(scene)[-1][-1]
    assert newest is not None
    elsewhere(scene, "NO", "The second", newest)
    tab.back()
    everything_saved(tab)
    assert shown(tab, "2.1.1a") == STANDS
    nothing_is_saved_by_leaving(tab, scene)
    assert stands(scene) == STANDS


@pytest.mark.parametrize("open_again", [Container.duplicate_tab, Container.restore_closed_tab])
def test_a_tab_that_firefox_opens_again_shows_what_stands(
    firefox: Container, scene: Scene, open_again: Callable[[Container], Tab]
) -> None:
    """WebKitGTK's MiniBrowser has no command for either."""
    tab = firefox.tab
    sign_in(tab, scene.inspector)
    open_record(tab, scene)
    answer(tab, "Yes", "The first")
    newest = history(scene)[-1][-1]
    assert newest is not None
    elsewhere(scene, "NO", "The second", newest)
    if open_again == Container.restore_closed_tab:
        firefox.new_tab()
        tab.close()
    again = open_again(firefox)
    everything_saved(again)
    assert shown(again, "2.1.1a") == STANDS
    nothing_is_saved_by_leaving(again, scene)
    assert stands(scene) == STANDS
