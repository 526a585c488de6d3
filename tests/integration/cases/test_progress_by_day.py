"""Progress by day of fieldwork, and the way from one submitted case to the next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from cases.actions import move_case
from cases.models import Case
from cases.progress_by_day import Day, _days, progress_by_day
from config.demonstration import builder
from inspections.models import Inspection
from tests.pages import read, words
from tests.scenes import Scene

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (date(2026, 3, day) for day in range(2, 8))


def days(states: list[tuple[int, date, str]], today: date, **more: Any) -> list[Day]:
    period: dict[str, Any] = {"total": 5, "start": MONDAY, "end": FRIDAY} | more
    return list(_days(states, today=today, **period))


def test_each_day_has_what_stood_at_its_end_against_an_even_pace() -> None:
    states = [
        (1, MONDAY, "SUBMITTED"),
        (2, MONDAY, "IN_PROGRESS"),
        (1, TUESDAY, "SIGNED_OFF"),
        (2, TUESDAY, "SUBMITTED"),
        (2, WEDNESDAY, "RETURNED"),
    ]
    assert days(states, WEDNESDAY) == [
        Day(MONDAY, 1, 1, 0),
        Day(TUESDAY, 2, 2, 1),
        Day(WEDNESDAY, 3, 1, 1),
        Day(THURSDAY, 4),
        Day(FRIDAY, 5),
    ]


def test_weekends_have_no_pace_and_show_only_if_something_happened() -> None:
    two_weeks = {"total": 10, "end": date(2026, 3, 13)}
    quiet = [one.day for one in days([], SATURDAY, **two_weeks)]
    assert SATURDAY not in quiet
    assert len(quiet) == 10
    busy = days([(1, SATURDAY, "SUBMITTED")], SATURDAY, **two_weeks)
    assert Day(SATURDAY, 5, 1, 0) in busy


def test_what_was_done_before_and_after_fieldwork_counts() -> None:
    states = [(1, date(2026, 2, 27), "SUBMITTED"), (1, date(2026, 3, 10), "SIGNED_OFF")]
    found = days(states, date(2026, 3, 11))
    assert found[0] == Day(MONDAY, 1, 1, 0)
    assert found[-1] == Day(date(2026, 3, 10), 5, 1, 1)


def test_fieldwork_within_a_weekend_is_paced_by_its_days() -> None:
    sunday = date(2026, 3, 8)
    assert [one.pace for one in days([], MONDAY, start=SATURDAY, end=sunday, total=4)] == [2, 4]


@pytest.fixture
def paced(scene: Scene) -> Scene:
    """Two cases of fieldwork that began today and ends today."""
    today = timezone.localdate()
    Inspection.objects.filter(pk=scene.inspection.pk).update(
        fieldwork_start_date=today, fieldwork_end_date=today
    )
    assert scene.second_case
    return scene


def submit(scene: Scene, case: Case) -> None:
    codes = scene.inspection.framework.case_questions("COURT")
    builder.answers(case, scene.inspector, **dict.fromkeys(codes, "YES"))
    move_case(case=case, to=Case.State.SUBMITTED, by=scene.inspector)


def test_the_lead_sees_it_as_a_chart_and_as_a_table(paced: Scene) -> None:
    submit(paced, paced.case)
    response = paced.get(paced.lead, "progress/")
    assert "1 of 2 cases submitted, 0 of them signed off. 1 fewer than at an even pace." in words(
        response
    )
    assert "app-by-day__chart" in response.content.decode()
    found = progress_by_day(paced.fresh(), timezone.localdate())
    assert found is not None
    assert found.latest == Day(timezone.localdate(), 2, 1, 0)


def test_others_do_not_see_it_and_without_dates_it_says_so(scene: Scene) -> None:
    assert "By day of fieldwork" not in read(scene.inspector, f"{scene.home}progress/")
    assert "both dates of fieldwork are set" in read(scene.lead, f"{scene.home}progress/")


def test_what_was_removed_or_taken_out_does_not_count(paced: Scene) -> None:
    submit(paced, paced.case)
    Case.objects.filter(pk=paced.second_case.pk).update(state=Case.State.TAKEN_OUT)
    found = progress_by_day(paced.fresh(), timezone.localdate())
    assert found is not None and found.latest
    assert (found.total, found.latest.submitted) == (1, 1)


def test_one_submitted_case_leads_to_the_next_in_a_fixed_order(paced: Scene) -> None:
    third = builder.case(paced.inspection, to=paced.inspector, reference="C-003")
    for one in (third, paced.case, paced.second_case):
        submit(paced, one)
    assert "Next submitted case: C-001" in read(paced.lead, f"{paced.home}cases/")
    case: Case | None = paced.case
    seen = []
    while case is not None:
        seen.append(case.reference)
        move_case(case=case, to=Case.State.SIGNED_OFF, by=paced.lead)
        page = read(paced.lead, case.get_absolute_url())
        last, case = case, paced.inspection.cases.next_submitted(after=case)
        if case is not None:
            assert f"Next submitted case: {case}" in page
    assert seen == ["C-001", "C-002", "C-003"]
    assert "No other submitted case waits for you." in read(paced.lead, last.get_absolute_url())
    assert "Next submitted case" not in read(paced.lead, f"{paced.home}cases/")


def test_after_the_last_in_order_the_first_comes_again(paced: Scene) -> None:
    submit(paced, paced.case)
    assert paced.inspection.cases.next_submitted(after=paced.second_case) == paced.case
    assert paced.inspection.cases.next_submitted(after=paced.case) is None


def test_only_the_lead_is_led_through_them(paced: Scene) -> None:
    submit(paced, paced.second_case)
    for page in (paced.case_page, f"{paced.home}cases/"):
        assert "Next submitted case" not in read(paced.inspector, page)
