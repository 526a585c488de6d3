"""Answers are saved as they are given, and the tabs of one browser agree."""

from __future__ import annotations

import pytest

from tests.browsers.answers import (
    choose,
    elsewhere,
    everything_saved,
    history,
    open_record,
    says,
    shown,
    write_note,
)
from tests.browsers.conftest import Browser
from tests.browsers.tab import Tab
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_and_its_note_are_saved_and_stored(tab: Tab, scene: Scene) -> None:
    open_record(tab, scene)
    choose(tab, "2.1.1a", "Yes")
    says(tab, "2.1.1a", "Saved, ")
    write_note(tab, "2.1.1a", "Seen twice,\nat home")
    everything_saved(tab)
    says(tab, "2.1.1a", "Saved, ")
    given = ("YES", "Seen twice,\nat home")
    answer = scene.case.answers.get()
    assert (answer.value, answer.note) == given
    open_record(tab, scene)
    assert shown(tab, "2.1.1a") == given


def test_a_note_that_is_being_written_is_saved_when_the_page_is_left(
    tab: Tab, scene: Scene
) -> None:
    open_record(tab, scene)
    write_note(tab, "2.1.1a", "Half a sen")
    tab.follow(".govuk-breadcrumbs a", scene.case.reference)
    tab.until("document.body.dataset.waiting === '0'")
    assert history(scene) == [("2.1.1a", "", "Half a sen", 1)]


def test_a_second_tab_shows_the_newer_answer_and_goes_on_from_it(
    browser: Browser, scene: Scene
) -> None:
    one, two = browser.tab, browser.new_tab()
    open_record(one, scene)
    open_record(two, scene)
    choose(one, "2.1.1a", "Yes")
    everything_saved(one)
    choose(two, "2.1.1a", "No")
    everything_saved(two)
    one.until("document.querySelector('section[data-question=\"2.1.1a\"] [value=NO]').checked")
    write_note(one, "2.1.1a", "From the first")
    everything_saved(one)
    assert history(scene) == [
        ("2.1.1a", "YES", "", 1),
        ("2.1.1a", "NO", "", 2),
        ("2.1.1a", "NO", "From the first", 3),
    ]


def test_a_reload_shows_the_newer_answer_and_saves_nothing(tab: Tab, scene: Scene) -> None:
    open_record(tab, scene)
    choose(tab, "2.1.1a", "Yes")
    write_note(tab, "2.1.1a", "Typed here")
    everything_saved(tab)
    before = history(scene)
    newest = before[-1][-1]
    assert newest is not None
    elsewhere(scene, "NO", "From the tablet", newest)
    tab.reload()
    everything_saved(tab)
    assert shown(tab, "2.1.1a") == ("NO", "From the tablet")
    # Leaving saves what was edited and not kept yet: here, nothing.
    tab.follow(".govuk-breadcrumbs a", scene.case.reference)
    open_record(tab, scene)
    everything_saved(tab)
    assert history(scene) == [*before, ("2.1.1a", "NO", "From the tablet", newest + 1)]
