"""Timing something several times, and many people sending requests at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Times:
    """Durations in seconds, shortest first."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        return self.percentile(50)

    def percentile(self, percent: int) -> float:
        """The duration that ``percent`` per cent of all stay within (nearest rank)."""
        return self.seconds[max(0, ceil(percent / 100 * len(self.seconds)) - 1)]

    def line(self, what: str) -> str:
        """A row for people: the median, the 95th percentile and the number of runs."""
        return (
            f"{what:<58} median {self.median * 1000:8.2f} ms   "
            f"p95 {self.percentile(95) * 1000:8.2f} ms   {len(self.seconds)} runs"
        )


def times(run: Callable[[], object], runs: int, warm_up: int = 3) -> Times:
    """How long ``run`` took each of ``runs`` times, after some that aren't counted."""
    for _ in range(warm_up):
        run()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return Times(sorted(seconds))


@dataclass
class Visitor:
    """One client: ``ask`` gives its next request's bytes, ``hear`` reads the answer to it.

    ``hear`` takes the status and the body, and says what is wrong with them, if anything.
    """

    ask: Callable[[], bytes]
    hear: Callable[[int, bytes], str | None]


@dataclass(frozen=True)
class Load:
    """What came of a load: how long it lasted, how long each request took, and what went wrong."""

    lasted: float
    times: Times
    errors: Sequence[str] = ()

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times.seconds) / self.lasted

    def line(self, what: str) -> str:
        p50, p95 = (self.times.percentile(p) * 1000 for p in (50, 95))
        said = f"   {len(self.errors)} errors: {self.errors[0]}" if self.errors else ""
        return f"{what:<58} {self.rate:7.0f} a second   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms{said}"


def load(
    host: str, port: int, visitors: Sequence[Visitor], seconds: float, rate: float | None = None
) -> Load:
    """Let every visitor send one request after the other for so many seconds; with a ``rate``,
    requests are due evenly, so many a second among all of them.

    A request that is due waits for the one before it, and that counts. The first tenth of the
    time warms the server up and doesn't.
    """
    start = time.perf_counter()
    count_from, end = start + seconds / 10, start + seconds
    took: list[float] = []
    errors: list[str] = []

    async def visit(number: int, visitor: Visitor) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        due = start + number / rate if rate else time.perf_counter()
        while due < end:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(visitor.ask())
            status, body = await _answer(reader)
            if due >= count_from:
                took.append(time.perf_counter() - due)
            if wrong := visitor.hear(status, body):
                errors.append(wrong)
            due = due + len(visitors) / rate if rate else time.perf_counter()
        writer.close()

    async def all_of_them() -> None:
        await asyncio.gather(*(visit(n, visitor) for n, visitor in enumerate(visitors)))

    asyncio.run(all_of_them())
    return Load(time.perf_counter() - count_from, Times(sorted(took)), errors)


def joined(loads: Sequence[Load]) -> Load:
    """Several loads of the same kind as one."""
    took = sorted(second for each in loads for second in each.times.seconds)
    errors = [wrong for each in loads for wrong in each.errors]
    return Load(sum(each.lasted for each in loads), Times(took), errors)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return status, await reader.readexactly(int(line.split(b":")[1]))
        if line.startswith(b"transfer-encoding:"):
            return status, await _chunks(reader)
    return status, b""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body


def post(path: str, body: bytes, cookies: str = "", headers: str = "") -> bytes:
    """A POST request as it goes over the wire."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        + (f"Cookie: {cookies}\r\n" if cookies else "")
        + headers
        + "\r\n"
    ).encode() + body
