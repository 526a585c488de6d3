"""How many clicks, notches of the wheel and keys a whole case takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from cases.models import Case
from config.demonstration import builder
from inspections.models import GroupChoice, User
from tests.browser.steps import MOST, SWIPE, Keyboard, Pointer
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)

CASES = [(GroupChoice.OUT_OF_COURT, 47), (GroupChoice.COURT, 70)]

Given = tuple[User, Case]


@pytest.fixture(params=CASES, ids=["47 questions", "70 questions"])
def questions(request: pytest.FixtureRequest) -> tuple[GroupChoice, int]:
    found: tuple[GroupChoice, int] = request.param
    return found


@pytest.fixture
def given(questions: tuple[GroupChoice, int], transactional_db: None) -> Given:
    inspection = builder.inspection()
    ada = builder.inspector(inspection)
    return ada, builder.case(inspection, to=ada, group=questions[0])


def all_are_saved(case: Case, number: int) -> bool:
    return list(case.answers.values_list("value", flat=True)) == ["YES"] * number


def test_a_case_by_mouse(
    new_page: Callable[..., Page], sign_in: SignIn, questions: tuple[GroupChoice, int], given: Given
) -> None:
    (ada, case), (_, number) = given, questions
    page = new_page()
    sign_in(page, ada)
    steps = Pointer(page).record(case.get_absolute_url())
    assert all_are_saved(case, number)
    assert steps.clicks <= MOST[number].clicks
    assert steps.scrolls <= MOST[number].scrolls


@pytest.mark.parametrize("advances", [True, False])
def test_a_case_by_keyboard(
    new_page: Callable[..., Page],
    sign_in: SignIn,
    questions: tuple[GroupChoice, int],
    given: Given,
    *,
    advances: bool,
) -> None:
    (ada, case), (_, number) = given, questions
    page = new_page()
    sign_in(page, ada)
    steps = Keyboard(page, advances=advances).record(case.get_absolute_url())
    assert all_are_saved(case, number)
    # A key more for each question takes the person to the next one.
    assert steps.keys <= MOST[number].keys + (0 if advances else number)


def test_a_case_by_finger_on_a_telephone(
    new_page: Callable[..., Page], sign_in: SignIn, questions: tuple[GroupChoice, int], given: Given
) -> None:
    (ada, case), (_, number) = given, questions
    page = new_page(width=375, height=740, has_touch=True)
    sign_in(page, ada)
    steps = Pointer(page, scrolls_by=SWIPE).record(case.get_absolute_url())
    assert all_are_saved(case, number)
    assert steps.clicks <= MOST[number].clicks
    assert steps.scrolls <= MOST[number].scrolls
