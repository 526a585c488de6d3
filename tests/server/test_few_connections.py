"""A process with few database connections accepts saves from many people, who wait."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from tests.server.conftest import PATIENCE, Serve, a_save

TABS = 8
SECONDS_TO_WAIT = 10
"""For a connection, before the service says that it is busy (config/settings.py)."""
QUESTIONS = ["2.1.1", "2.1.2", "2.1.3", "2.2.1", "2.2.2", "2.2.3", "2.3.1", "2.3.2"]


def test_a_process_with_one_connection_takes_saves_from_many(serve: Serve) -> None:
    served = serve(DATABASE_POOL_SIZE="1", WORKERS="1")
    inspection, case, email = served.case()
    tabs = [served.signed_in(email) for _ in range(TABS)]

    path = f"/inspections/{inspection}/cases/{case}/saves/"

    def save(tab: int) -> int:
        """The answer to a save. It is sent again if it waited in vain, as when the machine stalled;
        if it was not let wait, it is not."""
        sent = {"saves": [a_save(QUESTIONS[tab], "YES", base_version=0)]}
        give_up_at = time.monotonic() + PATIENCE
        while True:
            begun = time.monotonic()
            status = tabs[tab].post(path, json=sent).status_code
            ended = time.monotonic()
            if status != 503 or ended - begun < SECONDS_TO_WAIT or ended > give_up_at:
                return status

    with ThreadPoolExecutor(TABS) as pool:
        assert list(pool.map(save, range(TABS))) == [200] * TABS
    assert served.query(
        "SELECT count(*) FROM cases_answer WHERE case_id = %s AND version = 1", [case]
    ) == [(TABS,)]
