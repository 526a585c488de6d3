"""Ratings from the database: their queries, and what is counted."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from config.demonstration import builder
from inspections.framework import Rating
from inspections.models import Inspection
from ratings.service import rate_inspection
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cases", [1, 100])
def test_rating_takes_four_queries_however_many_cases(
    cases: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    inspection = builder.inspection()
    builder.fill(inspection, builder.lead_inspector(inspection), number=cases)

    with django_assert_num_queries(4):
        outcome = rate_inspection(inspection).outcome

    assert outcome.score == 36 - 5


def test_likelihoods_and_their_order_take_no_query(
    at_panel: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for group in ("COURT", "OUT_OF_COURT"):
        builder.sample(at_panel.inspection, group, eligible_cases=40)
    rated = rate_inspection(at_panel.inspection)

    with django_assert_num_queries(0):
        worth, ranking = rated.worth_the_time, rated.ranking
        assert rated.likelihoods.overall.is_known

    assert worth[0].rated.code == "3.1"
    assert set(ranking) == {
        *rated.likelihoods.standards,
        *rated.outcome.key_questions_by_code,
    }


def test_judged_standards_follow_those_that_are_ranked(at_panel: Scene) -> None:
    for group in ("COURT", "OUT_OF_COURT"):
        builder.sample(at_panel.inspection, group, eligible_cases=40)

    codes = [row.rated.code for row in rate_inspection(at_panel.inspection).closest_first]

    assert codes[-6:] == ["1.1", "1.2", "1.3", "1.4", "3.4", "4.1"]
    assert codes[0] == "3.1"


def test_unanswered_cases_are_counted_and_do_not_count_as_no() -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    first = builder.case(inspection, "COURT", inspector)
    builder.case(inspection, "COURT", inspector)
    builder.answers(first, inspector, **{"2.1.1": "YES"})

    tally = rate_inspection(inspection).outcome.key_questions_by_code["2.1.1"].tally

    assert (tally.yes, tally.no, tally.unanswered, tally.percent) == (1, 0, 1, 100)


def test_an_inspection_is_rated_from_its_own_cases_alone(at_panel: Scene) -> None:
    other = builder.inspection()
    builder.fill(other, builder.lead_inspector(other), yes={"2.1.1": 0}, number=3)

    outcome = rate_inspection(at_panel.inspection).outcome

    assert outcome.by_code["2.1"].decided == Rating.OUTSTANDING
    assert outcome.key_questions_by_code["2.1.1"].tally.inspected == 10


def test_ratings_are_provisional_until_every_case_is_signed_off() -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    assert rate_inspection(inspection).is_provisional

    builder.case(inspection, "COURT", inspector, state="SIGNED_OFF")
    assert not rate_inspection(inspection).is_provisional

    builder.case(inspection, "COURT", inspector, state="SUBMITTED")
    rated = rate_inspection(Inspection.objects.get(pk=inspection.pk))
    assert rated.is_provisional
    assert (rated.cases_signed_off, rated.cases) == (1, 2)
