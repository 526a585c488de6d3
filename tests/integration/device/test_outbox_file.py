"""The lead uploads unsent answers: as its inspector's, once, overwriting nothing."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.actions import (
    Allocation,
    Save,
    allocate_case,
    allocate_cases,
    comment_on,
    record_answers,
    resolve,
)
from cases.models import AnswerSave, Case, CommentReply, DetailSave
from config.demonstration import builder
from inspections.models import Inspection, User
from inspections.team.actions import change_team, team_version
from tests.pages import words

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


def test_a_case_taken_back_says_what_to_do(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    taken = [Allocation(case.pk, None, instead_of=ada.pk)]
    allocate_cases(inspection=inspection, allocations=taken, by=lead)
    file = outbox(ada, filed(case))
    assert "The case is not allocated. Allocate it to Ada Inspector" in load(
        client, lead, inspection, file
    )
    assert not AnswerSave.objects.exists()
    given = [Allocation(case.pk, ada, instead_of=0)]
    allocate_cases(inspection=inspection, allocations=given, by=lead)
    assert ">Saved<" in load(client, lead, inspection, file)


def leave(inspection: Inspection, lead: User, **roles: str) -> None:
    """Ada leaves the team, or gets another role; her cases go to the lead."""
    change_team(
        inspection=inspection,
        roles={lead.pk: "LEAD_INSPECTOR"} | {int(key[1:]): role for key, role in roles.items()},
        base_version=team_version(Inspection.objects.get(pk=inspection.pk)),
        by=lead,
    )


@pytest.mark.parametrize("role", ["", "PANEL_MEMBER"])
def test_what_waited_on_the_device_of_somebody_who_left_is_loaded_by_the_lead(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case, role: str
) -> None:
    comment = comment_on(case=case, text="Look again.", by=lead)
    leave(inspection, lead, **({f"u{ada.pk}": role} if role else {}))
    sent = [
        entry(case, "answer", {"question": "2.1.1a", "value": "YES", "note": ""}),
        entry(case, "detail", {"field": "offence_type", "value": "Burglary"}),
        entry(case, "reply", {"action": "reply", "comment": comment.pk, "text": "I did."}),
    ]
    file = {"schema": "outbox/2", "user": ada.pk, "saves": sent}
    assert load(client, lead, inspection, file).count(">Saved<") == 3
    for kept in (AnswerSave.objects.get(), DetailSave.objects.get()):
        assert (kept.saved_by, kept.loaded_by) == (ada, lead)
    reply = CommentReply.objects.get()
    assert (reply.made_by, reply.loaded_by) == (ada, lead)
    assert load(client, lead, inspection, file).count(">Saved<") == 3
    assert AnswerSave.objects.count() == 1


def test_a_case_of_somebody_who_left_that_was_handed_on_says_what_to_do(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    leave(inspection, lead)
    ben = builder.inspector(inspection, "Ben Inspector")
    allocate_case(case=case, to=ben, by=lead)
    file = outbox(ada, filed(case))
    said = "The case is allocated to Ben Inspector. Allocate it to yourself, load the file again"
    assert said in load(client, lead, inspection, file)
    assert not AnswerSave.objects.exists()
    allocate_case(case=case, to=lead, by=lead)
    assert ">Saved<" in load(client, lead, inspection, file)


def test_a_file_of_somebody_who_never_held_cases_here_is_refused(
    client: Client, inspection: Inspection, lead: User, case: Case
) -> None:
    for person in (builder.user(), builder.panel_member(inspection)):
        shown = load(client, lead, inspection, outbox(person, filed(case)))
        assert "somebody who is or was on this inspection’s team" in shown
    assert not AnswerSave.objects.exists()


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
        ({"schema": "outbox/3", "user": 1, "saves": []}, "schema", "“outbox/2”"),
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


def entry(case: Case, kind: str, content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """As outbox/2 has it."""
    return {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "inspection": case.inspection_id,
        "case": case.pk,
        "reference": case.reference,
        "subject": content.get("question") or content.get("field") or "",
        "content": content,
        "base_version": 0,
        "follows": None,
        "made_at": "2026-11-21T14:02:00Z",
        **fields,
    }


def detail(case: Case, field: str, value: Any, **fields: Any) -> dict[str, Any]:
    return entry(case, "detail", {"field": field, "value": value}, **fields)


def on_comment(case: Case, action: str, comment: int | None = None, **content: Any) -> Any:
    made = {"action": action, "question": "", "comment": comment, "text": ""}
    return entry(case, action, made | content)


def outbox_2(of: User, *saves: dict[str, Any]) -> dict[str, Any]:
    return {"schema": "outbox/2", "user": of.pk, "saves": list(saves)}


def test_saves_of_every_kind_are_loaded_as_the_inspectors(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    asked = comment_on(case=case, text="Why?", by=lead)
    age = detail(case, "age", "15")
    file = outbox_2(
        ada,
        entry(case, "answer", {"question": "2.1.1a", "value": "YES", "note": "Seen."}),
        age,
        detail(case, "age", "16", base_version=None, follows=age["id"]),
        detail(case, "disposal_date", ["14", "3", "2021"]),
        detail(case, "factors", ["PEERS"]),
        on_comment(case, "reply", asked.pk, text="In the\r\nfile."),
        on_comment(case, "resolve", asked.pk),
    )
    shown = load(client, lead, inspection, file)
    assert shown.count(">Saved<") == 7
    said = words(shown)
    for one in ("Age", "15", "16", "14 March 2021", "Friends and peers", "Reply to a comment"):
        assert one in said
    case.refresh_from_db()
    assert (case.age, case.version, case.factors) == (16, 4, ["PEERS"])
    reply = CommentReply.objects.get()
    assert (reply.text, reply.made_by, reply.loaded_by) == ("In the\nfile.", ada, lead)
    asked.refresh_from_db()
    assert asked.resolved_by == ada
    loaded = DetailSave.objects.values_list("saved_by", "loaded_by").distinct()
    assert list(loaded) == [(ada.pk, lead.pk)]
    history = words(client.get(f"{case.get_absolute_url()}history/"))
    assert history.count("Ada Inspector, uploaded by Lee Lead") == 6
    # Loaded again, nothing is saved twice.
    assert load(client, lead, inspection, file).count(">Saved<") == 7
    assert (DetailSave.objects.count(), CommentReply.objects.count()) == (4, 1)


def test_each_that_can_not_be_saved_says_why_and_the_others_are_saved(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    asked = comment_on(case=case, text="Why?", by=lead)
    resolve(comment=asked, by=lead)
    builder.details(case, ada, gender="MALE")
    file = outbox_2(
        ada,
        detail(case, "age", "56"),
        detail(case, "disposal_date", ["14", "3", ""]),
        detail(case, "gender", "FEMALE"),
        detail(case, "offence_type", "Theft"),
        on_comment(case, "reply", asked.pk, text="Late."),
        on_comment(case, "reply", asked.pk, text=" "),
        on_comment(case, "comment", text="Not an inspector’s to make."),
    )
    shown = load(client, lead, inspection, file)
    said = words(shown)
    for one in (
        "56 Not saved. Age: Enter the age in years, from 8 to 21.",
        "14 3 Not saved. Disposal date: Enter the year",
        "Female Not saved: another value stands. Both are in the history.",
        "Late. Not saved. This comment is resolved already, so nobody replies to it.",
        "Not saved. Enter your reply.",
        "Not saved. Only the lead inspector or the quality reviewer can comment on this case.",
    ):
        assert one in said
    assert shown.count(">Saved<") == 1
    case.refresh_from_db()
    assert (case.gender, case.offence_type, case.age) == ("MALE", "Theft", None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "decision"}, "saves › 2 › kind: expected one of answer, detail, comment"),
        ({"kind": []}, "saves › 2 › kind: expected one of answer, detail, comment"),
        ({"content": None}, "saves › 2 › field: expected the name of a detail"),
        ({"content": {"field": "state", "value": ""}}, "saves › 2 › field: expected the name"),
        ({"content": {"field": "age", "value": 1}}, "saves › 2 › value: expected text, or a list"),
        ({"case": 0}, "saves › 2 › case: expected the number of a case of this inspection"),
        ({"id": "1"}, "saves › 2 › id: expected a UUID"),
    ],
)
def test_an_entry_that_can_not_be_read_says_where_and_loads_nothing(
    client: Client,
    inspection: Inspection,
    lead: User,
    ada: User,
    case: Case,
    changed: dict[str, Any],
    said: str,
) -> None:
    file = outbox_2(ada, detail(case, "age", "15"), detail(case, "age", "16") | changed)
    assert f"In outbox.json: {said}" in load(client, lead, inspection, file)
    assert not DetailSave.objects.exists()


def test_faults_of_every_kind_are_named_together(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    answer = entry(case, "answer", {"question": "2.1.1a", "value": "MAYBE", "note": ""})
    file = outbox_2(ada, answer, detail(case, "age", "15", id="1"), on_comment(case, "reply", -1))
    shown = load(client, lead, inspection, file)
    for path in ("saves › 1 › value: ", "saves › 2 › id: ", "saves › 3 › comment: "):
        assert path in shown


def test_wherever_its_answers_are_shown_it_is_said_who_loaded_them(
    client: Client, inspection: Inspection, lead: User, ada: User, case: Case
) -> None:
    detail = {"kind": "detail", "content": {"field": "case_manager_interviewed", "value": "YES"}}
    answer = filed(case) | {
        "kind": "answer",
        "content": {"question": "2.1.1a", "value": "YES", "note": ""},
    }
    entry = {key: value for key, value in filed(case).items() if key not in ("question", "value")}
    sent = {"schema": "outbox/2", "user": ada.pk, "saves": [answer, entry | detail]}
    load(client, lead, inspection, sent)
    said = "Lee Lead uploaded it from a file of the device"
    # Where Ada goes on, where others read, and once she has saved another answer.
    colleague = builder.inspector(inspection, "Grace Inspector")
    for reader in (ada, lead, colleague):
        client.force_login(reader)
        assert said in words(client.get(case.record_url("2.1"))), reader
    client.force_login(ada)
    details = reverse("cases:details", args=[inspection.pk, case.pk])
    assert said in words(client.get(details))
    record_answers(case_id=case.pk, saves=[Save("2.1.1a", "NO", "", base_version=1)], by=ada)
    client.force_login(lead)
    assert said not in words(client.get(case.record_url("2.1")))
