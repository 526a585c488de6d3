"""The calendar of the invented inspection, whatever day it is loaded on."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from config.demonstration.invented import months_before
from config.demonstration.northmere import fieldwork_around

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 1, 1))


@given(DAYS)
def test_fieldwork_began_on_a_monday_and_is_still_open(today: date) -> None:
    start, end = fieldwork_around(today)

    assert (start.weekday(), end.weekday()) == (0, 4)
    assert start + timedelta(days=3) <= today < end


@given(DAYS, st.integers(0, 24))
def test_a_window_reaches_back_by_whole_months(day: date, months: int) -> None:
    earlier = months_before(day, months)

    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == min(day.day, 28)
