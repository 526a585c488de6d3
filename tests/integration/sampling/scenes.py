"""An inspection in preparation, and lists of cases to load into it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases.caseload.lists import read_list
from cases.models import (
    CaseList,
    CaseSource,
    Draw,
    DrawnCase,
    LeadChoice,
    ListedCase,
    PutBack,
    Sample,
    TakenOut,
)
from cases.sampling.actions import DrawRequest, draw_sample, store_list, take_list
from cases.sampling.eligible import load_caseload
from config.demonstration import builder
from inspections.framework import Group
from inspections.models import GroupChoice, Inspection
from tests import scenes
from tests.scenes import Scene

ANNOUNCED = date(2026, 6, 1)
"""The windows: court 1 September to 1 December 2025, out-of-court 1 January to 1 March 2026,
resettlement 1 June 2025 to 1 February 2026."""

IN_WINDOW = {
    "Court": date(2025, 10, 1),
    "Out of court": date(2026, 2, 1),
    "Resettlement": date(2025, 12, 1),
}
DISPOSALS = {
    "Court": ("Referral order", "YRO"),
    "Out of court": ("Youth caution", "Community resolution"),
    "Resettlement": ("DTO", "DTO"),
}


def preparation() -> Scene:
    return scenes.scene(state=Inspection.State.PREPARATION, announced_date=ANNOUNCED)


def row(number: int, group: str = "Court", **cells: Any) -> dict[str, Any]:
    """A valid row, under our headings."""
    return {
        "Case reference": f"YJ/{group[0]}{number:03}",
        "Group": group,
        "Disposal type": DISPOSALS[group][number % 2],
        "Disposal date": (IN_WINDOW[group] + timedelta(days=number % 20)).isoformat(),
        "Offence": "Common assault",
        "Age at disposal": 14 + number % 4,
        "Gender": "F" if number % 5 == 0 else "M",
        "Ethnicity": "White",
        "Risk of serious harm": ("RLRH", "RMRH", "RHRH")[number % 3],
        "Safety and wellbeing": ("Low", "Medium", "High")[number % 3],
    } | {name.replace("_", " ").capitalize(): value for name, value in cells.items()}


def rows(number: int, group: str = "Court") -> list[dict[str, Any]]:
    return [row(place, group) for place in range(1, number + 1)]


def as_csv(listed: Iterable[Mapping[str, Any]]) -> bytes:
    listed = list(listed)
    text = io.StringIO(newline="")
    headings = dict.fromkeys(name for one in listed for name in one)
    writer = csv.DictWriter(text, list(headings))
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue().encode()


def upload(content: bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def store(scene: Scene, listed: Iterable[Mapping[str, Any]], sha256: str = "") -> CaseList:
    """Stored and not taken yet."""
    content = as_csv(listed)
    return store_list(
        inspection=scene.inspection,
        file_name="list.csv",
        sha256=sha256 or f"{abs(hash(content)):064x}"[-64:],
        read=read_list(content, name="list.csv"),
        by=scene.lead,
    )


def take(
    scene: Scene, listed: Iterable[Mapping[str, Any]], *, replaces_earlier: bool = True
) -> CaseList:
    return take_list(
        case_list=store(scene, listed),
        leaves_out=True,
        replaces_earlier=replaces_earlier,
        by=scene.lead,
    )


def draw(scene: Scene, group: Group = Group.COURT, *, instead_of: int = 0, **asked: Any) -> Draw:
    request: dict[str, Any] = {"rule": "formula/2021", "seed": 7} | asked
    return draw_sample(
        inspection=scene.inspection,
        group=group,
        request=DrawRequest(**request),
        instead_of=instead_of,
        eligible_seen=load_caseload(scene.fresh()).version(group),
        by=scene.lead,
    )


def references(scene: Scene, group: str = GroupChoice.COURT) -> list[str]:
    """The service's references of the cases that count."""
    cases = scene.inspection.cases.in_sample().filter(group=group)
    return sorted(cases.values_list("source__service_reference", flat=True))


def add_rows_of_sampling(scene: Scene) -> None:
    """A row in every table of lists, draws and what changed a sample, whatever the state."""
    now = timezone.now()
    case_list = CaseList.objects.create(
        inspection=scene.inspection,
        file_name="list.csv",
        sha256="a" * 64,
        rows_read=1,
        loaded_at=now,
        loaded_by=scene.lead,
    )
    listed = ListedCase.objects.create(
        case_list=case_list, row=2, reference="YJ/C001", group="COURT"
    )
    case_list.taken_at, case_list.taken_by = now, scene.lead
    case_list.save()
    LeadChoice.objects.create(
        inspection=scene.inspection,
        reference="YJ/C002",
        kind=LeadChoice.Kind.LEFT_OUT,
        reason="It is another service’s.",
        chosen_at=now,
        chosen_by=scene.lead,
    )
    sample, _ = Sample.objects.get_or_create(inspection=scene.inspection, group="COURT")
    made = Draw.objects.create(
        sample=sample,
        number=1,
        window_start_date=ANNOUNCED,
        window_end_date=ANNOUNCED,
        as_of=ANNOUNCED,
        listed_cases=1,
        eligible_cases=1,
        eligible_rows=[listed.pk],
        size_rule="formula/2021",
        size=1,
        size_words="1 of 1.",
        seed=7,
        reserve_percent=20,
        largest_difference=0,
        drawn_at=now,
        drawn_by=scene.lead,
    )
    drawn = DrawnCase.objects.create(draw=made, listed=listed, place=1, is_reserve=False)
    CaseSource.objects.create(
        case=scene.inspection.cases.all()[0],
        kind=CaseSource.Kind.DRAWN,
        service_reference="YJ/C001",
        drawn=drawn,
        added_at=now,
        added_by=scene.lead,
    )
    PutBack.objects.create(
        case=scene.inspection.cases.all()[0],
        reason="It is this service’s.",
        put_back_at=now,
        put_back_by=scene.lead,
    )
    out = builder.case(scene.inspection, state="TAKEN_OUT", reference="Z-99")
    TakenOut.objects.create(
        case=out, reason="It is another service’s.", taken_out_at=now, taken_out_by=scene.lead
    )
