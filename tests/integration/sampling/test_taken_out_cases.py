"""A case that was taken out of the sample counts nowhere, can be read, and takes nothing more."""

from __future__ import annotations

import pytest

from cases.models import Case
from cases.permissions import ALLOCATE_CASE, COMMENT, MOVES, RECORD, REPLY, RESOLVE
from cases.progress import inspection_progress, progress_of_inspections
from config.demonstration import builder
from ratings.evidence.tallies import count_cases
from ratings.panel.readiness import blockers
from ratings.service import rate_inspection
from tests import scenes
from tests.pages import read
from tests.scenes import Scene


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.in_review()


def add_taken_out(scene: Scene, group: str = "COURT") -> Case:
    """One more case, all its key questions answered No, that was then taken out."""
    scenes.move_to(scene.inspection, "FIELDWORK")
    case = builder.case(scene.inspection, group, scene.inspector, reference="Z-99")
    asked = case.inspection.framework.case_questions(group)
    builder.answers(case, scene.inspector, **dict.fromkeys(asked, "NO"))
    Case.objects.filter(pk=case.pk).update(state=Case.State.TAKEN_OUT)
    scenes.move_to(scene.inspection, "REVIEW")
    return Case.objects.select_related("inspection").get(pk=case.pk)


@pytest.mark.parametrize("group", ["COURT", "OUT_OF_COURT", "RESETTLEMENT"])
def test_it_changes_no_rating(scene: Scene, group: str) -> None:
    before = rate_inspection(scene.inspection)
    counts = count_cases(scene.inspection)
    add_taken_out(scene, group)
    after = rate_inspection(scene.fresh())
    assert after.outcome == before.outcome
    assert (after.inspected, after.cases, after.cases_signed_off) == (
        before.inspected,
        before.cases,
        before.cases_signed_off,
    )
    assert count_cases(scene.fresh()) == counts


def test_it_counts_in_no_progress_and_hinders_no_submission(scene: Scene) -> None:
    def progress() -> tuple[object, object, list[object]]:
        inspection = scene.fresh()
        made = inspection_progress(inspection)
        return (
            made,
            progress_of_inspections([inspection]),
            list(blockers(rate_inspection(inspection))),
        )

    before = progress()
    add_taken_out(scene)
    assert progress() == before


def test_the_list_of_cases_shows_it_apart_and_its_record_stays_readable(scene: Scene) -> None:
    case = add_taken_out(scene)
    page = read(scene.lead, f"{scene.home}cases/")
    assert "5 cases." in page
    assert "Taken out of the sample These cases count nowhere." in page
    assert case.reference not in read(scene.lead, f"{scene.home}progress/")
    assert "Taken out of the sample" in read(scene.inspector, case.get_absolute_url())


def test_it_takes_nothing_more_and_says_so(scene: Scene) -> None:
    scenes.move_to(scene.inspection, "FIELDWORK")
    case = add_taken_out(scene)
    scenes.move_to(scene.inspection, "FIELDWORK")
    case = Case.objects.select_related("inspection").get(pk=case.pk)
    for permission in (RECORD, COMMENT, REPLY, RESOLVE, ALLOCATE_CASE, *MOVES.values()):
        for person in (scene.inspector, scene.lead):
            assert permission.why_not(person, case), permission.action
    assert RECORD.why_not(scene.inspector, case) == (
        "This case is taken out of the sample, so you can't record answers in this case now."
    )
