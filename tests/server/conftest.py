"""The service as it is served, in processes and on a PostgreSQL of its own, to be tried hard."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from config.demonstration import PASSWORD
from config.postgresql import embedded
from tests.benchmarks.server import Service


@dataclass
class Served:
    """The service, its data folder and one demonstration case with the inspector who holds it."""

    service: Service
    data: Path
    browsers: list[httpx.Client] = field(default_factory=list)

    def query(self, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Rows straight from the database, past the service."""
        with psycopg.connect(
            host=str(self.socket_dir), user="postgres", dbname="fieldwork", autocommit=True
        ) as connection:
            return connection.execute(sql, parameters).fetchall()

    @property
    def postmaster(self) -> int:
        """The process of the PostgreSQL server."""
        return int((embedded.place_of(self.data).cluster / "postmaster.pid").read_text().split()[0])

    @property
    def socket_dir(self) -> Path:
        return embedded.place_of(self.data).socket_dir

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
        """A browser of its own in which this person has signed in."""
        client = httpx.Client(base_url=self.service.url, follow_redirects=True, timeout=30)
        self.browsers.append(client)
        page = client.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        answer = client.post(
            "/accounts/login/",
            data={"csrfmiddlewaretoken": token[1], "login": email, "password": PASSWORD},
        )
        assert "Sign out" in answer.text
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        return client


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Starts the service on a new data folder, demonstration included, with what is given as
    its environment."""
    started: list[Served] = []

    def start(**environment: str) -> Served:
        # Not below pytest's own folder: PostgreSQL's user may not enter that.
        data = Path(tempfile.mkdtemp(prefix="fieldwork-test-"))
        data.chmod(0o755)
        served = Served(Service(DATA_DIR=str(data), DATABASE_URL="", **environment), data)
        started.append(served)
        served.service.start()
        return served

    yield start
    for served in started:
        for browser in served.browsers:
            browser.close()
        served.service.stop()
        for left in (served.data, embedded.place_of(served.data).cluster.parent):
            shutil.rmtree(left, ignore_errors=True)
