"""Settings require a second step of some people, who get no further until they have one."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from cases.models import AnswerSave
from config.demonstration import builder
from inspections.models import KeptForm, User
from tests import scenes
from tests.integration.access.test_limits import code_of
from tests.pages import signed_in, words
from tests.scenes import Scene

SET_UP = "/accounts/2fa/"


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.team()


@pytest.fixture
def everybody(settings: Any) -> None:
    settings.SECOND_STEP_FOR = ["EVERYBODY"]


def sign_in(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": builder.PASSWORD})
    return client


def set_up(client: Client) -> Any:
    page = client.get(f"{SET_UP}totp/activate/", follow=True)
    at = page.request["PATH_INFO"]
    if at == "/accounts/reauthenticate/":
        at += f"?next={SET_UP}totp/activate/"
        client.post(at, {"password": builder.PASSWORD})
        client.get(f"{SET_UP}totp/activate/")
    code = code_of(client.session[SECRET_SESSION_KEY])
    return client.post(f"{SET_UP}totp/activate/", {"code": code}, follow=True)


def test_whoever_has_none_gets_to_the_pages_of_their_account_alone(
    scene: Scene, everybody: None
) -> None:
    client = sign_in(scene.inspector)
    for address in ("/", scene.home, scene.case_page, "/admin/", "/not-sent/"):
        page = client.get(address, follow=True)
        assert page.request["PATH_INFO"] == SET_UP, address
    assert "Your role needs a second step." in words(page)
    for address in ("/session/", "/offline-cases/", "/sent-forms/"):
        assert client.get(address).status_code == 401, address
    answer = client.post(f"{scene.case_page}saves/", "{}", content_type="application/json")
    assert (answer.status_code, AnswerSave.objects.count()) == (401, 0)
    for address in ("/accounts/password/change/", "/accounts/email/", "/service-worker.js"):
        assert client.get(address).status_code == 200, address
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_once_it_is_set_up_everything_is_open(scene: Scene, everybody: None) -> None:
    client = sign_in(scene.inspector)
    set_up(client)
    assert Authenticator.objects.filter(user=scene.inspector, type="totp").exists()
    assert client.get(scene.case_page).status_code == 200
    assert client.get("/session/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_meanwhile_is_kept(scene: Scene, everybody: None) -> None:
    client = sign_in(scene.lead)
    form_id = f"{scene.lead.pk}-5ae3dc09-7a8d-4d2a-9d2e-2f30c6a4c5d1"
    sent = {"form_id": form_id, "reason": "Typed with care"}
    answer = client.post(f"{scene.home}evidence/", sent, headers={"origin": "http://testserver"})
    assert answer["Location"] == SET_UP
    assert KeptForm.objects.get(user=scene.lead).entered == [["reason", ["Typed with care"]]]
    set_up(client)
    assert "Typed with care" in words(client.get("/not-sent/"))


@pytest.mark.parametrize(
    ("roles", "asked"),
    [
        (["NOBODY"], set()),
        (["LEAD_INSPECTOR"], {"lead"}),
        (["INSPECTOR", "PANEL_MEMBER"], {"inspector", "panel"}),
        (["ADMINISTRATOR"], {"administrator"}),
        (["EVERYBODY"], {"lead", "inspector", "panel", "administrator"}),
    ],
)
def test_settings_require_it_by_role(
    scene: Scene, settings: Any, roles: list[str], asked: set[str]
) -> None:
    settings.SECOND_STEP_FOR = roles
    people = {
        "lead": scene.lead,
        "inspector": scene.inspector,
        "panel": scene.panel,
        "administrator": builder.user("Alex Administrator", is_staff=True),
    }
    led = {name for name, one in people.items() if sign_in(one).get("/").status_code == 302}
    assert led == asked


def test_it_is_not_removed_while_it_is_required(scene: Scene, settings: Any) -> None:
    settings.SECOND_STEP_FOR = ["INSPECTOR"]
    client = sign_in(scene.inspector)
    set_up(client)
    page = client.post(f"{SET_UP}totp/deactivate/", follow=True)
    assert "Your role needs a second step" in words(page)
    assert Authenticator.objects.filter(user=scene.inspector, type="totp").exists()
    settings.SECOND_STEP_FOR = ["NOBODY"]
    client.post(f"{SET_UP}totp/deactivate/")
    assert not Authenticator.objects.filter(user=scene.inspector).exists()


@pytest.mark.django_db(transaction=True)
def test_an_administrator_resets_it_and_its_person_is_told(everybody: None) -> None:
    person = builder.user("Ada Inspector")
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    alex = builder.user("Alex Administrator", is_staff=True)
    TOTP.activate(alex, generate_totp_secret())
    client = signed_in(alex)
    change = f"/admin/inspections/user/{person.pk}/change/"
    assert "Reset the second step" in client.get(change).text
    address = f"/admin/inspections/user/{person.pk}/reset-second-step/"
    page = client.post(address, follow=True)
    assert "Ada Inspector signs in without a second step, once." in words(page)
    assert not Authenticator.objects.filter(user=person).exists()
    [told] = mail.outbox
    assert told.to == [person.email]
    assert "Alex Administrator" in told.body
    history = words(client.get(change.replace("/change/", "/history/")))
    assert "Second step reset" in history and "Alex Administrator" in history
    # And then sets up another.
    assert sign_in(person).get("/")["Location"] == SET_UP


def test_nobody_else_resets_it_and_nobody_their_own(scene: Scene) -> None:
    alex = builder.user("Alex Administrator", is_staff=True)
    for person in (scene.inspector, alex):
        TOTP.activate(person, generate_totp_secret())
    address = f"/admin/inspections/user/{scene.inspector.pk}/reset-second-step/"
    assert signed_in(scene.lead).post(address).status_code == 302
    own = f"/admin/inspections/user/{alex.pk}/reset-second-step/"
    assert "Change your own second step" in words(signed_in(alex).post(own, follow=True))
    assert Authenticator.objects.count() == 2
