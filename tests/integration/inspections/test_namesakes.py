"""Two people of one name are told apart by their address, wherever they are named."""

from __future__ import annotations

import pgtrigger
from django.db import connection

from cases.actions import allocate_case
from config.demonstration import builder
from inspections.models import User
from tests.forms import forms_on
from tests.pages import read, signed_in, words
from tests.scenes import Scene


def named(name: str, email: str) -> User:
    return User.objects.get(pk=builder.user(name, email=email).pk)


def fresh(*people: User) -> list[str]:
    return [str(User.objects.get(pk=person.pk)) for person in people]


def test_a_name_alone_is_enough_for_one_person(db: None) -> None:
    assert str(named("Sam Smith", "sam@fieldwork.example")) == "Sam Smith"


def test_two_of_one_name_are_named_with_their_address(db: None) -> None:
    first = named("Sam Smith", "sam1@fieldwork.example")
    second = named("sam  smith", "sam2@fieldwork.example")
    assert fresh(first, second) == [
        "Sam Smith (sam1@fieldwork.example)",
        "sam  smith (sam2@fieldwork.example)",
    ]


def test_whoever_gets_another_name_is_told_apart_no_longer(db: None) -> None:
    first, second, third = (named("Sam Smith", f"sam{n}@fieldwork.example") for n in range(3))
    second = User.objects.get(pk=second.pk)
    second.name = "Samira Smith"
    second.save()
    assert fresh(first, second, third) == [
        "Sam Smith (sam0@fieldwork.example)",
        "Samira Smith",
        "Sam Smith (sam2@fieldwork.example)",
    ]
    third.delete()
    assert fresh(first) == ["Sam Smith"]


def test_pages_tell_them_apart(scene: Scene) -> None:
    """On the team's page, among those to add, where a case is allocated, and in lists."""
    address = scene.inspector.email
    namesake = named("Ada Inspector", "ada.two@fieldwork.example")
    lead = scene.lead
    said = read(lead, f"{scene.home}team/")
    assert f"Role of Ada Inspector ({address})" in said
    assert "Ada Inspector (ada.two@fieldwork.example)" in said
    for page in (scene.home, f"{scene.home}cases/", scene.case_page):
        assert f"Ada Inspector ({address})" in read(lead, page), page
    form = next(
        one
        for one in forms_on(signed_in(lead), scene.case_page)
        if "to" in one.inputs and "instead_of" in one.inputs
    )
    assert str(scene.inspector.pk) in form.inputs["to"].options
    assert str(namesake.pk) not in form.inputs["to"].options
    assert f"Ada Inspector ({address})" in words(signed_in(lead).get(scene.case_page))


def test_what_a_namesake_recorded_is_not_taken_for_one_s_own(scene: Scene) -> None:
    first, second = scene.inspector, builder.inspector(scene.inspection, "Ada Inspector")
    first, second = User.objects.get(pk=first.pk), User.objects.get(pk=second.pk)
    builder.answers(scene.case, first, **{"2.1.1": "YES"})
    allocate_case(case=scene.case, to=second, by=scene.lead)
    said = read(second, scene.record_page())
    assert f"by {first}" in said
    history = read(second, f"{scene.case_page}history/")
    assert f"{first}" in history and f"Allocated to {second}" in history
    assert f'data-name="{second}"' in signed_in(second).get(scene.home).text


def test_accounts_from_before_are_told_apart_too(db: None) -> None:
    """As the migration does it."""
    with pgtrigger.ignore("inspections.User:user_namesakes"):
        for number in range(2):
            named("Sam Smith", f"sam{number}@fieldwork.example")
        assert not User.objects.filter(has_namesake=True).exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_user SET name = name")
    assert User.objects.filter(has_namesake=True).count() == 2
