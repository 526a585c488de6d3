"""Every form of the service, found by walking its pages: what is typed stays, and comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from inspections.models import User
from tests.browser.forms.test_drafts import drafts
from tests.browser.network import find_network, lose_network
from tests.conftest import SignIn
from tests.forms import SCENES, forms_in

pytestmark = pytest.mark.django_db(transaction=True)

GUARDED = "form[method=post]:not([data-saves], [data-outbox], [data-sign-out])"
"""What the outbox sends, and signing out, have guards and tests of their own."""
TYPED = "input:is([type=text], [type=number], :not([type])), textarea"
WORDS = "Typed on a train"


def type_in(page: Page, number: int) -> bool:
    """Type into every text of a form of the page; returns whether it has any."""
    typed: bool = page.evaluate(
        """([forms, number, fields, words]) => {
            const form = document.querySelectorAll(forms)[number];
            const found = form.querySelectorAll(fields);
            for (const field of found) {
                field.value = words;
                field.dispatchEvent(new Event("input", { bubbles: true }));
            }
            return found.length > 0 && !form.querySelector("[type=password]");
        }""",
        [GUARDED, number, TYPED, WORDS],
    )
    return typed


@pytest.mark.parametrize("scene", [name for name in SCENES if name != "administration"])
def test_without_a_network_every_form_stays_and_its_text_comes_back(
    page: Page, sign_in: SignIn, scene: str
) -> None:
    pages: dict[str, User] = {form.page: person for person, form in forms_in(scene)}
    for address, person in pages.items():
        sign_in(page, person)
        page.goto(address)
        for number in range(page.locator(GUARDED).count()):
            form = page.locator(GUARDED).nth(number)
            is_typed = type_in(page, number)
            if is_typed:
                assert WORDS in str(drafts(page, WORDS)), address
            lose_network(page)
            form.evaluate("(form) => form.requestSubmit()")
            expect(page.locator(".app-not-sent"), address).to_contain_text("There is no network")
            find_network(page)
            page.reload()
            if is_typed:
                expect(form.locator(TYPED).first, address).to_have_value(WORDS)
                form.get_by_role("button", name="Discard what was typed").click()
                expect(form.locator(".app-draft")).to_have_count(0)
    assert pages
