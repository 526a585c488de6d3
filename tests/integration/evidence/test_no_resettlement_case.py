"""A resettlement standard with no resettlement case in the sample asks for no judgement and takes
none; every page says the same (method.md, From answers to ratings, 7)."""

from __future__ import annotations

import pytest

from cases.models import Case
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.framework import Rating
from inspections.models import Inspection
from ratings.evidence.actions import record_judgement
from ratings.models import Judgement
from ratings.panel.actions import submit_to_panel
from tests import scenes
from tests.pages import words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

NO_CASE = "No resettlement case is in the sample, so this standard is not judged."


@pytest.fixture
def scene() -> Scene:
    """Everything is judged but resettlement, and no resettlement case was ever sampled."""
    made = scenes.in_review()
    Judgement.objects.filter(standard="4.1").delete()
    return made


def judge(scene: Scene) -> Judgement:
    return record_judgement(
        inspection=scene.inspection,
        standard="4.1",
        rating=Rating.GOOD,
        rationale="Why.",
        base_version=0,
        by=scene.lead,
    )


def resettlement_case(scene: Scene) -> Case:
    return builder.case(
        scene.inspection, "RESETTLEMENT", scene.inspector, state=Case.State.SIGNED_OFF
    )


def test_what_to_do_next_asks_for_no_judgement(scene: Scene) -> None:
    assert "Judge 1 qualitative standard" not in words(scene.get(scene.lead, ""))
    Judgement.objects.filter(standard="1.1").delete()
    assert "Judge 1 qualitative standard" in words(scene.get(scene.lead, ""))


def test_what_to_do_next_asks_for_it_once_there_is_a_case(scene: Scene) -> None:
    resettlement_case(scene)
    assert "Judge 1 qualitative standard" in words(scene.get(scene.lead, ""))


def test_a_judgement_that_was_made_before_hides_no_other_that_is_missing(scene: Scene) -> None:
    builder.judge(scene.inspection, scene.lead, "4.1", Rating.GOOD)
    Judgement.objects.filter(standard="1.1").delete()
    assert "Judge 1 qualitative standard" in words(scene.get(scene.lead, ""))


def test_the_list_of_judgements_says_that_it_is_not_judged(scene: Scene) -> None:
    page = words(scene.get(scene.lead, "judgements/"))
    assert "4.1 Resettlement policy and provision Not rated No resettlement case is in the" in page
    assert "Not judged yet" not in page
    builder.judge(scene.inspection, scene.lead, "4.1", Rating.OUTSTANDING)
    page = words(scene.get(scene.lead, "judgements/"))
    assert "4.1 Resettlement policy and provision Not rated No resettlement case is in the" in page
    resettlement_case(scene)
    page = words(scene.get(scene.lead, "judgements/"))
    assert "4.1 Resettlement policy and provision Outstanding Priya Lead" in page


def test_none_of_its_evidence_is_missed(scene: Scene) -> None:
    page = words(scene.get(scene.lead, "evidence/"))
    listed = page[page.index("What to look at") : page.index("Key questions by kinds")]
    assert "1.1.1" in listed
    assert "4.1.1" not in listed
    # Its key questions have no note in their rows, either.
    assert "No evidence yet" not in page[page.rindex("4.1.1") : page.index("All evidence")]
    resettlement_case(scene)
    assert "4.1.1" in words(scene.get(scene.lead, "evidence/")).partition("Key questions by")[0]


def test_its_page_has_no_form(scene: Scene) -> None:
    page = scene.get(scene.lead, "judgements/4.1/")
    assert NO_CASE in words(page)
    assert "has not been judged yet" not in words(page)
    assert 'name="rating"' not in page.text
    resettlement_case(scene)
    page = scene.get(scene.lead, "judgements/4.1/")
    assert NO_CASE not in words(page)
    assert 'name="rating"' in page.text


def test_a_judgement_made_while_there_was_a_case_is_shown_as_not_counting(scene: Scene) -> None:
    builder.judge(scene.inspection, scene.lead, "4.1", Rating.GOOD, rationale="As it was.")
    page = words(scene.get(scene.lead, "judgements/4.1/"))
    assert "It counts again once a resettlement case is in the sample." in page
    assert "As it was." in page


def test_a_judgement_that_is_sent_is_refused_and_shown_again(scene: Scene) -> None:
    sent = {"rating": "GOOD", "rationale": "Typed for long.", "base_version": "0"}
    answer = scene.post(scene.lead, "judgements/4.1/", **sent)
    assert answer.status_code == 403
    assert NO_CASE in words(answer)
    assert "Typed for long." in words(answer)
    assert not Judgement.objects.filter(standard="4.1").exists()


def test_none_is_stored_whoever_asks(scene: Scene) -> None:
    with pytest.raises(Refused, match="No resettlement case is in the sample"):
        judge(scene)
    resettlement_case(scene)
    assert judge(scene).rating == "GOOD"


def test_a_case_taken_out_of_the_sample_is_none(scene: Scene) -> None:
    case = resettlement_case(scene)
    Case.objects.filter(pk=case.pk).update(state=Case.State.TAKEN_OUT)
    with pytest.raises(Refused, match="No resettlement case is in the sample"):
        judge(scene)


def test_the_ratings_say_why_it_is_not_rated_and_miss_nothing(scene: Scene) -> None:
    page = words(scene.get(scene.lead, "ratings/"))
    assert "Not rated, because no resettlement case is in the sample." in page
    assert "the lead inspector has not judged it yet" not in page


def test_the_ratings_show_no_judgement_that_does_not_count(scene: Scene) -> None:
    builder.judge(scene.inspection, scene.lead, "4.1", Rating.GOOD, rationale="As it was.")
    assert "As it was." not in words(scene.get(scene.lead, "ratings/"))
    resettlement_case(scene)
    assert "As it was." in words(scene.get(scene.lead, "ratings/"))


def test_the_inspection_is_submitted_without_it(scene: Scene) -> None:
    assert "has not been judged yet" not in words(scene.get(scene.lead, "panel/submit/"))
    submit_to_panel(
        inspection=scene.inspection, meeting=scene.meeting, lead_view="Fine.", by=scene.lead
    )
    assert scene.fresh().state == Inspection.State.PANEL


def test_with_a_case_it_blocks_until_it_is_judged(scene: Scene) -> None:
    resettlement_case(scene)
    page = words(scene.get(scene.lead, "panel/submit/"))
    assert "Standard 4.1 Resettlement policy and provision has not been judged yet." in page


def test_an_edition_without_resettlement_is_as_before() -> None:
    scene = scenes.scene("2018")
    assert "resettlement" not in words(scene.get(scene.lead, "judgements/")).lower()
