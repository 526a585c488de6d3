"""Values of ratings in the words of pages, through the template library."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from inspections.framework import Group, Rating
from ratings.engine import NotRateable, Reason, Tally, distances
from ratings.words import left_out
from tests.unit.engine.builder import edition


def rendered(template: str, **context: object) -> str:
    return Template(f"{{% load distances words %}}{template}").render(Context(context)).strip()


@pytest.mark.parametrize("rating", [Rating.GOOD, "GOOD"])
def test_a_rating_is_a_coloured_tag(rating: object) -> None:
    tag = rendered("{% rating_tag rating %}", rating=rating)

    assert tag == '<strong class="govuk-tag app-rating app-rating--good">Good</strong>'


@pytest.mark.parametrize("nothing", [None, NotRateable(Reason.NOT_JUDGED)])
def test_without_a_rating_the_tag_says_not_rated(nothing: object) -> None:
    tag = rendered("{% rating_tag rating %}", rating=nothing)

    assert "app-rating--not_rated" in tag and "Not rated" in tag


@pytest.mark.parametrize(
    ("template", "value", "words"),
    [
        ('{{ value|counted:"case" }}', 1, "1 case"),
        ('{{ value|counted:"case" }}', 20, "20 cases"),
        ("{{ value|listed }}", ["2.1", "2.2", "2.3"], "2.1, 2.2 and 2.3"),
        ("{{ value|rated_as }}", Rating.GOOD, "Good"),
        (
            "{{ value|rated_as }}",
            NotRateable(Reason.NOT_JUDGED),
            "not rated, because the lead inspector has not judged it yet",
        ),
        ("{{ value|of_relevant }}", Tally(yes=4, no=3), "57% (4 of 7)"),
        ("{{ value|of_relevant }}", Tally(not_applicable=3), "No relevant case"),
        ("{{ value|of_answered }}", Tally(yes=4, no=3, not_applicable=3), "40% (4 of 10)"),
        ("{{ value|of_answered }}", Tally(unanswered=3), "None answered"),
        ("{{ value|relevant_share }}", Tally(yes=5, no=2), "5 of 7 relevant cases, 71%"),
        ("{{ value|relevant_share }}", Tally(yes=1), "1 of 1 relevant case, 100%"),
        ("{{ value|relevant_share }}", Tally(unanswered=1), "No relevant case yet"),
    ],
)
def test_filters_say_values_in_words(template: str, value: object, words: str) -> None:
    assert rendered(template, value=value) == words


def test_what_a_share_leaves_out_is_said_of_the_whole_group() -> None:
    tally = Tally(yes=7, not_applicable=2, unanswered=1)

    assert left_out(tally, Group.COURT) == (
        "Of 10 court cases, 2 not applicable and 1 not answered yet"
    )
    assert left_out(Tally(yes=7), Group.COURT) == ""
    assert left_out(Tally(), Group.COURT) == "No court cases inspected"


@pytest.mark.parametrize(
    ("relevant", "words"),
    [(1, "100 points"), (11, "about 9 points"), (100, "1 point"), (250, "under half a point")],
)
def test_what_one_case_is_worth(relevant: int, words: str) -> None:
    found = distances(edition(), Tally(yes=relevant))

    assert rendered("{{ found|case_worth }}", found=found) == words
