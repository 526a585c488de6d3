"""Cases are in the order in which people count: C-10 after C-2, C-100 after C-11."""

from __future__ import annotations

import re

import pytest

from cases.models import Case
from config.demonstration import builder
from inspections.models import Inspection
from ratings.panel.readiness import blockers
from ratings.service import rate_inspection
from tests import scenes
from tests.integration.sampling.scenes import preparation
from tests.pages import read
from tests.scenes import Scene

IN_ORDER = ["C-2", "C-9", "C-10", "C-11", "C-100", "C-101", "R-1"]


@pytest.fixture
def scene(db: None) -> Scene:
    return counted(scenes.scene())


def counted(made: Scene) -> Scene:
    for reference in sorted(IN_ORDER):
        builder.case(made.inspection, to=made.inspector, reference=reference)
    return made


def in_page(page: str) -> list[str]:
    """The references of a page, each where it is first."""
    return list(dict.fromkeys(re.findall(r"\b[CR]-[0-9]+\b", page)))


@pytest.mark.parametrize(
    "address", ["cases/", "progress/", "allocation/", "linked-cases/", "interviews/add/"]
)
def test_every_list_of_cases_is_in_this_order(scene: Scene, address: str) -> None:
    found = in_page(read(scene.lead, scene.home + address))
    assert found == IN_ORDER


def test_so_is_the_sample(db: None) -> None:
    made = counted(preparation())
    assert in_page(read(made.lead, f"{made.home}sample/")) == IN_ORDER


def test_one_submitted_case_leads_to_the_next_in_this_order(scene: Scene) -> None:
    cases = scene.inspection.cases
    cases.update(state=Case.State.SUBMITTED)
    case, seen = cases.next_submitted(), []
    while case is not None and case.reference not in seen:
        seen.append(case.reference)
        case = cases.next_submitted(after=case)
    assert seen == IN_ORDER
    assert case is not None and case.reference == "C-2"


def test_what_is_not_signed_off_is_named_in_this_order(scene: Scene) -> None:
    said = " ".join(map(str, blockers(rate_inspection(scene.fresh()))))
    assert "C-2, C-9, C-10, C-11, C-100 and 2 more" in said


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("C-01", "C-2"),
        ("c-2", "C-10"),
        ("C", "C-1"),
        ("C-1-10", "C-2-9"),
        ("C-9", "C-" + "9" * 30),
        ("YJ/7/2", "YJ/7/11"),
        ("C-002", "C-02"),
    ],
)
def test_numbers_within_a_reference_count_whatever_stands_around_them(
    db: None, earlier: str, later: str
) -> None:
    inspection: Inspection = builder.inspection()
    for reference in (later, earlier):
        builder.case(inspection, reference=reference)
    assert [str(case) for case in inspection.cases.in_order()] == [earlier, later]
    assert [str(case) for case in inspection.cases.all()] == [earlier, later]
