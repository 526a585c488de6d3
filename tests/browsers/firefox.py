"""Firefox, which speaks WebDriver BiDi itself, so that no driver is needed."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.websocket_connection import WebSocketConnection

from tests.browsers.line import Line
from tests.browsers.tab import PATIENCE, Tab


class Firefox:
    """One running Firefox."""

    def __init__(self, program: str, profile: Path) -> None:
        self._process = subprocess.Popen(
            [
                program,
                "--headless",
                "--no-remote",
                "--remote-debugging-port=0",
                # Lets a test use the browser's own commands for tabs.
                "--remote-allow-system-access",
                "--profile",
                profile,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        server = _wait_for_server(profile / "WebDriverBiDiServer.json")
        self._connection = WebSocketConnection(f"{server}/session", PATIENCE, 0.005)
        self.do("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command of WebDriver BiDi."""
        answer = self._connection.send_cmd(method, parameters)
        if "error" in answer:
            raise WebDriverException(f"{method}: {answer['error']}: {answer['message']}")
        return dict(answer["result"])

    def evaluate(self, expression: str, context: str) -> Any:
        answer = self.do(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise WebDriverException(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def contexts(self, scope: str = "content") -> set[str]:
        """The tabs, or with the scope "chrome" the windows around them."""
        tree = self.do("browsingContext.getTree", **{"moz:scope": scope})
        return {one["context"] for one in tree["contexts"]}

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()


class Container:
    """Tabs that share what they store with each other, and with no other container."""

    def __init__(self, firefox: Firefox, line: Line) -> None:
        self._firefox = firefox
        self._line = line
        self._id = firefox.do("browser.createUserContext")["userContext"]
        self.tab = self.new_tab()

    def new_tab(self) -> FirefoxTab:
        made = self._firefox.do("browsingContext.create", type="tab", userContext=self._id)
        return self._tab(made["context"])

    def duplicate_tab(self) -> FirefoxTab:
        """Duplicate the tab in front, as its menu does."""
        return self._opened_by(
            "gBrowser.duplicateTab(gBrowser.selectedTab, true, { inBackground: false })"
        )

    def restore_closed_tab(self) -> FirefoxTab:
        """Open the tab that was closed last again, as the menu of the history does."""
        return self._opened_by("SessionStore.undoCloseTab(window, 0)")

    def lose_network(self) -> None:
        self._emulate({"type": "offline"})
        self._line.cut()

    def find_network(self) -> None:
        self._line.mend()
        self._emulate(None)

    def _emulate(self, conditions: dict[str, str] | None) -> None:
        self._firefox.do(
            "emulation.setNetworkConditions",
            networkConditions=conditions,
            userContexts=[self._id],
        )

    def close(self) -> None:
        self._firefox.do("browser.removeUserContext", userContext=self._id)

    def _opened_by(self, command: str) -> FirefoxTab:
        before = self._firefox.contexts()
        (window,) = self._firefox.contexts("chrome")
        self._firefox.evaluate(f"(() => {{ {command}; }})()", window)
        (made,) = self._firefox.contexts() - before
        tab = self._tab(made)
        tab.until("location.protocol === 'https:' && document.readyState === 'complete'")
        return tab

    def _tab(self, context: str) -> FirefoxTab:
        return FirefoxTab(self._firefox, context, self._line.url)


class FirefoxTab(Tab):
    def __init__(self, firefox: Firefox, context: str, address: str) -> None:
        super().__init__(address)
        self._firefox = firefox
        self._context = context

    def evaluate(self, expression: str) -> Any:
        return self._firefox.evaluate(expression, self._context)

    def close(self) -> None:
        self._do("browsingContext.close")

    def _do(self, command: str, **parameters: Any) -> None:
        self._firefox.do(command, context=self._context, **parameters)

    def _go(self, url: str) -> None:
        self._do("browsingContext.navigate", url=url, wait="complete")

    def _back(self) -> None:
        self._do("browsingContext.traverseHistory", delta=-1)

    def _reload(self) -> None:
        self._do("browsingContext.reload", wait="complete")

    def _perform(self, actions: list[dict[str, Any]]) -> None:
        self._do("browsingContext.activate")
        self._do("input.performActions", actions=actions)


def _wait_for_server(file: Path) -> str:
    """The address at which a Firefox that is starting listens, from the file that it writes."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        with suppress(OSError, ValueError):
            server = json.loads(file.read_text())
            return f"ws://{server['ws_host']}:{server['ws_port']}"
        time.sleep(0.05)
    raise AssertionError("Firefox did not start")
