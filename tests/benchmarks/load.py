"""Many people sending requests at once over kept-open connections, and what they saw."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.benchmarks.clock import Times


@dataclass
class Visitor:
    """One client: ``ask`` gives its next request's bytes, ``hear`` reads the answer to it.

    ``hear`` takes the status and the body, and raises when it isn't what was hoped for.
    """

    ask: Callable[[], bytes]
    hear: Callable[[int, bytes], None]


@dataclass(frozen=True)
class Load:
    """What came of a load: how long it lasted and how long each request took."""

    lasted: float
    times: Times

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times.seconds) / self.lasted

    def line(self, what: str) -> str:
        p50, p95 = (self.times.percentile(p) * 1000 for p in (50, 95))
        return f"{what:<58} {self.rate:7.0f} a second   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms"


def load(host: str, port: int, visitors: Sequence[Visitor], seconds: float) -> Load:
    """Let every visitor send one request after the other for so many seconds.

    The first tenth of the time warms the server up and isn't counted.
    """
    start = time.perf_counter()
    count_from, end = start + seconds / 10, start + seconds
    took: list[float] = []

    async def visit(visitor: Visitor) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while (sent := time.perf_counter()) < end:
            writer.write(visitor.ask())
            status, body = await _answer(reader)
            if sent >= count_from:
                took.append(time.perf_counter() - sent)
            visitor.hear(status, body)
        writer.close()

    async def all_of_them() -> None:
        await asyncio.gather(*(visit(visitor) for visitor in visitors))

    asyncio.run(all_of_them())
    return Load(time.perf_counter() - count_from, Times(sorted(took)))


def joined(loads: Sequence[Load]) -> Load:
    """Several loads of the same kind as one."""
    took = sorted(second for each in loads for second in each.times.seconds)
    return Load(sum(each.lasted for each in loads), Times(took))


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
