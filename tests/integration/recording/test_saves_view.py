"""The responses to saves sent by scripts, also when something changed since the page was loaded."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import AnswerSave, Case
from config.demonstration import builder
from inspections.history import events_of
from inspections.models import Inspection, User


@dataclass
class Desk:
    """An inspector signed in, and the case that they hold."""

    client: Client
    case: Case
    inspector: User

    def send(self, **changed: Any) -> Any:
        save = {
            "id": str(uuid.uuid4()),
            "question": "2.1.1",
            "value": "YES",
            "note": "",
            "base_version": 0,
            "made_at": None,
        } | changed
        return self.client.post(
            reverse("cases:saves", args=[self.case.inspection_id, self.case.pk]),
            {"saves": [save]},
            content_type="application/json",
        )


@pytest.fixture
def desk(db: None, client: Client) -> Desk:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection, "Ada Inspector")
    client.force_login(inspector)
    return Desk(client, builder.case(inspection, to=inspector), inspector)


def test_a_save_is_answered_with_the_current_answer(desk: Desk) -> None:
    (result,) = desk.send(note="Seen.").json()["results"]
    assert (result["outcome"], result["version"]) == ("saved", 1)
    assert (result["standing"]["note"], result["standing"]["by"]) == ("Seen.", "Ada Inspector")


def test_the_response_is_not_cached(desk: Desk) -> None:
    assert desk.send()["Cache-Control"] == "no-store, private"


def test_a_retry_is_answered_as_the_first_time(desk: Desk) -> None:
    sent = str(uuid.uuid4())
    assert desk.send(id=sent).json() == desk.send(id=sent).json()
    assert AnswerSave.objects.count() == 1


def test_a_retry_that_says_something_else_is_refused(desk: Desk) -> None:
    sent = str(uuid.uuid4())
    desk.send(id=sent)
    assert desk.send(id=sent, value="NO").status_code == 409


def test_a_save_after_signing_out_is_kept_for_later(desk: Desk) -> None:
    desk.send()
    Session.objects.all().delete()
    answer = desk.send(base_version=1)
    assert answer.status_code == 401
    assert "Sign in again" in answer.json()["error"]


def test_a_save_after_another_password_was_chosen_is_kept_for_later(desk: Desk) -> None:
    desk.send()
    desk.inspector.set_password("another long password")
    desk.inspector.save()
    assert desk.send(base_version=1).status_code == 401


def test_a_save_of_an_account_that_was_closed_is_not_recorded(desk: Desk) -> None:
    desk.send()
    User.objects.filter(pk=desk.inspector.pk).update(is_active=False)
    assert desk.send(base_version=1).status_code == 401
    assert desk.case.answers.get().version == 1


def test_a_save_after_the_session_ran_out_is_kept_for_later(desk: Desk) -> None:
    desk.send()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert desk.send(base_version=1).status_code == 401


def test_a_save_without_the_page_s_token_is_refused(desk: Desk) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(desk.inspector)
    assert Desk(careful, desk.case, desk.inspector).send().status_code == 403
    assert not desk.case.answers.exists()


def test_a_save_after_fieldwork_has_closed_is_refused_in_words(desk: Desk) -> None:
    desk.send()
    Inspection.objects.update(state=Inspection.State.REVIEW)
    answer = desk.send(base_version=1)
    assert answer.status_code == 403
    assert "Fieldwork has closed" in answer.json()["error"]


def test_two_saves_of_one_answer_in_one_request_go_one_after_the_other(desk: Desk) -> None:
    saves = [
        {"id": str(uuid.uuid4()), "question": "2.1.1", "value": value, "base_version": base}
        for base, value in enumerate(["YES", "NO"])
    ]
    answer = desk.client.post(
        reverse("cases:saves", args=[desk.case.inspection_id, desk.case.pk]),
        {"saves": saves},
        content_type="application/json",
    )
    assert [result["version"] for result in answer.json()["results"]] == [1, 2]
    assert desk.case.answers.get().value == "NO"


def test_a_conflict_has_the_current_answer_and_its_author(desk: Desk) -> None:
    desk.send(note="First.")
    (result,) = desk.send(value="NO").json()["results"]
    assert (result["outcome"], result["version"]) == ("conflict", None)
    assert (result["standing"]["note"], result["standing"]["by"]) == ("First.", "Ada Inspector")


def test_an_id_that_somebody_else_used_is_refused_without_details(desk: Desk) -> None:
    grace = builder.inspector(desk.case.inspection, "Grace Inspector")
    hers = Desk(Client(), builder.case(desk.case.inspection, to=grace), grace)
    hers.client.force_login(grace)
    used = str(uuid.uuid4())
    desk.send(id=used)
    answer = hers.send(id=used)
    assert answer.status_code == 409
    assert "results" not in answer.json()
    assert not hers.case.answers.exists()


def test_a_save_goes_on_after_the_session_took_up_something_else(desk: Desk) -> None:
    desk.send()
    session = desk.client.session
    session["something"] = "else"
    session.save()
    assert desk.send(base_version=1).status_code == 200
    assert desk.send(base_version=2).status_code == 200


def test_a_save_in_a_case_that_was_handed_over_is_refused_in_words(desk: Desk) -> None:
    desk.send()
    grace = builder.inspector(desk.case.inspection, "Grace Inspector")
    Case.objects.filter(pk=desk.case.pk).update(allocated_to=grace)
    answer = desk.send(base_version=1)
    assert answer.status_code == 403
    assert "allocated to Grace Inspector" in answer.json()["error"]


def test_a_case_of_somebody_elses_inspection_is_not_there(desk: Desk) -> None:
    desk.client.force_login(builder.inspector(builder.inspection()))
    assert desk.send().status_code == 404


@pytest.mark.parametrize("value", ["MAYBE", 1, None, [], {}])
def test_an_invalid_request_is_refused_with_its_path(desk: Desk, value: Any) -> None:
    answer = desk.send(value=value)
    assert answer.status_code == 400
    assert "saves › 1 › value: expected YES, NO, NOT_APPLICABLE" in answer.json()["error"]


@pytest.mark.parametrize("time", ["2026-01-01T00:00:00+23:00", "2026-01-01T00:00:00+01:00:00.5"])
def test_a_time_in_any_time_zone_is_accepted(desk: Desk, time: str) -> None:
    assert desk.send(made_at=time).status_code == 200


@pytest.mark.parametrize("time", ["0002-01-01T00:00:00Z", "9998-12-31T23:59:59Z"])
def test_the_history_shows_any_time_that_is_accepted(desk: Desk, time: str) -> None:
    assert desk.send(made_at=time).status_code == 200
    history = reverse("cases:history", args=[desk.case.inspection_id, desk.case.pk])
    assert "Device’s clock" in desk.client.get(history).content.decode()


@pytest.mark.parametrize(
    "time",
    [
        "0001-01-01T00:00:00+10:00",
        "0001-01-01T00:00:00Z",  # Greenwich was behind that
        "9999-12-31T23:59:59Z",
        "2026-01-01T00:00:00",
        "soon",
    ],
)
def test_an_invalid_time_is_refused_with_its_path(desk: Desk, time: str) -> None:
    answer = desk.send(made_at=time)
    assert answer.status_code == 400
    assert "saves › 1 › made_at: expected a date and time" in answer.json()["error"]


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain"])
def test_what_is_not_json_is_refused(desk: Desk, kind: str) -> None:
    for name in ("saves", "details-saves", "comments-saves"):
        address = reverse(f"cases:{name}", args=[desk.case.inspection_id, desk.case.pk])
        answer = desk.client.post(address, b"--x\r\n\r\n--x--", content_type=kind)
        assert answer.status_code == 400
        assert "JSON" in answer.json()["error"]


def test_two_saves_of_one_id_in_one_request_are_refused(desk: Desk) -> None:
    save = {"id": str(uuid.uuid4()), "value": "YES", "note": "", "base_version": 0}
    answer = desk.client.post(
        reverse("cases:saves", args=[desk.case.inspection_id, desk.case.pk]),
        {"saves": [save | {"question": code} for code in ("2.1.1", "2.1.2")]},
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert "an id of its own for each save" in answer.json()["error"]


def test_the_history_says_who_started_a_case_and_in_which_request(desk: Desk) -> None:
    desk.send()
    (event,) = events_of(Case).filter(pgh_label="update", pgh_obj_id=desk.case.pk)
    assert event.state == Case.State.IN_PROGRESS
    address = reverse("cases:saves", args=[desk.case.inspection_id, desk.case.pk])
    assert event.pgh_context == {"user": desk.inspector.pk, "url": address}


@pytest.mark.parametrize(
    "note",
    ["x" * 19_800 + "\n" * 199, "x" * 19_800 + "\r\n" * 199, "\N{GRINNING FACE}" * 9_999 + "x"],
)
def test_a_note_is_as_long_as_the_browser_counts_it(desk: Desk, note: str) -> None:
    assert desk.send(note=f"{note}x").status_code == 200
    answer = desk.send(question="2.1.2", note=f"{note}xx")
    assert answer.status_code == 400
    assert "text of at most 20,000 characters" in answer.json()["error"]
