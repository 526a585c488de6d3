"""Names are compared without case and invisible characters, and sorted as people sort them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from config.demonstration import builder
from inspections.models import Inspection, Membership, Service, User
from inspections.names import NameKey, clean_name

pytestmark = pytest.mark.django_db

ZERO_WIDTH, NO_BREAK, SOFT_HYPHEN, THIN = "\u200b", "\u00a0", "\u00ad", "\u2009"

SORTED = [
    "Adams, Zoë",
    "Ágnes Kovács",
    "anna small",
    "Émile Zola",
    "Erik Ek",
    "Łukasz Lis",
    "Lyn Lee",
    "Oakley Owens",
    "O’Brien, Pat",
    "O'Brien, Quinn",
    "Örn Óskarsson",
    "Øystein Øy",
    "Ulla Ulm",
    "van Dyke, Ann",
    "Vaughan, Ann",
    "Zoe Zed",
]


@pytest.mark.parametrize(
    "other",
    [
        "northmere youth justice service",
        "  Northmere   Youth Justice Service ",
        f"North{ZERO_WIDTH}mere Youth{NO_BREAK}Justice Service",
        f"North{SOFT_HYPHEN}mere Youth{THIN}Justice\tService\ufeff",
        "NORTHMERE YOUTH JUSTICE SERVICE",
    ],
)
def test_a_service_is_there_once_whatever_case_and_spaces(other: str) -> None:
    Service.objects.create(name="Northmere Youth Justice Service")
    assert Service.objects.named(other).get().name == "Northmere Youth Justice Service"
    with pytest.raises(IntegrityError, match="service_name_once"), transaction.atomic():
        Service.objects.create(name=other)


def test_services_that_differ_in_letters_are_two() -> None:
    for name in ("Northmere", "North Mere", "Nörthmere", "Northmere 2"):
        Service.objects.create(name=name)
    assert Service.objects.count() == 4


@pytest.mark.parametrize("empty", ["", " ", NO_BREAK, ZERO_WIDTH, f"{SOFT_HYPHEN} \ufeff", "\t"])
def test_a_name_that_looks_empty_is_refused(empty: str) -> None:
    assert clean_name(empty) == ""
    with pytest.raises(IntegrityError, match="service_name_given"), transaction.atomic():
        Service.objects.create(name=empty)
    with pytest.raises(IntegrityError, match="user_name_given"), transaction.atomic():
        User.objects.create(name=empty, email="nobody@fieldwork.example")


def keys_of(names: list[str]) -> list[str]:
    key = NameKey.template % {"expressions": "name"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM unnest(%s::text[]) WITH ORDINALITY AS given (name, place) "
            "ORDER BY place",
            [names],
        )
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.parametrize("around", ["{}", "a{}b"])
def test_a_cleaned_name_is_the_one_that_was_typed(around: str) -> None:
    """Of every character of the first plane, and those that look empty are empty."""
    names = [around.format(chr(n)) for n in range(1, 0x10000) if not 0xD800 <= n < 0xE000]
    cleaned = [clean_name(name) for name in names]
    keys = keys_of(names)
    assert keys_of(cleaned) == keys
    assert [not name for name in cleaned] == [not key for key in keys]


def test_people_services_and_inspections_are_sorted_as_people_sort_names() -> None:
    shuffled = sorted(SORTED, key=lambda name: name[::-1])
    inspection = builder.inspection()
    for name in shuffled:
        builder.inspector(inspection, name)
        Inspection.objects.create(service=Service.objects.create(name=name), edition_id="2021")
    assert [str(one) for one in User.objects.all()] == SORTED
    assert [str(one.user) for one in Membership.objects.select_related("user")] == SORTED
    services = Service.objects.exclude(pk=inspection.service_id)
    assert [str(one) for one in services] == SORTED
    inspections = Inspection.objects.exclude(pk=inspection.pk).select_related("service")
    assert [str(one.service) for one in inspections] == SORTED


def test_people_of_one_name_are_sorted_by_their_address() -> None:
    for address in ("b@fieldwork.example", "a@fieldwork.example"):
        builder.user("Ann Lee", email=address)
    assert [one.email[0] for one in User.objects.all()] == ["a", "b"]
