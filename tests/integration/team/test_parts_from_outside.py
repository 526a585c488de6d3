"""Observers, publishers and local assessors: what their part gives them, and what it doesn't."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction

from cases.actions import allocate_case
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.announcing.actions import HoldsRecords, remove_service
from inspections.models import Inspection, Service, User
from inspections.team.actions import NotATeam
from inspections.team.invitations import invite
from ratings.meeting_permissions import MEETINGS, SIT
from ratings.models import PanelMeeting
from tests import scenes
from tests.forms import forms_on
from tests.integration.results.test_seal import sealed
from tests.integration.team.test_team import Role, change, page_of, role, team_form, team_of
from tests.pages import post, read, signed_in, words
from tests.scenes import Scene

ALL_PAGES = (
    *("announcement/", "checklist/", "team/", "sample/", "cases/", "progress/", "contradictions/"),
    *("interviews/", "evidence/", "key-questions/1.1.1/", "judgements/"),
    *("ratings/", "ratings/what-if/", "panel/", "seal/"),
)


def opened(person: User, scene: Scene) -> set[str]:
    """The pages of the inspection that ``person`` may open."""
    client = signed_in(person)
    codes = {page: client.get(scene.home + page).status_code for page in ALL_PAGES}
    assert set(codes.values()) <= {200, 403}
    return {page for page, code in codes.items() if code == 200}


@pytest.fixture
def observer(scene: Scene) -> User:
    return builder.member(scene.inspection, Role.OBSERVER, "Olu Observer")


@pytest.fixture
def publisher(scene: Scene) -> User:
    return builder.member(scene.inspection, Role.PUBLISHER, "Pia Publisher")


@pytest.fixture
def local(scene: Scene) -> User:
    return builder.member(scene.inspection, Role.LOCAL_ASSESSOR, "Lou Local")


# --- What they see


def test_an_observer_sees_ratings_and_nothing_else(scene: Scene, observer: User) -> None:
    assert opened(observer, scene) == {"ratings/", "ratings/what-if/"}
    home = read(observer, scene.home)
    assert "Ratings" in home and "Your role Observer" in home
    for word in ("Set-up", "Cases", "Evidence", "Judgements", "Panel", "Progress", "Inspectors"):
        assert word not in home.replace("Panel meetings", "")
    read(observer, scene.case_page, expect=403)
    read(observer, f"{scene.home}cases/999999/", expect=403)


def test_where_nothing_is_rated_each_is_told_so_and_led_to_what_they_may_see(scene: Scene) -> None:
    Inspection.objects.filter(pk=scene.inspection.pk).update(gives_ratings=False)
    observer = builder.member(scene.inspection, Role.OBSERVER)
    page = read(observer, f"{scene.home}ratings/")
    assert "No standard is judged or rated" in page and "Set-up" not in page
    assert "where the announcement says so" in read(scene.lead, f"{scene.home}ratings/")
    local = builder.member(scene.inspection, Role.LOCAL_ASSESSOR)
    read(local, f"{scene.home}ratings/", expect=403)


@pytest.mark.django_db
def test_a_publisher_sees_the_result_once_it_is_sealed_and_nothing_before() -> None:
    heard = scenes.before_panel()
    person = builder.member(heard.inspection, Role.PUBLISHER)
    assert opened(person, heard) == set()
    assert "nothing to publish" in read(person, f"{heard.home}seal/", expect=403)
    sealed(heard)
    assert opened(person, heard) == {"seal/"}
    page = read(person, f"{heard.home}seal/")
    assert "All ratings, figures and decisions" not in page and "Reopen" not in page
    assert signed_in(person).get(f"{heard.home}seal/1/file/").status_code == 200
    assert "See the sealed result" in read(person, heard.home)


def test_a_local_assessor_sees_cases_and_never_ratings_or_the_panel(
    scene: Scene, local: User
) -> None:
    seen = {"announcement/", "checklist/", "team/", "cases/", "progress/", "interviews/"}
    assert opened(local, scene) == seen
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    assert opened(local, scene) == seen
    read(local, "/panel/", expect=403)
    assert "Panel meetings" not in read(local, "/")
    assert "Panel meetings" in read(scene.inspector, "/")


def test_a_local_assessor_records_the_cases_that_they_hold(scene: Scene, local: User) -> None:
    allocate_case(case=scene.second_case, to=local, by=scene.lead)
    page = f"{scene.home}cases/{scene.second_case.pk}/2.1/"
    post(local, page, {"2.1.1-value": "YES", "2.1.1-note": "", "2.1.1-base": "0"})
    assert scene.second_case.answers.get().answered_by == local
    assert "Save and continue" not in read(local, f"{scene.case_page}2.1/")


def test_meetings_are_not_shown_to_those_who_only_observe(
    at_panel: Scene, observer_of_panel: User
) -> None:
    assert PanelMeeting.objects.of(at_panel.inspector).exists()
    assert not PanelMeeting.objects.of(observer_of_panel).exists()


def test_observers_and_publishers_open_meetings_only_if_they_have_another_part(
    scene: Scene, observer: User, publisher: User
) -> None:
    for person in (observer, publisher):
        read(person, "/panel/", expect=403)
        assert "Panel meetings" not in read(person, "/")
    builder.inspection().memberships.create(user=observer, role=Role.INSPECTOR)
    read(observer, "/panel/")
    assert "Panel meetings" in read(observer, "/")


@pytest.fixture
def observer_of_panel(at_panel: Scene) -> User:
    return builder.member(at_panel.inspection, Role.OBSERVER)


def test_my_inspections_shows_progress_to_those_alone_who_see_cases(
    scene: Scene, observer: User
) -> None:
    assert "Observer Fieldwork –" in read(observer, "/")
    assert re.search(r"Inspector Fieldwork \d+ of \d+", read(scene.inspector, "/"))


# --- Who may be a local assessor


def on_loan(service: Service | None = None) -> User:
    return builder.user(home_service=service or Service.objects.create(name="Lending Service"))


def test_somebody_on_loan_is_put_on_no_inspection_of_their_own_service(scene: Scene) -> None:
    person = on_loan(scene.inspection.service)
    with pytest.raises(NotATeam, match="own service"):
        change(scene, scene.lead, team_of(scene) | {person: Role.LOCAL_ASSESSOR})
    with pytest.raises(IntegrityError, match="on loan"), transaction.atomic():
        scene.inspection.memberships.create(user=person, role=Role.LOCAL_ASSESSOR)
    form = team_form(signed_in(scene.lead), scene)
    assert str(person.pk) not in form.inputs["add-0-person"].options


@pytest.mark.parametrize("part", sorted(set(Role) - {Role.LOCAL_ASSESSOR, Role.LEAD_INSPECTOR}))
def test_somebody_on_loan_has_no_other_part(scene: Scene, part: str) -> None:
    person = on_loan()
    with pytest.raises(NotATeam, match="local assessor and nothing else"):
        change(scene, scene.lead, team_of(scene) | {person: part})
    with pytest.raises(IntegrityError, match="on loan"), transaction.atomic():
        scene.inspection.memberships.create(user=person, role=part)


def test_nobody_else_is_local_assessor(scene: Scene) -> None:
    with pytest.raises(NotATeam, match="is not on loan from a service"):
        change(scene, scene.lead, team_of(scene) | {scene.inspector: Role.LOCAL_ASSESSOR})
    with pytest.raises(IntegrityError, match="on loan"), transaction.atomic():
        scene.inspection.memberships.filter(user=scene.inspector).update(role=Role.LOCAL_ASSESSOR)


def test_the_team_page_offers_each_person_what_they_can_be(scene: Scene, local: User) -> None:
    form = team_form(signed_in(scene.lead), scene)
    assert set(form.inputs[role(local)].options) == {"LOCAL_ASSESSOR", "LEAVES"}
    assert "LOCAL_ASSESSOR" not in form.inputs[role(scene.inspector)].options
    assert {"OBSERVER", "PUBLISHER"} <= set(form.inputs[role(scene.inspector)].options)


def test_a_home_service_that_does_not_fit_the_parts_is_refused(scene: Scene, local: User) -> None:
    for person, home in (
        (local, None),
        (local, scene.inspection.service),
        (scene.inspector, Service.objects.create(name="Another Service")),
    ):
        with pytest.raises(IntegrityError, match="do not fit"), transaction.atomic():
            User.objects.filter(pk=person.pk).update(home_service=home)
    with pytest.raises(IntegrityError, match="own service"), transaction.atomic():
        Inspection.objects.filter(pk=scene.inspection.pk).update(service=local.home_service)


def test_an_administrator_is_told_which_part_is_in_the_way(scene: Scene, local: User) -> None:
    admin = signed_in(builder.user(is_staff=True))
    page = f"/admin/inspections/user/{local.pk}/change/"
    [form] = [one for one in forms_on(admin, page) if "base_version" in one.inputs]
    sent = {name: one.values[0] for name, one in form.inputs.items() if one.values}
    assert sent["home_service"] == str(local.home_service_id)
    said = words(admin.post(page, sent | {"home_service": ""}))
    assert "Take them off that team first" in said
    local.refresh_from_db()
    assert local.home_service is not None


def test_somebody_on_loan_sits_in_no_panel_and_administers_nothing(scene: Scene) -> None:
    person = on_loan()
    assert "on loan" in str(SIT.why_not(person, MEETINGS))
    with pytest.raises(IntegrityError, match="no_administrator"), transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_staff=True)


def test_an_invited_local_assessor_has_a_home_service(scene: Scene) -> None:
    home = Service.objects.create(name="Lending Service")
    page = f"{page_of(scene)}invite/"
    sent = {"name": "Lou Local", "email": "lou@lending.example", "role": "LOCAL_ASSESSOR"}
    said = post(scene.lead, page, sent | {"home_service": ""}, expect=200)
    assert "Choose the service that the local assessor works for" in said
    said = post(scene.lead, page, sent | {"role": "INSPECTOR", "home_service": home.pk}, expect=200)
    assert "Only a local assessor is on loan" in said
    own = {"home_service": scene.inspection.service_id}
    assert "Choose a service from the list" in post(scene.lead, page, sent | own, expect=200)
    post(scene.lead, page, sent | {"home_service": home.pk})
    assert scene.inspection.memberships.get(user__home_service=home).role == "LOCAL_ASSESSOR"


def test_an_account_that_there_is_keeps_its_home_service(scene: Scene) -> None:
    person = on_loan(scene.inspection.service)
    other = Service.objects.create(name="Another Service")
    with pytest.raises(NotATeam, match="own service"):
        invite(
            inspection=scene.inspection,
            name="Lou Local",
            email=person.email,
            role=Role.LOCAL_ASSESSOR,
            home_service=other,
            by=scene.lead,
        )


def test_a_service_that_lends_people_stays(scene: Scene) -> None:
    home = on_loan().home_service
    assert home is not None
    admin = builder.user(is_staff=True)
    with pytest.raises(HoldsRecords, match="on loan"):
        remove_service(service=home, base_version=home.version, by=admin)
    assert "so it stays" in read(admin, f"/services/{home.pk}/remove/")


def test_a_local_assessor_is_refused_what_others_of_the_team_do(scene: Scene, local: User) -> None:
    with pytest.raises(Refused):
        allocate_case(case=scene.case, to=local, by=local)
    post(local, f"{scene.home}evidence/add/meeting/", {"title": "A talk"}, expect=403)
