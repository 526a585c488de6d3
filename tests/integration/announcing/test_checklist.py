"""What the service was asked to send before fieldwork."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.announcing import actions
from inspections.announcing.checklist import checklist_from, checklist_of
from inspections.models import Inspection, RequestedItem, User
from tests import scenes
from tests.pages import post, read
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 11)
Kind = RequestedItem.Kind


@pytest.fixture
def scene() -> Scene:
    made = scenes.team()
    scenes.move_to(made.inspection, Inspection.State.PREPARATION)
    return made


def on(**days: date) -> dict[str, Any]:
    return {
        f"{name}_date_{place}": part
        for name, day in days.items()
        for place, part in enumerate((day.day, day.month, day.year))
    }


@pytest.mark.parametrize(
    ("asked", "due", "received", "status", "overdue"),
    [
        (None, None, None, "Not asked", 0),
        (-9, None, None, "Asked", 0),
        (-9, 0, None, "Asked", 0),
        (-9, -1, None, "Outstanding", 1),
        (-9, -5, -2, "Received", 0),
        (None, None, 0, "Received", 0),
    ],
)
def test_an_item_is_asked_outstanding_or_received(
    asked: int | None, due: int | None, received: int | None, status: str, overdue: int
) -> None:
    days = [None if n is None else TODAY + timedelta(days=n) for n in (asked, due, received)]
    item = RequestedItem(
        kind=Kind.NARRATIVE, asked_date=days[0], due_date=days[1], received_date=days[2]
    )
    checklist = checklist_from([item], TODAY)
    [line] = [line for line in checklist.lines if line.item is item]
    assert (line.status.label, line.days_overdue) == (status, overdue)
    assert checklist.total == 6
    assert (checklist.received, checklist.overdue) == (status == "Received", bool(overdue))


def test_the_service_is_asked_for_several_things_at_once(scene: Scene) -> None:
    today = timezone.localdate()
    due = today + timedelta(days=14)
    sent = {"kinds": [Kind.NARRATIVE, Kind.CASELOAD_LIST]} | on(asked=today, due=due)
    post(scene.lead, f"{scene.home}checklist/ask/", sent)
    items = {item.kind: item for item in scene.inspection.requested_items.all()}
    assert set(items) == {Kind.NARRATIVE, Kind.CASELOAD_LIST}
    assert (items[Kind.NARRATIVE].due_date, items[Kind.NARRATIVE].saved_by) == (due, scene.lead)
    assert "Ask the service for 4 things on the checklist" in read(scene.lead, scene.home)
    # Whoever asks at the same moment changes nothing of it.
    actions.ask_for(
        inspection=scene.inspection,
        kinds=[Kind.NARRATIVE],
        asked_date=today,
        due_date=None,
        by=scene.lead,
    )
    assert scene.inspection.requested_items.get(kind=Kind.NARRATIVE).version == 1


def test_what_came_is_recorded(scene: Scene) -> None:
    address = f"{scene.home}checklist/caseload-list/"
    days = on(asked=date(2026, 1, 5), due=date(2026, 1, 20))
    post(scene.lead, address, {"base_version": 0, "note": "Asked the head"} | days)
    page = read(scene.lead, f"{scene.home}checklist/")
    assert "overdue" in page and "Outstanding" in page and "Asked the head" in page
    assert "Remind the service of 1 thing overdue" in read(scene.lead, scene.home)
    received = on(received=date(2026, 1, 22))
    post(scene.lead, address, {"base_version": 1, "note": ""} | days | received)
    page = read(scene.inspector, f"{scene.home}checklist/")
    assert "1 of 6 received" in page and "overdue" not in page
    assert "Caseload list: received: 22 January 2026" in page


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (
            {"asked": date(2026, 1, 5), "due": date(2026, 1, 4)},
            "It can&#x27;t be due before it was asked for.",
        ),
        (
            {"asked": date(2026, 1, 5), "received": date(2026, 1, 4)},
            "It can&#x27;t have arrived before it was asked for.",
        ),
        ({"due": date(2026, 1, 4)}, "Enter the date on which it was asked."),
        ({"received": date(2036, 1, 4)}, "Enter a date that is today or in the past."),
    ],
)
def test_dates_that_cannot_be_are_refused(scene: Scene, days: dict[str, date], said: str) -> None:
    address = f"{scene.home}checklist/narrative/"
    sent = {"base_version": 0, "note": "Kept note"} | on(**days)
    page = post(scene.lead, address, sent, expect=200)
    assert said in page and "Kept note" in page
    assert not scene.inspection.requested_items.exists()


def test_the_database_refuses_them_too(scene: Scene) -> None:
    made = {"saved_at": timezone.now(), "saved_by": scene.lead, "asked_date": TODAY}
    early = TODAY - timedelta(days=1)
    for field, name in (("due_date", "due_after"), ("received_date", "received_after")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            scene.inspection.requested_items.create(kind="NARRATIVE", **{field: early}, **made)


def test_a_stale_page_shows_both(scene: Scene) -> None:
    admin = builder.user("Alex Administrator", is_staff=True)
    address = f"{scene.home}checklist/narrative/"
    post(admin, address, {"base_version": 0, "note": "By Alex"} | on(asked=TODAY))
    said = post(scene.lead, address, {"base_version": 0, "note": "By Priya"}, expect=409)
    assert "Alex Administrator saved another version" in said
    assert "By Priya By Alex" in said
    item = scene.inspection.requested_items.get()
    assert (item.note, item.version) == ("By Alex", 1)


@pytest.mark.parametrize("who", ["inspector", "panel"])
def test_others_see_the_checklist_and_keep_none(scene: Scene, who: str) -> None:
    person: User = getattr(scene, who)
    page = read(person, f"{scene.home}checklist/")
    assert "Only the lead inspector and administrators keep the checklist." in page
    for address in ("ask/", "narrative/"):
        read(person, f"{scene.home}checklist/{address}", expect=403)
    with pytest.raises(Refused):
        actions.ask_for(
            inspection=scene.inspection,
            kinds=[Kind.NARRATIVE],
            asked_date=TODAY,
            due_date=None,
            by=person,
        )
    read(scene.outsider, f"{scene.home}checklist/", expect=404)


def test_an_unknown_item_does_not_exist(scene: Scene) -> None:
    read(scene.lead, f"{scene.home}checklist/nothing/", expect=404)


def test_nothing_is_asked_again_that_was_asked(scene: Scene) -> None:
    for kind in Kind:
        actions.record_requested_item(
            inspection=scene.inspection,
            kind=kind,
            asked_date=TODAY,
            due_date=None,
            received_date=None,
            note="",
            base_version=0,
            by=scene.lead,
        )
    assert "asked for everything on the checklist" in read(
        scene.lead, f"{scene.home}checklist/ask/"
    )
    assert checklist_of(scene.inspection, TODAY).not_asked == []
