from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition, Group
from ratings.engine import (
    Discretion,
    Move,
    NotRateable,
    Reason,
    Tally,
    distances,
    rate,
    sensitivity,
)
from ratings.engine.possible import possible_for_key_question, possible_for_standard
from tests.unit.engine.builder import JUDGED, edition, outcome

INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Rating
EDITION = edition()
STRICT = edition(not_applicable=False)


def computed(tally: Tally, under: Edition = EDITION) -> Rating | NotRateable:
    """The key question's rating as ``rate`` gives it."""
    return rate(under, {"2.1.1": tally}, {}, {}, ()).key_questions_by_code["2.1.1"].computed


def test_wirral_3_1_was_5_points_and_1_case_below_the_boundary() -> None:
    found = distances(EDITION, Tally(yes=9, no=11))
    assert found is not None and found.up is not None
    assert (found.up.band.rating, found.up.points, found.up.changed) == (REQUIRES_IMPROVEMENT, 5, 1)
    assert found.down is None
    assert (found.case_worth, found.case_worth_whole) == (Fraction(5), 5)


def test_in_a_sample_of_11_one_case_is_worth_about_9_points() -> None:
    found = distances(EDITION, Tally(yes=6, no=5))
    assert found is not None
    assert (found.case_worth, found.case_worth_whole) == (Fraction(100, 11), 9)


def test_further_answers_move_less_than_changed_ones() -> None:
    # 11 of 20 is 55%. Changed: 13 of 20 is 65%. Further: 11 + k of 20 + k is 65% at k = 6
    # (17 of 26); 11 of 20 + k falls to 49% at k = 3 (11 of 23 is 47.8; 11 of 22 is 50).
    found = distances(EDITION, Tally(yes=11, no=9, unanswered=6))
    assert found is not None and found.up is not None and found.down is not None
    assert (found.up.changed, found.up.further, found.up.further_to) == (2, 6, GOOD)
    assert (found.down.changed, found.down.further, found.down.further_to) == (2, 3, INADEQUATE)


def test_when_too_few_are_unanswered_further_answers_cannot_move_the_rating() -> None:
    found = distances(EDITION, Tally(yes=11, no=9, unanswered=5))
    assert found is not None and found.up is not None
    assert (found.up.further, found.up.further_to) == (None, None)


def test_one_answer_in_a_small_sample_may_overshoot_the_next_band() -> None:
    found = distances(EDITION, Tally(yes=1, no=1))
    assert found is not None and found.up is not None
    assert (found.up.band.rating, found.up.changed, found.up.changed_to) == (GOOD, 1, OUTSTANDING)


def test_without_a_relevant_case_there_are_no_distances() -> None:
    assert distances(EDITION, Tally(not_applicable=3, unanswered=1)) is None


@pytest.mark.parametrize("relevant", range(1, 9))
def test_distances_equal_the_first_change_that_gives_another_rating(relevant: int) -> None:
    for yes, unanswered in product(range(relevant + 1), range(9)):
        tally = Tally(yes=yes, no=relevant - yes, unanswered=unanswered)
        now = computed(tally)
        found = distances(EDITION, tally)
        assert found is not None
        for boundary, way in ((found.up, 1), (found.down, -1)):
            room = tally.no if way > 0 else tally.yes
            changed = [
                (step, rating)
                for step in range(1, room + 1)
                if (rating := computed(Tally(yes + way * step, tally.no - way * step))) != now
            ]
            further = [
                (step, rating)
                for step in range(1, unanswered + 1)
                if (
                    rating := computed(
                        Tally(yes + step, tally.no) if way > 0 else Tally(yes, tally.no + step)
                    )
                )
                != now
            ]
            if boundary is None:
                assert changed == further == []
                continue
            assert (boundary.changed, boundary.changed_to) == changed[0]
            first = further[0] if further else (None, None)
            assert (boundary.further, boundary.further_to) == first
            percent = tally.percent
            assert percent is not None
            on_the_way = [
                points
                for points in range(1, 101)
                if 0 <= percent + way * points <= 100
                and EDITION.rating_of_percent(percent + way * points) != now
            ]
            assert boundary.points == on_the_way[0]


@given(st.integers(0, 600), st.integers(0, 600), st.integers(0, 300))
def test_one_answer_fewer_than_the_distance_leaves_the_rating(
    yes: int, no: int, unanswered: int
) -> None:
    found = distances(EDITION, Tally(yes, no, 0, unanswered))
    if found is None:
        assert yes + no == 0
        return
    now = computed(Tally(yes, no))
    for boundary, way in ((found.up, 1), (found.down, -1)):
        if boundary is None:
            assert now == (OUTSTANDING if way > 0 else INADEQUATE)
            continue
        step = boundary.changed
        assert computed(Tally(yes + way * step, no - way * step)) == boundary.changed_to != now
        assert computed(Tally(yes + way * (step - 1), no - way * (step - 1))) == now
        more = unanswered if boundary.further is None else boundary.further - 1
        assert computed(Tally(yes + more, no) if way > 0 else Tally(yes, no + more)) == now
        if boundary.further is not None:
            more += 1
            moved = computed(Tally(yes + more, no) if way > 0 else Tally(yes, no + more))
            assert moved == boundary.further_to != now


