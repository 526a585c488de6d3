"""What is remembered of a form that was sent, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone

from inspections.access import sent_forms
from inspections.access.sent_forms import digest_of, read_form_id
from inspections.models import SentForm, User
from ratings.models import Finding
from tests.pages import signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


A_UUID = "0b4d6a52-7c1c-4a7e-9c55-1f2a3b4c5d6e"


def new_id(person: User) -> str:
    return f"{person.pk}-{uuid4()}"


@pytest.fixture
def lead(scene: Scene) -> Client:
    return signed_in(scene.lead)


def add(lead: Client, scene: Scene, form_id: str, text: str) -> Any:
    address = f"{scene.home}key-questions/1.1.1/add/strength/"
    return lead.post(address, {"base_version": 0, "text": text, "form_id": form_id})


def test_a_form_that_was_not_accepted_can_be_corrected(lead: Client, scene: Scene) -> None:
    form_id = new_id(scene.lead)
    assert add(lead, scene, form_id, " ").status_code == 200
    assert not SentForm.objects.exists()
    assert add(lead, scene, form_id, "Found.").status_code == 302
    assert Finding.objects.count() == 1


def test_the_same_form_with_other_content_is_another_submission(lead: Client, scene: Scene) -> None:
    form_id = new_id(scene.lead)
    for text in ("One.", "Another.", "One."):
        assert add(lead, scene, form_id, text).status_code == 302
    assert [one.text for one in Finding.objects.order_by("pk")] == ["One.", "Another."]


def test_the_same_content_in_another_form_is_another_record(lead: Client, scene: Scene) -> None:
    for _ in range(2):
        add(lead, scene, new_id(scene.lead), "Found.")
    assert Finding.objects.count() == 2


def test_a_repeat_says_once_what_the_first_one_said(lead: Client, scene: Scene) -> None:
    form_id = new_id(scene.lead)
    for _ in range(3):
        answer = add(lead, scene, form_id, "Found.")
    page = lead.get(answer["Location"].partition("#")[0])
    assert [str(one) for one in get_messages(answer.wsgi_request)]
    assert page.text.count("The strength is saved.") == 1
    # Read once, it is said again to whoever goes back and sends the form again.
    answer = add(lead, scene, form_id, "Found.")
    assert "The strength is saved." in lead.get(answer["Location"].partition("#")[0]).text


def test_what_was_warned_of_is_not_remembered(lead: Client, scene: Scene) -> None:
    form_id = {"form_id": new_id(scene.lead)}
    address = f"{scene.home}key-questions/1.1.2/evidence/"
    assert lead.post(address, form_id).status_code == 302
    assert not SentForm.objects.exists()


def test_what_was_saved_before_a_refusal_stays(scene: Scene) -> None:
    """Answers that were sent with a reply to a comment that isn't there."""
    sent = {
        "2.1.1a-value": "YES",
        "2.1.1a-note": "",
        "2.1.1a-base": "0",
        "then": "reply-999",
        "reply-999": "Because.",
        "form_id": new_id(scene.inspector),
    }
    answer = signed_in(scene.inspector).post(scene.record_page(), sent)
    assert answer.status_code >= 400
    assert scene.case.answers.get().value == "YES"
    assert not SentForm.objects.exists()


def test_an_exception_takes_everything_back(
    lead: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ratings.evidence.editing_views.messages.success", fail)
    lead.raise_request_exception = False
    form_id = new_id(scene.lead)
    assert add(lead, scene, form_id, "Found.").status_code == 500
    assert not Finding.objects.exists()
    assert not SentForm.objects.exists()
    monkeypatch.undo()
    assert add(lead, scene, form_id, "Found.").status_code == 302


@pytest.mark.parametrize("form_id", ["", "1", "1-2", f"x-{A_UUID}", f"1-{A_UUID}\n"])
def test_what_is_no_id_changes_nothing(lead: Client, scene: Scene, form_id: str) -> None:
    assert read_form_id(form_id) is None
    for _ in range(2):
        assert add(lead, scene, form_id, "Found.").status_code == 302
    assert Finding.objects.count() == 2
    assert not SentForm.objects.exists()


def test_opening_a_page_remembers_nothing(lead: Client, scene: Scene) -> None:
    lead.get(scene.home, {"form_id": new_id(scene.lead)})
    assert not SentForm.objects.exists()


def test_saves_of_scripts_cost_no_statement_more(
    scene: Scene, django_assert_num_queries: Any
) -> None:
    client = signed_in(scene.inspector)
    save = {"id": str(uuid4()), "question": "2.1.1a", "value": "YES", "note": "", "base_version": 0}
    address = f"{scene.case_page}saves/"
    # Session, person, the case's questions, and the statement in a savepoint of the test's own.
    with django_assert_num_queries(6):
        answer = client.post(address, {"saves": [save]}, content_type="application/json")
    assert answer.status_code == 200


def test_files_make_a_difference_by_what_is_in_them() -> None:
    def digest(name: str, content: bytes) -> str:
        file = SimpleUploadedFile(name, content)
        request = RequestFactory().post("/somewhere/", {"file": file, "form_id": str(uuid4())})
        read = digest_of(request)
        assert [one.read() for one in request.FILES.getlist("file")] == [content]
        return read

    assert digest("a.json", b"{}") == digest("a.json", b"{}")
    assert len({digest("a.json", b"{}"), digest("b.json", b"{}"), digest("a.json", b"[]")}) == 3


def test_old_ones_are_forgotten(lead: Client, scene: Scene) -> None:
    form_id = new_id(scene.lead)
    add(lead, scene, form_id, "Found.")
    old = timezone.now() - sent_forms.KEPT_FOR - timedelta(seconds=1)
    SentForm.objects.update(sent_at=old)
    SentForm.objects.forget_old()
    assert not SentForm.objects.exists()


# --- Asking which forms were accepted


def test_a_device_asks_which_of_its_forms_were_accepted(lead: Client, scene: Scene) -> None:
    accepted, refused, unknown = (new_id(scene.lead) for _ in range(3))
    add(lead, scene, accepted, "Found.")
    add(lead, scene, refused, " ")
    answer = lead.get("/sent-forms/", {"id": [accepted, refused, unknown, "nonsense"]})
    assert answer.json() == {"accepted": [accepted]}
    assert "no-store" in answer["Cache-Control"]


def test_nobody_is_told_of_others_forms(lead: Client, scene: Scene) -> None:
    form_id = new_id(scene.lead)
    add(lead, scene, form_id, "Found.")
    theirs = signed_in(scene.inspector).get("/sent-forms/", {"id": form_id})
    assert theirs.json() == {"accepted": []}
    renamed = f"{scene.inspector.pk}-{form_id.partition('-')[2]}"
    theirs = signed_in(scene.inspector).get("/sent-forms/", {"id": renamed})
    assert theirs.json() == {"accepted": []}


def test_at_most_50_are_answered(lead: Client, scene: Scene) -> None:
    form_id = new_id(scene.lead)
    add(lead, scene, form_id, "Found.")
    others = [new_id(scene.lead) for _ in range(50)]
    assert lead.get("/sent-forms/", {"id": [*others, form_id]}).json() == {"accepted": []}
    assert lead.get("/sent-forms/", {"id": [form_id, *others]}).json() == {"accepted": [form_id]}
