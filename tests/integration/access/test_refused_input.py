"""What nobody's browser sends is refused in words, and never an error of the service."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from cases.models import AnswerSave, Comment, DetailSave
from config.demonstration import builder
from inspections.access.sent_forms import new_form_id
from inspections.models import KeptForm, User
from tests import scenes
from tests.pages import signed_in, words
from tests.scenes import Scene

MULTIPART = "multipart/form-data; boundary=x"
BODIES = [
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="saves"\r\n\r\n[]\r\n--x--\r\n'),
    (MULTIPART, b"--y"),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc'),
    ("multipart/form-data", b'{"saves": []}'),
    ("multipart/form-data; boundary=\xe9", b"--"),
    ("application/x-www-form-urlencoded", b"saves=%00&form_id=1"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"saves=1"),
    ("text/plain", b"\x00"),
    ("", b""),
]


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.team()


@pytest.mark.parametrize("kind", ["saves", "details/saves", "comments/saves"])
@pytest.mark.parametrize(("content_type", "body"), BODIES)
@pytest.mark.parametrize("checks", [False, True])
def test_saves_that_are_no_json_are_refused(
    scene: Scene, kind: str, content_type: str, body: bytes, checks: bool
) -> None:
    client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    client.force_login(scene.inspector)
    headers = {}
    if checks:
        headers = {"x-csrftoken": client.get("/session/").json()["token"]}
    address = f"{scene.case_page}{kind}/"
    answer = client.generic("POST", address, body, content_type, headers=headers)
    assert answer.status_code == 400
    assert not any(model.objects.exists() for model in (AnswerSave, DetailSave, Comment))


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "http://testserver]", "://", "null"])
def test_a_form_with_an_origin_that_is_none_is_refused(scene: Scene, origin: str) -> None:
    sent = {"form_id": new_form_id(scene.outsider.pk), "text": "Words of somebody else."}
    for client in (Client(enforce_csrf_checks=True), signed_in(scene.inspector)):
        client.raise_request_exception = False
        answer = client.post(f"{scene.home}evidence/", sent, headers={"origin": origin})
        assert answer.status_code in (302, 403, 405)
        assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/oidc/%00/login/",
        "/accounts/oidc/%00/login/callback/",
        "/accounts/password/reset/key/%00-set-password/",
        "/accounts/password/reset/key/1-%00/",
        "/accounts/login/?next=%00",
        "/admin/inspections/user/?q=%00",
        "/admin/inspections/user/?is_active__exact=%00",
        "/admin/inspections/user/?name__contains=%00",
        "/admin/inspections/user/?o=%00",
        "/admin/inspections/user/?e=%00",
        "/admin/inspections/user/%00/change/",
        "/admin/inspections/user/add/?name=%00",
        "/?service=%00",
        "/?page=%00",
        "/sent-forms/?id=%00",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_nul_in_an_address_is_refused(db: None, address: str, method: str) -> None:
    for client in (Client(), signed_in(builder.user("Alex Administrator", is_staff=True))):
        client.raise_request_exception = False
        assert getattr(client, method)(address).status_code == 400, address


@pytest.mark.parametrize(
    "asked",
    [
        "name__regex=(",
        "name__iregex=(",
        "email__regex=\\",
        "date_joined__gt=yesterday",
        "id__in=a",
        "id__exact=99999999999999999999999",
        "is_active__exact=maybe",
        "password__startswith=md5",
        "memberships__inspection__service__name=x",
        "p=-5",
        "o=a.b",
        "all=x",
    ],
)
def test_a_filter_that_the_list_of_accounts_does_not_have_is_refused(db: None, asked: str) -> None:
    client = signed_in(builder.user("Alex Administrator", is_staff=True))
    client.raise_request_exception = False
    page = client.get(f"/admin/inspections/user/?{asked}", follow=True)
    assert page.status_code in {200, 400}
    if "__" in asked and not asked.startswith("is_active"):
        assert page.status_code == 400


@pytest.mark.parametrize("asked", ["", "q=ada", "is_active__exact=1", "is_staff__exact=0&o=1"])
def test_the_filters_of_the_list_of_accounts_work(db: None, asked: str) -> None:
    builder.user("Ada Inspector")
    client = signed_in(builder.user("Alex Administrator", is_staff=True))
    page = client.get(f"/admin/inspections/user/?{asked}")
    assert page.status_code == 200
    assert "Ada Inspector" in words(page)


# --- What an address without an open account is told


def ask(email: str) -> Any:
    return Client().post("/accounts/password/reset/", {"email": email}, follow=True)


def test_whoever_has_no_open_account_is_told_so_and_offered_no_sign_up(db: None) -> None:
    closed = builder.user("Cleo Closed", is_active=False)
    known = words(ask(builder.user().email))
    mail.outbox.clear()
    for address in (closed.email, "stranger@elsewhere.example"):
        assert words(ask(address)) == known
        [message] = mail.outbox
        assert message.to == [address]
        assert "signup" not in message.body
        assert "sign up" not in message.body.lower()
        assert "has no open account" in message.body
        assert "an administrator" in message.body
        mail.outbox.clear()
    assert User.objects.filter(email="stranger@elsewhere.example").count() == 0
