"""A service in processes of its own, as ``make run`` serves it, to measure and to try hard."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

SECONDS_TO_START = 300
SECONDS_TO_END = 120
HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]


class Service:
    """One served copy of the service, with the environment variables given; ``program`` is the
    module that serves it.

    ``start`` returns once it answers; ``stop`` ends it in order; ``kill`` doesn't.
    """

    program = "config.serve"

    def __init__(self, **environment: str) -> None:
        self.environment = environment
        self._place = FreePort()
        self.port = self._place.number
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "PORT": str(self.port)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.program],
            cwd=ROOT,
            env=os.environ | settings | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Raises ``TimeoutError`` when it doesn't, ``RuntimeError`` when it has ended."""
        assert self._process is not None
        give_up_at = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < give_up_at:
            if self._process.poll() is not None:
                raise RuntimeError("the service ended instead of starting; it said why above")
            try:
                with closing(HTTPConnection(HOST, self.port, timeout=5)) as http:
                    http.request("GET", "/session/")
                    http.getresponse().read()
                return
            except OSError:
                pass
            time.sleep(0.05)
        raise TimeoutError("the service did not answer in time")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End every process of the service at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, by: signal.Signals) -> None:
        if self._process is None:
            return
        os.killpg(self._process.pid, by)
        self._process.wait(timeout=SECONDS_TO_END)
        self._process = None


@contextmanager
def serving(**environment: str) -> Iterator[Service]:
    """A started service, stopped in the end; see the README for the variables."""
    service = Service(**environment)
    service.start()
    try:
        yield service
    finally:
        service.stop()


def addresses_of(database: str) -> dict[str, str]:
    """The settings by which ``database`` is served as the application's role, and migrated as the
    role of this process; by one for both where there is no other."""
    served = {"DATABASE_URL": url_of(database, as_application=True)}
    if connection.settings_dict["USER"] == settings.APPLICATION_ROLE:
        return served
    return served | {"OWNER_DATABASE_URL": url_of(database)}


def url_of(database: str, *, as_application: bool = False) -> str:
    """The address of another database on the server that this process uses; as its own role, or
    as the application's."""
    known = connection.settings_dict
    role = settings.APPLICATION_ROLE if as_application else known["USER"]
    user = quote(role) + (f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else "")
    host, port = known["HOST"], known["PORT"]
    if host.startswith("/"):
        return f"postgresql://{user}@/{quote(database)}?host={quote(host)}"
    place = f"{host or 'localhost'}:{port}" if port else host or "localhost"
    return f"postgresql://{user}@{place}/{quote(database)}"


class FreePort:
    """A port of this machine, for a server that is told its ``number``.

    While this is there nobody who asks for any port gets it, such as a browser that connects to
    something else. It listens to nothing, so a server may.
    """

    def __init__(self) -> None:
        with socket.socket() as place:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            place.bind((HOST, 0))
            self.number: int = place.getsockname()[1]
            weakref.finalize(self, os.close, place.detach())
