"""What if: the same rules on changed figures, beside the record, and nothing stored."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.urls import reverse

from config.demonstration import builder
from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings.pages.what_if import Changes, rate_with
from ratings.service import rate_inspection
from tests.pages import signed_in, words
from tests.scenes import Scene, decide_as

pytestmark = pytest.mark.django_db


def read(user: User, inspection: Inspection, status: int = 200, /, **query: str | int) -> str:
    client = signed_in(user)
    sent = {name.replace("__", "-").replace("_", "."): value for name, value in query.items()}
    response = client.get(reverse("ratings:what-if", args=[inspection.pk]), sent)
    assert response.status_code == status
    return words(response.content.decode())


def test_it_says_that_it_is_not_the_record_and_shows_the_record_beside_it(
    at_panel: Scene,
) -> None:
    page = read(at_panel.lead, at_panel.inspection)

    assert "Scenario only: nothing is saved." in page
    assert "The record 28 out of 36 Good What if 28 out of 36 Good Nothing is changed." in page


def test_changed_counts_change_the_standard_the_score_and_the_percentage(
    at_panel: Scene,
) -> None:
    page = read(at_panel.lead, at_panel.inspection, yes__3_1_2=8, no__3_1_2=2)

    assert "What if 31 out of 36 Outstanding The score would be 3 points higher." in page
    assert "The overall rating would be Outstanding, not Good." in page
    assert "3.1 Assessment Inadequate Outstanding" in page
    assert "40% in the record, 80% here" in page


def test_a_set_rating_takes_the_place_of_judgement_and_counts(at_panel: Scene) -> None:
    page = read(at_panel.lead, at_panel.inspection, rating__1_1="INADEQUATE", rating__3_1="GOOD")

    assert "1.1 Governance and leadership Good Inadequate" in page
    assert "3.1 Assessment Inadequate Good" in page
    assert "What if 28 out of 36 Good The score would stay as it is." in page


def test_a_limiting_judgement_applies_here_too(at_panel: Scene) -> None:
    page = read(
        at_panel.lead,
        at_panel.inspection,
        rating__3_1="OUTSTANDING",
        rating__4_1="INADEQUATE",
    )

    assert "What if 31 out of 36 Good" in page
    assert "4.1 Resettlement policy and provision would hold it at Good" in page


def test_a_decision_that_would_no_longer_apply_is_named(at_panel: Scene) -> None:
    inspection = at_panel.inspection
    decide_as(inspection, at_panel.panel, "3.1", Rating.REQUIRES_IMPROVEMENT, Rating.INADEQUATE)

    page = read(at_panel.lead, inspection, yes__3_1_2=7, no__3_1_2=3)

    assert "The panel’s decision on 3.1 would no longer apply." in page
    assert "What if 30 out of 36 Good" in page


def test_without_every_rating_there_is_no_score_here_either(at_panel: Scene) -> None:
    inspection = at_panel.inspection
    inspection.judgements.filter(standard__in=["1.2", "1.3"]).delete()

    page = read(at_panel.lead, inspection, rating__1_2="GOOD")
    assert "There would still be no score: not rated would be 1.3." in page

    page = read(at_panel.lead, inspection, rating__1_2="GOOD", rating__1_3="GOOD")
    assert "There would be a score of 28; the record has none." in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            {"yes__3_1_2": 9, "no__3_1_2": 2},
            "Yes and No of 3.1.2 must be 10 or fewer together, the inspected cases; they are 11",
        ),
        ({"yes__3_1_2": 11}, "Yes of 3.1.2 must be a whole number from 0 to 10"),
        ({"no__3_1_2": "-1"}, "No of 3.1.2 must be a whole number from 0 to 10"),
        ({"no__3_1_2": "some"}, "No of 3.1.2 must be a whole number from 0 to 10"),
        ({"rating__3_1": "SPLENDID"}, "Select one of the ratings for 3.1"),
    ],
)
def test_invalid_values_are_errors_and_count_as_recorded(
    at_panel: Scene, query: dict[str, str | int], message: str
) -> None:
    page = read(at_panel.lead, at_panel.inspection, **{"rating__1_1": "OUTSTANDING", **query})

    assert "There is a problem" in page and message in page
    assert "What has a problem counts as recorded until it is put right." in page
    assert "What if 29 out of 36 Good" in page


def test_unknown_fields_are_ignored(at_panel: Scene) -> None:
    page = read(at_panel.lead, at_panel.inspection, yes__9_9_9=3, rating__9_9="GOOD")

    assert "Nothing is changed." in page


def test_nothing_is_stored(at_panel: Scene) -> None:
    def everything() -> list[str]:
        return [
            serialize("json", model._default_manager.order_by("pk"))
            for model in apps.get_models()
            if model._meta.app_label in {"inspections", "cases", "ratings"}
        ]

    client = signed_in(at_panel.lead)
    before = everything()

    page = client.get(
        reverse("ratings:what-if", args=[at_panel.inspection.pk]),
        {"yes-3.1.2": "8", "no-3.1.2": "2", "rating-1.1": "OUTSTANDING"},
    )

    assert "32 out of 36" in page.content.decode()
    assert everything() == before


def test_it_takes_no_posts(at_panel: Scene) -> None:
    client = signed_in(at_panel.lead)

    address = reverse("ratings:what-if", args=[at_panel.inspection.pk])

    assert client.post(address, {"rating-1.1": "GOOD"}).status_code == 405


def test_whoever_may_not_see_the_ratings_may_try_none(at_panel: Scene) -> None:
    Inspection.objects.update(state="FIELDWORK")

    page = read(at_panel.inspector, at_panel.inspection, 403)
    assert "Inspectors see ratings and judgements once fieldwork has closed" in page
    read(at_panel.outsider, at_panel.inspection, 404)


def test_not_applicable_is_reduced_only_if_the_new_answers_need_its_cases() -> None:
    inspection = builder.inspection(edition="2018")
    lead = builder.lead_inspector(inspection)
    builder.fill(inspection, lead, yes={"2.1.1": 4})
    case = inspection.cases.filter(group="COURT").latest("pk")
    case.answers.filter(question="2.1.1").update(value="NOT_APPLICABLE")
    rated = rate_inspection(inspection)

    def tally(yes: int, no: int) -> object:
        outcome = rate_with(rated, Changes({"2.1.1": (yes, no)})).outcome
        found = outcome.key_questions_by_code["2.1.1"].tally
        return found.not_applicable, found.unanswered

    assert tally(4, 4) == (1, 1)
    assert tally(5, 5) == (0, 0)


def test_an_inspection_without_cases_has_nothing_to_count_and_judgements_to_try() -> None:
    inspection = builder.inspection()
    lead = builder.lead_inspector(inspection)

    page = read(lead, inspection, rating__1_1="GOOD")

    assert "1.1 Governance and leadership Not rated Good" in page
    assert "Change the counts" not in page
