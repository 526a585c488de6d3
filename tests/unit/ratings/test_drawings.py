"""Bars of percentages and likelihoods: what they show besides colours."""

from __future__ import annotations

import re

from django.template.loader import render_to_string

from inspections.framework import Group, Rating
from ratings.drawings import likelihood_bar, percent_bar, small_bar
from ratings.engine import Likelihood, Tally, caseload_likelihoods
from tests.unit.engine.builder import edition, outcome

TALLY = Tally(yes=16, no=4)


def test_a_percentage_is_drawn_to_scale_with_the_boundaries() -> None:
    rated = outcome({"2.1.1": Tally(yes=9, no=11)}).key_questions_by_code["2.1.1"]

    for drawn in (small_bar(rated), percent_bar(rated)):
        assert 'width="90"' in drawn  # 45% of 200
        assert 'href="#app-bar-boundaries"' in drawn
    assert 'href="#app-bar-numbers"' in percent_bar(rated)


def test_the_boundaries_are_those_of_the_edition() -> None:
    drawn = render_to_string("ratings/parts/drawn_once.html", {"edition": edition()})

    assert re.findall(r'<line [^>]*x1="(\d+)"', drawn) == ["100", "130", "160"]
    assert re.findall(r">(\d+)</text>", drawn) == ["50", "65", "80"]


def test_the_current_rating_is_the_tall_part_of_a_bar_of_likelihoods() -> None:
    found = caseload_likelihoods(outcome({"2.1.1": TALLY}), {Group.COURT: 60})
    likelihood = found.key_questions["2.1.1"]
    assert isinstance(likelihood, Likelihood)

    drawn = likelihood_bar(likelihood)

    parts = re.findall(r'height="(\d+)" fill="url\(#app-likely-(\w+)\)"', drawn)
    assert [key for height, key in parts if height == "18"] == [Rating.OUTSTANDING.key]
    assert {height for height, key in parts if key != Rating.OUTSTANDING.key} == {"10"}


def test_every_rating_has_a_pattern_of_its_own() -> None:
    drawn = render_to_string("ratings/parts/drawn_once.html", {"edition": edition()})
    patterns = dict(re.findall(r'<pattern id="app-likely-(\w+)"[^>]*>(.*?)</pattern>', drawn))

    assert set(patterns) == {rating.key for rating in Rating}
    # Without its colour, a ground is light or dark; neighbours differ in that or in their marks.
    dark = {Rating.INADEQUATE.key, Rating.OUTSTANDING.key}
    looks = {
        key: (key in dark, *re.findall(r"app-likely__(?:mark|dot)", inside))
        for key, inside in patterns.items()
    }
    assert len(set(looks.values())) == len(Rating)
