"""The page behind a figure: what the keyboard and a screen reader meet after a note is marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.models import Answer
from tests import scenes
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_after_a_note_is_marked_the_focus_is_on_its_row_which_says_so(
    new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    scene = scenes.in_review()
    Answer.objects.filter(question="2.1.1", value="NO").update(note="She was not asked.")
    noted = Answer.objects.get(note="She was not asked.")
    page = new_page()
    sign_in(page, scene.lead)
    page.goto(f"{scene.home}answers/2.1.1/")
    page.get_by_role("button", name="Mark as quotable").click()
    row = page.locator(f"#case-{noted.case_id}")
    expect(row).to_contain_text("Quotable, marked by Priya Lead")
    expect(row).to_be_focused()
