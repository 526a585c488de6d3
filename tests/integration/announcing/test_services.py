"""Administrators keep the list of services."""

from __future__ import annotations

from typing import Any

import pytest

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.announcing import actions
from inspections.models import Service, User
from tests.forms import forms_on, read_page
from tests.pages import post, read, signed_in, words

pytestmark = pytest.mark.django_db

DETAILS = {"name": "Northmere", "area": "", "contact_emails": "", "base_version": 0}


@pytest.fixture
def admin() -> User:
    return builder.user("Alex Administrator", is_staff=True)


def added(admin: User, name: str = "Northmere", **fields: Any) -> Service:
    details = {"area": "", "contact_emails": ()} | fields
    return actions.add_service(name=name, by=admin, **details)


def test_a_service_is_added_with_where_it_is_written_to(admin: User) -> None:
    sent = {
        "name": " Northmere \u200b  Youth Justice Service",
        "area": "Northmere",
        "contact_emails": "Head@northmere.example\r\n\r\n data@northmere.example \r\n",
        "base_version": 0,
    }
    post(admin, "/services/add/", sent)
    service = Service.objects.get()
    assert service.name == "Northmere Youth Justice Service"
    assert service.contact_emails == ["head@northmere.example", "data@northmere.example"]
    assert (service.version, service.saved_by) == (1, admin)
    page = read(admin, f"/services/{service.pk}/")
    assert "head@northmere.example" in page and "None is announced yet." in page
    assert "Name: Northmere Youth Justice Service" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter the name of the service."),
        ({"name": "\u200b \u00a0"}, "Enter the name of the service."),
        ({"name": "x" * 201}, "Shorten the name to 200 characters. It has 201."),
        ({"name": "SOUTHMERE \u200bTeam"}, "There is a service of this name already: Southmere"),
        (
            {"contact_emails": "a@b.example\nnot an address"},
            "“not an address” is not an email address.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_entered_is_kept(
    admin: User, change: dict[str, str], said: str
) -> None:
    added(admin, "Southmere  Team")
    page = signed_in(admin).post("/services/add/", DETAILS | {"area": "Kept area"} | change)
    assert page.status_code == 200
    assert said in words(page) and 'value="Kept area"' in page.content.decode()
    assert Service.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_add_one_name_at_once_are_told() -> None:
    """The form found the name free, and the database did not."""
    admin = builder.user("Alex Administrator", is_staff=True)
    added(admin, "Northmere")
    with pytest.raises(actions.NameTaken):
        added(admin, "NORTHMERE")
    assert Service.objects.count() == 1


def test_a_stale_change_shows_both(admin: User) -> None:
    other = builder.user("Bo Administrator", is_staff=True)
    service = added(admin)
    address = f"/services/{service.pk}/change/"
    stale = DETAILS | {"base_version": 1, "area": "West"}
    post(other, address, DETAILS | {"base_version": 1, "area": "South"})
    page = signed_in(admin).post(address, stale)
    assert page.status_code == 409
    said = words(page)
    assert "Bo Administrator saved another version" in said and "West South" in said
    service.refresh_from_db()
    assert service.area == "South"
    [form] = [one for one in read_page(address, page.text)[0] if "base_version" in one.inputs]
    again = {name: one.values[0] for name, one in form.inputs.items() if one.values}
    assert again["area"] == "West"
    assert signed_in(admin).post(address, again).status_code == 302
    service.refresh_from_db()
    assert (service.area, service.version) == ("West", 3)
    assert "Area: West (before: South)" in read(admin, f"/services/{service.pk}/")


def test_a_service_added_in_error_is_removed(admin: User) -> None:
    service = added(admin)
    address = f"/services/{service.pk}/remove/"
    assert "It has no inspection." in read(admin, address)
    [form] = [one for one in forms_on(signed_in(admin), address) if "base_version" in one.inputs]
    assert form.inputs["base_version"].values == ["1"]
    post(admin, address, {"base_version": 1})
    assert not Service.objects.exists()


def test_a_service_that_was_changed_meanwhile_is_not_removed(admin: User) -> None:
    service = added(admin)
    actions.change_service(
        service=service, base_version=1, by=admin, name="Northmere", area="A", contact_emails=()
    )
    said = post(admin, f"/services/{service.pk}/remove/", {"base_version": 1}, expect=409)
    assert said.startswith("Error: Remove ")
    assert "It was changed after you opened this page." in said
    assert Service.objects.exists()


def test_a_service_with_an_inspection_stays(admin: User) -> None:
    service = builder.inspection().service
    address = f"/services/{service.pk}/remove/"
    assert "It has an inspection, so it stays." in read(admin, address)
    said = post(admin, address, {"base_version": 1}, expect=409)
    assert "It has an inspection, so it stays." in said
    assert Service.objects.exists()


def test_services_are_found_whatever_case_and_spaces(admin: User) -> None:
    for number in range(60):
        added(admin, f"Team {number:02}", area="Émile County" if number == 7 else "")
    assert "60 services" in read(admin, "/services/")
    assert "1 service " in read(admin, "/services/", {"name": "TEAM  07"})
    assert "1 service " in read(admin, "/services/", {"name": "émile\u00a0county"})
    assert "No service is like this." in read(admin, "/services/", {"name": "%"})


def test_only_administrators_keep_services() -> None:
    lead = builder.lead_inspector(builder.inspection())
    for address in ("/services/", "/services/add/"):
        assert "Only administrators keep the list of services." in read(lead, address, expect=403)
    with pytest.raises(Refused):
        added(lead)
