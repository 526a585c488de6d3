"""What a browser is given to record without a network with."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.models import Case
from config.demonstration import builder
from inspections.models import Inspection, Membership, User

pytestmark = pytest.mark.django_db


def test_only_cases_that_can_be_recorded_in_may_be_kept_on_a_device(client: Client) -> None:
    inspection = builder.inspection()
    ada = builder.inspector(inspection)
    mine = builder.case(inspection, to=ada)
    builder.case(inspection, to=ada, state=Case.State.SUBMITTED)
    builder.case(inspection, to=builder.inspector(inspection))
    builder.case(builder.inspection(), to=None)
    client.force_login(ada)
    told = client.get("/offline-cases/").json()
    assert told["user"] == ada.pk
    assert [case["case"] for case in told["cases"]] == [mine.pk]
    pages = told["cases"][0]["pages"]
    assert pages[0] == mine.get_absolute_url()
    assert {client.get(page).status_code for page in pages} == {200}

    Inspection.objects.update(state=Inspection.State.REVIEW)
    assert client.get("/offline-cases/").json()["cases"] == []


def test_signed_out_nothing_is_disclosed(client: Client) -> None:
    for address in ("/offline-cases/", "/session/"):
        response = client.get(address)
        assert response.status_code == 401
        assert response.json().keys() == {"error"}


def test_the_pages_that_a_device_keeps_for_everybody_name_nobody(client: Client) -> None:
    for address in ("/offline/", "/outbox/"):
        page = client.get(address)
        assert page.status_code == 200
        assert 'data-user=""' in page.content.decode()
        assert "csrfmiddlewaretoken" not in page.content.decode()


def test_a_page_of_somebody_signed_in_is_kept_by_no_browser(client: Client) -> None:
    client.force_login(builder.user())
    assert client.get("/").headers["Cache-Control"] == "no-store, private"


def test_the_service_worker_names_every_script_it_needs(client: Client) -> None:
    worker = client.get("/service-worker.js")
    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    source = worker.content.decode()
    for name in ("recording/page.js", "recording/outbox.js", "app.js", "build/idb.js"):
        assert f"/static/{name}" in source


def test_a_page_of_one_person_saves_nothing_as_another(client: Client) -> None:
    inspection = builder.inspection()
    ada, ben = builder.inspector(inspection), builder.inspector(inspection)
    case = builder.case(inspection, to=ben)
    client.force_login(ben)
    save = {"id": str(uuid.uuid4()), "question": "2.1.1a", "value": "YES", "base_version": 0}
    address = reverse("cases:saves", args=[inspection.pk, case.pk])

    def status(by: User) -> int:
        return client.post(
            address,
            {"saves": [save]},
            content_type="application/json",
            headers={"X-Recorded-By": str(by.pk)},
        ).status_code

    assert status(ada) == 401
    assert not case.answers.exists()
    assert status(ben) == 200


def test_however_many_cases_are_held_the_queries_are_the_same(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ada = builder.user()
    client.force_login(ada)
    for number in (1, 12):
        for state in (Inspection.State.FIELDWORK, Inspection.State.REVIEW):
            inspection = builder.inspection(state=state)
            Membership.objects.create(inspection=inspection, user=ada, role="INSPECTOR")
            for _ in range(number):
                builder.case(inspection, to=ada)
        with django_assert_num_queries(4):
            told = client.get("/offline-cases/").json()
    assert len(told["cases"]) == 13
