"""The page with the answers of all cases to one question."""

from __future__ import annotations

import pytest

from cases.actions import Save, record_answers
from cases.models import Case, CaseRead
from config.demonstration import builder
from inspections.models import Inspection
from tests import scenes
from tests.pages import read, signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

QUESTION = "2.1.1"


@pytest.fixture
def scene() -> Scene:
    """Four court cases: Yes, No with a note, Yes, and one that is not answered."""
    scene = scenes.team()
    Case.objects.all().delete()
    cases = builder.cases(scene.inspection, "COURT", 4, scene.inspector)
    for case, value, note in (
        (cases[0], "YES", ""),
        (cases[1], "NO", "Nobody asked the child."),
        (cases[2], "YES", ""),
    ):
        record_answers(case_id=case.pk, saves=[Save(QUESTION, value, note, 0)], by=scene.inspector)
    builder.case(scene.inspection, "OUT_OF_COURT", scene.inspector)
    return scene


def page_of(scene: Scene, code: str = QUESTION) -> str:
    return f"{scene.home}answers/{code}/"


def test_no_comes_first_and_what_is_not_answered_last(scene: Scene) -> None:
    page = read(scene.lead, page_of(scene))
    first, second, third, fourth = Case.objects.filter(group="COURT").in_order()
    assert "No: 1 · Yes: 2 · No answer yet: 1 of 4 cases" in page
    places = [page.index(case.reference) for case in (second, first, third, fourth)]
    assert places == sorted(places)
    assert "Nobody asked the child." in page


def test_inspectors_see_it_once_fieldwork_has_closed(scene: Scene) -> None:
    read(scene.inspector, page_of(scene), expect=403)
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    read(scene.inspector, page_of(scene))
    assert signed_in(scene.outsider).get(page_of(scene)).status_code == 404


@pytest.mark.parametrize("code", ["1.1.1", "9.9.9"])
def test_a_question_that_no_case_answers_has_no_such_page(scene: Scene, code: str) -> None:
    read(scene.lead, page_of(scene, code), expect=404)


def test_a_prompt_has_one_too(scene: Scene) -> None:
    assert "No answer yet: 4 of 4 cases" in read(scene.lead, page_of(scene, "2.1.1a"))


def test_whose_answers_were_shown_is_recorded(scene: Scene) -> None:
    read(scene.lead, page_of(scene))
    answered = Case.objects.filter(answers__question=QUESTION)
    found = CaseRead.objects.filter(page="answers", reader=scene.lead)
    assert {one.case_id for one in found} == {case.pk for case in answered}
