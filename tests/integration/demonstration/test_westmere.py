"""The demonstration's inspection in preparation, and its list to load."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.caseload.lists import read_list
from cases.sampling.actions import store_list, take_list
from config.demonstration.westmere import SERVICE_NAME, list_of_cases
from inspections.models import Inspection
from tests.integration.sampling import scenes


def westmere() -> Inspection:
    return Inspection.objects.get(service__name=SERVICE_NAME)


@pytest.mark.django_db
def test_its_list_is_written_and_read_with_the_problems_that_lists_have(tmp_path: Path) -> None:
    call_command("load_demonstration", stdout=StringIO())
    file = tmp_path / "list.csv"
    call_command("demonstration_list", file, stdout=StringIO())
    read = read_list(file.read_bytes(), name=file.name)
    assert read.rows_read == 64
    assert read.dropped == ("Child name",)
    assert [(problem.column, problem.value) for problem in read.problems] == [
        ("Disposal date", "30/02/2026"),
        ("Age at disposal", "4"),
    ]
    assert read.missing == () and read.unknown == ()


@pytest.mark.django_db
def test_its_lead_loads_the_list_and_draws(tmp_path: Path) -> None:
    call_command("load_demonstration", stdout=StringIO())
    inspection = westmere()
    assert inspection.state == "PREPARATION"
    assert inspection.announced_date is not None
    assert list_of_cases(inspection.announced_date) == list_of_cases(inspection.announced_date)
    scene = scenes.Scene(
        inspection,
        inspection.memberships.get(role="LEAD_INSPECTOR").user,
        inspection.memberships.filter(role="INSPECTOR")[0].user,
    )
    content = list_of_cases(inspection.announced_date)
    stored = store_list(
        inspection=inspection,
        file_name="list.csv",
        sha256="a" * 64,
        read=read_list(content, name="list.csv"),
        by=scene.lead,
    )
    take_list(case_list=stored, leaves_out=True, replaces_earlier=True, by=scene.lead)
    made = scenes.draw(scene)
    assert made.left_out.keys() == {"OUT_OF_WINDOW", "SENSITIVE", "DUPLICATE"}
    assert scene.inspection.cases.filter(group="COURT").count() == made.size > 20


@pytest.mark.django_db
def test_without_the_demonstration_the_command_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Load the demonstration first"):
        call_command("demonstration_list", tmp_path / "list.csv")
