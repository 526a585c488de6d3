"""Signing in and keeping one's account, as a person does it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demonstration import builder
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_signs_in_and_out(page: Page) -> None:
    person = builder.user("Alex Morgan")
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(builder.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Alex Morgan")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("You have signed out")).to_be_visible()


def test_an_empty_sign_in_says_what_to_enter_and_leads_there(
    page: Page, axe: Callable[[Page], None]
) -> None:
    page.goto("/accounts/login/")
    axe(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_title(re.compile("^Error: Sign in"))
    axe(page)
    page.get_by_role("link", name="Enter your password").click()
    expect(page.get_by_label("Password")).to_be_focused()


def test_a_wrong_password_keeps_the_address_and_discloses_nothing(page: Page) -> None:
    person = builder.user()
    page.goto("/accounts/login/")
    for address in (person.email, "nobody@fieldwork.example"):
        page.get_by_label("Email address").fill(address)
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("do not match an account")
        expect(page.get_by_label("Email address")).to_have_value(address)


def test_nobody_makes_an_account_for_themselves(page: Page) -> None:
    page.goto("/accounts/signup/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You cannot make an account yourself")


def test_a_person_changes_their_password(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    person = builder.user("Alex Morgan")
    sign_in(page, person)
    page.goto("/accounts/password/change/")
    axe(page)
    page.get_by_label("Current password").fill(builder.PASSWORD)
    page.get_by_label("New password", exact=True).fill("another long password")
    page.get_by_label("New password again").fill("another long password")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is saved")).to_be_visible()
    person.refresh_from_db()
    assert person.check_password("another long password")


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-set-password/",
        "/accounts/inactive/",
        "/accounts/2fa/",
        "/accounts/email/",
        "/accounts/logout/",
        "/no/such/page",
    ],
)
def test_account_pages_are_accessible_and_have_no_refused_script(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    axe: Callable[[Page], None],
    address: str,
) -> None:
    page = new_page()
    # A script or style that the Content-Security-Policy refuses is reported here.
    reported: list[str] = []
    page.on("console", lambda message: reported.append(message.text))
    if address.startswith(("/accounts/2fa", "/accounts/email", "/accounts/logout")):
        sign_in(page, builder.user())
    page.goto(address)
    axe(page)
    assert [text for text in reported if "404" not in text] == []
