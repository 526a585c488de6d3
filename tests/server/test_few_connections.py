"""A process with few database connections accepts saves from many people, who wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.server.conftest import Serve, a_save

TABS = 8
QUESTIONS = ["2.1.1", "2.1.2", "2.1.3", "2.2.1", "2.2.2", "2.2.3", "2.3.1", "2.3.2"]


def test_a_process_with_one_connection_takes_saves_from_many(serve: Serve) -> None:
    served = serve(DATABASE_POOL_SIZE="1", WORKERS="1")
    inspection, case, email = served.case()
    tabs = [served.signed_in(email) for _ in range(TABS)]

    def save(tab: int) -> int:
        answer = tabs[tab].post(
            f"/inspections/{inspection}/cases/{case}/saves/",
            json={"saves": [a_save(QUESTIONS[tab], "YES", base_version=0)]},
        )
        return answer.status_code

    with ThreadPoolExecutor(TABS) as pool:
        assert list(pool.map(save, range(TABS))) == [200] * TABS
    assert served.query(
        "SELECT count(*) FROM cases_answer WHERE case_id = %s AND version = 1", [case]
    ) == [(TABS,)]
