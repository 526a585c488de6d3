"""What holds for every form that people type into, found by walking from page to page."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from inspections.models import User
from tests.browser.network import find_network, lose_network
from tests.conftest import SignIn
from tests.forms import NOT_ACCEPTED, SCENES, Form, forms_in, forms_on
from tests.pages import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Words that nobody has saved"
STILL_HERE = "What you entered is still here."

# What is in the fields of the page, or waits in the outbox of the device.
KEPT = """async (words) => {
    const { ownOf } = await import("/static/recording/outbox.js");
    const fields = [...document.querySelectorAll("input, textarea")].map(({ value }) => value);
    const waiting = ownOf(Number(document.body.dataset.user));
    return fields.includes(words) || JSON.stringify(waiting).includes(words);
}"""


# Whatever is folded in the form or around it.
OPEN = """(form) => {
    for (const one of document.querySelectorAll("details")) {
        if (form.contains(one) || one.contains(form)) one.open = true;
    }
}"""


def typed_forms(scene: str) -> list[tuple[User, Form]]:
    """The administration's pages have none of the service's scripts."""
    return [
        (person, form)
        for person, form in forms_in(scene)
        if not form.page.startswith("/admin/")
        and not form.has_password
        and any(one.kind in ("text", "textarea") for one in form.inputs.values())
    ]


def open_form(page: Page, form: Form) -> Locator:
    page.goto(form.page)
    expect(page.locator("body[data-waiting]")).to_be_attached()
    return shown(page, form)


def shown(page: Page, form: Form) -> Locator:
    """The form on the page that is open, with all of it to be seen."""
    name = next(one.name for one in form.inputs.values() if one.kind in ("text", "textarea"))
    found = page.locator("form", has=page.locator(f'[name="{name}"]'))
    found.evaluate(OPEN)
    return found


def type_words(form: Locator) -> None:
    """Into every field for texts, or every field where there are none."""
    textareas = form.locator("textarea:visible").all()
    for field in textareas or form.locator("input[type=text]:visible").all():
        field.fill(WORDS)


def send(form: Locator) -> None:
    form.locator(
        "button[type=submit]:visible:not(.govuk-visually-hidden, [data-resolves])"
    ).last.click()


def says_that_it_waits(page: Page, form: Form, words: str) -> None:
    """By the button of a form, or in the line of what waits."""
    said = page.locator(".app-not-sent").filter(has_text=STILL_HERE)
    expect(said.or_(page.locator(".app-sending:visible")).first).to_contain_text(words)
    assert page.evaluate(KEPT, WORDS), str(form)


@pytest.mark.parametrize("scene", SCENES)
def test_without_a_network_nothing_typed_is_lost(page: Page, sign_in: SignIn, scene: str) -> None:
    for person, form in typed_forms(scene):
        sign_in(page, person)
        opened = open_form(page, form)
        type_words(opened)
        lose_network(page)
        send(opened)
        says_that_it_waits(page, form, "o network")
        find_network(page)


@pytest.mark.parametrize("scene", SCENES)
def test_after_the_session_ended_nothing_typed_is_lost(
    page: Page, sign_in: SignIn, scene: str
) -> None:
    for person, form in typed_forms(scene):
        sign_in(page, person)
        opened = open_form(page, form)
        type_words(opened)
        Session.objects.all().delete()
        send(opened)
        says_that_it_waits(page, form, "ign in")


@pytest.mark.parametrize("scene", SCENES)
def test_back_after_a_newer_save_shows_what_stands(page: Page, sign_in: SignIn, scene: str) -> None:
    for person, form in typed_forms(scene):
        version = form.inputs.get("base_version")
        if version is None or version.values == ["0"] or form.name in NOT_ACCEPTED:
            continue  # nothing was saved before, or nothing is
        sign_in(page, person)
        open_form(page, form)
        page.goto("/")
        newer = signed_in(person)
        [fresh] = [one for one in forms_on(newer, form.page) if one.address == form.address]
        assert newer.post(form.address, fresh.filled()).status_code == 302, str(form)
        [stands] = [one for one in forms_on(newer, form.page) if one.address == form.address]
        page.go_back()
        found = shown(page, form)
        for one in stands.inputs.values():
            if one.kind in ("text", "textarea"):
                value = one.values[0].lstrip("\n") if one.values else ""
                expect(found.locator(f'[name="{one.name}"]')).to_have_value(value)
