"""The responses to saves of details sent by scripts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from cases.details import DETAIL_FIELDS
from cases.models import Case, DetailSave
from inspections.history import events_of
from inspections.models import Inspection
from tests.pages import signed_in
from tests.scenes import Scene

EXAMPLES: dict[str, Any] = {
    "disposal_type": "REFERRAL_ORDER",
    "disposal_date": ["14", "3", "2021"],
    "age": "15",
    "gender": "MALE",
    "offence_category": "ROBBERY",
    "ethnicity": "UNKNOWN",
    "looked_after": "NO",
    "protection_plan": "NONE",
    "education_status": "REDUCED",
    "management_oversight_met_needs": "NOT_APPLICABLE",
    "factors": ["EDUCATION", "PEERS"],
} | dict.fromkeys(("serious_harm_level", "safety_level", "serious_harm_own_level"), "LOW")
EXAMPLES |= {"safety_own_level": "HIGH", "case_manager_interviewed": "YES"}
EXAMPLES |= {"serious_harm_agreed": "NO", "safety_agreed": "YES"}
"""What the inputs hold; all others are texts."""

EMPTY: dict[str, Any] = {"disposal_date": ["", "", ""], "factors": []}


def save(field: str, value: Any, base_version: int = 0, **fields: Any) -> dict[str, Any]:
    made = {"id": str(uuid.uuid4()), "field": field, "value": value, "made_at": None}
    return made | {"base_version": base_version} | fields


def send(scene: Scene, *saves: dict[str, Any]) -> Any:
    return signed_in(scene.inspector).post(
        f"{scene.case_page}details/saves/", {"saves": saves}, content_type="application/json"
    )


def test_every_detail_is_saved_as_typed_and_taken_back(scene: Scene) -> None:
    typed = {name: EXAMPLES.get(name, "Two\nlines") for name in DETAIL_FIELDS}
    results = send(scene, *(save(name, value) for name, value in typed.items())).json()["results"]
    assert [(one["outcome"], one["version"]) for one in results] == [
        ("saved", place) for place in range(1, len(typed) + 1)
    ]
    assert [one["standing"]["value"] for one in results] == list(typed.values())
    assert {one["standing"]["by"] for one in results} == {"Ada Inspector"}
    latest = len(typed)
    again = (save(name, EMPTY.get(name, ""), latest) for name in DETAIL_FIELDS)
    results = send(scene, *again).json()["results"]
    assert {one["outcome"] for one in results} == {"saved"}
    assert [one["standing"]["value"] for one in results] == [
        EMPTY.get(name, "") for name in DETAIL_FIELDS
    ]


def test_a_conflict_shows_what_stands_in_the_form_of_the_inputs(scene: Scene) -> None:
    send(scene, save("disposal_date", ["14", "03", "2021"]))
    (result,) = send(scene, save("disposal_date", ["15", "3", "2021"])).json()["results"]
    assert (result["outcome"], result["version"], result["why"]) == ("conflict", None, "")
    assert result["standing"]["value"] == ["14", "3", "2021"]
    assert (result["standing"]["version"], result["standing"]["by"]) == (1, "Ada Inspector")


def test_a_retry_is_answered_as_the_first_time(scene: Scene) -> None:
    sent = save("age", "15")
    assert send(scene, sent).json() == send(scene, sent).json()
    assert DetailSave.objects.count() == 1
    assert send(scene, sent | {"value": "16"}).status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("age", "56", "Age: Enter the age in years, from 8 to 21."),
        ("age", "old", "Age: Enter the age in years, from 8 to 21."),
        ("disposal_date", ["31", "2", "2021"], "Disposal date: Enter a real date"),
        ("disposal_date", ["14", "3", ""], "Disposal date: Enter the year"),
        ("disposal_date", "14 3 2021", "Disposal date: Open the page again"),
        ("disposal_date", ["14", "3", "2021", "5"], "Disposal date: Open the page again"),
        ("offence_type", ["Theft"], "Offence type: Open the page again"),
        ("offence_type", "x" * 101, "Offence type: Shorten this to 100 characters. It has 101."),
        ("interview_notes", "x" * 20_001, "interview with the case manager: Shorten this to 20000"),
        ("interview_notes", "\x00", "saves › 2 › value: expected text, or a list of texts"),
        ("disposal_type", "YOUTH_CAUTION", "Disposal type: Select a valid choice"),
        ("factors", ["WEATHER"], "child’s offending: Select a valid choice"),
        ("factors", "PEERS", "child’s offending: Open the page again"),
        ("state", "SIGNED_OFF", "This is not a detail of a case."),
    ],
)
def test_what_cannot_be_is_refused_in_the_words_of_the_page(
    scene: Scene, field: str, value: Any, words: str
) -> None:
    answer = send(scene, save("gender", "MALE"), save(field, value))
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert not DetailSave.objects.exists()


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"value": 15}, "saves › 1 › value"),
        ({"value": "\ud800"}, "saves › 1 › value"),
        ({"field": None}, "saves › 1 › field"),
        ({"base_version": -1}, "saves › 1 › base_version"),
        ({"id": "1"}, "saves › 1 › id"),
        ({"made_at": "soon"}, "saves › 1 › made_at"),
    ],
)
def test_an_invalid_request_is_refused_with_its_path(
    scene: Scene, changed: dict[str, Any], path: str
) -> None:
    answer = send(scene, save("age", "15") | changed)
    assert answer.status_code == 400
    assert path in answer.json()["error"]


def test_who_may_not_record_is_told_why_and_an_outsider_nothing(scene: Scene) -> None:
    address = f"{scene.case_page}details/saves/"
    body = {"saves": [save("age", "15")]}
    for person, status, words in (
        (scene.colleague, 403, "allocated to Ada Inspector"),
        (scene.outsider, 404, "isn't there"),
    ):
        answer = signed_in(person).post(address, body, content_type="application/json")
        assert answer.status_code == status
        assert words in answer.json()["error"]
    Inspection.objects.update(state=Inspection.State.REVIEW)
    assert "Fieldwork has closed" in send(scene, save("age", "15")).json()["error"]
    page_of_another = signed_in(scene.inspector).post(
        address, body, content_type="application/json", headers={"X-Recorded-By": "0"}
    )
    assert page_of_another.status_code == 401


def test_the_history_says_who_changed_the_case_and_in_which_request(scene: Scene) -> None:
    send(scene, save("age", "15"))
    (event,) = events_of(Case).filter(pgh_label="update", pgh_obj_id=scene.case.pk)
    address = f"{scene.case_page}details/saves/"
    assert event.pgh_context == {"user": scene.inspector.pk, "url": address}
