"""Whatever a device's clock says, a save is refused in words or the history shows it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.pages import read, signed_in
from tests.scenes import Scene

NO_TIMES = [
    "0001-01-01T00:00:00Z",  # Greenwich was behind that
    "0001-06-01T00:00:00+10:00",
    "9999-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z",
    "-000001-01-01T00:00:00Z",
    "2026-02-30T10:00:00Z",
    "2026-01-01T00:00:00",
    "soon",
    0,
    True,
]
EARLIEST, LATEST = "0002-01-01T00:00:00+23:59", "9998-12-31T23:59:59-23:59"

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "answer": ("saves/", {"question": "2.1.1", "value": "YES", "note": ""}),
    "detail": ("details/saves/", {"field": "offence_type", "value": "Burglary"}),
    "comment": ("comments/saves/", {"action": "comment", "text": "Look again."}),
}


def send(scene: Scene, browser: Client, kind: str, made_at: object) -> Any:
    address, content = KINDS[kind]
    save = {"id": str(uuid.uuid4()), "base_version": 0, "made_at": made_at, **content}
    sent = {"saves": [save]}
    return browser.post(scene.case_page + address, sent, content_type="application/json")


def load(scene: Scene, kind: str, made_at: object) -> str:
    """The page after the lead has loaded it from a device's file."""
    save = {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "inspection": scene.inspection.pk,
        "case": scene.case.pk,
        "content": KINDS[kind][1],
        "base_version": 0,
        "made_at": made_at,
    }
    file = {"schema": "outbox/2", "user": scene.inspector.pk, "saves": [save]}
    body = SimpleUploadedFile("outbox.json", json.dumps(file).encode())
    return str(scene.post(scene.lead, "outbox-file/", file=body).content.decode())


@pytest.mark.parametrize("made_at", NO_TIMES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_no_calendar_shows_is_refused_with_its_path(
    scene: Scene, kind: str, made_at: object
) -> None:
    answer = send(scene, signed_in(scene.inspector), kind, made_at)
    assert answer.status_code == 400
    assert "saves › 1 › made_at: expected a date and time" in answer.json()["error"]
    assert "saves › 1 › made_at: expected a date and time" in load(scene, kind, made_at)
    assert scene.case.saves.count() == scene.case.detail_saves.count() == 0
    assert "2.1.1" not in read(scene.lead, f"{scene.case_page}history/")


@pytest.mark.parametrize("made_at", [EARLIEST, LATEST])
@pytest.mark.parametrize("kind", ["answer", "detail"])
def test_every_other_time_is_shown(scene: Scene, kind: str, made_at: str) -> None:
    assert send(scene, signed_in(scene.inspector), kind, made_at).status_code == 200
    assert ">Saved<" in load(scene, kind, made_at)
    for person in (scene.lead, scene.inspector, scene.panel):
        assert "Device’s clock" in read(person, f"{scene.case_page}history/")
