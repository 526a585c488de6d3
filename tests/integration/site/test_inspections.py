"""My inspections: those under way first, found by service, year and state, in pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.demonstration import builder
from inspections.models import Inspection, Membership, Service, User

pytestmark = pytest.mark.django_db

State = Inspection.State


@pytest.fixture
def ada(client: Client) -> User:
    person = builder.user("Ada")
    client.force_login(person)
    return person


def inspected(person: User, number: int, *, services: int = 100) -> None:
    """So many inspections of the years from 2018 on, most of them sealed long ago."""
    named = Service.objects.bulk_create(
        Service(name=f"Youth Justice Service of Somewhere Long {n:03}") for n in range(services)
    )
    made = Inspection.objects.bulk_create(
        Inspection(
            service=named[n % services],
            edition_id="2021",
            state=State.FIELDWORK if n % 100 == 0 else State.REVIEW,
            fieldwork_start_date=date(2018 + n % 8, 3, 1),
            fieldwork_end_date=date(2018 + n % 8, 3, 12),
        )
        for n in range(number)
    )
    Membership.objects.bulk_create(
        Membership(inspection=one, user=person, role="PANEL_MEMBER") for one in made
    )


def titles(client: Client, address: str = "/") -> list[str]:
    return [str(inspection) for inspection, *_ in client.get(address).context["rows"]]


def test_a_thousand_inspections_take_few_queries_and_little_room(
    client: Client, ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    inspected(ada, 1_000)

    with django_assert_max_num_queries(8):
        page = client.get("/")

    assert len(page.content) < 60_000
    assert "1000 inspections" in page.content.decode()
    assert len(page.context["rows"]) == 25
    assert 'href="?&amp;page=40"' in page.content.decode()
    assert len(titles(client, "/?page=40")) == 25


def test_unsealed_inspections_come_first(client: Client, ada: User) -> None:
    for name, state, year in (
        ("Old", State.SEALED, 2020),
        ("New", State.SEALED, 2026),
        ("Slow", State.PANEL, 2019),
        ("Now", State.FIELDWORK, 2026),
    ):
        one = Inspection.objects.create(
            service=Service.objects.create(name=name),
            edition_id="2021",
            fieldwork_start_date=date(year, 3, 1),
        )
        Membership.objects.create(inspection=one, user=ada, role="PANEL_MEMBER")
        with_state(one, state)

    assert titles(client) == ["Now (2021)", "Slow (2021)", "New (2021)", "Old (2021)"]
    assert "Ratings panel member" in client.get("/").content.decode()


def with_state(inspection: Inspection, state: str) -> None:
    """As it is once it is sealed; the database itself seals nothing without a result."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inspections_inspection DISABLE TRIGGER a_seal")
        Inspection.objects.filter(pk=inspection.pk).update(state=state)
        cursor.execute("ALTER TABLE inspections_inspection ENABLE ALWAYS TRIGGER a_seal")


def test_inspections_are_found_by_service_year_and_state(client: Client, ada: User) -> None:
    inspected(ada, 60, services=3)

    assert titles(client, "/?service=long+002&year=2020&state=REVIEW")[0].endswith("002 (2021)")
    found = client.get("/?service=LONG+002&year=2020").context["page"].paginator.count
    assert found == sum(n % 3 == 2 and n % 8 == 2 for n in range(60))
    assert client.get("/?state=FIELDWORK").context["page"].paginator.count == 1
    assert "No inspection is like this" in client.get("/?service=nowhere").content.decode()
    assert 'href="?state=REVIEW&amp;page=2"' in client.get("/?state=REVIEW").content.decode()


@pytest.mark.parametrize("query", ["year=abc", "state=NONE", "page=x", "page=99"])
def test_invalid_filters_are_ignored(client: Client, ada: User, query: str) -> None:
    inspected(ada, 3)

    assert len(titles(client, f"/?{query}")) == 3
    assert "<title>My inspections" in client.get(f"/?{query}").content.decode()


def test_nobody_sees_inspections_of_others(client: Client, ada: User) -> None:
    builder.lead_inspector(builder.inspection())

    assert "You are not on an inspection yet" in client.get("/").content.decode()
