"""How likely ratings are across the whole caseload, in words: as the pages print it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from inspections.framework import Group, Rating
from ratings.engine import (
    CaseloadLikelihoods,
    Likelihood,
    Outcome,
    Tally,
    Unknown,
    WhyUnknown,
    caseload_likelihoods,
    likeliest_change,
)
from ratings.engine.likelihood import RatingProbability
from ratings.likelihoods import (
    likelihood_facts,
    likely_in_short,
    likely_the_same,
    overall_likelihood_facts,
    percent_likely,
    unranked,
    why_unknown,
    why_worth_time,
)
from tests.unit.engine.builder import JUDGED, edition, outcome

EDITION = edition()
SIXTY = {Group.COURT: 60, Group.OUT_OF_COURT: 60}


def good(same: Fraction) -> Likelihood:
    """A Good rating, else Outstanding."""
    shares = (Fraction(), Fraction(), same, 1 - same)
    return Likelihood(Rating.GOOD, tuple(map(RatingProbability, Rating, shares)))


def rated(
    tallies: Mapping[str, Tally], eligible: Mapping[Group, int | None] = SIXTY
) -> tuple[Outcome, CaseloadLikelihoods]:
    found = outcome(tallies)
    return found, caseload_likelihoods(found, eligible)


def why(tallies: Mapping[str, Tally], eligible: Mapping[Group, int | None] = SIXTY) -> str:
    """Why standard 2.1 is worth the panel's time; what isn't given is met in 49 of 50 cases."""
    sure = {f"2.1.{number}": Tally(49, 1) for number in (1, 2, 3)}
    found, likelihoods = rated({**sure, **tallies}, eligible)
    standard = likelihoods.standards["2.1"]
    assert isinstance(standard, Likelihood)
    change = likeliest_change(EDITION, found.by_code["2.1"], standard, likelihoods.key_questions)
    assert change is not None
    return why_worth_time(change, standard, found.by_code["2.1"])


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (Fraction(0), "0%"),
        (Fraction(1, 1000), "under 1%"),
        (Fraction(125, 200), "63%"),
        (Fraction(999, 1000), "over 99%"),
        (Fraction(1), "certain"),
    ],
)
def test_only_the_impossible_is_0_percent_and_only_the_certain_is_certain(
    probability: Fraction, words: str
) -> None:
    assert percent_likely(probability) == words


def test_how_likely_a_rating_stays_the_same_is_one_phrase() -> None:
    assert likely_the_same(good(Fraction(61, 100))) == (
        "61% likely to be the same across the whole caseload"
    )
    assert likely_in_short(Fraction(61, 100)) == "61% likely to stay"
    assert likely_the_same(good(Fraction(1))) == (
        "Certain to be the same across the whole caseload"
    )
    assert likely_in_short(Fraction(1, 1000)) == "Under 1% likely to stay"
    assert likely_in_short(Fraction(1)) == "Certain to stay"


def test_a_low_key_question_is_named_with_its_figures_its_distance_and_the_likelihood() -> None:
    assert why({"2.1.2": Tally(9, 11)}) == (
        "2.1.2: 45% (9 of 20), 1 case from Requires improvement; 2.1 is 33% likely to be higher "
        "across the whole caseload."
    )


def test_other_key_questions_with_the_same_rating_are_named() -> None:
    assert why({"2.1.2": Tally(9, 11), "2.1.3": Tally(10, 11)}).startswith(
        "2.1.2: 45% (9 of 20), rated like 2.1.3, 1 case from Requires improvement; 2.1 is "
    )


def test_both_ways_are_named_the_likelier_first() -> None:
    assert why({"2.1.1": Tally(14, 6)}) == (
        "2.1.1: 70% (14 of 20), 2 cases from Requires improvement; 2.1 is 28% likely to be lower "
        "across the whole caseload, 9% to be higher."
    )


@pytest.mark.parametrize(
    ("unknown", "words"),
    [
        (
            Unknown(WhyUnknown.NOT_RECORDED, ("2.1.1", "2.1.2", "3.1.1")),
            "Not known: the number of eligible court cases and out-of-court cases is not recorded.",
        ),
        (
            Unknown(WhyUnknown.TOO_FEW_ELIGIBLE, ("2.1.1",)),
            "Not known: more court cases are inspected than recorded as eligible. "
            "Correct the sample.",
        ),
        (
            Unknown(WhyUnknown.NOTHING_ANSWERED, ("2.1.1", "2.1.2")),
            "Not known yet: no case is answered Yes or No for 2.1.1 and 2.1.2.",
        ),
        (Unknown(WhyUnknown.NO_RELEVANT_CASE, ("2.1",)), "No eligible case is relevant to 2.1."),
        (Unknown(WhyUnknown.NOT_RATED, ("1.1",)), "Not known while 1.1 is not rated."),
        (
            Unknown(WhyUnknown.NOT_RATED, ("1.1", "3.4")),
            "Not known while 1.1 and 3.4 are not rated.",
        ),
    ],
)
def test_it_is_said_why_a_likelihood_is_not_known(unknown: Unknown, words: str) -> None:
    assert why_unknown(unknown, EDITION) == words


def test_standards_without_a_place_in_the_order_are_named_with_the_reason() -> None:
    _, found = rated({}, {Group.OUT_OF_COURT: 60})

    assert unranked(found, EDITION) == [
        "2.1 is not ranked. Not known: the number of eligible court cases is not recorded."
    ]
    assert unranked(rated({})[1], EDITION) == []


def test_the_facts_have_every_rating_likeliest_first() -> None:
    _, found = rated({f"2.1.{number}": Tally(16, 4) for number in (1, 2, 3)})

    assert likelihood_facts(found.standards["2.1"], EDITION) == [
        (
            "Whole caseload",
            "Good 77%, Outstanding 11%, Requires improvement 11%, Inadequate under 1%.",
        )
    ]
    assert likelihood_facts(None, EDITION) == []


def test_the_overall_facts_name_the_likeliest_score() -> None:
    _, found = rated({}, {Group.COURT: 10, Group.OUT_OF_COURT: 10})

    assert overall_likelihood_facts(found, EDITION) == [
        ("Whole caseload", "Good (certain); the score is 8 (certain).")
    ]


def test_without_an_overall_rating_the_facts_say_what_is_missing() -> None:
    judgements = {code: rating for code, rating in JUDGED.items() if code != "1.1"}
    found = caseload_likelihoods(outcome(judgements=judgements), SIXTY)

    assert overall_likelihood_facts(found, EDITION) == [
        ("Whole caseload", "Not known while 1.1 is not rated.")
    ]
