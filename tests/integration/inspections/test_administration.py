"""Administrators keep accounts in Django's admin, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from config.demonstration import builder
from inspections.models import Membership, User
from tests.forms import Form, forms_on, read_page
from tests.pages import signed_in, words


@pytest.fixture
def administrator(db: None) -> Client:
    client = signed_in(builder.user("Alex Administrator", is_staff=True))
    return client


def test_it_keeps_accounts_and_nothing_else(administrator: Client) -> None:
    html = administrator.get("/admin/").content.decode()
    assert "/admin/inspections/user/" in html
    for kind in ("inspections/service", "inspections/inspection", "cases/case", "cases/answer"):
        assert f"/admin/{kind}/" not in html
        assert administrator.get(f"/admin/{kind}/").status_code == 404


@pytest.mark.parametrize("name", ["\u200b", " \u00a0 "])
def test_a_name_that_looks_empty_is_refused(administrator: Client, name: str) -> None:
    sent = {"email": "nobody@fieldwork.example", "name": name}
    page = administrator.post("/admin/inspections/user/add/", sent)
    assert page.status_code == 200
    assert "This field is required" in words(page) or "Enter a name" in words(page)
    assert not User.objects.filter(email="nobody@fieldwork.example").exists()


@pytest.mark.parametrize("address", ["", "inspections/user/"])
def test_only_administrators_may_open_it(db: None, address: str) -> None:
    lead = builder.lead_inspector(builder.inspection())
    client = Client()
    assert client.get(f"/admin/{address}").status_code == 302
    client.force_login(lead)
    assert client.get(f"/admin/{address}", follow=True).status_code == 403


def test_signing_in_goes_through_the_services_own_page(db: None) -> None:
    response = Client().get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


def test_an_account_is_made_without_a_password(administrator: Client) -> None:
    response = administrator.post(
        "/admin/inspections/user/add/",
        {"email": "New.Inspector@Fieldwork.example", "name": "Nia Inspector"},
    )
    assert response.status_code == 302, response.context["adminform"].errors
    made = User.objects.get(name="Nia Inspector")
    assert made.email == "new.inspector@fieldwork.example"
    assert (made.is_staff, made.is_superuser) == (False, False)
    assert not made.has_usable_password()


def test_an_address_comes_once_whatever_its_case(administrator: Client) -> None:
    known = builder.user()
    response = administrator.post(
        "/admin/inspections/user/add/",
        {"email": known.email.upper(), "name": "Twice"},
    )
    assert response.status_code == 200
    assert not User.objects.filter(name="Twice").exists()


def test_no_account_can_be_deleted(administrator: Client) -> None:
    person = builder.lead_inspector(builder.inspection())
    address = f"/admin/inspections/user/{person.pk}/delete/"
    assert administrator.post(address, {"post": "yes"}).status_code == 403
    assert Membership.objects.filter(user=person).exists()


# --- Two administrators at once


def edited(client: Client, address: str) -> tuple[Form, dict[str, Any]]:
    """The form of a record, and what it sends as it was opened."""
    form = next(one for one in forms_on(client, address) if "base_version" in one.inputs)
    sent = {name: one.values[0] for name, one in form.inputs.items() if one.values}
    return form, sent | {"_save": "Save"}


@pytest.fixture
def another(db: None) -> Client:
    return signed_in(builder.user("Bo Administrator", is_staff=True))


def test_a_stale_form_does_not_open_a_closed_account_again(
    administrator: Client, another: Client
) -> None:
    person = builder.user("Cleo Closed")
    address = f"/admin/inspections/user/{person.pk}/change/"
    _, stale = edited(administrator, address)
    _, closing = edited(another, address)
    del closing["is_active"]
    assert another.post(address, closing).status_code == 302
    page = administrator.post(address, stale | {"name": "Cleo Renamed"})
    assert page.status_code == 200
    person.refresh_from_db()
    assert (person.is_active, person.name) == (False, "Cleo Closed")
    said = words(page)
    assert "Nothing is saved yet: somebody changed this after you opened it." in said
    assert "Bo Administrator saved another version" in said
    assert "Full name Cleo Renamed Cleo Closed" in said
    assert "Active Yes No" in said
    # What was entered is in the form, and saving again replaces what is known now.
    [form] = [one for one in read_page(address, page.text)[0] if "base_version" in one.inputs]
    again = {name: one.values[0] for name, one in form.inputs.items() if one.values}
    assert again["name"] == "Cleo Renamed"
    assert administrator.post(address, again | {"_save": "Save"}).status_code == 302
    person.refresh_from_db()
    assert (person.is_active, person.name) == (True, "Cleo Renamed")


def test_what_does_not_change_a_record_makes_no_form_stale(administrator: Client) -> None:
    person = builder.user("Sam")
    address = f"/admin/inspections/user/{person.pk}/change/"
    _, sent = edited(administrator, address)
    signed_in(person)  # its time is shown there, but can't be changed
    assert administrator.post(address, sent | {"name": "Samira"}).status_code == 302


def test_an_account_made_in_error_is_deleted_and_one_that_is_used_or_holds_something_is_not(
    administrator: Client,
) -> None:
    def delete(person: User) -> int:
        address = f"/admin/inspections/user/{person.pk}/delete/"
        return administrator.post(address, {"post": "yes"}).status_code

    sent = {"email": "wrong@fieldwork.example", "name": "Wrong Address"}
    administrator.post("/admin/inspections/user/add/", sent)
    wrong = User.objects.get(email="wrong@fieldwork.example")
    page = administrator.get(f"/admin/inspections/user/{wrong.pk}/change/")
    assert f"/admin/inspections/user/{wrong.pk}/delete/" in page.content.decode()
    on_a_team = builder.lead_inspector(builder.inspection())
    used = builder.user("Used Account")
    signed_in(used).get("/")
    assert (delete(on_a_team), delete(used)) == (403, 403)
    assert delete(wrong) == 302
    assert not User.objects.filter(pk=wrong.pk).exists()