def completions(tally: Tally, under: Edition) -> list[Tally]:
    """Every way in which the unanswered cases may come out."""
    rest = tally.unanswered
    return [
        Tally(tally.yes + yes, tally.no + no, tally.not_applicable + rest - yes - no)
        for yes in range(rest + 1)
        for no in range(rest + 1 - yes)
        if yes + no == rest or under.key_question_not_applicable
    ]


@pytest.mark.parametrize("under", [EDITION, STRICT])
def test_possible_ratings_equal_those_of_every_completion(under: Edition) -> None:
    for yes, no, unanswered in product(range(9), repeat=3):
        if yes + no + unanswered > 8:
            continue
        tally = Tally(yes, no, 0, unanswered)
        found = possible_for_key_question(under, "2.1.1", tally)
        reached = {computed(one, under) for one in completions(tally, under)}
        assert set(found.ratings) == {one for one in reached if isinstance(one, Rating)}
        assert found.unrated == (NotRateable(Reason.NO_RELEVANT_CASE) in reached)
        assert found.all_yes == computed(Tally(yes + unanswered, no), under)
        assert found.all_no == computed(Tally(yes, no + unanswered), under)


small = st.builds(
    lambda yes, no, rest: Tally(yes, no, 0, rest),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(0, 2),
)
three = st.fixed_dictionaries({f"2.1.{n}": small for n in (1, 2, 3)})
some_decisions = st.lists(
    st.builds(
        lambda target, start, up: Discretion(
            "2.1", target, start, Rating(start + 1 if up and start < 3 else abs(start - 1))
        ),
        st.sampled_from([None, "2.1.1", "2.1.2"]),
        st.sampled_from(Rating),
        st.booleans(),
    ),
    unique_by=lambda decision: decision.key_question,
    max_size=3,
)


@settings(max_examples=40, deadline=None)
@given(three, some_decisions, st.sampled_from([EDITION, STRICT]))
def test_a_standard_may_get_the_ratings_of_its_key_questions_completions(
    tallies: dict[str, Tally], decisions: list[Discretion], under: Edition
) -> None:
    now = rate(under, tallies, {}, {}, decisions).by_code["2.1"]
    reached = [
        rate(under, dict(zip(tallies, way, strict=True)), {}, {}, decisions).by_code["2.1"]
        for way in product(*(completions(tally, under) for tally in tallies.values()))
    ]
    found = possible_for_standard(under, now)
    assert set(found.decided) == {r.decided for r in reached if isinstance(r.decided, Rating)}
    assert found.unrated == any(isinstance(r.computed, NotRateable) for r in reached)


def test_a_standard_not_judged_yet_may_get_any_rating() -> None:
    rated = outcome(judgements={}).by_code["1.1"]
    found = possible_for_standard(EDITION, rated)
    assert (found.decided, found.unrated) == (tuple(Rating), False)


def test_a_judged_standard_can_only_get_its_judgement() -> None:
    found = possible_for_standard(EDITION, outcome().by_code["1.1"])
    assert found.decided == (GOOD,)


def test_resettlement_without_a_case_stays_unrated() -> None:
    rated = outcome(inspected={Group.RESETTLEMENT: 0}).by_code["4.1"]
    found = possible_for_standard(EDITION, rated)
    assert (found.decided, found.unrated) == ((), True)


@settings(max_examples=40, deadline=None)
@given(three, some_decisions, st.booleans())
def test_a_move_takes_the_fewest_changed_answers(
    tallies: dict[str, Tally], decisions: list[Discretion], up: bool
) -> None:
    rated = rate(EDITION, tallies, {}, {}, decisions)
    now, near = rated.by_code["2.1"], sensitivity(rated).standards["2.1"]
    way = 1 if up else -1
    room = [range((tally.no if up else tally.yes) + 1) for tally in tallies.values()]
    moves = []
    for steps in product(*room):
        changed = {
            code: Tally(t.yes + way * step, t.no - way * step, 0, t.unanswered)
            for (code, t), step in zip(tallies.items(), steps, strict=True)
        }
        to = rate(EDITION, changed, {}, {}, decisions).by_code["2.1"].decided
        if isinstance(to, Rating) and isinstance(now.decided, Rating):
            gain = (to - now.decided) * way
            if gain > 0:
                moves.append((sum(steps), gain))
    found = near.up if up else near.down
    if not moves:
        assert found is None
    else:
        answers, gain = min(moves)
        assert isinstance(now.decided, Rating)
        assert found == Move("2.1", Rating(now.decided + way * gain), answers, way * gain)


