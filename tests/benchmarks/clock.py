"""Timing something several times and saying what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from time import perf_counter


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
        start = perf_counter()
        run()
        seconds.append(perf_counter() - start)
    return Times(sorted(seconds))
