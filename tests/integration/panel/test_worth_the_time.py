"""The panel's page begins with the ratings that the whole caseload would likeliest change."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.demonstration import builder
from inspections.framework import Rating
from inspections.models import User
from ratings.panel.page import ORDERS
from ratings.service import WORTH_THE_TIME, rate_inspection
from tests import scenes
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

YES = {"2.1.1": 8, "2.2.2": 7, "2.3.1": 6, "2.4.3": 9, "3.1.2": 4, "3.2.1": 5, "3.3.1": 8}
"""Of 10 cases each; every other key question has 10."""


@pytest.fixture
def scene() -> Scene:
    """With the panel, from 10 of 40 eligible cases in each group."""
    made = scenes.scene()
    builder.fill(made.inspection, made.inspector, yes=YES)
    scenes.move_to(made.inspection, "PANEL")
    builder.hearing(made.inspection, made.lead, made.panel)
    for group in ("COURT", "OUT_OF_COURT"):
        builder.sample(made.inspection, group, eligible_cases=40)
    return made


def page(scene: Scene, reader: User, query: str = "") -> str:
    response = signed_in(reader).get(f"{scene.home}panel/{query}")
    assert response.status_code == 200
    return response.content.decode()


def first_table(html: str) -> str:
    """The standards worth the panel's time, before all ratings."""
    return html[html.index('id="worth-the-time"') : html.index('id="all-ratings"')]


def order_of(html: str) -> list[str]:
    """The standards of the table of all ratings, from the top."""
    return re.findall(r'<tbody[^>]* id="panel-([\d.]+)"', html)


def sorted_headings(html: str) -> list[str]:
    """The headings of the table of all ratings that say that it is sorted by them."""
    table = html[html.index('id="all-ratings"') :]
    return re.findall(r'aria-sort="\w+"><a[^>]*>([^<]+)</a></th>', table)


def test_five_standards_come_first_likeliest_to_be_rated_otherwise_at_the_top(
    scene: Scene,
) -> None:
    rated = rate_inspection(scene.inspection)
    listed = re.findall(r'href="#panel-([\d.]+)"', first_table(page(scene, scene.panel)))

    assert len(listed) == WORTH_THE_TIME
    assert listed == [row.rated.code for row in rated.worth_the_time]
    known = rated.likelihoods.standards
    others = [known[code].another for code in listed]  # type: ignore[union-attr]
    assert others == sorted(others, reverse=True)
    assert min(others) >= max(
        one.another  # type: ignore[union-attr]
        for code, one in known.items()
        if code not in listed
    )


def test_each_says_in_a_sentence_why(scene: Scene) -> None:
    html = words(first_table(page(scene, scene.panel)))

    assert (
        "3.2 Planning Requires improvement 60% 3.2.1: 50% (5 of 10), 1 case from Inadequate; "
        "3.2 is 46% likely to be lower across the whole caseload, 14% to be higher."
    ) in html


def test_who_may_decide_has_a_link_to_do_so(scene: Scene) -> None:
    decide = reverse("ratings:discretion", args=[scene.inspection.pk, "3.2"])

    assert f'href="{decide}"' in first_table(page(scene, scene.panel))
    assert "Decide" not in first_table(page(scene, scene.lead))


def test_a_decided_standard_shows_its_decision_beside_the_computed_rating(scene: Scene) -> None:
    scenes.decide_as(scene.inspection, scene.panel, "3.2", Rating.GOOD, Rating.REQUIRES_IMPROVEMENT)

    html = words(first_table(page(scene, scene.panel)))

    assert "3.2 Planning Requires improvement Decided: Good 60%" in html


def test_all_ratings_are_in_the_reports_order_unless_asked_otherwise(scene: Scene) -> None:
    rated = rate_inspection(scene.inspection)
    report = [row.rated.code for row in rated.standards]
    likeliest = [row.rated.code for row in rated.closest_first]

    assert order_of(page(scene, scene.panel)) == report
    assert order_of(page(scene, scene.panel, "?order=anything")) == report
    assert order_of(page(scene, scene.panel, "?order=likelihood")) == likeliest != report


def test_by_closeness_the_fewest_changed_answers_to_another_rating_come_first(
    scene: Scene,
) -> None:
    # 2.4 has 9 Yes of 10 and 2.1, 8: one No makes 2.1 Good, but 2.4 needs two.
    order = order_of(page(scene, scene.panel, "?order=closeness"))
    near = {row.rated.code: row.near for row in rate_inspection(scene.inspection).standards}
    fewest = [
        min((move.answers for move in (near[code].up, near[code].down) if move), default=99)
        for code in order
    ]
    assert fewest == sorted(fewest)
    assert order.index("2.1") < order.index("2.4") < order.index("1.1")


def test_by_decided_rating_the_lowest_comes_first(scene: Scene) -> None:
    scenes.decide_as(
        scene.inspection, scene.panel, "3.2", Rating.INADEQUATE, Rating.REQUIRES_IMPROVEMENT
    )
    order = order_of(page(scene, scene.panel, "?order=decided"))
    decided = [rate_inspection(scene.inspection).outcome.by_code[code].decided for code in order]
    assert decided == sorted(decided)  # type: ignore[type-var]
    assert order.index("3.2") < order.index("2.3")


@pytest.mark.parametrize(
    ("order", "heading"),
    [
        ("", "Standard"),
        ("closeness", "Changed answers to another rating"),
        ("likelihood", "Likely rating across the whole caseload"),
        ("decided", "Decided"),
    ],
)
def test_the_table_says_by_what_it_is_sorted_and_links_to_the_other_orders(
    scene: Scene, order: str, heading: str
) -> None:
    shown = page(scene, scene.lead, f"?order={order}")
    assert sorted_headings(shown) == [heading]
    for other in ("closeness", "likelihood", "decided"):
        assert f'href="{scene.home}panel/?order={other}#all-ratings"' in shown
    assert f'href="{scene.home}panel/#all-ratings"' in shown


def test_each_standard_has_its_lowest_key_question_and_the_answers_to_another_rating(
    scene: Scene,
) -> None:
    html = words(page(scene, scene.lead))
    row = html[html.index("2.2 Planning 2.2.2") :]
    assert row.startswith(
        "2.2 Planning 2.2.2: 70% ( 7 of 10 answers to 2.2.2 ) 1 up to Outstanding"
    )
    assert "1.1 Governance and leadership Judged by the lead inspector" in html


def test_each_order_asks_the_database_the_same(scene: Scene) -> None:
    client = signed_in(scene.panel)
    asked = set()
    for order in ORDERS:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{scene.home}panel/?order={order}")
        asked.add(len(queries))
    assert len(asked) == 1


def test_without_the_number_of_eligible_cases_the_page_says_what_is_not_ranked(
    scene: Scene,
) -> None:
    scene.inspection.samples.filter(group="COURT").update(eligible_cases=None)

    html = words(first_table(page(scene, scene.panel)))

    assert (
        "2.1, 2.2, 2.3 and 2.4 are not ranked. "
        "Not known: the number of eligible court cases is not recorded."
    ) in html
    assert "3.2 Planning" in html


def test_a_sample_that_is_the_whole_caseload_leaves_nothing_open(scene: Scene) -> None:
    scene.inspection.samples.update(eligible_cases=10)

    html = words(first_table(page(scene, scene.panel)))

    assert "every standard would certainly have its computed rating" in html
