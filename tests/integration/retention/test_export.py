"""Everything that an inspection holds as one file, as recorded or with notes redacted."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ratings.models import InspectionExport
from ratings.results.export.contents import parts
from ratings.results.history import link_history
from ratings.results.tables import purged_models
from tests.integration.access.everything import Everything
from tests.integration.retention.scenes import (
    MARKER,
    everywhere,
    has_known_values,
    marked,
    text_columns,
)
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Everything:
    return marked()


def exported(own: Everything, folder: Path, *arguments: str) -> dict[str, str]:
    file = folder / "export.zip"
    call_command(
        "export_inspection", str(own.inspection.pk), str(file), *arguments, stdout=StringIO()
    )
    return read(file.read_bytes())


def read(raw: bytes) -> dict[str, str]:
    """The files of an export; their digests are right."""
    with ZipFile(BytesIO(raw)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    for line in files["sha256sums.txt"].decode().splitlines():
        digest, _, name = line.partition("  ")
        assert sha256(files[name]).hexdigest() == digest
    assert len(files["sha256sums.txt"].splitlines()) == len(files) - 2
    return {name: content.decode() for name, content in files.items()}


def test_an_export_holds_each_marker(own: Everything, tmp_path: Path) -> None:
    files = exported(own, tmp_path)
    for table, column in everywhere(MARKER):
        rows = [json.loads(line) for line in files[f"{table}.jsonl"].splitlines()]
        assert any(MARKER in json.dumps(row[column]) for row in rows), (table, column)
    saves = files["cases_answersave.jsonl"].splitlines()
    assert len(saves) == sum(case.saves.count() for case in own.inspection.cases.all())
    assert own.inspection.service.name in files["index.txt"]
    assert f"{len(saves):>8}  cases_answersave.jsonl" in files["index.txt"]
    people = [json.loads(line)["name"] for line in files["people.jsonl"].splitlines()]
    assert own.made.lead.name in people


def test_a_redacted_export_holds_none(own: Everything, tmp_path: Path) -> None:
    files = exported(own, tmp_path, "--redact-notes")
    assert not [name for name, content in files.items() if MARKER in content]
    for model in purged_models():
        for line in files[f"{model._meta.db_table}.jsonl"].splitlines():
            row = json.loads(line)
            for field in text_columns(model):
                if not has_known_values(field) and row[field.column] not in ("", None, [], {}):
                    assert row[field.column] == "[redacted]", (model, field.name)
    answers = [json.loads(line) for line in files["cases_answer.jsonl"].splitlines()]
    assert {row["value"] for row in answers} == {"YES", "NO"}
    assert "[redacted]" in files["ratings_sealedresult.jsonl"]
    assert "redacted" in files["index.txt"]


def test_an_export_has_nothing_of_another_inspection(own: Everything, tmp_path: Path) -> None:
    other = marked()
    files = exported(own, tmp_path)
    for name in ("cases_case.jsonl", "ratings_evidenceevent.jsonl", "ratings_historylink.jsonl"):
        rows = [json.loads(line) for line in files[name].splitlines()]
        assert {row["inspection_id"] for row in rows} <= {own.inspection.pk}
    assert other.made.inspector.email not in "".join(files.values())


def test_an_export_is_recorded_and_part_of_the_history(own: Everything, tmp_path: Path) -> None:
    before = link_history(own.inspection.pk)
    exported(own, tmp_path, "--redact-notes", "--purpose", "Request 12")
    made = InspectionExport.objects.latest("pk")
    assert (made.redacted, made.purpose, made.exported_by) == (True, "Request 12", None)
    assert made.command_user
    assert link_history(own.inspection.pk).number == before.number + 1


def test_the_command_writes_over_nothing(own: Everything, tmp_path: Path) -> None:
    file = tmp_path / "there.zip"
    file.write_text("there")
    with pytest.raises(CommandError, match="can't be written"):
        call_command("export_inspection", str(own.inspection.pk), str(file))
    assert file.read_text() == "there"
    assert InspectionExport.objects.count() == 1
    with pytest.raises(CommandError, match="no inspection 0"):
        call_command("export_inspection", "0", str(tmp_path / "none.zip"))


def test_the_lead_exports_on_a_page_and_fetches_the_file_within_an_hour(own: Everything) -> None:
    lead, home = signed_in(own.made.lead), own.made.home
    sent = lead.post(f"{home}export/", {"notes": "REDACTED", "purpose": "Request 12"})
    assert sent.status_code == 302
    made = InspectionExport.objects.latest("pk")
    assert (made.exported_by, made.redacted, made.purpose) == (own.made.lead, True, "Request 12")
    address = f"{home}export/{made.pk}/file/"
    assert address in lead.get(f"{home}export/").text
    response: Any = lead.get(address)
    assert response["Content-Disposition"].startswith("attachment")
    files = read(b"".join(response.streaming_content))
    assert MARKER not in "".join(files.values())
    for role, person in own.people.items():
        if role != "LEAD_INSPECTOR":
            assert signed_in(person).get(address).status_code == 403
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ratings.results.export.views.READY_FOR", timedelta(0))
        assert lead.get(address).status_code == 404
    assert timezone.now() - made.exported_at < timedelta(hours=1)


def test_the_page_asks_what_for(own: Everything) -> None:
    sent = signed_in(own.made.lead).post(f"{own.made.home}export/", {"notes": "REDACTED"})
    assert "Enter what the export is for" in sent.text
    assert InspectionExport.objects.count() == 1


def test_of_details_that_were_saved_only_what_was_typed_is_redacted() -> None:
    (part,) = [one for one in parts() if one.table == "cases_detailsave"]
    for field, value, kept in (
        ("age", 15, True),
        ("age", "fifteen", False),
        ("gender", "FEMALE", True),
        ("gender", "Ruth", False),
        ("disposal_date", "2026-03-01", True),
        ("disposal_date", "the day of Ruth", False),
        ("factors", ["Ruth"], False),
        ("interview_notes", "Ruth said so.", False),
    ):
        row = {"field": field, "value": value}
        part.redact(row)
        assert row["value"] == (value if kept else "[redacted]"), field
