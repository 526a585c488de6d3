"""Every form of the service has a token against forgery, says which opened form it is, and is never
refilled by a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.test.signals import template_rendered

from config.demonstration import builder
from inspections.access.sent_forms import read_form_id
from tests.forms import SCENES, Form, forms_in, forms_on, walk
from tests.pages import signed_in

TEMPLATES = Path(settings.BASE_DIR) / "templates"
OURS = {
    path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")
}
WITH_A_TOKEN = {name for name, text in OURS.items() if "{% csrf_token %}" in text}

DJANGOS_OWN = {
    "changelist-form": "the administration's lists: nothing can be entered or done in them",
    "logout-form": "the administration's own button to sign out",
}
"""Forms that aren't ours to change, by their id."""


@pytest.mark.parametrize("name", sorted(WITH_A_TOKEN))
def test_a_template_has_a_form_id_beside_each_token(name: str) -> None:
    given = '<input type="hidden" name="form_id"'
    beside = r"{% csrf_token %}\s*({#[^#]*#}\s*)?({% form_id %}|" + given + ")"
    without = re.sub(beside, "", OURS[name])
    assert "{% csrf_token %}" not in without


INCLUDED_ALONE = re.compile(r'{% include "([^"]+)"([^%]*) only %}')


def included_in(name: str) -> set[str]:
    """The templates that a template consists of, with itself."""
    found = {name}
    for one in re.findall(r'{% include "([^"]+)"', OURS.get(name, "")):
        found |= included_in(one)
    return found


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_template_with_a_form_that_is_included_with_only_gets_the_token(name: str) -> None:
    # The tests' client asks for no token, and a template without one renders no word of it.
    for included, given in INCLUDED_ALONE.findall(OURS[name]):
        if included_in(included) & WITH_A_TOKEN:
            assert "csrf_token=csrf_token" in given, included


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    """The names of the templates that were rendered."""
    names: set[str] = set()

    def note(template: Any, **_: object) -> None:
        names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def check(form: Form, user: int) -> None:
    assert "csrfmiddlewaretoken" in form.inputs, form
    if form.attributes.get("id") in DJANGOS_OWN:
        return
    form_id = read_form_id(form.id)
    assert form_id is not None and form_id.user == user, form
    assert form.has_password or form.attributes.get("autocomplete") == "off", form


FOUND_ELSEWHERE = {
    "site/not_sent.html",  # in test_kept_forms.py
    "mfa/webauthn/reauthenticate.html",  # needs a device's key: tests/browser/test_second_step.py
    "cases/sampling/columns.html",  # what a list of other headings leads to: test_list_pages.py
}
"""Templates with forms that no link leads to."""


@pytest.mark.django_db
def test_every_form_found_by_walking_has_an_id_and_is_not_refilled(rendered: set[str]) -> None:
    for scene in SCENES:
        for person, form in forms_in(scene):
            check(form, person.pk)
    client = Client()
    person = builder.user()
    TOTP.activate(person, generate_totp_secret())
    for form in walk(client, "/accounts/login/", "/accounts/password/reset/"):
        check(form, 0)
    client.post("/accounts/login/", {"login": person.email, "password": builder.PASSWORD})
    for form in walk(client, "/accounts/2fa/authenticate/"):
        check(form, 0)
    browser = signed_in(person)
    for form in walk(browser, "/accounts/logout/", "/accounts/2fa/"):
        check(form, person.pk)
    browser.post("/accounts/reauthenticate/", {"password": builder.PASSWORD})
    for form in walk(browser, "/accounts/2fa/webauthn/add/"):
        check(form, person.pk)
    not_found = WITH_A_TOKEN - rendered - FOUND_ELSEWHERE
    assert not not_found, "no page with these forms was found by walking"


@pytest.mark.django_db
def test_an_id_is_new_each_time_that_a_form_is_opened() -> None:
    client = Client()
    first, again = (forms_on(client, "/accounts/login/")[0] for _ in range(2))
    assert first.id != again.id
