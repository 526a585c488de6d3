"""WebKitGTK's MiniBrowser, driven by its WebDriver on a display of its own."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Remote
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browsers.line import Line
from tests.browsers.tab import Tab


class Display:
    """An X server that shows nothing: MiniBrowser needs one."""

    def __init__(self, program: str) -> None:
        ours, its = os.pipe()
        self._process = subprocess.Popen(
            [program, "-displayfd", str(its), "-nolisten", "tcp", "-screen", "0", "1280x1000x24"],
            pass_fds=[its],
            stderr=subprocess.DEVNULL,
        )
        os.close(its)
        with os.fdopen(ours) as said:
            self.name = f":{said.readline().strip()}"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


class WebKit:
    """One running MiniBrowser. What it stores is gone when it is closed."""

    def __init__(self, driver: str, display: Display, line: Line) -> None:
        self._line = line
        self._service = Service(driver, env={**os.environ, "DISPLAY": display.name})
        self._service.start()
        connection = RemoteConnection(client_config=ClientConfig(self._service.service_url))
        options = Options()
        options.accept_insecure_certs = True
        self._driver = Remote(connection, options=options)
        self.tab = self._tab()

    def new_tab(self) -> WebKitTab:
        # A window, because the driver can't bring another tab to the front.
        self._driver.switch_to.new_window("window")
        return self._tab()

    def lose_network(self) -> None:
        """The service is out of reach; the browser itself goes on as if there were a network."""
        self._line.cut()

    def find_network(self) -> None:
        self._line.mend()

    @property
    def has_ended(self) -> bool:
        """Whether MiniBrowser is gone, without having been closed."""
        try:
            return not self._driver.window_handles
        except WebDriverException:
            return True

    def close(self) -> None:
        self._driver.quit()
        self._service.stop()

    def _tab(self) -> WebKitTab:
        return WebKitTab(self._driver, self._driver.current_window_handle, self._line.url)


class WebKitTab(Tab):
    def __init__(self, driver: Remote, handle: str, address: str) -> None:
        super().__init__(address)
        self._any_tab = driver
        self._handle = handle

    @property
    def _driver(self) -> Remote:
        self._any_tab.switch_to.window(self._handle)
        return self._any_tab

    def evaluate(self, expression: str) -> Any:
        script = f"return (async () => JSON.stringify(await ({expression})))()"
        return json.loads(self._driver.execute_script(script) or "null")

    def close(self) -> None:
        self._driver.close()

    def _go(self, url: str) -> None:
        self._driver.get(url)

    def _back(self) -> None:
        self._driver.back()

    def _reload(self) -> None:
        self._driver.refresh()

    def _perform(self, actions: list[dict[str, Any]]) -> None:
        self._driver.execute(Command.W3C_ACTIONS, {"actions": actions})
