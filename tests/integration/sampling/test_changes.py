"""Replacing a wrongly sampled case, and adding one by hand."""

from __future__ import annotations

from datetime import date

import pytest

from cases.models import Case, CaseSource, LeadChoice, Sample, TakenOut
from cases.sampling.actions import (
    AlreadySampled,
    NewCase,
    NoReserve,
    add_case,
    choose_case,
    next_reserve,
    put_back_case,
    replace_case,
)
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.framework import Group
from inspections.history import events_of
from inspections.versions import Conflict
from ratings.service import rate_inspection
from tests import scenes as every
from tests.integration.sampling import scenes
from tests.integration.sampling.scenes import draw, references, rows, take
from tests.scenes import Scene

DETAILS = {"disposal_type": "REFERRAL_ORDER", "disposal_date": date(2025, 10, 3), "age": 15}


@pytest.fixture
def scene(db: None) -> Scene:
    return scenes.preparation()


@pytest.fixture
def drawn(scene: Scene) -> Scene:
    take(scene, rows(40))
    draw(scene, rule="own/2021", own_number=10, size_reason="One week.")
    return scene


def first_case(scene: Scene) -> Case:
    return scene.inspection.cases.in_sample().order_by("reference")[0]


def replaced(drawn: Scene) -> tuple[Case, Case]:
    """The first case, taken out, and the reserve that came in its place."""
    wrong = first_case(drawn)
    reserve = next_reserve(wrong)
    assert reserve is not None
    made = replace_case(case=wrong, reason="Wrong.", reserve=reserve.pk, by=drawn.lead)
    assert made is not None
    return wrong, made


def eligible(drawn: Scene) -> int | None:
    return Sample.objects.get(inspection=drawn.inspection, group="COURT").eligible_cases


def test_the_next_reserve_comes_in_place_of_a_wrong_case(drawn: Scene) -> None:
    wrong = first_case(drawn)
    reserve = next_reserve(wrong)
    assert reserve is not None
    made = replace_case(
        case=wrong, reason="It is another service’s.", reserve=reserve.pk, by=drawn.lead
    )
    assert made is not None
    source = made.source
    assert (source.kind, source.drawn, source.replaces, source.reason) == (
        "RESERVE",
        reserve,
        wrong,
        "It is another service’s.",
    )
    assert made.reference == "C-11"
    assert made.gender == reserve.listed.gender
    wrong.refresh_from_db()
    assert (wrong.state, wrong.taken_out.reason) == ("TAKEN_OUT", "It is another service’s.")
    assert drawn.inspection.cases.in_sample().count() == 10
    assert next_reserve(made) != reserve


def test_reserves_run_out_in_words(drawn: Scene) -> None:
    for _ in range(2):
        case = first_case(drawn)
        reserve = next_reserve(case)
        assert reserve is not None
        replace_case(case=case, reason="Wrong.", reserve=reserve.pk, by=drawn.lead)
    case = first_case(drawn)
    assert next_reserve(case) is None
    with pytest.raises(NoReserve, match="No reserve is left"):
        replace_case(case=case, reason="Wrong.", reserve=0, by=drawn.lead)
    case.refresh_from_db()
    assert case.state == "NOT_STARTED"


def test_two_who_take_the_same_reserve_are_in_conflict(drawn: Scene) -> None:
    one, other = drawn.inspection.cases.order_by("reference")[:2]
    reserve = next_reserve(one)
    assert reserve is not None
    replace_case(case=one, reason="Wrong.", reserve=reserve.pk, by=drawn.lead)
    with pytest.raises(Conflict, match="has come into the sample since"):
        replace_case(case=other, reason="Wrong.", reserve=reserve.pk, by=drawn.lead)
    other.refresh_from_db()
    assert other.state == "NOT_STARTED"


def test_a_case_is_replaced_by_one_that_is_added_by_hand(drawn: Scene) -> None:
    wrong = first_case(drawn)
    made = replace_case(
        case=wrong, reason="The list was wrong.", new=NewCase("OTHER/1", DETAILS), by=drawn.lead
    )
    assert made is not None
    assert (made.source.kind, made.source.service_reference, made.source.replaces) == (
        "BY_HAND",
        "OTHER/1",
        wrong,
    )
    assert (made.disposal_type, made.age) == ("REFERRAL_ORDER", 15)


