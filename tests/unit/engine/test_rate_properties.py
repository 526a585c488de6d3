from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from hypothesis import assume, given
from hypothesis import strategies as st

from inspections.framework.rating import Rating
from inspections.framework.schema import Group
from ratings.engine import Discretion, NotRateable, Outcome, Tally, rate
from tests.unit.engine.builder import edition

T = TypeVar("T")

EDITION = edition()
KEY_QUESTIONS = [f"{code}.{number}" for code in ("2.1", "3.1") for number in (1, 2, 3)]
PROMPTS = [f"{code}{letter}" for code in KEY_QUESTIONS for letter in "ab"]

count = st.integers(0, 15)
tally = st.builds(Tally, yes=count, no=count, not_applicable=count, unanswered=count)
rating = st.sampled_from(Rating)
every_judgement = st.fixed_dictionaries({"1.1": rating, "3.4": rating, "4.1": rating})
every_key_question = st.fixed_dictionaries(dict.fromkeys(KEY_QUESTIONS, tally))


def all_ratings(result: Outcome, of: Callable[[Outcome], int | None]) -> list[int | None]:
    """Each computed rating of key questions and standards, then ``of`` the outcome."""
    found = [question.computed for question in result.key_questions_by_code.values()]
    found += [rated.computed for rated in result.standards]
    return [None if isinstance(one, NotRateable) else int(one) for one in found] + [of(result)]


@given(every_key_question, every_judgement, st.sampled_from(KEY_QUESTIONS))
def test_turning_a_no_into_a_yes_never_lowers_a_computed_rating(
    tallies: dict[str, Tally], judgements: dict[str, Rating], code: str
) -> None:
    assume(tallies[code].no)
    better = replace(tallies[code], yes=tallies[code].yes + 1, no=tallies[code].no - 1)
    before = rate(EDITION, tallies, {}, judgements, ())
    after = rate(EDITION, {**tallies, code: better}, {}, judgements, ())
    for of in (
        lambda result: result.computed_score,
        lambda result: result.computed_overall,
        lambda result: result.score,
        lambda result: result.overall,
    ):
        for was, now in zip(all_ratings(before, of), all_ratings(after, of), strict=True):
            assert (was is None) == (now is None)
            assert was is None or now is None or now >= was


@given(every_key_question, every_judgement, st.data())
def test_discretion_of_one_band_moves_the_score_by_at_most_one(
    tallies: dict[str, Tally], judgements: dict[str, Rating], data: st.DataObject
) -> None:
    plain = rate(EDITION, tallies, {}, judgements, ())
    target = data.draw(st.sampled_from([*KEY_QUESTIONS, "1.1", "2.1", "3.1", "3.4", "4.1"]))
    if target in KEY_QUESTIONS:
        computed = plain.key_questions_by_code[target].computed
        standard, key_question = target.rsplit(".", 1)[0], target
    else:
        computed, standard, key_question = plain.by_code[target].computed, target, None
    if isinstance(computed, NotRateable):
        return
    to = data.draw(
        st.sampled_from([Rating(r) for r in (computed - 1, computed + 1) if 0 <= r <= 3])
    )
    decision = Discretion(standard, key_question, computed, to)
    decided = rate(EDITION, tallies, {}, judgements, [decision])
    assert decided.stale == ()
    assert (decided.score is None) == (plain.score is None)
    if decided.score is not None and plain.score is not None:
        assert abs(decided.score - plain.score) <= 1
    assert decided.computed_score == plain.score
    assert all_ratings(decided, lambda result: result.computed_score) == all_ratings(
        plain, lambda result: result.computed_score
    )


@given(
    st.dictionaries(st.sampled_from(KEY_QUESTIONS), st.sets(st.sampled_from(Rating), min_size=1)),
    every_key_question,
    every_judgement,
)
def test_a_decided_standard_is_at_most_one_band_from_the_computed_one(
    moves: dict[str, set[Rating]],
    tallies: dict[str, Tally],
    judgements: dict[str, Rating],
) -> None:
    decisions = [
        Discretion(code.rsplit(".", 1)[0], code, start, Rating(start + (1 if start < 3 else -1)))
        for code, starts in moves.items()
        for start in sorted(starts)[:1]
    ]
    for rated in rate(EDITION, tallies, {}, judgements, decisions).standards:
        assert isinstance(rated.computed, NotRateable) == isinstance(rated.decided, NotRateable)
        if isinstance(rated.computed, Rating) and isinstance(rated.decided, Rating):
            assert abs(rated.computed - rated.decided) <= 1


@given(
    st.dictionaries(st.sampled_from(KEY_QUESTIONS + PROMPTS), tally),
    st.dictionaries(st.sampled_from(["1.1", "3.4", "4.1"]), rating),
    st.lists(
        st.builds(
            lambda standard, start, up: Discretion(
                standard,
                None,
                start,
                Rating(min(start + 1, 3)) if up and start < 3 else Rating(abs(start - 1)),
            ),
            st.sampled_from(["1.1", "2.1", "3.1", "3.4", "4.1"]),
            rating,
            st.booleans(),
        ),
        unique_by=lambda decision: decision.standard,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_counts_judgements_and_decisions_never_matters(
    tallies: dict[str, Tally],
    judgements: dict[str, Rating],
    decisions: list[Discretion],
    order: random.Random,
) -> None:
    inspected = dict.fromkeys(Group, 60)

    def shuffled(items: list[T]) -> list[T]:
        return order.sample(items, len(items))

    assert rate(EDITION, tallies, inspected, judgements, decisions) == rate(
        edition(),
        dict(shuffled(list(tallies.items()))),
        dict(shuffled(list(inspected.items()))),
        dict(shuffled(list(judgements.items()))),
        shuffled(decisions),
    )


@given(every_key_question, every_judgement, st.sampled_from(PROMPTS), tally)
def test_a_prompt_changes_its_own_figures_alone(
    tallies: dict[str, Tally], judgements: dict[str, Rating], prompt: str, counts: Tally
) -> None:
    without = rate(EDITION, tallies, {}, judgements, ())
    with_it = rate(EDITION, {**tallies, prompt: counts}, {}, judgements, ())
    assert with_it.prompts_by_code[prompt].tally == counts
    assert all_ratings(with_it, lambda result: result.score) == all_ratings(
        without, lambda result: result.score
    )
