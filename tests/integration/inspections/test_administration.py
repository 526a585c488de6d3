"""Administrators keep accounts, services, inspections and teams, and see no evidence."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from config.demonstration import builder
from inspections.models import Inspection, Membership, Service, User
from tests import scenes
from tests.integration.results.test_seal import sealed
from tests.pages import signed_in


@pytest.fixture
def administrator(db: None) -> Client:
    client = signed_in(builder.user("Alex Administrator", is_staff=True))
    return client


def team_data(*parts: tuple[object, object], of: Inspection | None = None) -> dict[str, Any]:
    """The team as the page sends it; ``parts`` are pairs of user and role."""
    known = list(of.memberships.all()) if of else []
    data: dict[str, Any] = {
        "memberships-TOTAL_FORMS": len(parts),
        "memberships-INITIAL_FORMS": len(known),
        "memberships-MIN_NUM_FORMS": 0,
        "memberships-MAX_NUM_FORMS": 1000,
    }
    for number, (user, role) in enumerate(parts):
        data[f"memberships-{number}-user"] = getattr(user, "pk", user)
        data[f"memberships-{number}-role"] = role
        data[f"memberships-{number}-id"] = known[number].pk if number < len(known) else ""
        data[f"memberships-{number}-inspection"] = of.pk if of else ""
    return data


def test_it_keeps_accounts_services_and_inspections_and_nothing_else(
    administrator: Client,
) -> None:
    html = administrator.get("/admin/").content.decode()
    for kind in ("user", "service", "inspection"):
        assert f"/admin/inspections/{kind}/" in html
    for address in ("/admin/cases/case/", "/admin/cases/answer/", "/admin/inspections/judgement/"):
        assert address not in html
        assert administrator.get(address).status_code == 404


@pytest.mark.parametrize("address", ["", "inspections/user/", "inspections/inspection/"])
def test_only_administrators_may_open_it(db: None, address: str) -> None:
    lead = builder.lead_inspector(builder.inspection())
    client = Client()
    assert client.get(f"/admin/{address}").status_code == 302
    client.force_login(lead)
    assert client.get(f"/admin/{address}", follow=True).status_code == 403


def test_signing_in_goes_through_the_services_own_page(db: None) -> None:
    response = Client().get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


def test_a_new_account_can_sign_in(administrator: Client) -> None:
    response = administrator.post(
        "/admin/inspections/user/add/",
        {
            "email": "New.Inspector@Fieldwork.example",
            "name": "Nia Inspector",
            "usable_password": "true",
            "password1": builder.PASSWORD,
            "password2": builder.PASSWORD,
        },
    )
    assert response.status_code == 302, response.context["adminform"].errors
    made = User.objects.get(name="Nia Inspector")
    assert made.email == "new.inspector@fieldwork.example"
    assert made.password != builder.PASSWORD
    assert (made.is_staff, made.is_superuser) == (False, False)
    client = Client()
    client.post("/accounts/login/", {"login": made.email, "password": builder.PASSWORD})
    assert client.get("/").status_code == 200


def test_an_address_comes_once_whatever_its_case(administrator: Client) -> None:
    known = builder.user()
    response = administrator.post(
        "/admin/inspections/user/add/",
        {
            "email": known.email.upper(),
            "name": "Twice",
            "usable_password": "true",
            "password1": builder.PASSWORD,
            "password2": builder.PASSWORD,
        },
    )
    assert response.status_code == 200
    assert not User.objects.filter(name="Twice").exists()


def test_a_new_inspection_with_its_team(administrator: Client) -> None:
    service = Service.objects.create(name="Northmere")
    lead, inspector = builder.user(), builder.user()
    data = {"service": service.pk, "edition": "2021", "fieldwork_start_date": "2021-09-06"}
    team = team_data((lead, "LEAD_INSPECTOR"), (inspector, "INSPECTOR"))
    response = administrator.post("/admin/inspections/inspection/add/", data | team)
    assert response.status_code == 302, response.context["errors"]
    inspection = Inspection.objects.get(service=service)
    assert inspection.state == Inspection.State.FIELDWORK
    assert inspection.role_of(lead) == "LEAD_INSPECTOR"


@pytest.mark.parametrize(
    ("roles", "dates", "words"),
    [
        (["INSPECTOR"], {}, "Give the inspection one lead inspector."),
        (["LEAD_INSPECTOR", "LEAD_INSPECTOR"], {}, "Give the inspection one lead inspector."),
        (
            ["LEAD_INSPECTOR"],
            {"fieldwork_start_date": "2021-09-06", "fieldwork_end_date": "2021-09-01"},
            "Fieldwork can&#x27;t end before it starts.",
        ),
    ],
)
def test_what_the_database_would_refuse_is_refused_in_words(
    administrator: Client, roles: list[str], dates: dict[str, str], words: str
) -> None:
    service = Service.objects.create(name="Northmere")
    team = team_data(*((builder.user(), role) for role in roles))
    data = {"service": service.pk, "edition": "2021"} | dates | team
    response = administrator.post("/admin/inspections/inspection/add/", data)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Inspection.objects.exists()


def test_a_person_has_one_role(administrator: Client) -> None:
    person = builder.user()
    team = team_data((person, "LEAD_INSPECTOR"), (person, "PANEL_MEMBER"))
    service = Service.objects.create(name="Northmere")
    response = administrator.post(
        "/admin/inspections/inspection/add/", {"service": service.pk, "edition": "2021"} | team
    )
    assert "Give each person one part in the inspection." in response.content.decode()


def test_edition_and_state_stay_as_they_are(administrator: Client) -> None:
    inspection = builder.inspection()
    lead = builder.lead_inspector(inspection)
    address = f"/admin/inspections/inspection/{inspection.pk}/change/"
    data = {"service": inspection.service_id, "edition": "2018", "state": "SEALED"}
    administrator.post(address, data | team_data((lead, "LEAD_INSPECTOR"), of=inspection))
    inspection.refresh_from_db()
    assert (inspection.edition_id, inspection.state) == ("2021", Inspection.State.FIELDWORK)


@pytest.mark.django_db(transaction=True)
def test_people_with_cases_stay_on_the_team() -> None:
    client = signed_in(builder.user("Alex Administrator", is_staff=True))
    inspection = builder.inspection()
    lead, inspector = builder.lead_inspector(inspection), builder.inspector(inspection)
    builder.case(inspection, to=inspector)
    parts = [(member.user, member.role) for member in inspection.memberships.all()]
    data = {"service": inspection.service_id} | team_data(*parts, of=inspection)
    place = [user for user, _ in parts].index(inspector)
    response = client.post(
        f"/admin/inspections/inspection/{inspection.pk}/change/",
        data | {f"memberships-{place}-DELETE": "on"},
        follow=True,
    )
    assert "somebody you took off the team still has cases" in response.content.decode()
    assert set(inspection.memberships.values_list("user", flat=True)) == {lead.pk, inspector.pk}


def test_the_team_of_a_sealed_inspection_stays(administrator: Client) -> None:
    scene = scenes.before_panel()
    sealed(scene)
    inspection = scene.inspection
    parts = [(member.user, member.role) for member in inspection.memberships.all()]
    data = {"service": inspection.service_id} | team_data(*parts, of=inspection)
    response = administrator.post(
        f"/admin/inspections/inspection/{inspection.pk}/change/",
        data | {f"memberships-{len(parts) - 1}-DELETE": "on"},
        follow=True,
    )
    assert "the result is sealed, with its team" in response.content.decode()
    assert inspection.memberships.count() == len(parts)


def test_nothing_with_evidence_can_be_deleted(administrator: Client) -> None:
    inspection = builder.inspection()
    person = builder.lead_inspector(inspection)
    for address in (f"inspection/{inspection.pk}", f"user/{person.pk}"):
        response = administrator.post(f"/admin/inspections/{address}/delete/", {"post": "yes"})
        assert response.status_code == 403
    assert Membership.objects.filter(user=person).exists()
