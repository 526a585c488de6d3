"""Many cases are allocated on one page, as a whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from cases.actions import (
    Allocation,
    NotAllocated,
    allocate_case,
    allocate_cases,
    move_case,
)
from cases.allocation.actions import declare_interest, link_cases
from cases.models import Case, ExpectedMinutes
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.history import events_of
from inspections.models import Inspection, Membership, User
from tests.pages import signed_in, words
from tests.scenes import Scene, move_to

Asked = dict[str, str | list[int]]


@pytest.fixture
def three(scene: Scene) -> list[Case]:
    """Three cases that nobody holds, beside the one that Ada does."""
    return builder.cases(scene.inspection, "COURT", 3, None)


def chosen(cases: list[Case], to: User | None, held: User | None = None) -> dict[str, Any]:
    """What the page sends for these cases."""
    data = {}
    for case in cases:
        data[f"to-{case.pk}"] = str(to.pk if to else 0)
        data[f"held-{case.pk}"] = str(held.pk if held else 0)
    return data


def send(scene: Scene, data: dict[str, Any], *, expect: int = 302) -> str:
    response = scene.post(scene.lead, "allocation/", **data)
    assert response.status_code == expect
    return words(response)


def holders(cases: list[Case]) -> list[User | None]:
    return [Case.objects.get(pk=case.pk).allocated_to for case in cases]


def test_each_case_goes_to_whom_its_choice_says(scene: Scene, three: list[Case]) -> None:
    first, *others = three
    send(scene, chosen([first], scene.inspector) | chosen(others, scene.colleague))
    assert holders(three) == [scene.inspector, scene.colleague, scene.colleague]
    latest = events_of(Case).filter(pgh_obj_id=first.pk).latest("pgh_id")
    assert latest.pgh_context["user"] == scene.lead.pk


def test_ticked_cases_go_to_one_inspector_whatever_their_choices_say(
    scene: Scene, three: list[Case]
) -> None:
    data = chosen(three, None)
    send(scene, data | {"ticked": [three[0].pk, three[2].pk], "ticked_to": scene.colleague.pk})
    assert holders(three) == [scene.colleague, None, scene.colleague]


def test_ticks_without_a_person_and_a_person_without_ticks_are_asked_about(
    scene: Scene, three: list[Case]
) -> None:
    data = chosen(three, scene.inspector)
    said = send(scene, data | {"ticked": [three[0].pk]}, expect=200)
    assert "Choose who is to have the cases that you ticked." in said
    said = send(scene, data | {"ticked_to": scene.colleague.pk}, expect=200)
    assert "Tick the cases that are to go to the inspector you chose." in said
    assert holders(three) == [None, None, None]


def test_a_case_is_taken_back_and_its_inspector_can_not_record_in_it(scene: Scene) -> None:
    builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})
    send(scene, chosen([scene.case], None, held=scene.inspector))
    assert holders([scene.case]) == [None]
    with pytest.raises(Refused, match="allocated to nobody"):
        builder.answers(scene.case, scene.inspector, **{"2.1.2": "YES"})


def test_started_work_is_named_before_and_after_it_is_handed_over(scene: Scene) -> None:
    builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})
    page = words(scene.get(scene.lead, "allocation/"))
    assert "In progress 1 of 70 answered" in page
    data = chosen([scene.case], scene.colleague, held=scene.inspector)
    client = signed_in(scene.lead)
    said = words(client.post(f"{scene.home}allocation/", data, follow=True))
    assert "Some of these had been started: C-001 by Ada Inspector." in said
    assert "download it as a file" in said


def test_a_page_opened_earlier_changes_nothing_that_its_reader_did_not(
    scene: Scene, three: list[Case]
) -> None:
    allocate_case(case=three[0], to=scene.colleague, by=scene.lead)
    send(scene, chosen(three[:1], None) | chosen(three[1:], scene.inspector))
    assert holders(three) == [scene.colleague, scene.inspector, scene.inspector]


def test_of_two_leads_who_allocate_at_once_the_second_is_shown_what_changed(
    scene: Scene, three: list[Case]
) -> None:
    data = chosen(three, scene.inspector)
    allocate_case(case=three[0], to=scene.colleague, by=scene.lead)
    said = send(scene, data, expect=409)
    assert f"{three[0]}: Allocated to Grace Inspector since you opened this page" in said
    assert holders(three) == [scene.colleague, None, None]
    page = scene.post(scene.lead, "allocation/", **data).content.decode()
    assert f'name="held-{three[0].pk}" value="{scene.colleague.pk}"' in page
    assert f'<option value="{scene.inspector.pk}" selected>' in page
    # Sent again from what is shown, it replaces what the other chose.
    send(scene, data | {f"held-{three[0].pk}": str(scene.colleague.pk)})
    assert holders(three) == [scene.inspector] * 3


def test_both_choosing_the_same_is_no_conflict(scene: Scene, three: list[Case]) -> None:
    allocate_case(case=three[0], to=scene.inspector, by=scene.lead)
    send(scene, chosen(three, scene.inspector))
    assert holders(three) == [scene.inspector] * 3


@pytest.mark.parametrize("state", [Case.State.SUBMITTED, Case.State.SIGNED_OFF])
def test_a_case_that_may_be_returned_is_handed_on_and_not_taken_back(
    scene: Scene, state: Case.State
) -> None:
    Case.objects.filter(pk=scene.case.pk).update(state=state)
    data = chosen([scene.case], scene.colleague, held=scene.inspector)
    send(scene, data)
    assert holders([scene.case]) == [scene.colleague]
    scene.post(
        scene.lead,
        f"cases/{scene.case.pk}/allocate/",
        to=scene.inspector.pk,
        instead_of=scene.colleague.pk,
    )
    assert holders([scene.case]) == [scene.inspector]
    said = send(scene, chosen([scene.case], None, held=scene.inspector), expect=409)
    assert "may be returned, so somebody has to hold it. Choose another inspector." in said
    assert holders([scene.case]) == [scene.inspector]
    move_case(case=scene.case, to=Case.State.RETURNED, by=scene.lead, comment="Look again.")
    builder.answers(scene.case, scene.inspector, **{"2.1.1": "YES"})


def test_nothing_is_saved_if_one_case_was_taken_out_meanwhile(
    scene: Scene, three: list[Case]
) -> None:
    data = chosen(three, scene.inspector)
    Case.objects.filter(pk=three[0].pk).update(state=Case.State.TAKEN_OUT)
    said = send(scene, data, expect=409)
    assert "This case is taken out of the sample, so you can&#x27;t allocate this case now." in said
    assert holders(three) == [None, None, None]


def test_nothing_is_saved_if_one_case_was_removed_meanwhile(
    scene: Scene, three: list[Case]
) -> None:
    data = chosen(three, scene.inspector)
    three[0].delete()
    assert "This case was removed since you opened the page." in send(scene, data, expect=409)
    assert holders(three[1:]) == [None, None]


def test_somebody_who_was_removed_from_the_team_meanwhile_is_named(
    scene: Scene, three: list[Case]
) -> None:
    data = chosen(three, scene.colleague)
    Membership.objects.filter(user=scene.colleague).delete()
    said = send(scene, data, expect=409)
    assert "Grace Inspector is not an inspector of this inspection's team." in said.replace(
        "&#x27;", "'"
    )
    assert holders(three) == [None, None, None]


def test_a_number_of_nobody_on_the_team_names_no_one(scene: Scene, three: list[Case]) -> None:
    said = send(scene, chosen(three[:1], scene.outsider), expect=200)
    assert "The person whom you chose for this case is not on the team." in said
    assert scene.outsider.name not in said


def test_what_makes_no_sense_is_left_out(scene: Scene, three: list[Case]) -> None:
    number = three[0].pk
    for to, held in (("", "0"), ("x", "0"), ("-1", "0"), ("0", "x"), ("0", "9" * 30)):
        scene.post(scene.lead, "allocation/", **{f"to-{number}": to, f"held-{number}": held})
    assert holders(three[:1]) == [None]


def test_nobody_is_given_a_case_against_their_declared_interest(
    scene: Scene, three: list[Case]
) -> None:
    declare(scene, scene.colleague)
    said = send(scene, chosen(three, scene.colleague), expect=409)
    refusal = f"Grace Inspector declared an interest in {scene.inspection.service}"
    assert refusal in said
    assert holders(three) == [None, None, None]
    with pytest.raises(Refused, match="declared an interest in"):
        allocate_case(case=three[0], to=scene.colleague, by=scene.lead)
    page = scene.post(scene.lead, f"cases/{three[0].pk}/allocate/", to=scene.colleague.pk)
    assert refusal in words(page)


def test_what_is_held_stays_when_an_interest_is_declared_and_is_pointed_out(scene: Scene) -> None:
    declare(scene, scene.inspector)
    send(scene, chosen([scene.case], scene.inspector, held=scene.inspector))
    assert holders([scene.case]) == [scene.inspector]
    page = words(scene.get(scene.lead, "allocation/"))
    assert "Ada Inspector declared an interest in this service and still holds C-001." in page


def test_linked_cases_with_different_people_are_pointed_out_and_saved_all_the_same(
    scene: Scene, three: list[Case]
) -> None:
    link_cases(
        inspection=scene.inspection,
        why="SIBLINGS",
        cases=[one.pk for one in three[:2]],
        by=scene.lead,
    )
    send(scene, chosen(three[:1], scene.inspector) | chosen(three[1:], scene.colleague))
    page = words(scene.get(scene.lead, "allocation/"))
    assert f"Siblings: {three[0]}, {three[1]} are held by different people" in page


@pytest.mark.parametrize(
    ("who", "state", "status"),
    [
        ("lead", "FIELDWORK", 200),
        ("lead", "PREPARATION", 200),
        ("lead", "ANNOUNCED", 403),
        ("lead", "REVIEW", 403),
        ("inspector", "FIELDWORK", 403),
        ("panel", "FIELDWORK", 403),
        ("outsider", "FIELDWORK", 404),
    ],
)
def test_who_allocates_and_when(
    scene: Scene, three: list[Case], who: str, state: str, status: int
) -> None:
    person = getattr(scene, who)
    data = chosen(three, scene.inspector)
    move_to(scene.inspection, state)
    assert scene.get(person, "allocation/").status_code == status
    sent = scene.post(person, "allocation/", **data)
    assert sent.status_code == (302 if status == 200 else status)
    assert holders(three) == [scene.inspector if status == 200 else None] * 3


def test_nothing_chosen_differently_is_said_to_be_nothing(scene: Scene, three: list[Case]) -> None:
    client = signed_in(scene.lead)
    page = client.post(f"{scene.home}allocation/", chosen(three, None), follow=True)
    assert "Nothing was changed, so nothing was saved." in words(page)


def test_the_action_says_who_held_each_case_before(scene: Scene, three: list[Case]) -> None:
    allocations = [Allocation(scene.case.pk, scene.colleague), Allocation(three[0].pk, None)]
    [done] = allocate_cases(inspection=scene.inspection, allocations=allocations, by=scene.lead)
    assert (done.case, done.before) == (scene.case, scene.inspector)


def test_the_action_allocates_no_case_of_another_inspection(scene: Scene) -> None:
    elsewhere = builder.case(builder.inspection())
    with pytest.raises(NotAllocated) as refused:
        allocate_cases(
            inspection=scene.inspection,
            allocations=[Allocation(elsewhere.pk, scene.inspector)],
            by=scene.lead,
        )
    assert refused.value.refused.keys() == {elsewhere.pk}


def test_a_proposal_fills_in_the_form_and_saves_nothing(scene: Scene, three: list[Case]) -> None:
    takes = [scene.inspector.pk, scene.colleague.pk]
    asked: Asked = {"propose": "on", "takes": takes, "minutes_court": "100"}
    page = signed_in(scene.lead).get(f"{scene.home}allocation/", asked)
    assert "The proposal has somebody for 3 cases." in words(page)
    people = {row.person: row for row in page.context["seen"].people}
    assert people[scene.inspector].minutes_then == people[scene.colleague].minutes_then == 200
    assert holders(three) == [None, None, None]
    # Sent as it is filled in, it is saved.
    data: dict[str, Any] = {}
    for row in page.context["seen"].rows:
        data |= {f"to-{row.case.pk}": row.chosen, f"held-{row.case.pk}": row.held}
    send(scene, data)
    assert sorted(map(str, holders([scene.case, *three]))) == [
        *["Ada Inspector"] * 2,
        *["Grace Inspector"] * 2,
    ]


def test_minutes_that_the_lead_entered_are_kept_with_the_allocation(
    scene: Scene, three: list[Case]
) -> None:
    address = f"{scene.home}allocation/"
    client = signed_in(scene.lead)

    def minutes() -> str:
        [court, *_] = client.get(address).context["groups"]
        return str(court["typed"])

    usual = minutes()
    tried: Asked = {"propose": "on", "takes": [scene.inspector.pk], "minutes_court": "100"}
    client.get(address, tried)
    assert minutes() == usual
    data = chosen(three, scene.inspector)
    done = client.post(f"{address}?minutes_court=100&propose=on", data, follow=True)
    assert "3 cases allocated anew." in words(done)
    assert "The expected minutes are kept." in words(done)
    assert minutes() == "100"
    [event] = events_of(ExpectedMinutes)
    assert (event.group, event.minutes, event.pgh_context["user"]) == ("COURT", 100, scene.lead.pk)
    # A page that was opened with other minutes, and asked for none, leaves them.
    client.post(address, chosen(three, scene.colleague, scene.inspector))
    assert minutes() == "100"
    done = client.post(f"{address}?minutes_court=90", {}, follow=True)
    assert "The expected minutes are kept." in words(done)
    assert minutes() == "90"


def test_a_proposal_says_why_a_case_has_nobody(scene: Scene, three: list[Case]) -> None:
    page = words(signed_in(scene.lead).get(f"{scene.home}allocation/", {"propose": "on"}))
    assert "Nobody was chosen to take cases." in page
    declare(scene, scene.inspector)
    asked: Asked = {"propose": "on", "takes": [scene.inspector.pk]}
    page = words(signed_in(scene.lead).get(f"{scene.home}allocation/", asked))
    assert "Everybody who was chosen to take cases declared an interest in this service." in page


@pytest.mark.parametrize("typed", ["", "0", "x", "-5", "2401", "1e3", "٣"])
def test_minutes_that_make_no_sense_are_refused_beside_their_field(
    scene: Scene, three: list[Case], typed: str
) -> None:
    asked: Asked = {"propose": "on", "takes": [scene.inspector.pk], "minutes_court": typed}
    page = signed_in(scene.lead).get(f"{scene.home}allocation/", asked)
    assert "Enter the minutes as a whole number from 1 to 2,400." in words(page)
    assert "The proposal has somebody" not in words(page)


@pytest.mark.parametrize("number", [2, 12])
def test_the_page_takes_the_same_few_queries_however_many_cases(
    scene: Scene, number: int, django_assert_max_num_queries: Any
) -> None:
    builder.cases(scene.inspection, "COURT", number, scene.inspector)
    client = signed_in(scene.lead)
    with django_assert_max_num_queries(10):
        client.get(f"{scene.home}allocation/?propose=on&takes={scene.colleague.pk}")


def test_people_of_one_name_are_told_apart_in_choices(scene: Scene, three: list[Case]) -> None:
    twin = builder.inspector(scene.inspection, "Ada Inspector")
    page = scene.get(scene.lead, "allocation/").content.decode()
    for person in (scene.inspector, twin):
        assert f">Ada Inspector ({person.email})</option>" in page


def test_without_a_case_the_page_says_so(db: None) -> None:
    inspection: Inspection = builder.inspection()
    lead = builder.lead_inspector(inspection)
    page = signed_in(lead).get(f"{inspection.get_absolute_url()}allocation/")
    assert "No case has been sampled yet." in words(page)


def declare(scene: Scene, person: User) -> None:
    declare_interest(
        inspection=scene.inspection, person=person, reason="Worked there.", by=scene.lead
    )
