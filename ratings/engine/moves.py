"""The fewest answers, changed or still to come, that would move a standard's decided rating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition
from ratings.engine.bands import least_yes, rating_of_counts
from ratings.engine.result import KeyQuestionRating, StandardRating, decided_rating


@dataclass(frozen=True, slots=True)
class Move:
    """A standard's way to another decided rating by changed answers or by new ones.

    ``answers`` counts them: answers in relevant cases that change, No to Yes on the way
    up and Yes to No on the way down, or unanswered ones that come out Yes on the way up
    and No on the way down; two in one case count twice. ``to_rating`` is
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
    return _cheapest(
        rated, [list(_by_changing(edition, q, up=up)) for q in rated.key_questions], up=up
    )


def cheapest_to_come(edition: Edition, rated: StandardRating, *, up: bool) -> Move | None:
    """The fewest unanswered answers that raise a standard's decided rating by coming out Yes
    (or lower it by coming out No), nothing else changing.

    ``None`` when no number of those still unanswered does it, for a qualitative standard
    and while nothing is rated.
    """
    return _cheapest(
        rated, [list(_by_answering(edition, q, up=up)) for q in rated.key_questions], up=up
    )


def _cheapest(
    rated: StandardRating, of_questions: Iterable[Sequence[tuple[Rating, int]]], *, up: bool
) -> Move | None:
    """The cheapest move, from the ratings that each key question may get and their costs.

    A key question that can't be rated either way has none.
    """
    if rated.standard.is_qualitative or not isinstance(rated.decided, Rating):
        return None
    # For each lowest computed and lowest decided rating of the key questions so far,
    # the fewest answers that give them.
    cheapest: dict[tuple[Rating, Rating], int] = {}
    for question, options in zip(rated.key_questions, of_questions, strict=True):
        if not options:
            continue
        if not cheapest:
            cheapest = {(max(Rating), max(Rating)): 0}
        found: dict[tuple[Rating, Rating], int] = {}
        for (lowest_computed, lowest_decided), answers in cheapest.items():
            for computed, more in options:
                if more == 0 and not isinstance(question.computed, Rating):
                    decided = computed  # Unrated, it lowers nothing, and nothing moves it.
                else:
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


def _by_changing(
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


def _by_answering(
    edition: Edition, question: KeyQuestionRating, *, up: bool
) -> Iterator[tuple[Rating, int]]:
    """The ratings that unanswered cases, all Yes or all No, give a key question, each with
    how many it takes. One that stays unrated lowers its standard as little as the highest."""
    tally = question.tally
    reached = question.computed if isinstance(question.computed, Rating) else None
    yield max(Rating) if reached is None else reached, 0
    for more in range(1, tally.unanswered + 1):
        yes = tally.yes + more if up else tally.yes
        rating = rating_of_counts(edition, yes, tally.relevant + more)
        if rating != reached:
            reached = rating
            yield rating, more
