"""A form that is refused as a whole: its person may not send it any more, or it is gone."""

from __future__ import annotations

import pytest
from django.test import Client

from inspections.models import Inspection
from tests import scenes
from tests.forms import forms_on
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

HERE = {"origin": "http://testserver"}
REASON = "Why the panel <moves> it"


@pytest.fixture
def scene() -> Scene:
    return scenes.before_panel()


def decision(scene: Scene, browser: Client) -> tuple[str, dict[str, list[str]]]:
    page = f"{scene.home}ratings/discretion/3.1/"
    [form] = [one for one in forms_on(browser, page) if "reason" in one.inputs]
    typed = {"reason": [REASON], "to_rating": ["GOOD"], "footnote": ["Two\r\nlines"]}
    return form.address, form.filled() | typed


def test_what_was_entered_is_shown_where_it_can_not_be_sent_any_more(scene: Scene) -> None:
    browser = signed_in(scene.member)
    address, entered = decision(scene, browser)
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    refused = browser.post(address, entered, headers=HERE)
    assert refused.status_code == 403
    page = words(refused)
    assert "What you entered It is not saved." in page
    assert "Reason Why the panel &lt;moves&gt; it" in page
    assert "To rating Good" in page
    assert "Two\r\nlines" in refused.content.decode()
    assert "Form id" not in page


def test_what_was_entered_is_shown_where_its_page_is_gone(scene: Scene) -> None:
    browser = signed_in(scene.member)
    address, entered = decision(scene, browser)
    scene.inspection.memberships.filter(user=scene.member).delete()
    scene.hearing.meeting.members.remove(scene.member)
    refused = browser.post(address, entered, headers=HERE)
    assert refused.status_code == 404
    assert "Reason Why the panel &lt;moves&gt; it" in words(refused)


def test_what_was_entered_is_shown_where_somebody_else_is_signed_in_by_now(scene: Scene) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(scene.member)
    address, entered = decision(scene, browser)
    browser.force_login(scene.lead)
    refused = browser.post(address, entered, headers=HERE)
    assert refused.status_code == 403
    page = words(refused)
    assert "This page has expired" in page
    assert "Reason Why the panel &lt;moves&gt; it" in page


def test_what_another_site_sends_is_not_shown(scene: Scene) -> None:
    browser = signed_in(scene.member)
    address, entered = decision(scene, browser)
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    refused = browser.post(address, entered, headers={"origin": "https://elsewhere.example"})
    assert refused.status_code == 403
    assert "Why the panel" not in words(refused)


def test_a_page_that_is_only_opened_shows_nothing_entered(scene: Scene) -> None:
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    for address in (f"{scene.home}panel/outcome/", f"{scene.home}nowhere/"):
        assert "What you entered It is not saved" not in words(signed_in(scene.member).get(address))


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_what_can_not_be_read_is_answered_all_the_same(scene: Scene, kind: str) -> None:
    browser = signed_in(scene.member)
    refused = browser.post("/nowhere/", b"not a form", content_type=kind, headers=HERE)
    assert refused.status_code == 404


def test_what_was_entered_is_shown_where_the_service_failed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    browser = signed_in(scene.member)
    address, entered = decision(scene, browser)
    monkeypatch.setattr("django.contrib.messages.success", fail)
    browser.raise_request_exception = False
    failed = browser.post(address, entered, headers=HERE)
    assert failed.status_code == 500
    assert "Reason Why the panel &lt;moves&gt; it" in words(failed)


def test_what_was_entered_is_shown_where_a_request_makes_no_sense(scene: Scene) -> None:
    browser = signed_in(scene.member)
    address, entered = decision(scene, browser)
    refused = browser.post(f"{address}?from=%00", entered, headers=HERE)
    assert refused.status_code == 400
    page = words(refused)
    assert "Reason Why the panel &lt;moves&gt; it" in page
    assert "Csrfmiddlewaretoken" not in page


def test_what_is_sent_to_another_host_is_answered_with_the_same_page(scene: Scene) -> None:
    browser = signed_in(scene.member)
    address, entered = decision(scene, browser)
    refused = browser.post(address, entered, headers=HERE | {"host": "elsewhere.example"})
    assert refused.status_code == 400
    assert "could not read that request" in words(refused)
