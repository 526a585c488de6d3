"""Which cases of a list can be sampled, and why the others can't."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.caseload.eligibility import Eligibility, Exclusion, check_eligibility
from cases.caseload.rows import CaseRow
from inspections.framework import Group
from inspections.windows import Window, default_window
from tests.unit.caseload.caseloads import case, references

AS_OF = date(2021, 9, 13)
WINDOWS = {group: default_window(group, AS_OF) for group in Group}
COURT, OUT_OF_COURT, RESETTLEMENT = Group.COURT, Group.OUT_OF_COURT, Group.RESETTLEMENT


def check(*rows: CaseRow, **more: Any) -> Eligibility:
    return check_eligibility(rows, WINDOWS, AS_OF, **more)


def reason(**more: Any) -> Exclusion | None:
    excluded = check(case(**more)).excluded
    return excluded[0][1] if excluded else None


@pytest.mark.parametrize(
    ("group", "disposal", "why"),
    [
        (COURT, date(2020, 12, 12), Exclusion.OUT_OF_WINDOW),
        (COURT, date(2020, 12, 13), None),
        (COURT, date(2021, 3, 13), None),
        (COURT, date(2021, 3, 14), Exclusion.OUT_OF_WINDOW),
        (OUT_OF_COURT, date(2021, 4, 12), Exclusion.OUT_OF_WINDOW),
        (OUT_OF_COURT, date(2021, 4, 13), None),
        (OUT_OF_COURT, date(2021, 6, 13), None),
        (OUT_OF_COURT, date(2021, 6, 14), Exclusion.OUT_OF_WINDOW),
    ],
)
def test_a_disposal_lies_in_its_groups_window_with_both_ends(
    group: Group, disposal: date, why: Exclusion | None
) -> None:
    assert reason(group=group, disposal_date=disposal) == why


@pytest.mark.parametrize(
    ("sentence", "release", "why"),
    [
        (date(2021, 1, 1), None, None),
        (date(2019, 1, 1), date(2021, 1, 1), None),
        (None, date(2021, 1, 1), None),
        (date(2021, 1, 1), date(2021, 9, 1), None),
        (date(2019, 1, 1), date(2021, 9, 1), Exclusion.OUT_OF_WINDOW),
        (date(2019, 1, 1), None, Exclusion.OUT_OF_WINDOW),
        (None, None, Exclusion.DATE_UNKNOWN),
    ],
)
def test_resettlement_goes_by_the_sentence_or_the_release_whichever_lies_in_the_window(
    sentence: date | None, release: date | None, why: Exclusion | None
) -> None:
    dates = {"disposal_date": sentence, "release_date": release}
    assert reason(group=RESETTLEMENT, disposal_type="LICENCE", **dates) == why


def test_a_release_makes_no_court_case_eligible() -> None:
    dates = {"disposal_date": date(2019, 1, 1), "release_date": date(2021, 2, 1)}
    assert reason(**dates) == Exclusion.OUT_OF_WINDOW


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"disposal_date": None}, Exclusion.DATE_UNKNOWN),
        ({"start_date": date(2021, 9, 14)}, Exclusion.NOT_STARTED),
        ({"start_date": AS_OF}, None),
        ({"is_sensitive": True}, Exclusion.SENSITIVE),
        ({"gender": "UNKNOWN"}, Exclusion.MARGIN_UNKNOWN),
        ({"gender": ""}, Exclusion.MARGIN_UNKNOWN),
        ({"gender": "OTHER"}, None),
        ({"disposal_type": ""}, Exclusion.MARGIN_UNKNOWN),
        ({"serious_harm_level": ""}, None),
        ({"safety_level": "NOT_CLASSIFIED"}, None),
        ({"team": ""}, None),
    ],
)
def test_each_exclusion_has_its_reason(more: dict[str, Any], why: Exclusion | None) -> None:
    assert reason(**more) == why


def test_a_case_that_meets_several_reasons_has_the_first() -> None:
    row = case(disposal_date=date(2019, 1, 1), is_sensitive=True, gender="")
    assert check(row, left_out=["C-0001"]).excluded == ((row, Exclusion.OUT_OF_WINDOW),)


def test_a_disposal_to_come_has_not_started_although_a_window_reaches_so_far() -> None:
    row = case(disposal_date=date(2021, 10, 1))
    windows = {COURT: Window(date(2021, 1, 1), date(2021, 12, 31))}
    assert check_eligibility([row], windows, AS_OF).excluded == ((row, Exclusion.NOT_STARTED),)


def test_one_window_can_hold_for_every_group() -> None:
    window = Window(date(2021, 1, 1), date(2021, 1, 31))
    rows = [
        case(place, group=group, disposal_date=date(2021, 1, 15))
        for place, group in enumerate(Group)
    ]
    found = check_eligibility(rows, dict.fromkeys(Group, window), AS_OF)
    assert found.eligible == {row.group: (row,) for row in rows}


def test_a_group_without_a_window_is_not_sampled_and_one_without_cases_is_empty() -> None:
    row = case(group=OUT_OF_COURT)
    found = check_eligibility([row], {COURT: WINDOWS[COURT]}, AS_OF)
    assert (found.eligible, found.excluded) == ({COURT: ()}, ((row, Exclusion.NOT_SAMPLED),))


def test_of_a_childs_cases_the_earliest_is_kept_whatever_their_order() -> None:
    later = case(1, child_reference="K1", disposal_date=date(2021, 2, 2))
    earlier = case(2, child_reference="K1", disposal_date=date(2021, 2, 1))
    other = case(3, child_reference="K2")
    found = check(later, earlier, other)
    assert references(found.eligible[COURT]) == ["C-0002", "C-0003"]
    assert found.excluded == ((later, Exclusion.DUPLICATE),)
    assert found.kept_instead == {later.row: "C-0002"}


@pytest.mark.parametrize("order", [(3, 1, 2), (1, 2, 3), (2, 3, 1)])
def test_of_a_childs_cases_of_one_day_the_reference_decides_whatever_the_order_of_rows(
    order: tuple[int, ...],
) -> None:
    rows = [
        case(place, reference=f"C-000{number}", child_reference="K1")
        for place, number in enumerate(order, start=1)
    ]
    assert references(check(*rows).eligible[COURT]) == ["C-0001"]


def test_a_child_is_the_same_whatever_the_case_of_the_reference() -> None:
    rows = [case(1, child_reference="k1"), case(2, child_reference="K1")]
    assert references(check(*rows).eligible[COURT]) == ["C-0001"]


def test_the_lead_chooses_which_of_a_childs_cases_is_kept() -> None:
    earlier = case(1, child_reference="K1", disposal_date=date(2021, 2, 1))
    later = case(2, child_reference="K1", disposal_date=date(2021, 2, 2))
    found = check(earlier, later, kept=["C-0002"])
    assert references(found.eligible[COURT]) == ["C-0002"]


@pytest.mark.parametrize(
    "more",
    [
        {"disposal_date": date(2020, 1, 1)},
        {"is_sensitive": True},
        {"gender": "UNKNOWN"},
    ],
)
def test_a_case_that_is_excluded_anyway_makes_no_other_a_duplicate(more: dict[str, Any]) -> None:
    excluded = case(1, child_reference="K1", **more)
    good = case(2, child_reference="K1")
    assert references(check(excluded, good).eligible[COURT]) == ["C-0002"]


def test_a_case_that_the_lead_leaves_out_makes_room_for_the_childs_other_one() -> None:
    rows = [case(1, child_reference="K1"), case(2, child_reference="K1")]
    found = check(*rows, left_out=["C-0001"])
    assert references(found.eligible[COURT]) == ["C-0002"]
    assert found.excluded == ((rows[0], Exclusion.BY_LEAD),)


def test_a_child_may_have_a_case_in_each_group() -> None:
    rows = [
        case(1, child_reference="K1"),
        case(2, child_reference="K1", group=OUT_OF_COURT, disposal_date=date(2021, 5, 1)),
    ]
    assert not check(*rows).excluded


def test_cases_without_a_child_reference_are_no_duplicates_of_each_other() -> None:
    assert not check(case(1), case(2)).excluded


def test_a_reference_that_is_there_twice_is_kept_once() -> None:
    found = check(case(1), case(2, reference="C-0001", row=9))
    assert (references(found.eligible[COURT]), found.kept_instead) == (["C-0001"], {9: "C-0001"})


@given(
    st.lists(
        st.builds(
            case,
            st.integers(1, 5),
            group=st.sampled_from(Group),
            disposal_date=st.none() | st.dates(date(2020, 9, 1), date(2021, 9, 20)),
            gender=st.sampled_from(["MALE", "UNKNOWN"]),
            child_reference=st.sampled_from(["", "K1", "K2"]),
            is_sensitive=st.booleans(),
        ),
        max_size=12,
    )
)
def test_every_row_is_eligible_once_or_excluded_once_in_the_lists_order(
    rows: list[CaseRow],
) -> None:
    rows = [replace(row, row=place) for place, row in enumerate(rows)]
    found = check(*rows)
    for group in Group:
        assert [row for row in rows if row in found.eligible[group]] == list(found.eligible[group])
    excluded = [row for row, _ in found.excluded]
    assert [row for row in rows if row in excluded] == excluded
    kept = [row for group in found.eligible.values() for row in group]
    assert sorted(row.row for row in kept + excluded) == list(range(len(rows)))
    assert {row.row for row, why in found.excluded if why == Exclusion.DUPLICATE} == set(
        found.kept_instead
    )


def test_every_reason_has_words() -> None:
    assert all(reason.words for reason in Exclusion)
