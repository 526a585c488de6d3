"""The history of a meeting's arrangements: its day, its people, and why it changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.demonstration import builder
from inspections.models import User
from ratings.models import PanelMeeting
from ratings.panel.history import changes_of_meeting
from ratings.panel.meeting_actions import (
    arrange_meeting,
    cancel_meeting,
    change_meeting,
    meeting_version,
)
from tests.pages import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return builder.user("Alex Administrator", is_staff=True)


@pytest.fixture
def meeting(administrator: User) -> PanelMeeting:
    return arrange_meeting(
        meeting_date=date(2027, 3, 12),
        chair=builder.user("Carol Chair"),
        members=[builder.user("Mo Member")],
        by=administrator,
    )


def change(
    meeting: PanelMeeting,
    by: User,
    day: date,
    *members: User,
    reason: str = "The hall is taken.",
) -> None:
    change_meeting(
        meeting=meeting,
        meeting_date=day,
        chair=meeting.chair,
        members=members,
        reason=reason,
        base_version=meeting_version(meeting),
        by=by,
    )


@pytest.mark.django_db(transaction=True)
def test_arranging_changing_and_cancelling_are_entries_with_their_reasons(
    meeting: PanelMeeting, administrator: User
) -> None:
    change(meeting, administrator, date(2027, 3, 19), builder.user("Nora Newcomer"))
    cancel_meeting(meeting=meeting, reason="Nobody can come.", by=administrator)
    cancelled, changed, arranged = changes_of_meeting(meeting)
    assert (arranged.who, arranged.did, arranged.reason) == ("Alex Administrator", "Added", "")
    assert arranged.fields == (
        ("Date", "", "12 March 2027"),
        ("Chair", "", "Carol Chair"),
        ("Members, with the chair", "", "Carol Chair; Mo Member"),
    )
    assert (changed.did, changed.reason) == ("Changed", "The hall is taken.")
    assert changed.fields == (
        ("Date", "12 March 2027", "19 March 2027"),
        ("Members, with the chair", "Carol Chair; Mo Member", "Carol Chair; Nora Newcomer"),
    )
    assert cancelled.reason == "Nobody can come."
    assert [one.label for one in cancelled.fields] == ["Cancelled"]


def test_whoever_sees_the_meeting_sees_its_history(
    meeting: PanelMeeting, administrator: User
) -> None:
    address = reverse("ratings:meeting_history", args=[meeting.pk])
    for person in (administrator, meeting.chair):
        page = signed_in(person).get(reverse("ratings:meeting", args=[meeting.pk])).text
        assert address in page
        assert "Mo Member" in words(signed_in(person).get(address))
    assert signed_in(builder.user()).get(address).status_code == 404


def test_every_change_is_in_it_and_the_latest_on_the_meetings_page(
    meeting: PanelMeeting, administrator: User
) -> None:
    change(meeting, administrator, date(2027, 3, 19))
    meeting.refresh_from_db()
    change(meeting, administrator, date(2027, 4, 2), reason="The chair is away.")
    address = reverse("ratings:meeting", args=[meeting.pk])
    page = words(signed_in(administrator).get(address))
    assert "The chair is away. Before: 19 March 2027, chaired by Carol Chair" in page
    assert "The hall is taken." not in page
    history = reverse("ratings:meeting_history", args=[meeting.pk])
    page = words(signed_in(administrator).get(history))
    assert page.index("The chair is away.") < page.index("The hall is taken.")


def test_it_shows_no_other_meeting(meeting: PanelMeeting, administrator: User) -> None:
    arrange_meeting(
        meeting_date=date(2027, 4, 1),
        chair=builder.user("Other Chair"),
        members=[],
        by=administrator,
    )
    page = signed_in(administrator).get(reverse("ratings:meeting_history", args=[meeting.pk]))
    assert "Other Chair" not in words(page)


def test_many_changes_take_as_many_queries_as_one(
    meeting: PanelMeeting, administrator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        day = timezone.localdate() + timedelta(days=number + 1)
        change(meeting, administrator, day, builder.user())
        meeting.refresh_from_db()
    with django_assert_num_queries(3):
        changes_of_meeting(meeting)