def test_what_is_recorded_in_a_replaced_case_stays_and_counts_nowhere(drawn: Scene) -> None:
    every.move_to(drawn.inspection, "FIELDWORK")
    wrong = first_case(drawn)
    Case.objects.filter(pk=wrong.pk).update(allocated_to=drawn.inspector)
    builder.answers(wrong, drawn.inspector, **{"2.1.1": "NO", "2.1.2": "YES"})
    wrong = Case.objects.get(pk=wrong.pk)
    replace_case(case=wrong, reason="It is another service’s.", by=drawn.lead)
    assert wrong.answers.count() == 2
    rated = rate_inspection(drawn.fresh())
    assert rated.inspected[Group.COURT] == 9
    with pytest.raises(Refused, match="taken out of the sample already"):
        replace_case(case=wrong, reason="Again.", by=drawn.lead)


def test_the_eligible_cases_follow_what_turned_out_wrong_and_what_was_added(drawn: Scene) -> None:
    assert eligible(drawn) == 40
    replace_case(case=first_case(drawn), reason="Another service’s.", by=drawn.lead)
    assert eligible(drawn) == 39
    add_case(
        inspection=drawn.inspection,
        group=Group.COURT,
        new=NewCase("LATE/1", DETAILS),
        reason="The service left it off the list.",
        by=drawn.lead,
    )
    assert eligible(drawn) == 40


@pytest.mark.parametrize("state", ["PREPARATION", "FIELDWORK"])
def test_a_lead_without_a_list_adds_cases_by_hand_and_starts_work(scene: Scene, state: str) -> None:
    every.move_to(scene.inspection, state)
    made = add_case(
        inspection=scene.inspection,
        group=Group.OUT_OF_COURT,
        new=NewCase("YJ/1", {"gender": "FEMALE"}),
        reason="The service has no list.",
        by=scene.lead,
    )
    assert (made.reference, made.gender, made.source.reason) == (
        "O-01",
        "FEMALE",
        "The service has no list.",
    )
    every.move_to(scene.inspection, "FIELDWORK")
    Case.objects.filter(pk=made.pk).update(allocated_to=scene.inspector)
    builder.answers(made, scene.inspector, **{"3.1.1": "YES"})
    assert rate_inspection(scene.fresh()).inspected[Group.OUT_OF_COURT] == 1


def test_a_case_that_is_in_the_sample_is_not_added_again(drawn: Scene) -> None:
    [there, *_] = references(drawn)
    with pytest.raises(AlreadySampled, match="in the sample already, as C-"):
        add_case(
            inspection=drawn.inspection,
            group=Group.COURT,
            new=NewCase(there),
            reason="Why not.",
            by=drawn.lead,
        )


def test_only_the_lead_changes_a_sample_and_not_after_fieldwork(drawn: Scene) -> None:
    case = first_case(drawn)
    for person in (drawn.inspector, drawn.panel):
        with pytest.raises(Refused, match="Only the lead inspector"):
            replace_case(case=case, reason="Wrong.", by=person)
    every.move_to(drawn.inspection, "REVIEW")
    for write in (
        lambda: replace_case(case=case, reason="Wrong.", by=drawn.lead),
        lambda: add_case(
            inspection=drawn.inspection,
            group=Group.COURT,
            new=NewCase("X"),
            reason="Late.",
            by=drawn.lead,
        ),
    ):
        with pytest.raises(Refused):
            write()
    assert not CaseSource.objects.exclude(kind="DRAWN").exists()


@pytest.mark.parametrize("state", ["NOT_STARTED", "IN_PROGRESS", "SUBMITTED", "SIGNED_OFF"])
def test_a_case_is_put_back_as_it_was_with_a_reason(drawn: Scene, state: str) -> None:
    every.move_to(drawn.inspection, "FIELDWORK")
    wrong = first_case(drawn)
    Case.objects.filter(pk=wrong.pk).update(allocated_to=drawn.inspector, state=state)
    replace_case(case=wrong, reason="It is another service’s.", by=drawn.lead)
    assert eligible(drawn) == 39
    put_back_case(case=wrong, reason="It is ours after all.", by=drawn.lead)
    wrong = Case.objects.get(pk=wrong.pk)
    assert (wrong.state, wrong.allocated_to) == (state, drawn.inspector)
    assert eligible(drawn) == 40
    [kept] = wrong.put_back.all()
    assert (kept.reason, kept.put_back_by) == ("It is ours after all.", drawn.lead)
    assert list(events_of(TakenOut).filter(case=wrong.pk).values_list("pgh_label", "reason")) == [
        ("insert", "It is another service’s."),
        ("delete", "It is another service’s."),
    ]
    replace_case(case=wrong, reason="No, it isn’t.", by=drawn.lead)
    assert Case.objects.get(pk=wrong.pk).taken_out.reason == "No, it isn’t."


