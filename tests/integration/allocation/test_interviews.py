"""Interviews with case managers: planning them, what clashes, and their calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from cases.allocation.actions import add_interview, change_interview, remove_interview
from cases.models import Case, InterviewedCase, InterviewSlot
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.history import events_of
from inspections.models import Inspection, Membership, User
from inspections.versions import Conflict
from tests.pages import post, read, signed_in, words
from tests.scenes import Scene

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 3, 2)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def plan(
    scene: Scene,
    start: datetime,
    inspector: User | None = None,
    manager: str = "CM-1",
    cases: list[Case] | None = None,
    **details: Any,
) -> InterviewSlot:
    return add_interview(
        inspection=scene.inspection,
        details={
            "start_at": start,
            "minutes": 60,
            "inspector": inspector or scene.inspector,
            "case_manager": manager,
            "place": "",
            "note": "",
        }
        | details,
        cases=[one.pk for one in cases or []],
        by=scene.lead,
    )


def sent(scene: Scene, **changed: Any) -> dict[str, Any]:
    return {
        "base_version": 0,
        "interview_date_0": "2",
        "interview_date_1": "3",
        "interview_date_2": "2026",
        "start_time": "9:30",
        "minutes": "45",
        "inspector": scene.inspector.pk,
        "case_manager": "CM-4",
        "cases": [scene.case.pk],
        "place": "Room 2",
        "note": "Bring the plan.",
    } | changed


def test_an_interview_is_planned_changed_and_removed(scene: Scene) -> None:
    page = f"{scene.home}interviews/"
    assert "No interview is planned yet." in read(scene.inspector, page)
    post(scene.inspector, f"{page}add/", sent(scene))
    slot = InterviewSlot.objects.get()
    assert (slot.start_at, slot.end_at) == (at(9, 30), at(10, 15))
    assert slot.references == ["C-001"]
    shown = read(scene.lead, page)
    assert "Monday 2 March 2026" in shown
    assert "09:30 to 10:15 Ada Inspector CM-4 C-001 Room 2 Bring the plan." in shown
    changed = sent(scene, base_version=1, start_time="14.05", cases=[], place="")
    post(scene.lead, f"{page}{slot.pk}/", changed)
    assert "14:05 to 14:50 Ada Inspector CM-4 – – Bring the plan." in read(scene.lead, page)
    assert "Remove this interview?" in read(scene.lead, f"{page}{slot.pk}/remove/")
    post(scene.lead, f"{page}{slot.pk}/remove/", {"base_version": 2})
    assert not InterviewSlot.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"start_time": "half nine"}, "Enter the time at which it begins"),
        ({"start_time": ""}, "Enter the time at which it begins"),
        ({"minutes": "0"}, "Enter how many minutes it takes"),
        ({"minutes": "481"}, "Enter how many minutes it takes"),
        ({"case_manager": " "}, "Enter the service’s reference for the case manager."),
        ({"case_manager": "Emma Jones"}, "It looks like a name, which is not taken."),
        ({"interview_date_1": "13"}, "Enter a real date"),
        ({"inspector": ""}, "Choose an inspector."),
        ({"cases": ["999999"]}, "A case that you chose can’t be chosen any more."),
        (
            {"interview_date_0": "29", "start_time": "1:30"},
            "Clocks change on that day, so this time comes twice or not at all.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(
    scene: Scene, changed: dict[str, Any], said: str
) -> None:
    response = scene.post(scene.lead, "interviews/add/", **sent(scene, **changed))
    assert response.status_code == 200
    assert said in words(response)
    assert "Bring the plan." in response.content.decode()
    assert not InterviewSlot.objects.exists()


def test_times_are_those_of_clocks_here_before_and_after_they_change(scene: Scene) -> None:
    for day in ("28", "30"):
        post(scene.lead, f"{scene.home}interviews/add/", sent(scene, interview_date_0=day))
    before, after = InterviewSlot.objects.order_by("start_at")
    assert (before.start_at, after.start_at) == (
        datetime(2026, 3, 28, 9, 30, tzinfo=UTC),
        datetime(2026, 3, 30, 8, 30, tzinfo=UTC),
    )
    shown = read(scene.lead, f"{scene.home}interviews/")
    assert shown.count("09:30 to 10:15") == 2
    page = signed_in(scene.lead).get(f"{scene.home}interviews/{after.pk}/").content.decode()
    assert 'value="09:30"' in page
    days = events(calendar(scene, scene.lead))
    assert [str(one["dtstart"].dt.astimezone(LONDON).time()) for one in days] == ["09:30:00"] * 2


@pytest.mark.parametrize(
    ("inspector", "manager", "minutes_later", "said"),
    [
        ("inspector", "CM-2", 30, ["Ada Inspector has another interview then"]),
        ("colleague", "cm-1 ", 30, ["Case manager CM-1 has another interview then"]),
        ("inspector", "CM-1", 0, ["Ada Inspector and Case manager CM-1 has another"]),
        ("colleague", "CM-2", 30, []),
        ("inspector", "CM-1", 60, []),
    ],
)
def test_clashes_are_said_beside_both_and_stop_nothing(
    scene: Scene, inspector: str, manager: str, minutes_later: int, said: list[str]
) -> None:
    plan(scene, at(10))
    later = at(10) + timedelta(minutes=minutes_later)
    plan(scene, later, getattr(scene, inspector), manager)
    shown = read(scene.lead, f"{scene.home}interviews/")
    assert shown.count("Clash.") == 2 * len(said)
    for one in said:
        assert one in shown
    assert ("2 interviews clash." in shown) == bool(said)


def test_a_clash_is_said_when_it_is_saved(scene: Scene) -> None:
    plan(scene, at(9, 45))
    response = signed_in(scene.lead).post(f"{scene.home}interviews/add/", sent(scene), follow=True)
    assert "It clashes. Ada Inspector has another interview then: 09:45 to 10:45" in words(response)
    assert InterviewSlot.objects.count() == 2


def test_a_stale_slot_shows_both_versions(scene: Scene) -> None:
    post(scene.lead, f"{scene.home}interviews/add/", sent(scene))
    slot = InterviewSlot.objects.get()
    post(scene.lead, f"{scene.home}interviews/{slot.pk}/", sent(scene, base_version=1, minutes=90))
    stale = sent(scene, base_version=1, place="Room 9")
    response = scene.post(scene.inspector, f"interviews/{slot.pk}/", **stale)
    assert response.status_code == 409
    said = words(response)
    assert "What you wrote is not saved yet" in said
    assert "Minutes 45 90" in said
    assert "Room 9 Room 2" in said
    slot.refresh_from_db()
    assert (slot.version, slot.minutes, slot.place) == (2, 90, "Room 2")
    remove = f"{scene.home}interviews/{slot.pk}/remove/"
    said = post(scene.inspector, remove, {"base_version": 1}, expect=409)
    assert "It was changed after you opened this page." in said
    post(scene.inspector, f"{scene.home}interviews/{slot.pk}/", stale | {"base_version": 2})
    slot.refresh_from_db()
    assert (slot.version, slot.minutes, slot.place) == (3, 45, "Room 9")


def test_a_slot_removed_meanwhile_is_offered_anew_with_what_was_typed(scene: Scene) -> None:
    slot = plan(scene, at(10))
    remove_interview(slot=slot, base_version=1, by=scene.lead)
    page = f"interviews/{slot.pk}/"
    assert scene.get(scene.lead, page).status_code == 404
    response = scene.post(scene.lead, page, **sent(scene, base_version=1))
    assert "Somebody removed this interview since you opened the page." in words(response)
    assert "Bring the plan." in response.content.decode()
    assert f'action="{scene.home}interviews/add/"' in response.content.decode()
    assert scene.post(scene.lead, f"{page}remove/", base_version=1).status_code == 302
    with pytest.raises(Conflict):
        remove_interview(slot=slot, base_version=1, by=scene.lead)


def test_somebody_removed_from_the_team_is_named_and_given_no_further_slot(scene: Scene) -> None:
    slot = plan(scene, at(10), scene.colleague)
    Membership.objects.filter(user=scene.colleague).delete()
    assert "Not on the team any more." in read(scene.lead, f"{scene.home}interviews/")
    with pytest.raises(Refused, match="Grace Inspector is not an inspector"):
        plan(scene, at(12), scene.colleague)
    changed = sent(scene, base_version=slot.version, inspector=scene.colleague.pk)
    said = words(scene.post(scene.lead, f"interviews/{slot.pk}/", **changed))
    assert "not an inspector of this inspection’s team any more" in said


def calendar(scene: Scene, person: User, filters: str = "") -> bytes:
    response = signed_in(person).get(f"{scene.home}interviews/calendar/{filters}")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert ".ics" in response["Content-Disposition"]
    return bytes(response.content)


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_the_calendar_reads_back_with_our_references_alone(scene: Scene) -> None:
    Case.objects.filter(pk=scene.case.pk).update(offence_type="Burglary", age=15, gender="FEMALE")
    slot = plan(
        scene,
        at(10),
        cases=[scene.case, scene.second_case],
        place="Room 2; first floor, left",
        note="A child’s own story",
    )
    content = calendar(scene, scene.lead)
    [event] = events(content)
    assert event["summary"] == "Interview: case manager CM-1, C-001, C-002"
    assert event["location"] == "Room 2; first floor, left"
    assert event["dtstart"].dt == slot.start_at
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=1)
    assert (event["uid"], event["sequence"]) == (
        f"interview-{slot.pk}@record-inspection-fieldwork",
        0,
    )
    for detail in ("story", "Burglary", "FEMALE", "Female"):
        assert detail not in content.decode()
    # Times, and the names of services here, may have the number of the age in them.
    assert event["description"] == f"{scene.inspection.service}. Inspector: {scene.inspector}."
    change_interview(
        slot=slot,
        details={"start_at": at(11), "inspector": scene.inspector},
        cases=[],
        base_version=1,
        by=scene.lead,
    )
    [again] = events(calendar(scene, scene.lead))
    assert (again["uid"], again["sequence"]) == (event["uid"], 1)


def test_an_inspector_downloads_their_own(scene: Scene) -> None:
    plan(scene, at(10), manager="MINE")
    plan(scene, at(12), scene.colleague, manager="OTHERS")
    own = calendar(scene, scene.inspector, "?mine=on").decode()
    assert "MINE" in own
    assert "OTHERS" not in own
    assert "OTHERS" in calendar(scene, scene.inspector).decode()


def test_an_inspector_sees_their_next_interviews_on_the_home_page(scene: Scene) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    plan(scene, now - timedelta(days=1), manager="PAST")
    plan(scene, now - timedelta(minutes=30), manager="NOW", place="Room 2")
    plan(scene, now + timedelta(days=1), manager="SOON", cases=[scene.case])
    plan(scene, now + timedelta(days=1), scene.colleague, manager="OTHERS")
    shown = read(scene.inspector, scene.home)
    assert "Your next interviews" in shown
    for there in ("case manager NOW, Room 2", "case manager SOON, C-001"):
        assert there in shown
    for not_there in ("PAST", "OTHERS"):
        assert not_there not in shown
    assert "Your next interviews" not in read(scene.panel, scene.home)


@pytest.mark.parametrize(
    ("who", "seen", "planned"),
    [("lead", 200, 302), ("inspector", 200, 302), ("panel", 403, 403), ("outsider", 404, 404)],
)
def test_who_sees_and_plans_interviews(scene: Scene, who: str, seen: int, planned: int) -> None:
    person = getattr(scene, who)
    for page in ("interviews/", "interviews/calendar/", "interviews/add/"):
        assert scene.get(person, page).status_code == seen
    response = scene.post(person, "interviews/add/", **sent(scene))
    assert response.status_code == planned
    assert InterviewSlot.objects.exists() == (planned == 302)


def test_an_interview_about_a_case_is_planned_from_its_page(scene: Scene) -> None:
    address = f"{scene.home}interviews/add/?case={scene.case.pk}"
    assert address in scene.get(scene.inspector, f"cases/{scene.case.pk}/").content.decode()
    form = signed_in(scene.inspector).get(address).context["form"]
    assert form.initial["cases"] == [scene.case.pk]
    assert form.initial["inspector"] == scene.inspector.pk
    for odd in ("x", "-1", "9" * 40, ""):
        odd_address = f"{scene.home}interviews/add/?case={odd}"
        assert "Plan an interview" in read(scene.inspector, odd_address)


def test_after_fieldwork_the_timetable_is_read_and_not_changed(scene: Scene) -> None:
    slot = plan(scene, at(10))
    Inspection.objects.update(state=Inspection.State.REVIEW)
    shown = read(scene.lead, f"{scene.home}interviews/")
    assert "Fieldwork has closed" in shown
    assert "Plan an interview" not in shown
    response = scene.post(scene.lead, f"interviews/{slot.pk}/", **sent(scene, base_version=1))
    assert "Fieldwork has closed" in words(response)
    assert "Bring the plan." in response.content.decode()


def test_an_interview_is_about_cases_of_its_inspection(scene: Scene) -> None:
    elsewhere = builder.case(builder.inspection())
    with pytest.raises(Refused, match="was removed since you opened the page"):
        plan(scene, at(10), cases=[elsewhere])


def test_what_becomes_of_an_interview_is_kept(scene: Scene) -> None:
    slot = plan(scene, at(9), cases=[scene.case])
    change_interview(
        slot=slot,
        details={
            "start_at": at(10),
            "minutes": 45,
            "inspector": scene.colleague,
            "case_manager": "CM-1",
            "place": "Room 2",
            "note": "",
        },
        cases=[],
        base_version=1,
        by=scene.inspector,
    )
    remove_interview(slot=InterviewSlot.objects.get(), base_version=2, by=scene.lead)
    kept = events_of(InterviewSlot).order_by("pgh_id")
    assert [(one.pgh_label, one.minutes, one.pgh_context["user"]) for one in kept] == [
        ("insert", 60, scene.lead.pk),
        ("update", 45, scene.inspector.pk),
        ("delete", 45, scene.lead.pk),
    ]
    about = events_of(InterviewedCase).order_by("pgh_id")
    assert [(one.pgh_label, one.case_id) for one in about] == [
        ("insert", scene.case.pk),
        ("delete", scene.case.pk),
    ]
