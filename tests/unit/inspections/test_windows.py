"""The windows from which cases are sampled."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.framework import Group
from inspections.windows import Window, default_window, months_before

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("group", "start", "end"),
    [
        (Group.COURT, date(2020, 12, 13), date(2021, 3, 13)),
        (Group.OUT_OF_COURT, date(2021, 4, 13), date(2021, 6, 13)),
        (Group.RESETTLEMENT, date(2020, 9, 13), date(2021, 5, 13)),
    ],
)
def test_default_windows_are_counted_back_from_the_announcement(
    group: Group, start: date, end: date
) -> None:
    assert default_window(group, date(2021, 9, 13)) == Window(start, end)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2021, 8, 31), 6, date(2021, 2, 28)),
        (date(2020, 8, 31), 6, date(2020, 2, 29)),
        (date(2021, 10, 31), 4, date(2021, 6, 30)),
        (date(2021, 1, 15), 12, date(2020, 1, 15)),
    ],
)
def test_a_shorter_month_gives_its_last_day(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


@given(DAYS, st.integers(0, 24))
def test_months_before_is_never_a_later_day_of_the_month(day: date, months: int) -> None:
    earlier = months_before(day, months)
    assert earlier.day <= day.day
    assert (day.year * 12 + day.month) - (earlier.year * 12 + earlier.month) == months


def test_both_ends_belong_to_a_window() -> None:
    window = Window(date(2021, 3, 1), date(2021, 3, 3))
    inside = [date(2021, 3, day) in window for day in (1, 2, 3)]
    assert inside == [True, True, True]
    assert date(2021, 2, 28) not in window
    assert date(2021, 3, 4) not in window
