"""The windows from which each group of cases is sampled.

Source: method.md, Sampling: court disposals made six to nine months earlier, out-of-court
disposals three to five, resettlement by a custodial sentence or release four to twelve. An
inspection may set others, or one for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from inspections.framework import Group


@dataclass(frozen=True, slots=True)
class Window:
    """A window by its first and last day; both belong to it."""

    start_date: date
    end_date: date

    def __contains__(self, day: date) -> bool:
        return self.start_date <= day <= self.end_date


DEFAULT_MONTHS: Mapping[Group, tuple[int, int]] = {
    Group.COURT: (9, 6),
    Group.OUT_OF_COURT: (5, 3),
    Group.RESETTLEMENT: (12, 4),
}
"""For each group, how many months earlier its window starts and ends."""


def default_window(group: Group, as_of: date) -> Window:
    """The window of ``group`` counted back from ``as_of``, the day of the announcement."""
    longest_ago, shortest_ago = DEFAULT_MONTHS[group]
    return Window(months_before(as_of, longest_ago), months_before(as_of, shortest_ago))


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier, or the last one of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
