"""Without a network: answering on, reloading, Back, and the way home of what was recorded."""

from __future__ import annotations

import pytest

from tests.browsers.answers import (
    choose,
    everything_saved,
    history,
    is_shown,
    keep_offline,
    open_record,
    says,
    shown,
    write_note,
)
from tests.browsers.conftest import Browser
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = "Waiting for the "


def test_what_is_recorded_offline_is_stored_once_and_in_order(
    browser: Browser, scene: Scene
) -> None:
    tab = browser.tab
    keep_offline(tab, scene)
    browser.lose_network()
    open_record(tab, scene, "2.1")
    choose(tab, "2.1.1a", "Yes")
    write_note(tab, "2.1.1a", "Why")
    choose(tab, "2.1.1b", "No")
    says(tab, "2.1.1b", WAITS)
    open_record(tab, scene, "2.2")
    choose(tab, "2.2.1a", "Yes")
    choose(tab, "2.2.1a", "No")
    says(tab, "2.2.1a", WAITS)
    assert history(scene) == []
    browser.find_network()
    everything_saved(tab)
    assert history(scene) == [
        ("2.1.1a", "YES", "", 1),
        ("2.1.1a", "YES", "Why", 2),
        ("2.1.1b", "NO", "", 1),
        ("2.2.1a", "NO", "", 1),
    ]


def test_a_reload_offline_makes_no_second_save_and_no_conflict(
    browser: Browser, scene: Scene
) -> None:
    tab = browser.tab
    keep_offline(tab, scene)
    browser.lose_network()
    open_record(tab, scene)
    choose(tab, "2.1.1a", "Yes")
    write_note(tab, "2.1.1a", "Why")
    says(tab, "2.1.1a", WAITS)
    for _ in range(2):
        tab.reload()
        is_shown(tab)
        says(tab, "2.1.1a", WAITS)
        assert shown(tab, "2.1.1a") == ("YES", "Why")
    browser.find_network()
    everything_saved(tab)
    assert history(scene) == [("2.1.1a", "YES", "", 1), ("2.1.1a", "YES", "Why", 2)]


def test_back_offline_shows_what_waits_and_saves_it_once(browser: Browser, scene: Scene) -> None:
    tab = browser.tab
    keep_offline(tab, scene)
    open_record(tab, scene)
    choose(tab, "2.1.1a", "Yes")
    everything_saved(tab)
    browser.lose_network()
    open_record(tab, scene, "2.2")
    open_record(tab, scene, "2.1")
    choose(tab, "2.1.1a", "No")
    says(tab, "2.1.1a", WAITS)
    for _ in range(2):
        tab.back()
        is_shown(tab)
    assert shown(tab, "2.1.1a") == ("NO", "")
    browser.find_network()
    everything_saved(tab)
    assert history(scene) == [("2.1.1a", "YES", "", 1), ("2.1.1a", "NO", "", 2)]


SAVES_WHEN_LEFT = """new Promise((resolve) => {
    const request = indexedDB.open("fieldwork");
    request.onsuccess = () => resolve(addEventListener("pagehide", () => {
        const outbox = request.result.transaction("outbox", "readwrite").objectStore("outbox");
        const ask = () => { outbox.count().onsuccess = ask; };
        ask();
    }));
})"""


@pytest.mark.parametrize("address", ["/offline/", "/outbox/", "a page of answers"])
def test_a_page_that_is_left_while_it_saves_lets_go_of_the_storage(
    browser: Browser, scene: Scene, address: str
) -> None:
    """WebKit keeps a page for Back as it is; what it holds then, no other page can use."""
    tab = browser.tab
    keep_offline(tab, scene)
    browser.lose_network()
    tab.open(address if address.startswith("/") else scene.record_page("2.2"))
    tab.evaluate(SAVES_WHEN_LEFT)
    open_record(tab, scene)
    choose(tab, "2.1.1a", "Yes")
    says(tab, "2.1.1a", WAITS)
