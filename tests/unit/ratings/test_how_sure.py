"""How sure a rating is, as words and as a bar that draws the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.engine import Tally
from ratings.pages.presenters.how_sure import HowSure, how_sure_view
from ratings.words import LIKELIHOOD_WIDTH as WIDTH
from tests.unit.engine.builder import edition

EDITION = edition()


def view(tally: Tally, eligible: int | None) -> HowSure:
    return how_sure_view(EDITION, tally, eligible, "court cases")


def test_the_likeliest_rating_comes_first_and_what_is_hardly_possible_is_under_1_per_cent() -> None:
    found = view(Tally(yes=16, no=4), 60)

    assert found.words == "Outstanding 49%, Good 47%, Requires improvement 4%, Inadequate under 1%"


def test_a_sample_that_is_the_whole_population_is_certain() -> None:
    found = view(Tally(yes=7, no=3), 10)

    assert found.words == "Good for certain"
    assert [(share.modifier, share.x, share.width) for share in found.shares] == [
        ("good", 0, WIDTH)
    ]


def test_nearly_certain_is_not_certain() -> None:
    assert view(Tally(yes=90, no=2), 110).words.startswith("Outstanding ")
    assert "100%" not in view(Tally(yes=90, no=2), 110).words


def test_where_nothing_can_be_said_it_says_why() -> None:
    assert view(Tally(yes=7, no=3), None) == HowSure(
        (), "Not known: the number of eligible court cases is not recorded."
    )
    assert view(Tally(unanswered=3), 9).words == (
        "Nothing is known yet: no case is answered Yes or No."
    )
    assert view(Tally(yes=7, no=3), 9).words == (
        "Not known: 10 court cases are inspected, but only 9 recorded as eligible. "
        "Correct the sample."
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 15), st.integers(0, 15), st.integers(0, 10), st.integers(0, 40))
def test_the_bar_is_full_in_the_order_of_the_bands_and_names_what_the_words_name(
    yes: int, no: int, unanswered: int, others: int
) -> None:
    tally = Tally(yes, no, 0, unanswered)
    found = view(tally, tally.inspected + others)
    if not tally.relevant:
        assert not found.shares
        return
    at = 0
    for share in found.shares:
        assert share.x == at and share.width > 0
        at += share.width
    assert at == WIDTH
    order = ["inadequate", "requires_improvement", "good", "outstanding"]
    drawn = [share.modifier for share in found.shares]
    assert drawn == [key for key in order if key in drawn]
    for key in drawn:
        assert key.replace("_", " ").capitalize() in found.words
