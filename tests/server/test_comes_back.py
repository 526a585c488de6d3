"""Whatever is killed of the service, and however often, it comes back without anybody's help."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import httpx
import psycopg

from tests.server.conftest import Serve, a_save, wait_until
from tests.server.test_live_pages import workers

SECONDS_BETWEEN = 1.0
QUESTION = "2.1.1"


def test_kills_of_postgresql_and_of_what_serves_in_a_row_need_no_hand(
    serve_alone: Serve, hard: bool
) -> None:
    served = serve_alone()
    inspection, case, email = served.case()
    inspector = served.signed_in(email)
    path = f"/inspections/{inspection}/cases/{case}/saves/"

    def is_acknowledged(save: dict[str, Any]) -> bool:
        try:
            return inspector.post(path, json={"saves": [save]}).status_code == 200
        except httpx.TransportError:
            return False

    def is_back(killed: int) -> bool:
        try:
            return served.postmaster != killed and served.query("SELECT true") == [(True,)]
        except (FileNotFoundError, IndexError, psycopg.OperationalError):  # it is starting
            return False

    rounds = 10 if hard else 4
    for number in range(rounds):
        killed = served.postmaster
        os.kill(killed, signal.SIGKILL)
        # In every other round PostgreSQL alone: what serves then finds it again.
        for process in workers(served) if number % 2 == 0 else ():
            os.kill(process, signal.SIGKILL)
        # As a device does: the same save, until it is acknowledged.
        save = a_save(QUESTION, "NO" if number % 2 else "YES", base_version=number)
        wait_until(lambda save=save: is_acknowledged(save))  # type: ignore[misc]
        # A connection that had not noticed yet that its server is gone may have taken it, for good.
        wait_until(lambda killed=killed: is_back(killed))  # type: ignore[misc]
        time.sleep(SECONDS_BETWEEN)

    assert served.query(
        "SELECT version FROM cases_answer WHERE case_id = %s AND question = %s", [case, QUESTION]
    ) == [(rounds,)]
