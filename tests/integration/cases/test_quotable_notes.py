"""Notes that the report may quote."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from cases.models import Answer, Case
from config.demonstration import builder
from config.site.history.sources import recorded
from inspections.history import events_of
from inspections.models import User
from ratings.results.history import link_history, verify_history
from tests import scenes
from tests.integration.results.test_seal import sealed
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

NOTE = "She said that her worker listens."


@pytest.fixture
def scene() -> Scene:
    scene = scenes.in_review()
    Answer.objects.filter(question="2.1.1", value="NO").update(note=NOTE)
    return scene


def noted() -> Answer:
    return Answer.objects.get(note=NOTE)


def marks() -> list[Any]:
    """Of every note, the first one first."""
    return list(events_of(Answer).order_by("pgh_id"))


def mark(scene: Scene, by: User, how: str = "quotable", version: int | None = None) -> int:
    answer = noted()
    response = scene.post(
        by,
        "answers/2.1.1/quotable/",
        case=answer.case_id,
        base_version=answer.version if version is None else version,
        mark=how,
    )
    status: int = response.status_code
    return status


def test_the_lead_marks_a_note_and_everybody_who_sees_it_sees_by_whom(scene: Scene) -> None:
    assert "Mark as quotable" in words(scene.get(scene.lead, "answers/2.1.1/"))
    assert mark(scene, scene.lead) == 302
    assert noted().is_quotable
    page = words(scene.get(scene.inspector, "answers/2.1.1/"))
    assert f"Quotable , marked by {scene.lead}" in page
    assert "Mark as quotable" not in page


def test_that_nothing_was_marked_is_said_where_it_is_seen(scene: Scene) -> None:
    """At the page's top, with no jump past it."""
    answer = noted()
    sent = {"case": answer.case_id, "base_version": 99, "mark": "quotable"}
    response = scene.post(scene.lead, "answers/2.1.1/quotable/", **sent)
    assert response["Location"] == f"{scene.home}answers/2.1.1/"


def test_the_button_sends_what_the_service_asks_of_a_form(scene: Scene) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(scene.lead)
    page = browser.get(f"{scene.home}answers/2.1.1/").text
    address = f"{scene.home}answers/2.1.1/quotable/"
    (form,) = re.findall(rf'<form method="post" action="{address}"(.*?)</form>', page, re.S)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert browser.post(address, sent | {"mark": "quotable"}).status_code == 302
    assert noted().is_quotable


def test_all_quotable_notes_are_on_one_page_with_question_and_case(scene: Scene) -> None:
    assert "No note is marked" in words(scene.get(scene.lead, "quotable-notes/"))
    mark(scene, scene.lead)
    page = words(scene.get(scene.lead, "quotable-notes/"))
    assert f"2.1.1 {noted().case.reference} No {NOTE} {scene.lead}" in page


def test_notes_on_one_question_are_in_the_order_of_cases(scene: Scene) -> None:
    answers = Answer.objects.filter(question="2.1.1").order_by("pk")
    for answer, reference in zip(answers, ("C-100", "C-11", "C-9"), strict=True):
        Case.objects.filter(pk=answer.case_id).update(reference=reference)
        sent = {"case": answer.case_id, "base_version": answer.version, "mark": "quotable"}
        Answer.objects.filter(pk=answer.pk).update(note=NOTE)
        scene.post(scene.lead, "answers/2.1.1/quotable/", **sent)
    page = words(scene.get(scene.lead, "quotable-notes/"))
    assert page.index("C-9 ") < page.index("C-11 ") < page.index("C-100 ")


def test_a_note_marked_again_stays_marked_by_who_marked_it_first(scene: Scene) -> None:
    mark(scene, scene.lead)
    deputy = builder.member(scene.inspection, "DEPUTY_LEAD")
    assert mark(scene, deputy) == 302
    assert noted().quotable_by == scene.lead


def test_the_mark_can_be_taken_away(scene: Scene) -> None:
    mark(scene, scene.lead)
    mark(scene, scene.lead, "not")
    assert not noted().is_quotable
    assert noted().quotable_by is None