@settings(max_examples=40, deadline=None)
@given(three, some_decisions, st.booleans())
def test_a_move_takes_the_fewest_new_answers(
    tallies: dict[str, Tally], decisions: list[Discretion], up: bool
) -> None:
    rated = rate(EDITION, tallies, {}, {}, decisions)
    now, near = rated.by_code["2.1"], sensitivity(rated).standards["2.1"]
    way = 1 if up else -1
    moves = []
    for steps in product(*(range(tally.unanswered + 1) for tally in tallies.values())):
        answered = {
            code: Tally(t.yes + step * up, t.no + step * (not up), 0, t.unanswered - step)
            for (code, t), step in zip(tallies.items(), steps, strict=True)
        }
        to = rate(EDITION, answered, {}, {}, decisions).by_code["2.1"].decided
        if isinstance(to, Rating) and isinstance(now.decided, Rating):
            gain = (to - now.decided) * way
            if gain > 0:
                moves.append((sum(steps), gain))
    found = near.up_to_come if up else near.down_to_come
    if not moves:
        assert found is None
    else:
        answers, gain = min(moves)
        assert isinstance(now.decided, Rating)
        assert found == Move("2.1", Rating(now.decided + way * gain), answers, way * gain)


def test_a_key_question_nobody_has_answered_may_lower_its_standard() -> None:
    near = sensitivity(outcome({"2.1.3": Tally(unanswered=4)})).standards["2.1"]
    assert near.down_to_come == Move("2.1", INADEQUATE, 1, -2)
    assert near.up_to_come is None


def test_every_key_question_at_the_lowest_rating_has_to_rise() -> None:
    near = sensitivity(outcome({"2.1.3": Tally(yes=9, no=1)})).standards["2.1"]
    assert near.up == Move("2.1", OUTSTANDING, 2, 1)
    assert near.down == Move("2.1", REQUIRES_IMPROVEMENT, 1, -1)


def test_a_judged_standard_has_no_move_by_answers() -> None:
    near = sensitivity(outcome()).standards["1.1"]
    assert near.up is near.down is near.up_to_come is near.down_to_come is None


def test_the_distance_to_the_next_overall_ratings_is_given() -> None:
    found = sensitivity(outcome())  # 8 of 12: Good is 7 to 10
    assert found.up is not None and found.down is not None
    assert (found.up.rating, found.up.points) == (OUTSTANDING, 3)
    assert (found.down.rating, found.down.points) == (REQUIRES_IMPROVEMENT, 2)


def test_standards_with_the_fewest_changed_answers_come_first() -> None:
    found = sensitivity(outcome({"3.1.2": Tally(yes=5, no=5), "3.1.3": Tally(yes=9, no=1)}))
    assert [(move.standard, move.answers) for move in found.moves_up] == [("3.1", 2), ("2.1", 3)]
    assert [(move.standard, move.answers) for move in found.moves_down] == [("2.1", 1), ("3.1", 1)]


def test_without_a_score_there_is_no_distance() -> None:
    found = sensitivity(outcome(judgements={"1.1": GOOD}))
    assert (found.up, found.down) == (None, None)
    assert found.possible.scores == (6, 7, 8, 9)
    assert found.possible.overall == (REQUIRES_IMPROVEMENT, GOOD)
    assert not found.possible.no_score


def test_what_is_rated_already_is_the_only_possible_overall() -> None:
    found = sensitivity(outcome()).possible
    assert (found.scores, found.overall, found.no_score) == ((8,), (GOOD,), False)


def test_a_limit_bounds_the_possible_overall_rating() -> None:
    tallies = {f"{code}.{n}": Tally(yes=9, no=1) for code in ("2.1", "3.1") for n in (1, 2, 3)}
    judged = {"1.1": OUTSTANDING, "3.4": OUTSTANDING}
    capped = sensitivity(outcome(tallies, judgements={**judged, "4.1": INADEQUATE})).possible
    unjudged = sensitivity(outcome(tallies, judgements=judged)).possible
    assert (capped.scores, capped.overall) == ((12,), (GOOD,))
    assert (unjudged.scores, unjudged.overall) == ((12,), (GOOD, OUTSTANDING))


def test_a_scored_standard_that_cannot_be_rated_leaves_no_possible_score() -> None:
    none = {f"2.1.{n}": Tally(not_applicable=3) for n in (1, 2, 3)}
    found = sensitivity(outcome(none)).possible
    assert (found.scores, found.overall, found.no_score) == ((), (), True)


@settings(max_examples=25, deadline=None)
@given(three, st.sampled_from([JUDGED, {"1.1": GOOD, "3.4": OUTSTANDING}]))
def test_possible_scores_are_those_of_every_completion(
    tallies: dict[str, Tally], judgements: dict[str, Rating]
) -> None:
    found = sensitivity(outcome(tallies, judgements=judgements)).possible
    reached = [
        outcome(
            dict(zip(tallies, way, strict=True)),
            judgements={**judgements, **({} if resettlement is None else {"4.1": resettlement})},
        )
        for way in product(*(completions(tally, EDITION) for tally in tallies.values()))
        for resettlement in ([None] if "4.1" in judgements else Rating)
    ]
    assert set(found.scores) == {one.score for one in reached if one.score is not None}
    assert set(found.overall) == {one.overall for one in reached if one.overall is not None}
    assert found.no_score == any(one.score is None for one in reached)
