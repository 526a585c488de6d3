"""What can happen to a browser's line to the service: tabs that are really hidden or crash, and a
proxy that goes silent."""

from __future__ import annotations

import itertools
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Cookie, Page


class Window:
    """A browser window of its own in which one tab shows and the others are hidden.

    Playwright makes every tab of its contexts believe that it shows, so this one is driven past
    it, by the browser's own protocol. ``waiting`` is any page, in which to wait.
    """

    def __init__(self, chromium: Browser, cookies: list[Cookie], waiting: Page) -> None:
        self.browser = chromium.new_browser_cdp_session()
        self.context = self.browser.send("Target.createBrowserContext")["browserContextId"]
        self.browser.send(
            "Storage.setCookies",
            {
                "browserContextId": self.context,
                "cookies": [
                    {key: one[key] for key in ("name", "value", "domain", "path")}
                    for one in cookies
                ],
            },
        )
        self.waiting = waiting

    def open(self, address: str) -> Tab:
        """A new tab, which shows from now on."""
        given = {"url": address, "browserContextId": self.context}
        return Tab(self.browser, self.browser.send("Target.createTarget", given), self.waiting)

    def close(self) -> None:
        self.browser.send("Target.disposeBrowserContext", {"browserContextId": self.context})
        self.browser.detach()


class Tab:
    """A tab by the browser's own protocol; ``target`` is what that calls it."""

    def __init__(self, browser: CDPSession, target: dict[str, Any], waiting: Page) -> None:
        self._browser, self._target, self._waiting = browser, target, waiting
        attached = browser.send("Target.attachToTarget", {**target, "flatten": False})
        self._session = attached["sessionId"]
        self._numbers = itertools.count(1)
        self._answers: dict[int, Any] = {}
        browser.on("Target.receivedMessageFromTarget", self._receive)

    @classmethod
    def of(cls, page: Page) -> Tab:
        """A tab of Playwright's, to be driven past it."""
        chromium = page.context.browser
        assert chromium is not None
        info = page.context.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"]
        target = {"targetId": info["targetId"]}
        return cls(chromium.new_browser_cdp_session(), target, page)

    def _receive(self, event: dict[str, Any]) -> None:
        answer = json.loads(event["message"])
        if event["sessionId"] == self._session and "id" in answer:
            self._answers[answer["id"]] = answer.get("result")

    def show(self) -> None:
        """Bring it to the front; the tab that showed is hidden."""
        self._browser.send("Target.activateTarget", self._target)

    def send(self, method: str, **parameters: Any) -> int:
        """Send a command without waiting for its answer, whose number is returned."""
        number = next(self._numbers)
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self._browser.send(
            "Target.sendMessageToTarget", {"sessionId": self._session, "message": message}
        )
        return number

    def evaluate(self, script: str) -> Any:
        while True:
            number = self.send("Runtime.evaluate", expression=script, returnByValue=True)
            while number not in self._answers:
                self._waiting.wait_for_timeout(10)
            answer = self._answers.pop(number)
            # A tab that is on its way to another page refuses, and is asked again.
            if answer is not None:
                return answer["result"].get("value")

    def text(self, selector: str) -> str:
        """The text of the first element that matches, or nothing."""
        return str(
            self.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")
        )


class Proxy:
    """Passes on what is sent to its ``port``, until it is silenced: then it drops all bytes and
    closes nothing, as a line does that has died."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listening = socket.create_server(("localhost", 0))
        self.port: int = self._listening.getsockname()[1]
        self._passing = threading.Event()
        """Whether what is opened from now on is passed on; what is open has its own."""
        self._passing.set()
        self._open: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def silence(self) -> None:
        """Drop whatever comes on open connections, for ever, and on new ones until ``restore``."""
        self._passing.clear()
        self._passing = threading.Event()

    def restore(self) -> None:
        """Pass on what comes on connections opened from now on."""
        self._passing.set()

    def close(self) -> None:
        # Wakes the thread that accepts; what it has just accepted is closed with the rest.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listening.close()
        for one in self._open:
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listening.accept()
            except OSError:
                return
            service = socket.create_connection(("localhost", self._to))
            self._open += [browser, service]
            passing = self._passing
            for source, target in ((browser, service), (service, browser)):
                threading.Thread(
                    target=self._pass_on, args=(source, target, passing), daemon=True
                ).start()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket, passing: threading.Event) -> None:
        try:
            while received := source.recv(65536):
                if passing.is_set():
                    target.sendall(received)
            if passing.is_set():
                target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
