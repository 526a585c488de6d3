"""Whatever people, devices and networks do: what is called saved is in the database, nothing newer
is overwritten unseen, and what is not saved is on the screen or in the outbox.

Each run takes random steps in an inspection of its own, with two cases. After each step everything
is compared with what the people gave by hand (``random_steps/model.py``).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext, Page

from tests.browser.recording.conftest import NeverCame
from tests.browser.recording.random_steps.devices import Device, Tab
from tests.browser.recording.random_steps.people import QUESTIONS, People, one_of
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = 40
"""In a run."""
PARTS, RUNS = 10, 5
"""How many tests there are with ``--hard``, and how many runs in each: together 2,000 steps."""

KINDS = (
    4 * ["answer"]
    + 3 * ["write"]
    + 3 * ["type"]
    + 3 * ["edit and go"]
    + 3 * ["go"]
    + 3 * ["settle"]
    + 2 * ["open"]
    + ["close", "kill", "tablet", "along", "hand over"]
    + 3 * ["network"]
    + 2 * ["session"]
    + 2 * ["full"]
    + ["cleared"]
)
VALUES = ["YES", "NO", "NOT_APPLICABLE", ""]
Step = tuple[int, int, int, int, int]
"""What is done, by or with which of some, about which question, with which answer, and how a page
is left; the remainder counts."""
numbers = st.integers(0, 99)
# All steps of a run are drawn before the first is taken: what a browser does, and when, then has no
# part in them.
steps_of_a_run = st.lists(st.tuples(*5 * [numbers]), min_size=STEPS, max_size=STEPS)
ENDS = ["closed", "killed"]
WAYS = ["by a link", "Back", "Forward", "by a reload", "to the other case", *ENDS]


class Work:
    """People at work in an inspection of their own."""

    def __init__(self, people: People) -> None:
        self.people = people

    def go_through(self, steps: list[Step], left: int) -> None:
        """Take ``steps``, of ``left`` that the test takes yet, and compare after each."""
        try:
            for what, which, asked, chosen, where in steps:
                # Hypothesis begins with the simplest numbers, so what they mean changes with each.
                self.take(
                    one_of(KINDS, what + 7 * left),
                    which,
                    one_of(QUESTIONS, asked + left // 3),
                    one_of(VALUES, chosen + left),
                    one_of(WAYS, where + 3 * left),
                )
                left -= 1
                self.everything_is_where_it_is_said_to_be()
            self.people.all_is_well_again()
            self.everything_is_where_it_is_said_to_be()
        except Exception as error:
            error.add_note("\n".join(["The steps:", *self.people.told, "", *self.people.state()]))
            raise
        finally:
            for device in self.people.devices:
                device.context.close()

    def take(self, kind: str, which: int, code: str, value: str, way: str) -> None:
        """Does something else if ``kind`` is not possible now."""
        people = self.people
        if kind in ("network", "session", "full", "cleared"):
            self.trouble(kind, one_of(people.devices, which))
        elif kind == "settle" and people.conflicts:
            people.chose(*one_of(people.conflicts, which), is_mine=bool(value))
        elif kind == "settle" and people.refused:
            people.answered_refusal(*one_of(people.refused, which), is_given_up=not value)
        elif kind == "tablet" and not people.has_tablet:
            people.took_the_tablet()
        elif kind == "along" and people.to_take_along:
            people.took_along(*one_of(people.to_take_along, which))
        elif kind == "hand over":
            people.handed_over(one_of(people.cases, which))
        elif kind in ("go", "open", "close", "kill") or not people.forms:
            self.move(kind, *one_of(people.tabs, which), way)
        else:
            self.record(kind, *one_of(people.forms, which), code, value, way)

    def record(self, kind: str, device: Device, tab: Tab, code: str, value: str, way: str) -> None:
        if kind in ("write", "type"):
            then = "and leave the field" if kind == "write" else ""
            self.people.wrote(device, tab, code, then)
        elif kind == "edit and go":
            self.people.edited_and_gone(device, tab, code, value, way)
        else:
            self.people.answered(device, tab, code, value)

    def move(self, kind: str, device: Device, tab: Tab, way: str) -> None:
        if kind == "kill":
            self.people.killed(device, tab)
        elif kind == "close" or (kind == "open" and len(device.tabs) == 3):
            self.people.shut(device, tab)
        elif kind == "open":
            self.people.opened_another(device, self.people.cases[way == "to the other case"])
        else:
            self.people.gone(device, tab, "to the record" if way in ENDS else way)

    def trouble(self, kind: str, device: Device) -> None:
        """Something happens to a device, or is over."""
        if kind == "network":
            self.people.network_went_or_came(device)
        elif kind == "session":
            self.people.session_ended_or_began(device)
        elif kind == "full":
            self.people.storage_filled_or_freed(device)
        else:
            self.people.storage_was_cleared(device)

    def everything_is_where_it_is_said_to_be(self) -> None:
        people = self.people
        try:
            for device in people.devices:
                device.settle()
        except NeverCame:
            raise AssertionError(f"{device.name} never comes to rest") from None
        for problem in people.given.problems(people.devices):
            raise AssertionError(problem)
        for device in people.devices:
            if people.opened in device.tabs:
                self.what_is_opened_stands(device, people.opened)
        people.opened = None

    def what_is_opened_stands(self, device: Device, tab: Tab) -> None:
        """A page that was just opened shows what stands, where nothing waits."""
        # On a slow network a case that was taken along is shown as it was kept, and a full device
        # has no room for the news that a save was accepted while the page was on its way.
        if not (device.works and tab.case) or tab.case in device.kept:
            return
        for code, shown in tab.fields.items():
            stands = self.people.given.standing(tab.case, code)
            if shown.is_said_to_stand and shown.content != stands:
                raise AssertionError(f"{tab.name} opens with {code} {shown}; {stands} stands")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("part", range(PARTS if metafunc.config.getoption("hard") else 1))


def test_random_steps_lose_nothing_and_overwrite_nothing_unseen(
    part: int, new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    """2,000 steps with ``--hard``, else 200; always the same ones."""

    def new_context() -> BrowserContext:
        page = new_page()
        page.close()
        return page.context

    left = RUNS * STEPS

    @seed(part)
    @settings(
        max_examples=RUNS,
        database=None,
        deadline=None,
        # What takes so long is not tried again in shorter forms.
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(has_tablet=st.booleans(), steps=steps_of_a_run)
    def run(has_tablet: bool, steps: list[Step]) -> None:
        nonlocal left
        people = People(new_context, sign_in)
        if has_tablet:
            people.took_the_tablet()
        Work(people).go_through(steps, left)
        left -= STEPS

    run()
    assert left == 0
