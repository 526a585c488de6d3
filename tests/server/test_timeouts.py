"""Whoever is served waits for no lock for ever."""

from __future__ import annotations

import httpx
import psycopg
import pytest
from django.db import connection

from tests.benchmarks.server import url_of
from tests.server.conftest import Serve, a_save
from tests.server.test_serving import run


def test_a_save_gives_up_on_a_case_that_somebody_holds_locked(serve: Serve) -> None:
    served = serve(WORKERS="1", PGOPTIONS="-c lock_timeout=200ms")
    inspection, case, email = served.case()
    browser = served.signed_in(email)
    path = f"/inspections/{inspection}/cases/{case}/saves/"
    sent = {"saves": [a_save("2.1.1", "YES", base_version=0)]}
    with psycopg.connect(served.database) as holder:
        holder.execute("SELECT FROM cases_case WHERE id = %s FOR UPDATE", [case])
        answer: httpx.Response = browser.post(path, json=sent)
        assert answer.status_code == 503
        assert "nothing was saved" in answer.json()["error"]
    # Nothing of it was kept, so the device sends it again.
    [result] = browser.post(path, json=sent).json()["results"]
    assert result["outcome"] == "saved"


def test_every_connection_of_what_is_served_has_limits_and_a_commands_has_none(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGOPTIONS", raising=False)  # another test may have loaded the service here
    ask = (
        "from django.db import connection; cursor = connection.cursor(); print([cursor.execute("
        "f'SHOW {name}_timeout').fetchone()[0] for name in "
        "('lock', 'statement', 'idle_in_transaction_session')])"
    )
    address = url_of(connection.settings_dict["NAME"])
    for load, limits in (
        ("import config.wsgi", "['20s', '1min', '1min']"),
        ("import django; django.setup()", "['0', '0', '0']"),
    ):
        done = run(["-c", f"{load}; {ask}"], DATABASE_URL=address)
        assert done.stdout.strip() == limits, done.stderr
