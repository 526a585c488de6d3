"""What was sent after a session ended is kept for its person, and sent when they say so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cases.models import Comment
from config.demonstration import builder
from inspections.access import kept_forms
from inspections.models import KeptForm, User
from tests.forms import SCENES, Form, forms_on, made_since, rows, sendings_in
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

HERE = {"origin": "http://testserver"}
PAGE = "/not-sent/"


@pytest.mark.parametrize("scene", SCENES)
def test_every_form_survives_the_end_of_its_session(scene: str) -> None:
    for person, form, button in [*sendings_in(scene)]:
        entered = form.filled(button)
        with transaction.atomic():
            before = rows()
            answer = signed_in(person).post(form.address, entered)
            status, expected = answer.status_code, made_since(before)
            transaction.set_rollback(True)
        with transaction.atomic():
            before = rows()
            check_that_it_survives(person, form, entered, status, expected)
            transaction.set_rollback(True)


def check_that_it_survives(
    person: User, form: Form, entered: dict[str, list[str]], status: int, expected: dict[str, int]
) -> None:
    before = rows()
    browser = Client()
    answer = browser.post(form.address, entered, headers=HERE)
    if not {name for name in entered if name not in ("csrfmiddlewaretoken", "form_id")}:
        assert answer["Location"].startswith("/accounts/login/"), form
        return
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={PAGE}"), form
    assert made_since(before) == {}, form
    browser.force_login(person)
    page = browser.get(PAGE)
    typed = [value for values in entered.values() for value in values if value.startswith("Words")]
    for value in typed:
        assert value in words(page), form
    send, _discard = [one for one in forms_on(browser, PAGE) if "form_id" in one.inputs][1:]
    assert send.address == form.address
    again = browser.post(send.address, send.filled(), headers=HERE)
    if form.has_password:
        # The rest of the form is filled in; passwords are typed once more.
        assert "password" not in str(KeptForm.objects.values("entered")), form
        return
    assert again.status_code == status, form
    assert made_since(before) == expected, form
    if status == 302:
        assert not KeptForm.objects.exists(), form


@pytest.fixture
def comment(scene: Scene) -> Form:
    """The form for comments on a case, as its lead inspector opened it."""
    forms = forms_on(signed_in(scene.lead), scene.case_page)
    return next(one for one in forms if one.name == "cases:comments")


def entered(form: Form, text: str = "Why was this not done?") -> dict[str, Any]:
    return {"form_id": form.id, "comment-question": "", "comment": text, "then": "comment"}


def kept(form: Form, text: str = "Why was this not done?", **headers: str) -> Client:
    """A browser that sent the form after its session had ended."""
    browser = Client()
    browser.post(form.address, entered(form, text), headers=headers or HERE)
    return browser


def test_signing_in_leads_to_what_was_not_sent(scene: Scene, comment: Form) -> None:
    browser = kept(comment)
    sign_in = browser.get(f"/accounts/login/?next={PAGE}")
    assert "What you entered is not saved yet" in words(sign_in)
    assert "Why was this not done?" not in words(sign_in)
    [form, _passkey] = forms_on(browser, f"/accounts/login/?next={PAGE}")
    sent = form.filled() | {"login": scene.lead.email, "password": builder.PASSWORD}
    page = browser.post(form.address, sent, follow=True)
    assert page.redirect_chain[-1][0] == PAGE
    assert "Comment Why was this not done?" in words(page)


def test_signing_in_with_a_second_step_leads_there_too(scene: Scene, comment: Form) -> None:
    secret = generate_totp_secret()
    TOTP.activate(scene.lead, secret)
    browser = kept(comment)
    [form, _passkey] = forms_on(browser, f"/accounts/login/?next={PAGE}")
    sent = form.filled() | {"login": scene.lead.email, "password": builder.PASSWORD}
    assert browser.post(form.address, sent)["Location"].startswith("/accounts/2fa/authenticate/")
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    page = browser.post("/accounts/2fa/authenticate/", {"code": code}, follow=True)
    assert page.redirect_chain[-1][0] == PAGE
    assert "Why was this not done?" in words(page)


def test_an_organisation_s_own_sign_in_is_told_where_to_lead(comment: Form, settings: Any) -> None:
    app = {"provider_id": "organisation", "name": "HMIP", "client_id": "x", "secret": "x"}
    app["settings"] = {"server_url": "https://sign-in.example"}  # type: ignore[assignment]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    page = kept(comment).get(f"/accounts/login/?next={PAGE}")
    assert "next=%2Fnot-sent%2F" in page.text


def test_a_form_whose_session_was_changed_is_kept(scene: Scene, comment: Form) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(scene.lead)
    answer = browser.post(comment.address, entered(comment), headers=HERE)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    send = next(one for one in forms_on(browser, PAGE) if one.address == comment.address)
    answer = browser.post(send.address, send.filled(), headers=HERE)
    assert answer.status_code == 302
    assert Comment.objects.get().text == "Why was this not done?"
    assert "Nothing of yours waits" in words(browser.get(PAGE))


def test_what_arrived_after_all_makes_no_second_record(scene: Scene, comment: Form) -> None:
    browser = kept(comment)
    signed_in(scene.lead).post(comment.address, entered(comment))
    browser.force_login(scene.lead)
    assert "Nothing of yours waits" in words(browser.get(PAGE))
    assert Comment.objects.count() == 1


def test_nobody_else_sees_it(scene: Scene, comment: Form) -> None:
    browser = kept(comment)
    browser.force_login(scene.inspector)
    assert "Why was this not done?" not in words(browser.get(PAGE))
    discarding = browser.post("/not-sent/discard/", {"kept": KeptForm.objects.get().pk})
    assert discarding.status_code == 404
    # Nor does its own person on another device, where somebody else may have typed it.
    assert "Why was this not done?" not in words(signed_in(scene.lead).get(PAGE))
    assert KeptForm.objects.exists()


def test_a_form_that_somebody_else_opened_is_not_received(scene: Scene, comment: Form) -> None:
    answer = signed_in(scene.panel).post(comment.address, entered(comment), headers=HERE)
    assert answer.status_code == 403
    assert "This page has expired" in words(answer)
    assert not Comment.objects.exists() and not KeptForm.objects.exists()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_what_another_site_sends_is_not_kept(comment: Form, origin: str) -> None:
    kept(comment, origin=origin)
    assert not KeptForm.objects.exists()


def test_what_names_no_person_or_is_too_long_is_not_kept(
    scene: Scene, comment: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_forms, "LONGEST", 200)
    kept(comment, "x" * 200)
    for person in (0, 999_999):
        sent = entered(comment) | {"form_id": f"{person}-{uuid4()}"}
        Client().post(comment.address, sent, headers=HERE)
    User.objects.filter(pk=scene.lead.pk).update(is_active=False)
    kept(comment)
    assert not KeptForm.objects.exists()


def test_a_few_are_kept_for_a_person_and_not_for_long(scene: Scene, comment: Form) -> None:
    browser = Client()
    for number in range(kept_forms.MOST + 2):
        sent = entered(comment, f"Number {number}.") | {"form_id": f"{scene.lead.pk}-{uuid4()}"}
        browser.post(comment.address, sent, headers=HERE)
    assert KeptForm.objects.count() == kept_forms.MOST
    browser.force_login(scene.lead)
    assert "Number 6." in words(browser.get(PAGE))
    KeptForm.objects.update(kept_at=timezone.now() - kept_forms.KEPT_FOR - timedelta(seconds=1))
    assert "Nothing of yours waits" in words(browser.get(PAGE))
    kept(comment)
    assert KeptForm.objects.count() == 1


def test_it_can_be_discarded(scene: Scene, comment: Form) -> None:
    browser = kept(comment)
    browser.force_login(scene.lead)
    discard = forms_on(browser, PAGE)[-1]
    page = browser.post(discard.address, discard.filled(), follow=True)
    assert "What was not sent is discarded." in words(page)
    assert not KeptForm.objects.exists()


def test_files_are_not_kept_and_that_is_said(scene: Scene) -> None:
    address = f"{scene.home}outbox-file/"
    form = next(
        f for f in forms_on(signed_in(scene.lead), address) if f.name == "cases:outbox-file"
    )
    browser = Client()
    file = SimpleUploadedFile("saves.json", b"{}")
    browser.post(address, {"form_id": form.id, "file": file}, headers=HERE)
    browser.force_login(scene.lead)
    assert "saves.json is not kept. You choose it once more." in words(browser.get(PAGE))
    assert KeptForm.objects.get().entered == []


def test_passwords_are_not_kept(scene: Scene) -> None:
    scene.lead.is_staff = True
    scene.lead.save()
    address = "/admin/inspections/user/add/"
    form = next(f for f in forms_on(signed_in(scene.lead), address) if "email" in f.inputs)
    sent = form.filled() | {"password1": ["a long enough password"]}
    Client().post(address, sent, headers=HERE)
    [[names, kept]] = [
        ([name for name, _ in one.entered], str(one.entered)) for one in KeptForm.objects.all()
    ]
    assert "name" in names and "email" in names
    assert "password" not in kept


def test_what_was_refused_stays_kept(scene: Scene, comment: Form) -> None:
    browser = kept(comment)
    browser.force_login(scene.lead)
    scene.inspection.memberships.filter(user=scene.lead).update(role="PANEL_MEMBER")
    assert browser.post(comment.address, entered(comment), headers=HERE).status_code == 403
    assert "Why was this not done?" in words(browser.get(PAGE))


# --- Signing in when one is signed in already


def test_a_second_sign_in_tab_leads_on() -> None:
    person = builder.user()
    browser = Client(enforce_csrf_checks=True)
    address = "/accounts/login/?next=/panel/"
    [tab, _passkey] = forms_on(browser, address)
    [second_tab, passkey] = forms_on(browser, address)
    sent = {"login": person.email, "password": builder.PASSWORD}
    for form in (tab, second_tab, passkey):
        answer = browser.post(form.address, form.filled() | sent, headers=HERE)
        assert (answer.status_code, answer["Location"]) == (302, "/panel/")


def test_a_second_tab_at_the_second_step_leads_on() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(builder.user())
    answer = browser.post("/accounts/2fa/authenticate/?next=/panel/", {"code": "1"}, headers=HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/panel/")


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "x:y"])
def test_it_leads_to_no_other_site(elsewhere: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(builder.user())
    answer = browser.post("/accounts/login/", {"next": elsewhere}, headers=HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/")
