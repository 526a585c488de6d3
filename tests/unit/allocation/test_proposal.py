"""A proposal is even, keeps linked cases together and gives nobody what they may not have."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cases.allocation.minutes import expected_minutes
from cases.allocation.proposal import (
    ALL_INTERESTED,
    NOBODY,
    CaseToPlace,
    Proposal,
    Taker,
    propose,
)
from inspections.framework import Group, load_edition

ADA, BEN, CARA = Taker(1, "Ada"), Taker(2, "Ben"), Taker(3, "Cara")


def case(key: int, minutes: int = 100, **more: int) -> CaseToPlace:
    return CaseToPlace(key, f"C-{key:02}", minutes, **more)


def test_cases_are_shared_out_evenly_by_minutes_and_not_by_number() -> None:
    cases = [case(1, 200), case(2, 100), case(3, 100)]
    assert propose(cases, [ADA, BEN]).places == {1: 1, 2: 2, 3: 2}


def test_what_somebody_holds_counts_and_stays() -> None:
    found = propose([case(1, 300, holder=1), case(2), case(3), case(4)], [ADA, BEN])
    assert found.places == {2: 2, 3: 2, 4: 2}
    assert found.minutes == {1: 300, 2: 300}


def test_nobody_is_given_a_case_of_a_service_they_have_an_interest_in() -> None:
    interested = replace(ADA, is_interested=True)
    assert set(propose([case(1), case(2)], [interested, BEN]).places.values()) == {2}


def test_nobody_is_given_a_case_who_was_not_chosen() -> None:
    assert set(propose([case(1), case(2)], [replace(ADA, takes_cases=False), BEN]).places) == {1, 2}


def test_linked_cases_go_to_one_inspector() -> None:
    cases = [case(1, link=7), case(2), case(3, link=7), case(4)]
    places = propose(cases, [ADA, BEN]).places
    assert places[1] == places[3] != places[2] == places[4]


def test_a_case_linked_to_one_that_is_held_goes_to_its_holder() -> None:
    cases = [case(1, holder=1, link=7), case(2, link=7), case(3, holder=1)]
    assert propose(cases, [ADA, BEN]).places == {2: 1}


def test_of_two_holders_of_linked_cases_the_one_with_less_work_gets_the_third() -> None:
    cases = [case(1, 200, holder=1, link=7), case(2, holder=2, link=7), case(3, link=7)]
    assert propose(cases, [ADA, BEN]).places == {3: 2}


def test_a_case_linked_to_one_whose_holder_may_not_be_given_it_says_so() -> None:
    cases = [case(1, holder=1, link=7), case(2, link=7)]
    for taker, why in (
        (replace(ADA, is_interested=True), "who declared an interest in this service"),
        (replace(ADA, takes_cases=False), "who was not chosen to take cases"),
    ):
        found = propose(cases, [taker, BEN])
        assert not found.places
        assert found.unplaced == {2: f"Linked to C-01, held by Ada, {why}. Choose by hand."}


def test_with_nobody_to_take_them_each_case_says_why() -> None:
    assert propose([case(1)], []).unplaced == {1: NOBODY}
    assert propose([case(1)], [replace(ADA, takes_cases=False)]).unplaced == {1: NOBODY}
    interested = replace(ADA, is_interested=True)
    assert propose([case(1)], [interested]).unplaced == {1: ALL_INTERESTED}


def test_expected_minutes_follow_the_number_of_questions() -> None:
    found = expected_minutes(load_edition("2021"))
    assert found == {Group.COURT: 200, Group.OUT_OF_COURT: 139, Group.RESETTLEMENT: 90}


takers = st.lists(
    st.builds(
        Taker,
        key=st.integers(1, 50),
        name=st.sampled_from(["Ada", "Ben", "Cara"]),
        takes_cases=st.booleans(),
        is_interested=st.booleans(),
    ),
    unique_by=lambda taker: taker.key,
    max_size=8,
)


@st.composite
def to_place(draw: st.DrawFn) -> tuple[list[CaseToPlace], list[Taker]]:
    people = draw(takers)
    keys = [taker.key for taker in people]
    holders = st.none() | st.sampled_from(keys) if keys else st.none()
    cases = draw(
        st.lists(
            st.builds(
                CaseToPlace,
                key=st.integers(1, 500),
                reference=st.sampled_from(["C-01", "C-02", "O-01"]),
                minutes=st.integers(1, 400),
                holder=holders,
                link=st.none() | st.integers(1, 5),
            ),
            unique_by=lambda one: one.key,
            max_size=40,
        )
    )
    return cases, people


def blocks(cases: list[CaseToPlace], found: Proposal) -> dict[object, int]:
    sizes: dict[object, int] = {}
    for one in cases:
        if one.key in found.places:
            key = ("link", one.link) if one.link else ("case", one.key)
            sizes[key] = sizes.get(key, 0) + one.minutes
    return sizes


@given(to_place())
def test_every_case_that_nobody_holds_is_placed_or_says_why(
    asked: tuple[list[CaseToPlace], list[Taker]],
) -> None:
    cases, people = asked
    found = propose(cases, people)
    free = {one.key for one in cases if one.holder is None}
    assert found.places.keys() | found.unplaced.keys() == free
    assert not found.places.keys() & found.unplaced.keys()
    assert all(found.unplaced.values())


@given(to_place())
def test_only_those_who_may_be_given_cases_are(
    asked: tuple[list[CaseToPlace], list[Taker]],
) -> None:
    cases, people = asked
    may = {taker.key for taker in people if taker.may_be_given}
    assert set(propose(cases, people).places.values()) <= may


@given(to_place())
def test_cases_of_one_link_are_placed_together(
    asked: tuple[list[CaseToPlace], list[Taker]],
) -> None:
    cases, people = asked
    found = propose(cases, people)
    for link in {one.link for one in cases if one.link}:
        of_link = [one for one in cases if one.link == link]
        given_to = {found.places[one.key] for one in of_link if one.key in found.places}
        holders = {one.holder for one in of_link if one.holder is not None}
        assert len(given_to) <= 1
        assert not holders or given_to <= holders


@given(to_place())
def test_nobody_who_is_given_a_free_block_is_further_above_another_than_the_largest_is_long(
    asked: tuple[list[CaseToPlace], list[Taker]],
) -> None:
    cases, people = asked
    found = propose(cases, people)
    held_links = {one.link for one in cases if one.holder is not None and one.link}
    free = {one.key: one for one in cases if one.holder is None and one.link not in held_links}
    largest = max(blocks([*free.values()], found).values(), default=0)
    able = [found.minutes[taker.key] for taker in people if taker.may_be_given]
    for key in {found.places[one] for one in free if one in found.places}:
        assert found.minutes[key] - min(able) <= largest


@given(to_place(), st.randoms(use_true_random=False))
def test_the_order_in_which_cases_and_people_come_makes_no_difference(
    asked: tuple[list[CaseToPlace], list[Taker]], random: object
) -> None:
    cases, people = asked
    found = propose(cases, people)
    random.shuffle(cases)  # type: ignore[attr-defined]
    random.shuffle(people)  # type: ignore[attr-defined]
    again = propose(cases, people)
    assert (again.places, again.unplaced.keys(), again.minutes) == (
        found.places,
        found.unplaced.keys(),
        found.minutes,
    )


@given(to_place())
def test_minutes_are_of_what_each_holds_and_is_given(
    asked: tuple[list[CaseToPlace], list[Taker]],
) -> None:
    cases, people = asked
    found = propose(cases, people)
    for taker in people:
        own = [one for one in cases if found.places.get(one.key, one.holder) == taker.key]
        assert found.minutes[taker.key] == sum(one.minutes for one in own)
