"""Progress by day: how many cases were submitted and signed off, against an even pace.

What stood at the end of each day is read from the history of the cases, so a case that was returned
counts as submitted until that day. An even pace goes from none before fieldwork to all cases at
the end of its last day, by the days from Monday to Friday.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models.functions import TruncDate

from cases.models import Case
from inspections.history import events_of
from inspections.models import Inspection

DONE_BY_THE_INSPECTOR = frozenset({Case.State.SUBMITTED.value, Case.State.SIGNED_OFF.value})
MOST_DAYS = 60
"""The most days that are shown, so that a slip in a date doesn't fill the page."""


@dataclass(frozen=True, slots=True)
class Day:
    """The end of ``day``: cases ``submitted`` (signed off ones among them), and ``signed_off``;
    ``None`` on days to come. ``pace`` is the number submitted at an even pace."""

    day: date
    pace: int
    submitted: int | None = None
    signed_off: int | None = None


@dataclass(frozen=True, slots=True)
class ByDay:
    """``total`` cases, and how far they were on each day of fieldwork."""

    total: int
    days: Sequence[Day]

    @property
    def latest(self) -> Day | None:
        """The last day that is not to come."""
        return next((day for day in reversed(self.days) if day.submitted is not None), None)

    @property
    def ahead(self) -> int:
        """How many more cases are submitted than at an even pace; negative for fewer."""
        latest = self.latest
        return 0 if latest is None else (latest.submitted or 0) - latest.pace


StateOfDay = tuple[int, date, str]
"""A case, a day on which something of it changed, and its state at the end of that day."""


def progress_by_day(inspection: Inspection, today: date) -> ByDay | None:
    """``None`` where the dates of fieldwork are not set, or there is no case; two queries."""
    start, end = inspection.fieldwork_start_date, inspection.fieldwork_end_date
    if start is None or end is None:
        return None
    cases = list(inspection.cases.in_sample().order_by().values_list("pk", flat=True))
    if not cases:
        return None
    ends_of_days = (
        events_of(Case)
        .filter(pgh_obj_id__in=cases)
        .annotate(day=TruncDate("pgh_created_at"))
        .order_by("pgh_obj_id", "day", "-pgh_id")
        .distinct("pgh_obj_id", "day")
    )
    states = ends_of_days.values_list("pgh_obj_id", "day", "state")
    return ByDay(len(cases), list(_days(states, len(cases), start, end, today)))


def _days(
    states: Iterable[StateOfDay], total: int, start: date, end: date, today: date
) -> Iterator[Day]:
    changes: defaultdict[date, dict[int, str]] = defaultdict(dict)
    for case, day, state in states:
        changes[day][case] = state
    now: dict[int, str] = {}
    working = [day for day in _all_days(start, end) if day.weekday() < 5] or [
        *_all_days(start, end)
    ]
    last = max([end, *(day for day in changes if start < day <= today)])
    for day in _all_days(min([start, *changes]), min(last, start + timedelta(days=MOST_DAYS))):
        now |= changes.get(day, {})
        if day < start or (day not in working and day not in changes):
            continue
        pace = round(Fraction(total * sum(one <= day for one in working), len(working)))
        if day > today:
            yield Day(day, pace)
        else:
            held = list(now.values())
            yield Day(
                day,
                pace,
                sum(state in DONE_BY_THE_INSPECTOR for state in held),
                held.count(Case.State.SIGNED_OFF),
            )


def _all_days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
