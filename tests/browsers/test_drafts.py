"""What is typed into a form that is sent as a whole is there after a reload, until it is sent."""

from __future__ import annotations

import pytest

from ratings.models import Finding
from tests.browsers.conftest import Browser, sign_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

FIELD = "main form textarea"
IS_KEPT = """import("/static/recording/database.js")
    .then(({ read }) => read(["drafts"], (drafts) => drafts.getAll()))
    .then((drafts) => JSON.stringify(drafts).includes("Found on a train"))"""


def test_what_is_typed_is_there_again_after_a_reload_until_it_is_sent(
    new_browser: Browser, scene: Scene
) -> None:
    tab = new_browser.tab
    sign_in(tab, scene.lead)
    form = f"{scene.home}key-questions/1.1.1/add/strength/"
    tab.open(form)
    tab.write(FIELD, "Found on a train")
    tab.until(IS_KEPT)
    tab.reload()
    tab.sees("main *", "Not saved yet: typed at")
    assert tab.value(FIELD) == "Found on a train"
    tab.follow("main form button", "Save")
    assert Finding.objects.get().text == "Found on a train"
    tab.open(form)
    tab.until(f"!(await {IS_KEPT})")
    assert tab.value(FIELD) == ""
