"""Recording a whole case without notes, each click, notch of the wheel and key counted.

A question is answered once it can be seen, and nothing is scrolled that needn't be.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

NOTCH = 100
"""Pixels by which a notch of the wheel scrolls."""
SWIPE = 500
"""Pixels by which a thumb moves a page of a telephone."""

IN_VIEW = """
one => {
  const bar = document.querySelector(".app-record-bar")?.getBoundingClientRect();
  const { top, bottom } = one.getBoundingClientRect();
  return top >= Math.max(0, bar?.bottom ?? 0) && bottom <= innerHeight;
}
"""


@dataclass
class Steps:
    """What one whole case took."""

    clicks: int = 0
    scrolls: int = 0
    keys: int = 0


class Recorder(ABC):
    """Someone who answers every question of a case with Yes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = Steps()

    def record(self, case: str) -> Steps:
        """From the page of the case, at the address ``case``, until it is shown again."""
        self.page.goto(case)
        self._go_on_by("Start at")
        while not self.page.url.endswith(case):
            expect(self.page.locator("form[data-shown]")).to_be_attached()
            for section in self.page.locator("section[data-question]").all():
                self.answer(section)
            self._go_on_by("Save and continue")
        return self.steps

    def _go_on_by(self, button: str) -> None:
        before = self.page.url
        self.press(self.page.get_by_role("button", name=button).last)
        self.page.wait_for_url(lambda address: address != before)

    @abstractmethod
    def answer(self, section: Locator) -> None:
        """Choose Yes for the question of ``section``."""

    @abstractmethod
    def press(self, control: Locator) -> None:
        """Press a button or a link."""


class Pointer(Recorder):
    """By mouse and wheel, or by finger on a telephone."""

    def __init__(self, page: Page, *, scrolls_by: int = NOTCH) -> None:
        super().__init__(page)
        self.scrolls_by = scrolls_by

    def answer(self, section: Locator) -> None:
        self.press(section.locator("label", has_text="Yes"))
        expect(section.get_by_role("radio", name="Yes")).to_be_checked()

    def press(self, control: Locator) -> None:
        while not control.evaluate(IN_VIEW):
            before = self.page.evaluate("scrollY")
            self.page.mouse.wheel(0, self.scrolls_by)
            self.page.wait_for_function("before => scrollY !== before", arg=before)
            self.steps.scrolls += 1
        box = control.bounding_box()
        assert box
        self.steps.clicks += 1
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


class Keyboard(Recorder):
    """By keys alone. With ``advances`` the person chose to go on after each answer."""

    def __init__(self, page: Page, *, advances: bool) -> None:
        super().__init__(page)
        self.advances = advances
        page.add_init_script(f"localStorage.setItem('advance', '{'on' if advances else 'off'}')")

    def key(self, name: str) -> None:
        self.steps.keys += 1
        self.page.keyboard.press(name)

    def answer(self, section: Locator) -> None:
        holds_focus = "one => one.contains(document.activeElement)"
        self._tab_until(lambda: bool(section.evaluate(holds_focus)))
        self.key("y")
        if not self.advances and not self._is_last(section):
            self.key("j")

    def press(self, control: Locator) -> None:
        self._tab_until(lambda: bool(control.evaluate("one => one === document.activeElement")))
        self.key("Enter")

    def _is_last(self, section: Locator) -> bool:
        return bool(
            section.evaluate(
                "one => one === [...document.querySelectorAll('section[data-question]')].at(-1)"
            )
        )

    def _tab_until(self, is_so: Callable[[], bool]) -> None:
        for _ in range(60):
            if is_so():
                return
            self.key("Tab")
        raise AssertionError("The Tab key never came there.")


MOST = {47: Steps(54, 50, 100), 70: Steps(80, 75, 150)}
"""What a case of so many questions may take at most: clicks with notches, or keys."""
