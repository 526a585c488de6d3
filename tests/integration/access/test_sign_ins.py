"""Sign-ins, refusals, sign-outs, and changes of passwords and second steps are recorded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from config.demonstration import builder
from inspections.models import SignInRecord, User
from tests.integration.access import test_second_step as second_step
from tests.integration.access.test_limits import ELSEWHERE, OFFICE, code_of, sign_in
from tests.pages import signed_in

Kind = SignInRecord.Kind
WRONG = "not the password"
NEW = "a-lantern-of-another-harbour"


@pytest.fixture
def person(db: None) -> User:
    return builder.user("Ada Inspector")


def recorded() -> list[tuple[str, int | None, str | None]]:
    """What was recorded, of whom, and from where; the first one first."""
    rows = SignInRecord.objects.order_by("pk")
    return list(rows.values_list("kind", "user_id", "client_address"))


def kinds() -> list[str]:
    return [kind for kind, *_ in recorded()]


def test_signing_in_and_out_is_recorded_with_the_address_of_the_network(person: User) -> None:
    client = Client(REMOTE_ADDR=OFFICE)
    client.post("/accounts/login/", {"login": person.email, "password": builder.PASSWORD})
    client.post("/accounts/logout/")
    assert recorded() == [
        (Kind.SIGNED_IN, person.pk, OFFICE),
        (Kind.SIGNED_OUT, person.pk, OFFICE),
    ]


def test_behind_a_proxy_it_is_the_address_that_the_proxy_saw(person: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forwarded = {"X-Forwarded-For": f"203.0.113.9, {ELSEWHERE}"}
    sign_in(person.email, builder.PASSWORD, OFFICE, headers=forwarded)
    assert recorded() == [(Kind.SIGNED_IN, person.pk, ELSEWHERE)]


def test_without_a_proxy_what_a_browser_says_of_itself_counts_for_nothing(person: User) -> None:
    sign_in(person.email, builder.PASSWORD, OFFICE, headers={"X-Forwarded-For": ELSEWHERE})
    assert recorded() == [(Kind.SIGNED_IN, person.pk, OFFICE)]


def test_a_wrong_password_is_recorded_with_whose_account_it_was(person: User) -> None:
    sign_in(person.email.upper(), WRONG)
    sign_in(person.email, WRONG)
    assert recorded() == [(Kind.REFUSED, person.pk, OFFICE)] * 2


def test_a_closed_account_is_refused_and_recorded(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    sign_in(person.email, builder.PASSWORD)
    assert recorded() == [(Kind.REFUSED, person.pk, OFFICE)]


def test_of_an_address_without_an_account_nothing_that_was_typed_is_kept(person: User) -> None:
    sign_in("my-password-by-mistake@nowhere.example", WRONG)
    [row] = SignInRecord.objects.values()
    assert (row["kind"], row["user_id"], row["client_address"]) == (Kind.REFUSED, None, OFFICE)
    assert not re.search("mistake|nowhere|password", str(row))


def test_strangers_fill_no_table(person: User) -> None:
    for number in range(4):
        sign_in(f"stranger{number}@nowhere.example", WRONG)
    sign_in("stranger@nowhere.example", WRONG, ELSEWHERE)
    assert recorded() == [(Kind.REFUSED, None, OFFICE), (Kind.REFUSED, None, ELSEWHERE)]


def test_too_many_attempts_are_recorded_once(person: User) -> None:
    for _ in range(8):
        sign_in(person.email, WRONG)
    assert kinds() == [Kind.REFUSED] * 5 + [Kind.TOO_MANY]


def test_a_wrong_password_of_somebody_signed_in_is_no_refused_sign_in(person: User) -> None:
    client = signed_in(person)
    client.post("/accounts/reauthenticate/", {"password": WRONG})
    assert kinds() == [Kind.SIGNED_IN, Kind.PASSWORD_REFUSED]


def test_a_changed_password_is_recorded(person: User) -> None:
    client = signed_in(person)
    client.post(
        "/accounts/password/change/",
        {"oldpassword": builder.PASSWORD, "password1": NEW, "password2": NEW},
    )
    assert Kind.PASSWORD_CHANGED in kinds()


def test_a_password_chosen_with_a_link_is_recorded(person: User) -> None:
    client = Client(REMOTE_ADDR=OFFICE)
    client.post("/accounts/password/reset/", {"email": person.email})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert (Kind.PASSWORD_CHOSEN, person.pk, OFFICE) in recorded()


# allauth tells of them once they are committed.
@pytest.mark.django_db(transaction=True)
def test_second_steps_are_recorded_when_added_and_removed(person: User) -> None:
    client = second_step.sign_in(person)
    second_step.set_up(client)
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    assert kinds() == [
        Kind.SIGNED_IN,
        Kind.STEP_ADDED,
        Kind.CODES_MADE,
        Kind.CODES_MADE,
        Kind.STEP_REMOVED,
    ]


def test_a_refused_second_step_is_recorded_and_whoever_has_not_taken_it_is_not_in(
    person: User,
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    client = second_step.sign_in(person)
    assert kinds() == []
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert kinds() == [Kind.STEP_REFUSED, Kind.SIGNED_IN]


def test_a_reset_second_step_names_the_administrator_and_whose_it_was(person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    alex = builder.user("Alex Administrator", is_staff=True)
    signed_in(alex).post(f"/admin/inspections/user/{person.pk}/reset-second-step/")
    found = SignInRecord.objects.get(kind=Kind.STEP_RESET)
    assert (found.user, found.of) == (alex, person)


def test_an_account_made_in_error_is_still_removed(person: User) -> None:
    sign_in(person.email, WRONG)
    person.delete()
    assert len(recorded()) == 1
