"""Which ratings the whole caseload would likeliest change, and what in the sample shows it.

The order decides nothing (method.md, Likelihoods across the whole caseload, 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition
from ratings.engine.counts import Tally, least_yes, rating_of_counts
from ratings.engine.outcome import StandardRating
from ratings.engine.whole_caseload import Likelihood, Unknown


@dataclass(frozen=True, slots=True)
class LikeliestChange:
    """The key question on which the likelier change of a standard's computed rating depends.

    ``is_up`` says whether the standard is likelier to be higher than lower. ``answers`` is the
    fewest changed answers in relevant cases that take the key question above (or below) the
    standard's rating, and ``to_rating`` its rating then. ``as_low`` are the other key questions
    with the lowest rating, which hold the standard down too; empty on the way down.
    """

    key_question: str
    tally: Tally
    is_up: bool
    answers: int
    to_rating: Rating
    as_low: tuple[str, ...]


def closest_first(likelihoods: Mapping[str, Likelihood | Unknown]) -> tuple[str, ...]:
    """The codes of the ratings by how likely another rating is, likeliest first.

    Equally likely ones stay in their order. Those of which nothing is known are left out.
    """
    known = {code: one for code, one in likelihoods.items() if isinstance(one, Likelihood)}
    return tuple(sorted(known, key=lambda code: known[code].another, reverse=True))


def likeliest_change(
    edition: Edition,
    rated: StandardRating,
    standard: Likelihood,
    key_questions: Mapping[str, Likelihood | Unknown],
) -> LikeliestChange | None:
    """Why the whole caseload may give a standard rated from cases another rating.

    ``None`` when it certainly gives the same. On the way up it is the lowest key question that is
    least likely to be higher; on the way down the one likeliest to be below the standard.
    """
    if not standard.another:
        return None
    is_up = standard.higher >= standard.lower
    known = {
        question.code: found
        for question in rated.key_questions
        if isinstance(found := key_questions[question.code], Likelihood)
    }
    if is_up:
        code = min(rated.deciding_computed, key=lambda one: known[one].higher)
    else:
        code = max(known, key=lambda one: known[one].below(standard.computed))
    tally = next(question.tally for question in rated.key_questions if question.code == code)
    band = next(band for band in edition.bands if band.rating == standard.computed)
    if is_up:
        yes = least_yes(tally.relevant, band.highest + 1)
    else:
        yes = least_yes(tally.relevant, band.lowest) - 1
    return LikeliestChange(
        key_question=code,
        tally=tally,
        is_up=is_up,
        answers=abs(yes - tally.yes),
        to_rating=rating_of_counts(edition, yes, tally.relevant),
        as_low=tuple(one for one in rated.deciding_computed if is_up and one != code),
    )
