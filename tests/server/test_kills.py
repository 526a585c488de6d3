"""An answer that was acknowledged is there after any kill, and no answer is there twice."""

from __future__ import annotations

import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.conftest import Served

CLIENTS = 10
SAVES = 2_000


@dataclass
class Device:
    """One browser that saves its questions in turn; what isn't acknowledged stays waiting."""

    browser: httpx.Client
    path: str
    questions: list[str]
    waiting: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def save(self, count: int, enough: threading.Event) -> None:
        """Make ``count`` saves, or fewer when the service is gone."""
        for number in range(count):
            question = self.questions[number % len(self.questions)]
            self.waiting.append(
                {
                    "id": str(uuid.uuid4()),
                    "question": question,
                    "value": "YES" if number % 2 else "NO",
                    "note": f"save {number}",
                    "base_version": self.versions.get(question, 0),
                    "made_at": None,
                }
            )
            if not self.send() or enough.is_set():
                return

    def send(self) -> bool:
        """Send what waits; whether it was acknowledged."""
        while self.waiting:
            save = self.waiting[0]
            try:
                answer = self.browser.post(self.path, json={"saves": [save]})
            except httpx.TransportError:
                return False
            if answer.status_code != 200:
                return False
            (result,) = answer.json()["results"]
            assert result["outcome"] == "saved", result
            self.acknowledged[save["id"]] = (save["question"], result["version"])
            self.versions[save["question"]] = result["version"]
            self.waiting.pop(0)
        return True


def kill_service(served: Served) -> None:
    served.service.kill()


def kill_postgresql(served: Served) -> None:
    """The server and every process it has made, at once."""
    leader = served.postmaster
    children = [
        int(status.parent.name)
        for status in Path("/proc").glob("[0-9]*/stat")
        if _parent(status) == leader
    ]
    for process in [leader, *children]:
        os.kill(process, signal.SIGKILL)
    served.service.kill()


def _parent(status: Path) -> int:
    try:
        return int(status.read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


@pytest.mark.parametrize("kill", [kill_service, kill_postgresql])
def test_every_acknowledged_save_survives_a_kill_and_none_is_there_twice(
    serve: Callable[[], Served], kill: Callable[[Served], None]
) -> None:
    served = serve()
    inspection, case, email = served.case()
    path = f"/inspections/{inspection}/cases/{case}/saves/"
    questions = [
        question
        for (question,) in served.query(
            """SELECT code FROM inspections_editionquestion
            WHERE edition_id = '2021' AND "group" = 'COURT' ORDER BY code"""
        )
    ]
    devices = [Device(served.signed_in(email), path, questions[n::CLIENTS]) for n in range(CLIENTS)]
    enough = threading.Event()
    threads = [
        threading.Thread(target=device.save, args=(SAVES // CLIENTS, enough)) for device in devices
    ]
    for thread in threads:
        thread.start()
    _wait_until(lambda: sum(len(d.acknowledged) for d in devices) > SAVES // 3)
    kill(served)
    enough.set()
    for thread in threads:
        thread.join()
    before = {id: told for device in devices for id, told in device.acknowledged.items()}
    assert len(before) < SAVES, "the kill came too late to interrupt anything"

    served.service.start()
    stored = _history(served, case)
    lost = [id for id, told in before.items() if stored.get(id) != told]
    assert lost == []

    for device in devices:  # as the outbox does once the network is back
        assert device.send()
        device.save(SAVES // CLIENTS - len(device.acknowledged), threading.Event())
    acknowledged = {id: told for device in devices for id, told in device.acknowledged.items()}
    assert len(acknowledged) == SAVES
    assert _history(served, case) == acknowledged
    standing = dict(
        served.query("SELECT question, version FROM cases_answer WHERE case_id = %s", [case])
    )
    assert standing == {q: v for device in devices for q, v in device.versions.items()}


def _history(served: Served, case: int) -> dict[str, tuple[str, int]]:
    rows = served.query(
        "SELECT id::text, question, version FROM cases_answersave WHERE case_id = %s", [case]
    )
    return {id: (question, version) for id, question, version in rows}


def _wait_until(done: Callable[[], bool], seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < give_up_at
        time.sleep(0.005)