def test_what_came_in_its_place_stays_unless_it_is_taken_out_too(drawn: Scene) -> None:
    wrong, made = replaced(drawn)
    put_back_case(case=wrong, reason="It is ours.", by=drawn.lead)
    assert drawn.inspection.cases.in_sample().count() == 11
    wrong, made = replaced(drawn)
    put_back_case(case=wrong, reason="It is ours.", takes_out=made, by=drawn.lead)
    assert drawn.inspection.cases.in_sample().count() == 11
    made.refresh_from_db()
    assert (made.state, made.taken_out.reason) == (
        "TAKEN_OUT",
        f"{wrong} is back in the sample: It is ours.",
    )
    # It was not sampled wrongly.
    assert eligible(drawn) == 40
    put_back_case(case=made, reason="Both, then.", by=drawn.lead)
    assert drawn.inspection.cases.in_sample().count() == 12


def test_later_draws_treat_a_case_that_is_back_as_before(drawn: Scene) -> None:
    def kind(case: Case) -> str:
        choices = LeadChoice.objects.filter(reference=case.source.service_reference)
        latest = choices.first()
        return latest.kind if latest else ""

    wrong = first_case(drawn)
    assert wrong.source.drawn is not None
    replace_case(case=wrong, reason="Wrong.", by=drawn.lead)
    assert kind(wrong) == "LEFT_OUT"
    put_back_case(case=wrong, reason="Ours.", by=drawn.lead)
    assert kind(wrong) == "WITHDRAWN"
    choose_case(
        inspection=drawn.inspection,
        case=wrong.source.drawn.listed,
        kind=LeadChoice.Kind.KEPT,
        reason="Not sensitive.",
        by=drawn.lead,
    )
    replace_case(case=wrong, reason="Wrong.", by=drawn.lead)
    put_back_case(case=wrong, reason="Ours.", by=drawn.lead)
    assert kind(wrong) == "KEPT"


def test_a_case_is_not_put_back_beside_itself(drawn: Scene) -> None:
    wrong = first_case(drawn)
    reference = wrong.source.service_reference
    replace_case(case=wrong, reason="Wrong.", by=drawn.lead)
    made = add_case(
        inspection=drawn.inspection,
        group=Group.COURT,
        new=NewCase(reference),
        reason="It is ours.",
        by=drawn.lead,
    )
    with pytest.raises(AlreadySampled, match=f"in the sample already, as {made}"):
        put_back_case(case=wrong, reason="Ours.", by=drawn.lead)
    wrong.refresh_from_db()
    assert wrong.state == "TAKEN_OUT"


def test_only_the_lead_puts_a_case_back_and_not_after_fieldwork(drawn: Scene) -> None:
    wrong, made = replaced(drawn)
    for person in (drawn.inspector, drawn.panel):
        with pytest.raises(Refused, match="Only the lead inspector"):
            put_back_case(case=wrong, reason="Ours.", by=person)
    with pytest.raises(Refused, match="in the sample already"):
        put_back_case(case=made, reason="Ours.", by=drawn.lead)
    replace_case(case=made, reason="Wrong.", by=drawn.lead)
    with pytest.raises(Refused, match="taken out of the sample already"):
        put_back_case(case=wrong, reason="Ours.", takes_out=made, by=drawn.lead)
    wrong.refresh_from_db()
    assert wrong.state == "TAKEN_OUT"
    every.move_to(drawn.inspection, "REVIEW")
    with pytest.raises(Refused, match="Fieldwork has closed"):
        put_back_case(case=wrong, reason="Ours.", by=drawn.lead)
