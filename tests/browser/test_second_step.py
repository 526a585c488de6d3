"""The second step: an authenticator app, or a passkey, which can stand for the password too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import CDPSession, Page, expect

from config.demonstration import builder
from inspections.access.users import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> User:
    return builder.user("Alex Morgan")


def device_with_passkeys(page: Page) -> tuple[CDPSession, str]:
    """The browser keeps passkeys itself, and says yes for its person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, added["authenticatorId"]


def enter_password(page: Page, person: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(builder.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def open_second_step(page: Page, person: User, link: str) -> None:
    enter_password(page, person)
    expect(page.get_by_role("link", name="Alex Morgan")).to_be_visible()
    page.goto("/accounts/2fa/")
    page.get_by_text(link).click()
    page.get_by_label("Password").fill(builder.PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def add_passkey(page: Page, person: User, *, alone: bool = False) -> None:
    open_second_step(page, person, "Add a passkey")
    page.get_by_label("Name, such as").fill("Work laptop")
    if alone:
        page.get_by_label("Sign me in with this passkey alone").check()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_code_of_an_app_is_no_draft(page: Page, person: User) -> None:
    open_second_step(page, person, "Set up an authenticator app")
    secret = page.locator(".app-secret").inner_text()
    counter = next(yield_hotp_counters_from_time())
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, counter)))
    page.get_by_role("button", name="Turn on the second step").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)


def test_a_passkey_is_a_second_step(page: Page, person: User, axe: Callable[[Page], None]) -> None:
    device_with_passkeys(page)
    add_passkey(page, person)
    sign_out(page)
    enter_password(page, person)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Alex Morgan")).to_be_visible()


def test_a_passkey_signs_its_person_in_alone(
    page: Page, person: User, axe: Callable[[Page], None]
) -> None:
    device_with_passkeys(page)
    add_passkey(page, person, alone=True)
    sign_out(page)
    axe(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Alex Morgan")).to_be_visible()


def test_without_the_passkey_a_recovery_code_does(page: Page, person: User) -> None:
    session, device = device_with_passkeys(page)
    add_passkey(page, person)
    sign_out(page)
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    device_with_passkeys(page)
    enter_password(page, person)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    codes = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    code = RecoveryCodes(codes).get_unused_codes()[0]
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Alex Morgan")).to_be_visible()


def test_a_passkey_is_renamed_and_removed(
    page: Page, person: User, axe: Callable[[Page], None]
) -> None:
    device_with_passkeys(page)
    add_passkey(page, person)
    page.goto("/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/webauthn/")
    axe(page)
    assert (
        page.locator("[name=form_id]").count() == page.locator("[name=csrfmiddlewaretoken]").count()
    )
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Rename Work laptop").click()
    axe(page)
    page.get_by_label("Name").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old laptop").click()
    axe(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You have none.")).to_be_visible()
    sign_out(page)
    enter_password(page, person)
    expect(page.get_by_role("link", name="Alex Morgan")).to_be_visible()
