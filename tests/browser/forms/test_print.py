"""Paper shows all that was typed, on every page with a text area."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import SignIn
from tests.forms import SCENES, forms_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

LINES = 40


def with_text_areas(scene: str) -> dict[str, object]:
    """The pages of a scene that have a text area, each with a person who can open it."""
    return {
        form.page: person
        for person, form in forms_in(scene)
        if any(one.kind == "textarea" for one in form.inputs.values())
    }


@pytest.mark.parametrize("scene", [name for name in SCENES if name != "administration"])
def test_a_note_of_forty_lines_is_printed_whole(page: Page, sign_in: SignIn, scene: str) -> None:
    pages = with_text_areas(scene)
    for address, person in pages.items():
        page.emulate_media(media="screen")
        sign_in(page, person)  # type: ignore[arg-type]
        page.goto(address)
        page.emulate_media(media="print")
        # At once: what nobody typed, the page's scripts replace with what stands.
        count = page.evaluate(
            """lines => {
                const fields = document.querySelectorAll("textarea");
                const text = [...Array(lines).keys()].map((n) => `Line ${n + 1}.`).join("\\n");
                for (const field of fields) field.value = text;
                dispatchEvent(new Event("beforeprint"));
                return fields.length;
            }""",
            LINES,
        )
        printed = page.locator(".app-printed", has_text=f"Line {LINES}.")
        expect(printed, address).to_have_count(count)
        for one in printed.all():
            expect(one, address).to_be_visible()
            cut_off = one.evaluate("(one) => one.scrollHeight - one.clientHeight")
            assert cut_off <= 0, address
    assert pages or scene in ("review", "sealed")


def test_a_note_is_longer_on_paper_the_more_lines_it_has(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    sign_in(page, scene.inspector)
    page.goto(scene.record_page())
    page.locator("form[data-shown]").wait_for(state="attached")

    def sheets(lines: int) -> int:
        page.evaluate("n => document.querySelector('textarea').value = 'x\\n'.repeat(n)", lines)
        return page.pdf().count(b"/Type /Page\n")

    assert sheets(400) >= sheets(1) + 5


def test_after_printing_the_page_is_as_before(page: Page, sign_in: SignIn, scene: Scene) -> None:
    sign_in(page, scene.inspector)
    page.goto(scene.record_page())
    page.locator("form[data-shown]").wait_for(state="attached")
    page.pdf()
    expect(page.locator(".app-printed, .app-not-printed")).to_have_count(0)
    expect(page.locator("textarea").first).to_be_hidden()


def test_where_styles_cannot_open_details_a_script_does_while_printing(
    page: Page, sign_in: SignIn, scene: Scene
) -> None:
    page.add_init_script("CSS.supports = () => false")
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}ratings/")
    page.locator("body.js-enabled").wait_for(state="attached")
    count = page.locator("details").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("details[open]")).to_have_count(count)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("details[open]")).to_have_count(0)
