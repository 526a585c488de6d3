"""A tab of a browser as a test uses it, the same in every browser."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from typing import Any

from selenium.common.exceptions import WebDriverException

PATIENCE = 120
"""Seconds after which what was waited for does not come any more, however busy the machine."""
ENTER = "\ue006"
FIND = """(css, words) => [...document.querySelectorAll(css)].find(
    (one) => one.checkVisibility() && one.textContent.replace(/\\s+/g, " ").includes(words))"""
POINT = f"""(async (css, words) => {{
    const found = ({FIND})(css, words);
    found?.scrollIntoView({{ block: "center", behavior: "instant" }});
    const before = found?.getBoundingClientRect();
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const after = found?.getBoundingClientRect();
    if (!found || before.x !== after.x || before.y !== after.y) return null;
    const at = [Math.round(after.x + after.width / 2), Math.round(after.y + after.height / 2)];
    if (!found.contains(document.elementFromPoint(...at))) return null;
    window.isPressed = false;
    found.addEventListener("click", () => {{ window.isPressed = true; }}, {{ capture: true }});
    return at;
}})"""
"""Where to press the first element that is seen; null while it moves or something lies over it."""


class Tab(ABC):
    """Presses and keys are the browser's own, so that pages take them for a person's."""

    def __init__(self, address: str) -> None:
        self.address = address

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """The value of an expression in this page, as JSON carries it; a promise is awaited."""

    @abstractmethod
    def close(self) -> None:
        """Close the tab without asking, as a browser does that is ended."""

    @abstractmethod
    def _go(self, url: str) -> None: ...

    @abstractmethod
    def _back(self) -> None: ...

    @abstractmethod
    def _reload(self) -> None: ...

    @abstractmethod
    def _perform(self, actions: list[dict[str, Any]]) -> None:
        """Input as WebDriver and WebDriver BiDi both describe it."""

    def open(self, path: str) -> None:
        self._go(self.address + path)

    def back(self) -> None:
        """Press Back, and wait for the other page."""
        self._mark()
        self._back()
        self._arrived()

    def reload(self) -> None:
        self._mark()
        self._reload()
        self._arrived()

    def follow(self, css: str, words: str = "") -> None:
        """Press a link or a button that leads to another page, and wait for it."""
        self._mark()
        self.click(css, words)
        self._arrived()

    def click(self, css: str, words: str = "") -> None:
        """Press the first visible element with these words once nothing lies over it."""
        # What is pressed may have moved away in the last moment.
        while not self._press(*self.until(_call(POINT, css, words))):
            pass

    def _press(self, x: int, y: int) -> bool:
        """Whether it was what is to be pressed; if the page was left, it was."""
        press: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._perform([{"type": "pointer", "id": "mouse", "actions": press}])
        try:
            return self.evaluate("window.isPressed ?? true") is True
        except WebDriverException:
            return True

    def type(self, words: str) -> None:
        """Type where the focus is."""
        keys = [
            {"type": kind, "value": ENTER if key == "\n" else key}
            for key in words
            for kind in ("keyDown", "keyUp")
        ]
        self._perform([{"type": "key", "id": "keyboard", "actions": keys}])

    def write(self, css: str, words: str) -> None:
        """Replace what a field holds by typing."""
        self.click(css)
        self.evaluate("document.activeElement.select()")
        self.type(words)

    def value(self, css: str) -> str:
        """What a field holds."""
        return str(self.evaluate(f"document.querySelector({json.dumps(css)}).value"))

    def words(self, css: str) -> str:
        """The words of an element as they are seen."""
        return str(self.evaluate(f"document.querySelector({json.dumps(css)}).innerText"))

    def sees(self, css: str, words: str = "") -> None:
        """Wait until an element with these words is seen."""
        self.until(f"!!{_call(f'({FIND})', css, words)}")

    def until(self, expression: str) -> Any:
        """Wait until an expression holds in whatever page is there then; its value."""
        give_up_at = time.monotonic() + PATIENCE
        while True:
            try:
                found = self.evaluate(expression)
            except WebDriverException as error:
                # The page was left while it was asked.
                found, why = None, str(error)
            else:
                why = f"it is {found!r}"
            if found:
                return found
            if time.monotonic() > give_up_at:
                here = self.evaluate("[location.pathname, document.body.innerText]")
                raise AssertionError(f"Waited for {expression}, but {why}. {here[0]}:\n{here[1]}")
            time.sleep(0.05)

    def _mark(self) -> None:
        self.evaluate("document.documentElement.dataset.left = ''")

    def _arrived(self) -> None:
        self.until(
            "document.readyState === 'complete' && !('left' in document.documentElement.dataset)"
        )


def _call(function: str, *values: str) -> str:
    return f"{function}({', '.join(map(json.dumps, values))})"
