"""The history of records in django-pghistory's events."""

from __future__ import annotations

import pghistory
import pytest
from django.test import Client

from cases.models import Case
from config.demonstration import builder
from inspections.actions import move_inspection
from inspections.history import events_of
from inspections.models import Inspection, Membership, User

pytestmark = pytest.mark.django_db


def test_an_action_is_in_the_history_with_its_person() -> None:
    inspection = builder.inspection()
    lead = builder.lead_inspector(inspection)

    move_inspection(inspection=inspection, to=Inspection.State.REVIEW, by=lead)

    made, moved = events_of(Inspection).order_by("pgh_id")
    assert (made.pgh_label, made.state, made.pgh_context) == ("insert", "FIELDWORK", None)
    assert (moved.pgh_label, moved.state) == ("update", "REVIEW")
    assert moved.pgh_context == {"user": lead.pk}


def test_a_request_is_in_the_history_with_who_sent_it(client: Client) -> None:
    inspection = builder.inspection()
    lead = builder.lead_inspector(inspection)
    client.force_login(lead)
    page = f"/inspections/{inspection.pk}/move/REVIEW/"

    assert client.post(page).status_code == 302

    event = events_of(Inspection).get(pgh_label="update")
    assert event.pgh_context == {"user": lead.pk, "url": page}
    assert event.pgh_context_id is not None


def test_a_command_is_in_the_history_by_its_name() -> None:
    with pghistory.context(command="replay"):
        builder.inspection()

    assert events_of(Inspection).get().pgh_context == {"command": "replay"}


def test_a_history_has_no_password_and_no_sign_in(client: Client) -> None:
    person = builder.user()
    names = {field.name for field in events_of(User).model._meta.fields}
    assert not names & {"password", "last_login"}

    client.force_login(person)
    person.set_password("another long password")
    person.save()

    assert events_of(User).filter(pgh_obj_id=person.pk).count() == 1


def test_the_history_of_a_removed_record_stays() -> None:
    inspection = builder.inspection()
    builder.lead_inspector(inspection)
    builder.case(inspection)
    number = inspection.pk

    inspection.delete()

    for model in (Inspection, Membership, Case):
        labels = events_of(model).values_list("pgh_label", flat=True)
        assert "delete" in labels
    assert events_of(Inspection).filter(pgh_obj_id=number).count() == 2
