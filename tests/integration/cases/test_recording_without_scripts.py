"""The page of one standard, sent as a form: what changed is saved, nothing typed is lost."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.utils.html import escape

from cases.actions import Save, record_answers
from cases.models import Case
from cases.progress import standard_questions
from inspections.framework import Group
from inspections.models import Inspection
from tests.pages import signed_in, words
from tests.scenes import Scene, team

PREFIX = "2.1.1a"


def sent(base: int = 0, value: str = "", note: str = "", question: str = PREFIX) -> dict[str, str]:
    return {
        f"{question}-base": str(base),
        f"{question}-value": value,
        f"{question}-note": note,
    }


def post(scene: Scene, data: dict[str, Any], standard: str = "2.1") -> Any:
    return signed_in(scene.inspector).post(scene.record_page(standard), data)


def standing(scene: Scene, question: str = PREFIX) -> tuple[str, str, int] | None:
    return (
        scene.case.answers.filter(question=question).values_list("value", "note", "version").first()
    )


def save(scene: Scene, value: str, note: str = "", base: int = 0, question: str = PREFIX) -> None:
    record_answers(
        case_id=scene.case.pk, saves=[Save(question, value, note, base)], by=scene.inspector
    )


def test_only_what_changed_is_saved(scene: Scene) -> None:
    save(scene, "YES", "from the file")
    everything = sent(1, "YES", "from the file") | sent(0, "NO", question="2.1.1b")
    response = post(scene, everything | sent(0, question="2.1.1c"))
    assert response.status_code == 302
    assert standing(scene) == ("YES", "from the file", 1)
    assert standing(scene, "2.1.1b") == ("NO", "", 1)
    assert standing(scene, "2.1.1c") is None


def test_the_page_says_when_and_by_whom_an_answer_was_saved(scene: Scene) -> None:
    save(scene, "YES")
    mine = signed_in(scene.inspector).get(scene.record_page())
    assert re.search(r"Saved, \d\d:\d\d(?!, by)", words(mine))
    leads = signed_in(scene.lead).get(scene.record_page())
    assert re.search(r"Saved, \d\d:\d\d, by Ada Inspector", words(leads))


def test_save_and_continue_leads_to_the_next_standard_and_after_the_last_to_the_case(
    scene: Scene,
) -> None:
    onward = {"then": "continue"}
    assert post(scene, onward)["Location"] == f"{scene.record_page('2.2')}#q-2-2-1a"
    assert post(scene, onward, "2.4")["Location"] == scene.case_page
    assert post(scene, {"then": "stay"})["Location"] == scene.record_page()


def test_an_answer_is_taken_back_and_its_note_stays(scene: Scene) -> None:
    save(scene, "YES", "a note")
    post(scene, sent(1, "", "a note"))
    assert standing(scene) == ("", "a note", 2)


def test_a_note_keeps_its_lines(scene: Scene) -> None:
    post(scene, sent(0, "NO", "first line\r\n\r\nsecond line"))
    assert standing(scene) == ("NO", "first line\n\nsecond line", 1)
    post(scene, sent(1, "NO", "first line\r\n\r\nsecond line"))
    assert standing(scene) == ("NO", "first line\n\nsecond line", 1)


def test_a_question_that_somebody_else_changed_and_this_page_did_not_stays_theirs(
    scene: Scene,
) -> None:
    save(scene, "YES")
    save(scene, "NO", base=1)
    response = post(scene, sent(1, "YES") | sent(0, "YES", question="2.1.1b"))
    assert response.status_code == 302
    assert standing(scene) == ("NO", "", 2)
    assert standing(scene, "2.1.1b") == ("YES", "", 1)


class TestConflict:
    def conflicting(self, scene: Scene) -> Any:
        save(scene, "NO", "theirs, seen in the file")
        return post(
            scene,
            sent(0, "YES", "mine, heard in the interview") | sent(question="2.1.1b", value="NO"),
        )

    def test_it_shows_both_answers_and_saves_the_others(self, scene: Scene) -> None:
        page = self.conflicting(scene)
        assert page.status_code == 409
        assert "Which answer to 2.1.1a do you want to keep?" in words(page)
        assert "Mine, as entered here: Yes" in words(page)
        assert "mine, heard in the interview" in words(page)
        assert re.search(r"You saved another answer at \d\d:\d\d", words(page))
        assert "The answer saved before: No" in words(page)
        assert "theirs, seen in the file" in words(page)
        assert standing(scene) == ("NO", "theirs, seen in the file", 1)
        assert standing(scene, "2.1.1b") == ("NO", "", 1)

    def test_it_names_the_other_person(self, scene: Scene) -> None:
        save(scene, "NO")
        Case.objects.filter(pk=scene.case.pk).update(allocated_to=scene.colleague)
        page = signed_in(scene.colleague).post(scene.record_page(), sent(0, "YES"))
        assert "Ada Inspector saved another answer" in words(page)
        assert "Ada Inspector’s answer: No" in words(page)

    def test_keeping_mine_saves_it_over_the_other(self, scene: Scene) -> None:
        self.conflicting(scene)
        mine = sent(1, "YES", "mine") | {"2.1.1a-conflict": "on", "2.1.1a-keep": "mine"}
        assert post(scene, mine).status_code == 302
        assert standing(scene) == ("YES", "mine", 2)

    def test_keeping_theirs_leaves_it(self, scene: Scene) -> None:
        self.conflicting(scene)
        theirs = sent(1, "YES", "mine") | {"2.1.1a-conflict": "on", "2.1.1a-keep": "theirs"}
        assert post(scene, theirs).status_code == 302
        assert standing(scene) == ("NO", "theirs, seen in the file", 1)

    def test_choosing_neither_asks_again_and_loses_nothing(self, scene: Scene) -> None:
        self.conflicting(scene)
        page = post(scene, sent(1, "YES", "mine, still") | {"2.1.1a-conflict": "on"})
        assert "Choose which answer to 2.1.1a to keep." in words(page)
        assert 'href="#q-2-1-1a-keep"' in page.content.decode()
        assert 'id="q-2-1-1a-keep"' in page.content.decode()
        assert "mine, still" in words(page)
        assert standing(scene) == ("NO", "theirs, seen in the file", 1)

    def test_a_third_answer_meanwhile_is_a_conflict_again(self, scene: Scene) -> None:
        self.conflicting(scene)
        save(scene, "NOT_APPLICABLE", "a third", base=1)
        mine = sent(1, "YES", "mine") | {"2.1.1a-conflict": "on", "2.1.1a-keep": "mine"}
        page = post(scene, mine)
        assert page.status_code == 409
        assert "The answer saved before: Not applicable" in words(page)

    def test_both_stay_in_the_history(self, scene: Scene) -> None:
        self.conflicting(scene)
        kept = scene.case.saves.filter(question=PREFIX).values_list("value", "version")
        assert set(kept) == {("NO", 1), ("YES", None)}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            sent(question="2.1.1", value="NOT_APPLICABLE", note="kept"),
            "Question 2.1.1 is answered Yes or No in every case.",
        ),
        (sent(value="PERHAPS", note="kept"), "answered Yes, No or Not applicable"),
        (sent(value="YES", note="kept" * 6000), "It has 24000."),
        (sent(value="YES", note="kept") | {"2.1.1a-base": "soon"}, "lost track"),
        (sent(value="YES", note="kept") | {"2.1.1a-base": "-1"}, "lost track"),
        (sent(value="YES", note="kept") | {"2.1.1a-base": "99999999999"}, "lost track"),
        (sent(base=7, value="YES", note="kept"), "lost track"),
        (
            sent(value="YES", note="kept") | {"9.9.9z-value": "YES"},
            "Question 9.9.9z is not asked in this standard",
        ),
        (
            sent(value="YES", note="kept") | {"2.2.1-value": "YES"},
            "Question 2.2.1 is not asked in this standard",
        ),
        (sent(value="YES", note="kept\x00"), "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(
    scene: Scene, data: dict[str, str], said: str
) -> None:
    page = post(scene, data | sent(question="2.1.1b", value="NO", note="also kept"))
    assert page.status_code in {200, 409}
    assert said in words(page)
    assert "There is a problem" in words(page)
    assert "also kept" in words(page)
    assert words(page).count("kept") > 1
    assert scene.case.answers.filter(question__in=["2.1.1", "2.1.1a"]).count() == 0


def test_a_page_without_its_version_shows_the_saved_answer_beside_the_typed_one(
    scene: Scene,
) -> None:
    save(scene, "NO", "saved before")
    page = post(scene, sent(value="YES", note="typed now") | {"2.1.1a-base": "?"})
    assert "lost track" in words(page)
    assert "saved before" in words(page)
    assert "typed now" in words(page)


def test_under_2018_a_key_question_may_be_not_applicable(db: None) -> None:
    scene = team("2018")
    assert post(scene, sent(question="2.1.1", value="NOT_APPLICABLE")).status_code == 302
    assert standing(scene, "2.1.1") == ("NOT_APPLICABLE", "", 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": Case.State.SUBMITTED}, "This case is submitted"),
        ({"allocated_to": "grace"}, "allocated to Grace Inspector"),
    ],
)
def test_what_is_sent_to_a_case_that_changed_meanwhile_is_shown_back(
    scene: Scene, change: dict[str, Any], said: str
) -> None:
    fields = {"allocated_to": scene.colleague} if "allocated_to" in change else change
    Case.objects.filter(pk=scene.case.pk).update(**fields)
    page = post(scene, sent(0, "YES", "typed in vain?"))
    assert page.status_code == 403
    assert said in words(page)
    assert "it was not saved: Yes" in words(page)
    assert "typed in vain?" in words(page)
    assert standing(scene) is None


def test_what_is_sent_once_fieldwork_has_closed_is_shown_back(scene: Scene) -> None:
    Inspection.objects.filter(pk=scene.inspection.pk).update(state=Inspection.State.REVIEW)
    page = post(scene, sent(0, "YES", "typed in vain?"))
    assert page.status_code == 403
    assert "Fieldwork has closed" in words(page)
    assert "typed in vain?" in words(page)


def test_those_who_may_only_read_see_answers_as_text(scene: Scene) -> None:
    save(scene, "YES", "a note to read")
    for person in (scene.colleague, scene.lead, scene.panel):
        page = signed_in(person).get(scene.record_page())
        html = page.content.decode()
        assert "a note to read" in html
        assert "<textarea" not in html
        assert 'type="radio"' not in html


def test_what_was_typed_is_shown_as_text_never_as_markup(scene: Scene) -> None:
    nasty = "<script>alert(1)</script>"
    save(scene, "YES", nasty)
    for person in (scene.inspector, scene.colleague):
        html = signed_in(person).get(scene.record_page()).content.decode()
        assert nasty not in html
        assert escape(nasty) in html


@pytest.mark.parametrize("standard", ["1.1", "3.1", "4.1", "2.9", "nonsense"])
def test_a_standard_that_is_not_asked_in_the_case_is_not_found(scene: Scene, standard: str) -> None:
    assert signed_in(scene.inspector).get(scene.record_page(standard)).status_code == 404


def test_the_largest_standard_fully_answered_stays_small(scene: Scene) -> None:
    note = "A note of some length on what the file and the interview showed, in several words."
    largest = max(
        scene.inspection.framework.case_standards(Group.COURT),
        key=lambda standard: len(standard_questions(standard)),
    )
    saves = [Save(question, "YES", note, 0) for question in standard_questions(largest)]
    record_answers(case_id=scene.case.pk, saves=saves, by=scene.inspector)
    page = signed_in(scene.inspector).get(scene.record_page(largest.code))
    assert len(gzip.compress(page.content)) < 60_000