def test_who_marked_a_note_and_who_took_the_mark_off_stays_and_is_shown(scene: Scene) -> None:
    deputy = builder.member(scene.inspection, "DEPUTY_LEAD", "Dana Deputy")
    mark(scene, scene.lead)
    mark(scene, deputy, "not")
    page = words(scene.get(scene.inspector, "answers/2.1.1/"))
    assert "No longer quotable: Dana Deputy took the mark off," in page
    history = words(scene.get(scene.lead, f"cases/{noted().case_id}/history/?part=2.1.1"))
    off = "Dana Deputy 2.1.1 – Note no longer quotable Version 1"
    assert history.index(off) < history.index(
        "Priya Lead 2.1.1 – Note marked as quotable Version 1"
    )
    mark(scene, scene.lead)
    page = words(scene.get(scene.inspector, "answers/2.1.1/"))
    assert "No longer quotable" not in page
    assert [one.pgh_label for one in marks()] == ["quotable", "not_quotable", "quotable"]
    assert [one.quotable_by for one in marks()] == [scene.lead, None, scene.lead]


def test_a_save_of_an_answer_writes_nothing_into_the_history_of_marks(scene: Scene) -> None:
    mark(scene, scene.lead)
    Answer.objects.filter(note=NOTE).update(version=2, value="YES")
    assert len(marks()) == 1


def test_the_record_says_that_a_mark_was_taken_off(scene: Scene) -> None:
    mark(scene, scene.lead)
    mark(scene, scene.lead, "not")
    link_history(scene.inspection.pk)
    assert verify_history(scene.inspection.pk).holds
    said = recorded()["cases_quotablemarkevent"]
    assert [said.words(one.pgh_label) for one in marks()] == [
        "Note marked as quotable",
        "Note no longer quotable",
    ]


def test_a_note_that_changed_since_is_not_quotable_and_says_so(scene: Scene) -> None:
    mark(scene, scene.lead)
    Answer.objects.filter(note=NOTE).update(version=2)
    assert not noted().is_quotable
    page = words(scene.get(scene.lead, "answers/2.1.1/"))
    assert f"Changed since {scene.lead} marked it as quotable" in page
    assert "No note is marked" in words(scene.get(scene.lead, "quotable-notes/"))


def test_a_note_that_changed_while_it_was_read_is_not_marked(scene: Scene) -> None:
    Answer.objects.filter(note=NOTE).update(version=2)
    assert mark(scene, scene.lead, version=1) == 302
    assert not noted().is_quotable
    page = words(scene.get(scene.lead, "answers/2.1.1/"))
    assert "Quotable , marked" not in page


def test_a_note_that_was_emptied_while_it_was_read_is_not_marked_and_says_so(
    scene: Scene,
) -> None:
    answer = noted()
    Answer.objects.filter(pk=answer.pk).update(version=2, note="")
    sent = {"case": answer.case_id, "base_version": answer.version, "mark": "quotable"}
    address = f"{scene.home}answers/2.1.1/quotable/"
    page = signed_in(scene.lead).post(address, sent, follow=True)
    assert "The answer was changed after you opened this page, and nothing was marked." in words(
        page
    )


def test_nobody_else_marks(scene: Scene) -> None:
    for person in (scene.inspector, builder.member(scene.inspection, "REVIEWER")):
        assert mark(scene, person) == 403
    assert not noted().is_quotable


def test_an_answer_without_a_note_has_nothing_to_quote(scene: Scene) -> None:
    bare = Answer.objects.filter(question="2.1.1", value="YES").first()
    assert bare is not None
    address = "answers/2.1.1/quotable/"
    sent = {"case": bare.case_id, "base_version": bare.version, "mark": "quotable"}
    assert scene.post(scene.lead, address, **sent).status_code == 302
    assert scene.post(scene.lead, address, mark="quotable").status_code == 302
    assert not Answer.objects.quotable().exists()


def test_a_sealed_inspection_marks_nothing() -> None:
    scene = scenes.before_panel()
    Answer.objects.filter(question="2.1.1", value="NO").update(note=NOTE)
    sealed(scene)
    assert mark(scene, scene.lead) == 403


def test_the_database_refuses_half_a_mark_and_one_of_a_later_version(scene: Scene) -> None:
    for half in ({"quotable_version": 1}, {"quotable_by": scene.lead}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.filter(note=NOTE).update(**half)
    mark(scene, scene.lead)
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.filter(note=NOTE).update(quotable_version=2)
