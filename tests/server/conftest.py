"""The service as it is served, in processes and with a database of its own, to be tried hard."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from config.demonstration import PASSWORD
from config.postgresql import embedded, embedded_roles
from tests import template
from tests.benchmarks.server import Service, addresses_of, url_of

PATIENCE = 120
"""Seconds after which what was waited for does not come any more, however busy the machine."""


@dataclass
class Served:
    """The service and one demonstration case with the inspector who holds it.

    Its database is a copy on the tests' own server, or in a data folder of its own.
    """

    service: Service
    database: str
    data: Path | None = None
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    _browsers: list[httpx.Client] = field(default_factory=list)

    def query(self, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Rows straight from the database, past the service and as a superuser."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    @property
    def postmaster(self) -> int:
        """The process of the PostgreSQL server that is this service's own."""
        assert self.data is not None
        file = embedded.server_of(self.data).cluster / "postmaster.pid"
        return int(file.read_text().split()[0])

    def case(self) -> tuple[int, int, str]:
        """The inspection, the case and the holder's email of an untouched court case."""
        ((inspection, case, email),) = self.query(
            """
            SELECT c.inspection_id, c.id, u.email FROM cases_case c
            JOIN inspections_user u ON u.id = c.allocated_to_id
            WHERE c.state = 'NOT_STARTED' AND c."group" = 'COURT' LIMIT 1
            """
        )
        return inspection, case, email

    def signed_in(self, email: str) -> httpx.Client:
        """A tab of the browser in which this person has signed in."""
        client = httpx.Client(base_url=self.service.url, follow_redirects=True, timeout=PATIENCE)
        self._browsers.append(client)
        if email not in self._cookies:
            page = client.get("/accounts/login/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            assert token is not None
            answer = client.post(
                "/accounts/login/",
                data={"csrfmiddlewaretoken": token[1], "login": email, "password": PASSWORD},
            )
            assert "Sign out" in answer.text
            self._cookies[email] = dict(client.cookies)
        client.cookies.update(self._cookies[email])
        client.headers["X-CSRFToken"] = self._cookies[email]["csrftoken"]
        return client

    def close(self) -> None:
        for browser in self._browsers:
            browser.close()
        self.service.stop()


Serve = Callable[..., Served]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts the service on a copy of the demonstration, with what is given as its environment, by
    the module ``program``."""
    started: list[Served] = []
    copied = f"test_fieldwork_{os.getpid()}_served"

    def start(program: str = Service.program, **environment: str) -> Served:
        template.copy_demonstrated(copied)
        service = Service(**addresses_of(copied) | environment)
        service.program = program
        served = Served(service, url_of(copied))
        started.append(served)
        served.service.start()
        return served

    yield start
    for served in started:
        served.close()
    with template.server() as server:
        template.drop(server, copied)


@pytest.fixture
def serve_alone() -> Iterator[Serve]:
    """Starts the service with a PostgreSQL and a demonstration of its own."""
    # Not below pytest's own folder: PostgreSQL's user may not enter that.
    data = Path(tempfile.mkdtemp(prefix="fieldwork-test-"))
    data.chmod(0o755)
    server = embedded.server_of(data)
    address = f"host={server.socket_dir} user={embedded.SUPERUSER} dbname={embedded_roles.NAME}"
    served = Served(Service(DATA_DIR=str(data), DATABASE_URL=""), address, data)

    def start() -> Served:
        served.service.start()
        return served

    yield start
    served.close()
    for folder in {data, server.cluster.parent, server.socket_dir}:
        shutil.rmtree(folder, ignore_errors=True)


def a_save(question: str, value: str, base_version: int, note: str = "") -> dict[str, Any]:
    """A save as a device sends it."""
    return {
        "id": str(uuid.uuid4()),
        "question": question,
        "value": value,
        "note": note,
        "base_version": base_version,
        "made_at": None,
    }


def wait_until(done: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
