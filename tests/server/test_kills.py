"""After any kill every acknowledged answer is stored exactly once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.server.conftest import Serve, Served, a_save, wait_until

CLIENTS = 10


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
                a_save(
                    question,
                    "YES" if number % 2 else "NO",
                    base_version=self.versions.get(question, 0),
                    note=f"save {number}",
                )
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


def _parent(status: Path) -> int:
    try:
        return int(status.read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def test_every_acknowledged_save_survives_a_kill_of_the_service_and_none_is_there_twice(
    serve: Serve, hard: bool
) -> None:
    served = serve()
    save_through_a_kill(served, served.service.kill, saves=2_000 if hard else 300)


def test_every_acknowledged_save_survives_a_kill_of_postgresql_and_none_is_there_twice(
    serve_alone: Serve, hard: bool
) -> None:
    served = serve_alone()

    def kill() -> None:
        kill_postgresql(served)
        served.service.kill()

    save_through_a_kill(served, kill, saves=2_000 if hard else 300)


def save_through_a_kill(served: Served, kill: Callable[[], None], saves: int) -> None:
    """Let devices make ``saves``, one kill among them, and hold the history to what they heard."""
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
        threading.Thread(target=device.save, args=(saves // CLIENTS, enough)) for device in devices
    ]
    for thread in threads:
        thread.start()
    wait_until(lambda: sum(len(d.acknowledged) for d in devices) > saves // 3)
    kill()
    enough.set()
    for thread in threads:
        thread.join()
    before = {id: told for device in devices for id, told in device.acknowledged.items()}
    assert len(before) < saves, "the kill came too late to interrupt anything"

    served.service.start()
    stored = _history(served, case)
    lost = [id for id, told in before.items() if stored.get(id) != told]
    assert lost == []

    for device in devices:  # as the outbox does once the network is back
        assert device.send()
        device.save(saves // CLIENTS - len(device.acknowledged), threading.Event())
    acknowledged = {id: told for device in devices for id, told in device.acknowledged.items()}
    assert len(acknowledged) == saves
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
