"""A note that seems to say who somebody is: warned of beside it, and saved all the same."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from cases.details import DETAIL_FIELDS, TYPED_DETAILS
from cases.models import Case
from config.demonstration import builder
from tests.forms import forms_on
from tests.pages import post, read, signed_in, words
from tests.scenes import Scene

NAMED = "Jayden Smith was not seen."
WARNING = (
    "“Jayden Smith” looks like a full name. Write initials, or who it is: the child, the child’s "
    "mother, the case manager."
)


def send(scene: Scene, address: str, **save: Any) -> dict[str, Any]:
    """One save by the case's inspector, as scripts send it; its result."""
    made = {"id": str(uuid.uuid4()), "base_version": 0, "made_at": None}
    response = signed_in(scene.inspector).post(
        scene.case_page + address, {"saves": [made | save]}, content_type="application/json"
    )
    assert response.status_code == 200
    result: dict[str, Any] = response.json()["results"][0]
    return result


def answer(note: str, **fields: Any) -> dict[str, Any]:
    return {"question": "2.1.1", "value": "YES", "note": note} | fields


def test_a_save_is_answered_with_what_its_note_seems_to_hold(scene: Scene) -> None:
    result = send(scene, "saves/", **answer(NAMED))
    assert (result["outcome"], result["warnings"]) == ("saved", [WARNING])
    assert scene.case.answers.get().note == NAMED
    result = send(scene, "saves/", **answer("J.S. was not seen.", base_version=1))
    assert (result["outcome"], result["warnings"]) == ("saved", [])


def test_a_save_that_is_not_taken_is_not_warned_of(scene: Scene) -> None:
    send(scene, "saves/", **answer("Fine."))
    result = send(scene, "saves/", **answer(NAMED))
    assert (result["outcome"], result["warnings"]) == ("conflict", [])


def test_typed_details_are_looked_at_and_choices_are_not(scene: Scene) -> None:
    result = send(scene, "details/saves/", field="interview_notes", value=NAMED)
    assert (result["outcome"], result["warnings"]) == ("saved", [WARNING])
    result = send(scene, "details/saves/", field="gender", value="MALE", base_version=1)
    assert result["warnings"] == []
    page = read(scene.inspector, f"{scene.case_page}details/")
    assert WARNING in page


def test_every_text_of_a_case_is_among_the_typed_details() -> None:
    fields = [Case._meta.get_field(name) for name in DETAIL_FIELDS]
    texts = [one for one in fields if isinstance(one, (models.CharField, models.TextField))]
    assert {one.name for one in texts if not one.choices} == TYPED_DETAILS


def test_the_page_shows_the_warning_beside_the_note_without_scripts(scene: Scene) -> None:
    page = f"{scene.case_page}2.1/"
    sent = {"2.1.1-value": "YES", "2.1.1-note": NAMED, "2.1.1-base": "0", "then": "stay"}
    post(scene.inspector, page, sent)
    assert scene.case.answers.get().note == NAMED
    shown = read(scene.inspector, page)
    assert f"Note on 2.1.1: {WARNING}" in shown
    assert shown.index("Key question 2.1.1") < shown.index(WARNING)
    assert shown.count("looks like") == 1


def test_whoever_goes_on_is_told_on_the_next_page(scene: Scene) -> None:
    page = f"{scene.case_page}2.1/"
    sent = {"2.1.1-value": "YES", "2.1.1-note": NAMED, "2.1.1-base": "0", "then": "continue"}
    client = signed_in(scene.inspector)
    following = client.post(page, sent, follow=True)
    assert f"Look at your note on 2.1.1 again: {WARNING}" in following.text
    assert scene.case.answers.get().note == NAMED


def test_a_warning_shows_what_was_typed_as_text(scene: Scene) -> None:
    send(scene, "saves/", **answer("<b>a.b@example.org</b> & “Bo Li”"))
    response = signed_in(scene.inspector).get(f"{scene.case_page}2.1/")
    assert "“a.b@example.org” looks like an e-mail address" in response.text
    assert "<b>a.b@" not in response.text


def test_readers_are_not_warned(scene: Scene) -> None:
    send(scene, "saves/", **answer(NAMED))
    assert "looks like a full name" not in read(scene.lead, f"{scene.case_page}2.1/")


def test_an_interview_and_a_finding_are_saved_and_looked_at_too(scene: Scene) -> None:
    finding = {"text": f"Strong, says Sarah Jones. {NAMED}", "base_version": "0"}
    client = signed_in(scene.lead)
    page = f"{scene.home}key-questions/1.1.1/add/strength/"
    said = words(client.post(page, finding, follow=True))
    assert "Look at its text again: “Sarah Jones” and “Jayden Smith” each look like" in said
    assert scene.inspection.findings.get().text == finding["text"]
    builder.interview(scene.inspection, scene.inspector, scene.case, by=scene.lead)
    slot = scene.inspection.interviews.get()
    address = f"{scene.home}interviews/{slot.pk}/"
    [form] = [one for one in forms_on(client, address) if "case_manager" in one.inputs]
    sent = {name: one.values for name, one in form.inputs.items() if one.values}
    said = words(client.post(address, sent | {"note": NAMED}, follow=True))
    assert f"Look at the interview’s note again: {WARNING}" in said
