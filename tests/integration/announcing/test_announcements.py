"""Announcing an inspection, changing its announcement, and moving it on to fieldwork."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.actions import move_inspection
from inspections.announcing import actions
from inspections.framework import Group
from inspections.models import Inspection, Service, User
from inspections.versions import Conflict
from inspections.windows import Window
from tests import scenes
from tests.forms import forms_on, made_since, rows
from tests.pages import post, read, signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

State = Inspection.State


@pytest.fixture
def admin() -> User:
    return builder.user("Alex Administrator", is_staff=True)


@pytest.fixture
def lead() -> User:
    return builder.user("Lena Lead")


def dates(**days: date) -> dict[str, Any]:
    return {
        f"{name}_date_{place}": part
        for name, day in days.items()
        for place, part in enumerate((day.day, day.month, day.year))
    }


DAYS = {
    "announced": date(2026, 10, 12),
    "fieldwork_start": date(2026, 12, 7),
    "fieldwork_end": date(2026, 12, 18),
}


def sent(**more: Any) -> dict[str, Any]:
    return {"base_version": 0, "gives_ratings": "yes"} | dates(**DAYS) | more


def announced(admin: User, lead: User | None = None, **more: Any) -> Inspection:
    fields = {f"{name}_date": day for name, day in DAYS.items()} | {"gives_ratings": True} | more
    service, _ = Service.objects.get_or_create(name="Northmere")
    return actions.announce_inspection(
        service=service, edition="2021", lead=lead, by=admin, **fields
    )


def test_an_inspection_is_announced(admin: User, lead: User) -> None:
    service = Service.objects.create(name="Northmere")
    form = read(admin, "/announcements/add/", {"service": service.pk})
    assert "Against which edition of the standards?" in form
    data = sent(service=service.pk, edition="2018", gives_ratings="no", lead=lead.pk)
    post(admin, "/announcements/add/", data)
    inspection = Inspection.objects.get()
    assert (inspection.state, inspection.edition_id) == (State.ANNOUNCED, "2018")
    assert (inspection.gives_ratings, inspection.version) == (False, 1)
    assert (inspection.announced_date, inspection.saved_by) == (date(2026, 10, 12), admin)
    assert inspection.role_of(lead) == "LEAD_INSPECTOR"
    assert inspection.sampling_windows == {
        Group.COURT: Window(date(2026, 1, 12), date(2026, 4, 12)),
        Group.OUT_OF_COURT: Window(date(2026, 5, 12), date(2026, 7, 12)),
        Group.RESETTLEMENT: Window(date(2025, 10, 12), date(2026, 6, 12)),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"edition": ""}, "Select the edition of the standards."),
        ({"service": ""}, "Select the service."),
        ({"announced_date_1": "13"}, "Enter a real date, such as 14 3 2026."),
        ({"announced_date_2": "26"}, "Enter a year of four digits"),
        (dates(fieldwork_start=date(2026, 10, 1)), "Fieldwork can't start before the announcement"),
        (dates(fieldwork_end=date(2026, 12, 1)), "Fieldwork can't end before it starts."),
    ],
)
def test_what_is_wrong_is_said_beside_its_cause(
    admin: User, change: dict[str, Any], said: str
) -> None:
    service = Service.objects.create(name="Northmere")
    data = sent(service=service.pk, edition="2021") | change
    page = signed_in(admin).post("/announcements/add/", data)
    assert page.status_code == 200
    assert said.replace("'", "&#x27;") in words(page)
    assert not Inspection.objects.exists()


def test_no_edition_follows_from_a_date(admin: User) -> None:
    Service.objects.create(name="Northmere")
    html = signed_in(admin).get("/announcements/add/").content.decode()
    edition = html[html.index('name="edition"') : html.index('name="announced_date_0"')]
    assert "checked" not in edition


@pytest.mark.parametrize("address", ["/", "/announcements/", "/announcements/add/"])
def test_without_a_service_one_is_added_first(admin: User, address: str) -> None:
    html = signed_in(admin).get(address).content.decode()
    assert 'href="/services/add/"' in html and "irst" in html
    assert 'name="edition"' not in html and "?service=" not in html


def test_nobody_gives_themselves_a_part(admin: User) -> None:
    with pytest.raises(Refused, match="Nobody gives themselves a role"):
        announced(admin, admin)


def test_a_service_removed_meanwhile_is_not_inspected(admin: User) -> None:
    service = Service.objects.create(name="Northmere")
    Service.objects.all().delete()
    with pytest.raises(Conflict, match="This service was removed meanwhile."):
        actions.announce_inspection(
            service=service,
            edition="2021",
            gives_ratings=True,
            lead=None,
            by=admin,
            **{f"{name}_date": day for name, day in DAYS.items()},
        )


def test_only_administrators_announce(lead: User) -> None:
    with pytest.raises(Refused, match="Only administrators announce inspections"):
        announced(lead)


# --- Its set-up


def test_an_administrator_sees_the_set_up_and_nothing_recorded(admin: User) -> None:
    scene = scenes.team()
    page = read(admin, f"{scene.home}announcement/")
    assert "Windows for sampling" in page and "Priya Lead" in page
    assert scene.case.reference not in page
    for address in ("", "cases/", "ratings/", "evidence/"):
        read(admin, f"{scene.home}{address}", expect=404)
    html = signed_in(admin).get(f"{scene.home}announcement/").content.decode()
    assert f'href="{scene.home}"' not in html


@pytest.mark.parametrize("who", ["lead", "inspector", "panel"])
def test_everybody_on_an_inspection_sees_its_set_up(who: str) -> None:
    scene = scenes.team()
    person = getattr(scene, who)
    page = read(person, f"{scene.home}announcement/")
    assert ("Change the announcement" in page) == (who == "lead")
    read(scene.outsider, f"{scene.home}announcement/", expect=404)
    status = 200 if who == "lead" else 403
    for address in ("change/", "windows/"):
        read(person, f"{scene.home}announcement/{address}", expect=status)
    read(person, f"{scene.home}announcement/remove/", expect=403)


def test_all_inspections_say_where_each_stands(admin: User, lead: User) -> None:
    announced(admin, lead)
    sealed = builder.inspection("2018", "Southmere", fieldwork_start_date=date(2020, 3, 2))
    page = read(admin, "/announcements/")
    assert "2 inspections" in page and "Lena Lead" in page and "Not assigned" in page
    assert str(sealed.service) in page
    assert "1 inspection" in read(admin, "/announcements/", {"service": "NORTH\u200bmere"})
    assert "1 inspection" in read(admin, "/announcements/", {"state": "ANNOUNCED"})
    assert "No inspection is like this." in read(admin, "/announcements/", {"service": "West"})


def test_my_inspections_show_where_each_stands(admin: User, lead: User) -> None:
    inspection = announced(admin, lead)
    actions.ask_for(
        inspection=inspection,
        kinds=["NARRATIVE"],
        asked_date=date(2026, 1, 5),
        due_date=date(2026, 1, 20),
        by=lead,
    )
    page = read(lead, "/")
    assert "Announced" in page and "Checklist: 0 of 6 received, 1 overdue" in page


# --- Changing it


def test_the_announcement_is_changed(admin: User, lead: User) -> None:
    inspection = announced(admin, lead)
    address = f"/inspections/{inspection.pk}/announcement/change/"
    new = dates(announced=date(2026, 11, 2), fieldwork_end=date(2026, 12, 20))
    post(lead, address, sent(base_version=1, gives_ratings="no") | new)
    inspection.refresh_from_db()
    assert (inspection.version, inspection.saved_by) == (2, lead)
    assert (inspection.fieldwork_end_date, inspection.gives_ratings) == (date(2026, 12, 20), False)
    # The usual windows follow the announcement.
    assert inspection.sampling_windows[Group.COURT] == Window(date(2026, 2, 2), date(2026, 5, 2))
    page = read(admin, f"/inspections/{inspection.pk}/announcement/")
    assert "Gives ratings: No (before: Yes)" in page
    assert "Fieldwork ends: 20 December 2026 (before: 18 December 2026)" in page


def test_a_stale_change_shows_both(admin: User, lead: User) -> None:
    inspection = announced(admin, lead)
    address = f"/inspections/{inspection.pk}/announcement/change/"
    end = dates(fieldwork_end=date(2026, 12, 20))
    post(lead, address, sent(base_version=1) | end)
    said = post(admin, address, sent(base_version=1, gives_ratings="no"), expect=409)
    assert "Lena Lead saved another version" in said
    assert "18 December 2026 20 December 2026" in said
    inspection.refresh_from_db()
    assert inspection.gives_ratings


@pytest.mark.parametrize("state", [State.PANEL, State.SEALED])
def test_with_the_panel_the_announcement_stays(lead: User, state: State) -> None:
    scene = scenes.before_panel()
    said = read(scene.lead, f"{scene.home}announcement/change/", expect=403)
    assert "with the ratings panel, so its announcement" in said
    with pytest.raises(Refused):
        actions.change_announcement(
            inspection=scene.inspection,
            announced_date=date(2026, 1, 1),
            fieldwork_start_date=date(2026, 2, 1),
            fieldwork_end_date=date(2026, 2, 2),
            gives_ratings=False,
            base_version=1,
            by=scene.lead,
        )


def test_the_database_refuses_dates_that_cannot_be() -> None:
    inspection = builder.inspection(announced_date=date(2026, 3, 1))
    of_it = Inspection.objects.filter(pk=inspection.pk)
    with pytest.raises(IntegrityError, match="follows_its_announcement"), transaction.atomic():
        of_it.update(fieldwork_start_date=date(2026, 2, 1))


# --- Windows


def window_dates(**windows: tuple[date, date]) -> dict[str, Any]:
    return {
        name: value
        for group, (start, end) in windows.items()
        for name, value in dates(**{f"{group}_start": start, f"{group}_end": end}).items()
    }


def test_one_period_for_all_groups(admin: User) -> None:
    inspection = announced(admin)
    address = f"/inspections/{inspection.pk}/announcement/windows/"
    window = window_dates(all=(date(2026, 1, 1), date(2026, 6, 30)))
    post(admin, address, {"base_version": 1, "periods": "one"} | window)
    windows = inspection.sampling_windows
    assert set(windows.values()) == {Window(date(2026, 1, 1), date(2026, 6, 30))}
    assert len(windows) == 3
    page = signed_in(admin).get(address).content.decode()
    chosen = page[page.index('value="one"') :]
    assert "checked" in chosen[: chosen.index(">")]
    # A window of one's own stays when the announcement moves.
    change = f"/inspections/{inspection.pk}/announcement/change/"
    post(admin, change, sent(base_version=2) | dates(announced=date(2026, 11, 2)))
    assert Inspection.objects.get().sampling_windows == windows


def test_a_period_for_each_group_and_back_to_the_usual_ones(admin: User) -> None:
    inspection = announced(admin)
    usual = inspection.sampling_windows
    address = f"/inspections/{inspection.pk}/announcement/windows/"
    periods = {
        group: (date(2026, month, 1), date(2026, month, 28))
        for month, group in enumerate(("COURT", "OUT_OF_COURT", "RESETTLEMENT"), start=1)
    }
    post(admin, address, {"base_version": 1, "periods": "each"} | window_dates(**periods))
    assert inspection.sampling_windows[Group.OUT_OF_COURT].start_date == date(2026, 2, 1)
    page = read(admin, f"/inspections/{inspection.pk}/announcement/")
    assert "Court disposal: first day: 1 January 2026 (before: 12 January 2026)" in page
    post(admin, address, {"base_version": 2, "periods": "usual"})
    assert Inspection.objects.get().sampling_windows == usual


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"periods": ""}, "Select the windows."),
        ({"periods": "one"}, "Enter the first day of this window."),
        (
            {"periods": "one"} | window_dates(all=(date(2026, 6, 2), date(2026, 6, 1))),
            "The last day can&#x27;t be before the first.",
        ),
    ],
)
def test_a_period_that_cannot_be_is_refused(admin: User, data: dict[str, Any], said: str) -> None:
    inspection = announced(admin)
    address = f"/inspections/{inspection.pk}/announcement/windows/"
    assert said in post(admin, address, {"base_version": 1} | data, expect=200)
    assert inspection.sampling_windows == actions.usual_windows(DAYS["announced"])


def test_a_window_stays_once_a_sample_is_drawn_from_it(admin: User) -> None:
    inspection = announced(admin)
    inspection.windows.filter(group="COURT").update(drawn_at=timezone.now())
    address = f"/inspections/{inspection.pk}/announcement/windows/"
    assert "Stays: a sample is drawn from it" in read(
        admin, f"/inspections/{inspection.pk}/announcement/"
    )
    page = read(admin, address)
    assert "A sample is drawn from this window, so it stays: Court disposal 12 January 2026" in page
    for not_asked in ("Court disposal: first day", "All groups", "One window for all groups"):
        assert not_asked not in page
    assert "Out-of-court disposal: first day" in page
    # It was opened before the draw.
    court = window_dates(COURT=(date(2026, 1, 1), date(2026, 6, 30)))
    others = window_dates(
        OUT_OF_COURT=(date(2026, 5, 1), date(2026, 6, 30)),
        RESETTLEMENT=(date(2025, 5, 1), date(2026, 6, 30)),
    )
    asked = {"base_version": 1, "periods": "each"} | others
    said = post(admin, address, asked | court, expect=200)
    assert "A sample of court disposal cases was drawn since you opened the page" in said
    before = inspection.sampling_windows
    post(admin, address, asked)
    assert Inspection.objects.get().sampling_windows == {
        Group.COURT: before[Group.COURT],
        Group.OUT_OF_COURT: Window(date(2026, 5, 1), date(2026, 6, 30)),
        Group.RESETTLEMENT: Window(date(2025, 5, 1), date(2026, 6, 30)),
    }
    post(admin, address, {"base_version": 2, "periods": "usual"})
    assert Inspection.objects.get().sampling_windows == before
    # A new day of announcement moves only the others.
    change = f"/inspections/{inspection.pk}/announcement/change/"
    post(admin, change, sent(base_version=3) | dates(announced=date(2026, 11, 2)))
    after = Inspection.objects.get().sampling_windows
    assert after[Group.COURT] == before[Group.COURT]
    assert after[Group.RESETTLEMENT].end_date == date(2026, 7, 2)
    with pytest.raises(IntegrityError, match="so it stays as it is"), transaction.atomic():
        inspection.windows.filter(group="COURT").update(end_date=date(2026, 5, 1))


def test_with_a_sample_of_every_group_no_period_is_asked(admin: User) -> None:
    inspection = announced(admin)
    inspection.windows.update(drawn_at=timezone.now())
    page = read(admin, f"/inspections/{inspection.pk}/announcement/windows/")
    assert "A sample is drawn from these windows, so they stay" in page
    assert "Save" not in page
    assert "Change the windows" not in read(admin, f"/inspections/{inspection.pk}/announcement/")


# --- What the page of the set-up offers


@pytest.mark.parametrize("state", ["ANNOUNCED", "FIELDWORK", "PANEL"])
def test_the_team_is_offered_to_be_changed_while_it_can_be(admin: User, state: str) -> None:
    inspection = announced(admin)
    Inspection.objects.filter(pk=inspection.pk).update(state=state)
    address = f"/inspections/{inspection.pk}/announcement/"
    assert "Change the team" in read(admin, address)
    inspector = builder.inspector(inspection)
    assert "See the team" in read(inspector, address)


def test_an_inspection_that_holds_records_is_not_offered_for_removal(admin: User) -> None:
    inspection = announced(admin)
    address = f"/inspections/{inspection.pk}/announcement/"
    assert "Remove this inspection" in read(admin, address)
    Inspection.objects.filter(pk=inspection.pk).update(state="FIELDWORK")
    builder.case(inspection, "COURT", None)
    assert "Remove this inspection" not in read(admin, address)


# --- Moving on


def test_an_inspection_moves_from_announced_to_fieldwork(admin: User, lead: User) -> None:
    inspection = announced(admin, lead)
    move = f"/inspections/{inspection.pk}/move"
    assert "Begin fieldwork" not in read(lead, f"/inspections/{inspection.pk}/")
    assert "Begin the preparation first" in read(lead, f"{move}/FIELDWORK/", expect=403)
    response = signed_in(admin).post(f"{move}/PREPARATION/")
    assert response["Location"] == f"/inspections/{inspection.pk}/announcement/"
    assert "Only the lead inspector begins fieldwork" in read(
        admin, f"{move}/FIELDWORK/", expect=403
    )
    page = read(lead, f"{move}/FIELDWORK/")
    assert "No case has been sampled yet." in page
    post(lead, f"{move}/FIELDWORK/")
    inspection.refresh_from_db()
    assert inspection.state == State.FIELDWORK
    assert "Fieldwork is open already" in read(lead, f"{move}/FIELDWORK/", expect=403)


def test_preparation_needs_a_lead(admin: User) -> None:
    inspection = announced(admin)
    with pytest.raises(Refused, match="Name the lead inspector first"):
        move_inspection(inspection=inspection, to=State.PREPARATION, by=admin)
    page = read(admin, f"/inspections/{inspection.pk}/announcement/")
    assert "Name the lead inspector" in page and "Begin preparation" not in page


@pytest.mark.parametrize("state", [State.ANNOUNCED, State.PREPARATION])
def test_no_answer_is_recorded_before_fieldwork(state: State) -> None:
    scene = scenes.team()
    scenes.move_to(scene.inspection, state)
    said = "Fieldwork has not begun, so nothing is recorded in this case yet."
    assert said.replace("'", "&#x27;") in read(scene.inspector, scene.record_page())
    with pytest.raises(Refused, match="Fieldwork has not begun"):
        builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})


def test_evidence_in_advance_is_recorded_in_preparation() -> None:
    scene = scenes.team()
    scenes.move_to(scene.inspection, State.PREPARATION)
    read(scene.inspector, f"{scene.home}evidence/add/document/")
    scenes.move_to(scene.inspection, State.ANNOUNCED)
    said = read(scene.inspector, f"{scene.home}evidence/add/document/", expect=403)
    assert "Evidence is added once the lead inspector has begun preparation." in said


# --- Removing


def test_an_inspection_announced_in_error_is_removed(admin: User, lead: User) -> None:
    inspection = announced(admin, lead)
    actions.ask_for(
        inspection=inspection,
        kinds=["NARRATIVE"],
        asked_date=date(2026, 1, 5),
        due_date=None,
        by=admin,
    )
    address = f"/inspections/{inspection.pk}/announcement/remove/"
    assert "nothing is recorded in it" in read(admin, address)
    post(admin, address, {"base_version": 1})
    assert not Inspection.objects.exists()


def a_case(scene: Scene) -> None:
    assert scene.case


def some_evidence(scene: Scene) -> None:
    scene.evidence()


def a_sample(scene: Scene) -> None:
    builder.sample(scene.inspection, "COURT", eligible_cases=9)


@pytest.mark.parametrize("record", [a_case, some_evidence, a_sample])
def test_an_inspection_that_holds_something_stays(
    admin: User, record: Callable[[Scene], None]
) -> None:
    scene = scenes.scene()
    record(scene)
    address = f"{scene.home}announcement/remove/"
    assert "It holds what was recorded in it (1 " in read(admin, address)
    said = post(admin, address, {"base_version": 1}, expect=409)
    assert "so it stays" in said
    assert Inspection.objects.filter(pk=scene.inspection.pk).exists()


def test_an_inspection_changed_meanwhile_is_not_removed(admin: User) -> None:
    inspection = announced(admin)
    said = post(
        admin, f"/inspections/{inspection.pk}/announcement/remove/", {"base_version": 9}, expect=409
    )
    assert "It was changed after you opened this page." in said
    assert Inspection.objects.exists()


def test_a_lead_removes_no_inspection(admin: User, lead: User) -> None:
    inspection = announced(admin, lead)
    with pytest.raises(Refused, match="Only administrators remove an inspection"):
        actions.remove_inspection(inspection=inspection, base_version=1, by=lead)


@pytest.mark.parametrize("page", ["announcement/change/", "announcement/windows/"])
def test_what_is_saved_as_it_was_opened_writes_nothing(admin: User, lead: User, page: str) -> None:
    inspection = announced(admin, lead)
    client = signed_in(admin)
    (form,) = (
        one
        for one in forms_on(client, f"/inspections/{inspection.pk}/{page}")
        if one.address.endswith(page)
    )
    before = rows()
    shown = {one.name: one.values for one in form.inputs.values()}
    assert client.post(form.address, shown).status_code == 302
    assert made_since(before) == {}
    inspection.refresh_from_db()
    assert inspection.version == 1
