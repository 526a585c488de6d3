"""Every address of the service is closed to those who are signed out or not on the inspection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.demonstration import builder
from tests import scenes

APPS = {"inspections", "cases", "ratings", "site"}

FOR_SCRIPTS = {
    "cases:session",
    "cases:stay",
    "cases:saves",
    "cases:details-saves",
    "cases:comments-saves",
    "site:offline-cases",
    "site:sent-forms",
}
"""Addresses that scripts call: whoever is signed out is told 401 in JSON."""

OPEN = {
    "site:offline": "the device keeps this page, without anybody's name",
    "site:outbox": "the device keeps this page, without anybody's name",
    "site:last-owner": "a device asks whether copies have to leave it; its token says whose",
    "site:accessibility": "the law wants everybody to be able to read it; it names the operator",
    "site:privacy": "children, families and services have no account; it names the operator",
    "site:cookies": "it says what is put on a device before anybody signs in",
    "site:ready": "a proxy or a monitor asks; it says nothing of anybody",
    "site:service-worker": "a browser asks for it whoever is signed in",
}
"""Addresses of ours that answer those who are signed out, and why."""


def patterns() -> Iterator[tuple[str, URLPattern]]:
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace in APPS:
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern), f"nested under {resolver.namespace}"
                yield f"{resolver.namespace}:{pattern.name}", pattern


ADDRESSES = dict(patterns())
OF_AN_INSPECTION = [
    name for name, pattern in ADDRESSES.items() if "inspection_id" in pattern.pattern.converters
]
"""The others take nothing, and show each person their own."""

SET_UP = {
    name for name in OF_AN_INSPECTION if name.startswith(("inspections:", "ratings:retention"))
} | {"site:move", "ratings:chair", "ratings:release"}
"""Addresses that administrators open for every inspection; nothing of its cases is there."""

OF_A_SERVICE = {"inspections:service", "inspections:change-service", "inspections:remove-service"}
"""Services are kept by administrators."""

OF_A_MEETING = {
    "ratings:meeting",
    "ratings:meeting_history",
    "ratings:change_meeting",
    "ratings:cancel_meeting",
}
"""A meeting of the panel may hear several inspections, and none."""

OF_A_ROLE = {"site:help-of"}
"""Everybody who is signed in reads what each role is for."""

OF_QUALITATIVE_STANDARDS = {
    "ratings:judgement",
    "ratings:judgement_history",
    "ratings:standard_history",
}


def address_of(name: str, inspection: int, case: int) -> str:
    """An address that exists for those on the inspection, whatever it takes besides."""
    values = {
        "inspection_id": inspection,
        "case_id": case,
        "standard": "1.1" if name in OF_QUALITATIVE_STANDARDS else "2.1",
        "target": "2.1",
        "to": "REVIEW",
        "kind": "narrative",
        "role": "inspector",
    }
    takes = ADDRESSES[name].pattern.converters
    return reverse(name, kwargs={key: values.get(key, 1) for key in takes})


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_signed_out_people_are_redirected_to_sign_in(db: None, name: str, method: str) -> None:
    case = builder.case(builder.inspection(), reference="SECRET-REFERENCE")
    address = address_of(name, case.inspection_id, case.pk)
    response = getattr(Client(), method)(address)
    if name in FOR_SCRIPTS:
        assert (response.status_code, response.json().keys()) == (401, {"error"})
    elif name in OPEN:
        assert response.status_code in {200, 405}
        assert case.reference not in response.content.decode()
    else:
        assert (response.status_code, response["Location"]) == (
            302,
            f"/accounts/login/?next={address}",
        )


def test_no_view_of_ours_that_writes_is_open_to_those_who_are_signed_out() -> None:
    for name, pattern in ADDRESSES.items():
        is_open = not getattr(pattern.callback, "login_required", True)
        assert is_open == (name in OPEN), name
        if is_open:
            assert Client().post(reverse(name)).status_code == 405


def test_every_address_with_a_number_belongs_to_an_inspection() -> None:
    for name, pattern in ADDRESSES.items():
        numbered = name in {*OF_AN_INSPECTION, *OF_A_MEETING, *OF_A_SERVICE}
        assert numbered or name in OF_A_ROLE or not pattern.pattern.converters, name


def test_a_meeting_does_not_exist_for_people_outside_it(db: None) -> None:
    scene = scenes.before_panel()
    address = reverse("ratings:meeting", args=[scene.meeting.pk])
    client = Client()
    for person, status in ((builder.user(), 404), (scene.inspector, 200), (scene.member, 200)):
        client.force_login(person)
        assert client.get(address).status_code == status
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    "name", [*sorted(OF_A_SERVICE), "inspections:services", "inspections:add-service"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_services_are_for_administrators(db: None, name: str, method: str) -> None:
    lead = builder.lead_inspector(builder.inspection())
    client = Client()
    client.force_login(lead)
    address = reverse(name, args=[1] if name in OF_A_SERVICE else [])
    assert getattr(client, method)(address).status_code in {403, 405}


@pytest.mark.parametrize("name", ["inspections:announcements", "inspections:announce"])
def test_the_list_of_all_inspections_is_for_administrators(db: None, name: str) -> None:
    lead = builder.lead_inspector(builder.inspection())
    client = Client()
    client.force_login(lead)
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", OF_AN_INSPECTION)
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_an_outsider_an_inspection_does_not_exist(db: None, name: str, method: str) -> None:
    case = builder.case(builder.inspection())
    client = Client()
    # On another inspection, and an administrator at that: neither lets them see this one.
    outsider = builder.lead_inspector(builder.inspection())
    outsider.is_staff = name not in SET_UP
    outsider.save()
    client.force_login(outsider)
    address = address_of(name, case.inspection_id, case.pk)
    # An address that only takes forms leads to its page, which isn't there for them either.
    response = getattr(client, method)(address, content_type="application/json", follow=True)
    assert response.status_code in {404, 405}, name
