"""The fewest changed answers that would move a standard's decided rating."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inspections.editions.rating import Rating
from inspections.editions.schema import Edition
from ratings.engine.bands import least_yes, rating_of_counts
from ratings.engine.result import KeyQuestionRating, StandardRating, decided_rating


@dataclass(frozen=True, slots=True)
class Move:
    """A standard's way to another decided rating by changing answers alone.

    ``answers`` counts the answers in relevant cases that change, No to Yes on the way
    up and Yes to No on the way down; two in one case count twice. ``to_rating`` is
    the rating then decided: the panel's decisions apply to the rating that they start
    from and are stale elsewhere. ``points`` is what the score gains, or loses as a
    negative number; 0 for a standard outside the score.
    """

    standard: str
    to_rating: Rating
    answers: int
    points: int


def cheapest_move(edition: Edition, rated: StandardRating, *, up: bool) -> Move | None:
    """The fewest changed answers that raise (or lower) a standard's decided rating.

    ``None`` when no change of answers does it: at the top or bottom, for a
    qualitative standard and while nothing is rated.
    """
    if rated.standard.is_qualitative or not isinstance(rated.decided, Rating):
        return None
    # For each lowest computed and lowest decided rating of the key questions so far,
    # the fewest changed answers that give them.
    cheapest: dict[tuple[Rating, Rating], int] = {}
    for question in rated.key_questions:
        options = list(_options(edition, question, up=up))
        if not options:
            continue
        if not cheapest:
            cheapest = {(max(Rating), max(Rating)): 0}
        found: dict[tuple[Rating, Rating], int] = {}
        for (lowest_computed, lowest_decided), answers in cheapest.items():
            for computed, more in options:
                decided = decided_rating(question.discretion, computed, computed)
                pair = (min(lowest_computed, computed), min(lowest_decided, decided))
                found[pair] = min(answers + more, found.get(pair, answers + more))
        cheapest = found
    moves = [
        (answers, abs(to - rated.decided), to)
        for (computed, from_key_questions), answers in cheapest.items()
        for to in [decided_rating(rated.discretion, computed, from_key_questions)]
        if (to > rated.decided if up else to < rated.decided)
    ]
    if not moves:
        return None
    answers, _, to = min(moves)
    points = to - rated.decided if rated.standard.in_score else 0
    return Move(rated.code, to, answers, points)


def _options(
    edition: Edition, question: KeyQuestionRating, *, up: bool
) -> Iterator[tuple[Rating, int]]:
    """The ratings that changed answers give a key question, each with how many change."""
    if not isinstance(question.computed, Rating):
        return
    yes, relevant = question.tally.yes, question.tally.relevant
    yield question.computed, 0
    for band in edition.bands:
        if up and band.rating > question.computed:
            target = least_yes(relevant, band.lowest)
        elif not up and band.rating < question.computed:
            target = least_yes(relevant, band.highest + 1) - 1
        else:
            continue
        yield rating_of_counts(edition, target, relevant), abs(target - yes)
