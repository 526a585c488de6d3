"""From a save's commit to the redrawn ratings page, over two server processes."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, transaction

from cases.actions import Save, record_answers
from cases.models import Answer, Case
from config.demonstration.builder import answered_inspection
from inspections.models import Inspection, Membership, User
from ratings.pages.live.snapshot import take_snapshot
from ratings.pages.rights import Rights
from tests.benchmarks.load import Times, times
from tests.benchmarks.saving import session_of
from tests.benchmarks.server import HOST, Service, addresses_of, serving

CASES = 100
PAGES = 50
SAVES = int(os.environ.get("BENCH_SAVES", "40"))
QUESTION = "2.1.1"
APART = 0.5
"""Seconds between two saves: further than the pages' renderings are apart, so that each
save is answered by an event of its own."""
RIGHTS = Rights(sees_answers=True)
"""Those of most people with the page open."""
LATEST = 10.0
"""Seconds after which a page that got nothing counts as not reached."""


def live() -> Iterator[str]:
    """Rows: a redraw from nothing and after one answer; then pages hearing of saves."""
    inspection = answered_inspection(CASES)
    first = take_snapshot(inspection.pk, 0, RIGHTS, None)
    redraw = times(lambda: take_snapshot(inspection.pk, 0, RIGHTS, None), runs=50)
    again = times(lambda: take_snapshot(inspection.pk, 0, RIGHTS, first), runs=50)
    yield redraw.line(f"ratings page of {CASES} cases: every part drawn (bar 50 ms)")
    yield again.line(f"ratings page of {CASES} cases: rated again, nothing changed")
    sessions = [session_of(_reviewer(inspection, number)) for number in range(PAGES)]
    served = addresses_of(connection.settings_dict["NAME"]) | {"WORKERS": "1"}
    with serving(**served) as one, serving(**served) as other:
        heard = asyncio.run(_measure(inspection, sessions, [one, other]))
    yield (
        f"{f'save to redrawn page: {PAGES} pages, 2 processes (bar p95 300 ms)':<58} "
        f"p50 {heard.times.percentile(50) * 1000:6.1f} ms   "
        f"p95 {heard.times.percentile(95) * 1000:6.1f} ms   "
        f"longest {heard.times.seconds[-1] * 1000:6.1f} ms"
    )
    yield (
        f"{'pages reached, of pages times saves':<58} {len(heard.times.seconds)} of {PAGES * SAVES}"
        f"   load average {os.getloadavg()[0]:.1f}"
    )


def _reviewer(inspection: Inspection, number: int) -> User:
    """Who sees ratings at any time; one person may have no more than a few pages open."""
    person = User.objects.create_user(f"bench-{number}@fieldwork.example", name=f"Bench {number}")
    role = Membership.Role.REVIEWER
    Membership.objects.create(inspection=inspection, user=person, role=role)
    return person


@dataclass(frozen=True)
class Heard:
    """How long each page took to hear of each save, of those that did."""

    times: Times


@dataclass
class _Page:
    """An open page: when each of its events was there, complete."""

    arrivals: list[float] = field(default_factory=list)

    async def read(self, reader: asyncio.StreamReader) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"a live page was refused: {head[:200]!r}")
        event = b""
        while True:
            event += await _chunk(reader)
            while b"\n\n" in event:
                message, _, event = event.partition(b"\n\n")
                if message.startswith(b"event: ratings"):
                    data = next(x for x in message.split(b"\n") if x.startswith(b"data: "))
                    json.loads(data[6:])  # A page that can't be read wasn't redrawn.
                    self.arrivals.append(time.perf_counter())

    def heard_after(self, moment: float) -> float | None:
        """Seconds from ``moment`` to the first event after it."""
        return next((at - moment for at in self.arrivals if at > moment), None)


async def _chunk(reader: asyncio.StreamReader) -> bytes:
    size = int(await reader.readuntil(b"\r\n"), 16)
    body = await reader.readexactly(size + 2)
    return body[:-2]


async def _measure(
    inspection: Inspection, sessions: Sequence[str], services: Sequence[Service]
) -> Heard:
    pages, reading = [], []
    for number in range(PAGES):
        service = services[number % len(services)]
        reader, writer = await asyncio.open_connection(HOST, service.port, limit=2**22)
        writer.write(
            f"GET /ratings/events/?inspection={inspection.pk} HTTP/1.1\r\nHost: localhost\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={sessions[number]}\r\n\r\n".encode()
        )
        page = _Page()
        pages.append(page)
        reading.append((asyncio.create_task(page.read(reader)), writer))
    await _until(lambda: all(page.arrivals for page in pages))
    await asyncio.sleep(2)
    seconds = []
    for _ in range(SAVES):
        committed = await sync_to_async(_save)(inspection)
        await _until(lambda at=committed: all(p.heard_after(at) is not None for p in pages))
        seconds += [took for page in pages if (took := page.heard_after(committed)) is not None]
        await asyncio.sleep(APART)
    for task, writer in reading:
        if task.done():
            task.result()
        task.cancel()
        writer.close()
    return Heard(Times(sorted(seconds)))


async def _until(condition) -> None:  # type: ignore[no-untyped-def]
    end = time.perf_counter() + LATEST
    while not condition() and time.perf_counter() < end:
        await asyncio.sleep(0.005)


def _save(inspection: Inspection) -> float:
    """Turn one answer over, as an inspector does; the moment at which it was committed."""
    case = Case.objects.filter(inspection=inspection, group="COURT").earliest("pk")
    answer = Answer.objects.get(case=case, question=QUESTION)
    saves = [Save(QUESTION, "NO" if answer.value == "YES" else "YES", "", answer.version)]
    committed: list[float] = []
    try:
        with transaction.atomic():
            # Before the announcement, which is sent after the commit as well.
            transaction.on_commit(lambda: committed.append(time.perf_counter()))
            assert case.allocated_to is not None
            record_answers(case_id=case.pk, saves=saves, by=case.allocated_to)
    finally:
        # This runs in a thread of its own, whose connection nobody else gives back.
        connection.close()
    return committed[0]
