"""Of two simultaneous saves exactly one wins, whatever their spacing."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.server.conftest import PATIENCE, Serve, a_save

SPACINGS = [0, 2, 5, 10, 20, 50, 100]
"""Milliseconds between the two saves of a pair."""

QUESTION = "2.1.1"


def test_each_pair_of_saves_gives_one_success_and_one_conflict(serve: Serve, hard: bool) -> None:
    pairs = 50 if hard else 4
    served = serve()
    inspection, case, email = served.case()
    path = f"/inspections/{inspection}/cases/{case}/saves/"
    tabs = [served.signed_in(email), served.signed_in(email)]

    def save(tab: int, version: int, wait: float) -> str:
        time.sleep(wait)
        one = a_save(
            QUESTION,
            "YES" if tab else "NO",
            base_version=version,
            note=f"version {version}, tab {tab}",
        )
        answer = tabs[tab].post(path, json={"saves": [one]})
        give_up_at = time.monotonic() + PATIENCE
        while answer.status_code == 503 and time.monotonic() < give_up_at:
            # The other one was held up: nothing was saved, and a device sends it again.
            answer = tabs[tab].post(path, json={"saves": [one]})
        assert answer.status_code == 200, answer.text
        (result,) = answer.json()["results"]
        return str(result["outcome"])

    version = 0
    with ThreadPoolExecutor(2) as pool:
        for spacing in SPACINGS:
            for pair in range(pairs):
                late = pair % 2  # either tab comes first in half of the pairs
                waits = [0.0, spacing / 1000] if late else [spacing / 1000, 0.0]
                outcomes = list(pool.map(save, [0, 1], [version, version], waits))
                assert sorted(outcomes) == ["conflict", "saved"], (spacing, pair)
                version += 1
    _stays_readable(tabs[0], inspection, case)
    saves = served.query(
        "SELECT base_version, count(*), count(version) FROM cases_answersave "
        "WHERE case_id = %s AND question = %s GROUP BY base_version ORDER BY base_version",
        [case, QUESTION],
    )
    assert saves == [(base, 2, 1) for base in range(len(SPACINGS) * pairs)]
    ((standing,),) = served.query(
        "SELECT version FROM cases_answer WHERE case_id = %s AND question = %s", [case, QUESTION]
    )
    assert standing == len(SPACINGS) * pairs


def _stays_readable(browser: httpx.Client, inspection: int, case: int) -> None:
    for page in ("", "2.1/"):
        answer = browser.get(f"/inspections/{inspection}/cases/{case}/{page}")
        assert answer.status_code == 200
        assert "2.1" in answer.text
