"""The lead loads what waited on a device: as its inspector's, once, overwriting nothing."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.actions import Save, allocate_case, record_answers
from cases.models import AnswerSave, Case
from config.demonstration import builder
from inspections.models import Inspection, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection() -> Inspection:
    return builder.inspection()


@pytest.fixture
def lead(inspection: Inspection) -> User:
    return builder.lead_inspector(inspection, "Lee Lead")


@pytest.fixture
def ada(inspection: Inspection) -> User:
    return builder.inspector(inspection, "Ada Inspector")


@pytest.fixture
def case(inspection: Inspection, ada: User) -> Case:
    return builder.case(inspection, to=ada, reference="C-001")


def filed(case: Case, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "inspection": case.inspection_id,
        "case": case.pk,
        "reference": case.reference,
        "question": "2.1.1a",
        "value": "YES",
        "note": "",
        "base_version": 0,
        "follows": None,
        "made_at": "2026-11-21T14:02:00Z",
        **fields,
    }


def load(client: Client, by: User, inspection: Inspection, content: object) -> str:
    client.force_login(by)
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    response = client.post(
        reverse("cases:outbox-file", args=[inspection.pk]),
        {"file": SimpleUploadedFile("outbox.json", body)},
    )
    assert response.status_code == 200
    return response.content.decode()


def outbox(of: User, *saves: dict[str, Any]) -> dict[str, Any]:
    return {"schema": "outbox/1", "user": of.pk, "saves": list(saves)}


def test_loaded_saves_are_the_inspectors_and_name_who_loaded_them(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    first = filed(case)
    then = filed(case, note="And why", base_version=None, follows=first["id"])
    assert load(client, lead, inspection, outbox(ada, first, then)).count(">Saved<") == 2
    answer = case.answers.get()
    assert (answer.value, answer.note, answer.version) == ("YES", "And why", 2)
    assert answer.answered_by == ada
    assert set(AnswerSave.objects.values_list("saved_by", "loaded_by")) == {(ada.pk, lead.pk)}


def test_a_file_loaded_twice_is_saved_once(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    file = outbox(ada, filed(case))
    load(client, lead, inspection, file)
    assert ">Saved<" in load(client, lead, inspection, file)
    assert AnswerSave.objects.count() == 1


def test_no_current_answer_is_replaced(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    record_answers(case_id=case.pk, saves=[Save("2.1.1a", "NO", "", 0)], by=ada)
    first = filed(case)
    then = filed(case, note="And why", base_version=None, follows=first["id"])
    shown = load(client, lead, inspection, outbox(ada, first, then))
    assert shown.count("another answer stands") == 2
    assert case.answers.get().value == "NO"
    assert AnswerSave.objects.filter(version=None).count() == 2


def test_a_case_since_given_to_somebody_else_says_what_to_do(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    ben = builder.inspector(inspection, "Ben Inspector")
    allocate_case(case=case, to=ben, by=lead)
    file = outbox(ada, filed(case))
    assert "The case is allocated to Ben Inspector. Allocate it to Ada Inspector" in load(
        client, lead, inspection, file
    )
    assert not AnswerSave.objects.exists()
    allocate_case(case=case, to=ada, by=lead)
    assert ">Saved<" in load(client, lead, inspection, file)


def test_a_submitted_case_says_to_return_it(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    Case.objects.update(state=Case.State.SUBMITTED)
    shown = load(client, lead, inspection, outbox(ada, filed(case)))
    assert "The case is submitted. Return it, then load the file again." in shown


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        (b"\xff", "byte 1", "UTF-8"),
        (b"{", "line 1, column 2", "JSON"),
        (b"[" * 100_000, "", "JSON"),
        (b"[]", "", "object"),
        (b'{"schema": "outbox/1", "schema": "outbox/1"}', "schema", "twice"),
        ({"user": 1, "saves": []}, "schema", "“outbox/1”"),
        ({"schema": "outbox/2", "user": 1, "saves": []}, "schema", "“outbox/1”"),
        ({"schema": "outbox/1", "user": 0, "saves": []}, "user", "this inspection’s team"),
        ({"schema": "outbox/1", "user": True, "saves": []}, "user", "this inspection’s team"),
        ({"schema": "outbox/1", "user": 1, "saves": {}}, "saves", "a list"),
        ({"schema": "outbox/1", "user": 1, "saves": [1]}, "saves › 1", "an object, not 1"),
    ],
)
def test_a_file_that_is_not_an_outbox_says_where(
    client: Client, inspection: Inspection, lead: User, content: object, path: str, words: str
) -> None:
    shown = load(client, lead, inspection, content)
    said = f"In outbox.json: {path}: expected" if path else "In outbox.json: expected"
    assert words in shown[shown.index(said) :].split("</")[0]


@pytest.mark.parametrize("saves", [0, 5001])
def test_a_file_holds_at_least_one_save_and_not_too_many(
    client: Client, inspection: Inspection, lead: User, ada: User, saves: int
) -> None:
    shown = load(client, lead, inspection, outbox(ada, *[{"inspection": 0}] * saves))
    assert f"In outbox.json: saves: expected a list of 1 to 5,000 saves, not of {saves:,}" in shown


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"case": 0}, "case", "the number of a case of this inspection, not 0"),
    ({"case": True}, "case", "the number of a case of this inspection, not true"),
    ({"question": "9.9.9"}, "question", "the code of a question asked in this case"),
    ({"question": ["2.1.1a"]}, "question", "the code of a question asked in this case"),
    ({"value": "MAYBE"}, "value", "YES, NO, NOT_APPLICABLE or nothing"),
    ({"question": "2.1.1", "value": "NOT_APPLICABLE"}, "value", "YES or NO, as 2.1.1 applies"),
    ({"note": "a" * 20_001}, "note", "text of at most 20,000 characters"),
    ({"note": "a\x00"}, "note", "text of at most 20,000 characters"),
    ({"note": "\ud800"}, "note", "text of at most 20,000 characters"),
    ({"note": None}, "note", "text of at most 20,000 characters"),
    ({"base_version": 2**31 - 1}, "base_version", "the number of the version"),
    ({"base_version": False}, "base_version", "the number of the version"),
    ({"id": "1"}, "id", "a UUID"),
    ({"id": 1}, "id", "a UUID"),
    ({"made_at": "2026-01-01T00:00:00"}, "made_at", "a date and time with its time zone, or null"),
    ({"follows": 3}, "follows", "the id of a save, or null, not 3"),
]


@pytest.mark.parametrize(("fields", "path", "words"), FAULTS)
def test_a_save_that_can_not_be_read_says_where_and_loads_nothing(
    client: Client,
    inspection: Inspection,
    lead: User,
    ada: User,
    case: Case,
    fields: dict[str, Any],
    path: str,
    words: str,
) -> None:
    file = outbox(ada, filed(case), {**filed(case), **fields})
    said = f"In outbox.json: saves › 2 › {path}: expected {words}"
    assert said in load(client, lead, inspection, file)
    assert not AnswerSave.objects.exists()


def test_every_save_that_can_not_be_read_is_named(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    file = outbox(ada, filed(case, id="1"), filed(case), filed(case, value="MAYBE"))
    shown = load(client, lead, inspection, file)
    assert "saves › 1 › id: " in shown
    assert "saves › 3 › value: " in shown


def test_saves_of_another_inspection_are_left_to_its_lead(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    other = filed(case, inspection=inspection.pk + 1)
    shown = load(client, lead, inspection, outbox(ada, filed(case), other))
    assert "The file also holds 1 change to cases of other inspections" in shown
    assert "holds nothing for this inspection" in load(client, lead, inspection, outbox(ada, other))


def test_only_the_lead_loads(client: Client, inspection: Inspection, lead: User, ada: User) -> None:
    address = reverse("cases:outbox-file", args=[inspection.pk])
    client.force_login(ada)
    assert client.get(address).status_code == 403
    client.force_login(builder.user())
    assert client.get(address).status_code == 404
    Inspection.objects.update(state=Inspection.State.REVIEW)
    client.force_login(lead)
    assert client.get(address).status_code == 403
