"""Declared interests in a service, and cases that are marked as linked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.allocation.actions import (
    change_links,
    declare_interest,
    link_cases,
    unlink_cases,
    withdraw_interest,
)
from cases.models import Case, DeclaredInterest, LinkedCase, LinkedCases
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.history import events_of
from inspections.models import Inspection, Membership
from inspections.versions import Conflict
from tests.pages import post, read, signed_in, words
from tests.scenes import Scene


def declared(scene: Scene) -> list[tuple[str, str]]:
    rows = DeclaredInterest.objects.filter(service=scene.inspection.service)
    return [(one.person.name, one.reason) for one in rows]


def test_an_inspector_declares_and_withdraws_their_own(scene: Scene) -> None:
    page = f"{scene.home}interests/"
    post(scene.inspector, page, {"reason": "Worked there until 2023."})
    assert declared(scene) == [("Ada Inspector", "Worked there until 2023.")]
    assert "Worked there until 2023." in read(scene.inspector, page)
    post(scene.inspector, f"{page}{scene.inspector.pk}/withdraw/")
    assert declared(scene) == []
    events = events_of(DeclaredInterest).order_by("pgh_id")
    assert [(one.pgh_label, one.pgh_context["user"]) for one in events] == [
        ("insert", scene.inspector.pk),
        ("delete", scene.inspector.pk),
    ]


def test_an_inspector_neither_sees_nor_changes_those_of_others(scene: Scene) -> None:
    declare_interest(
        inspection=scene.inspection, person=scene.colleague, reason="My aunt.", by=scene.lead
    )
    page = f"{scene.home}interests/"
    assert "My aunt." not in read(scene.inspector, page)
    post(scene.inspector, f"{page}{scene.colleague.pk}/withdraw/", expect=403)
    # A number that is sent for somebody else declares the sender's own.
    post(scene.inspector, page, {"reason": "Mine.", "person": scene.lead.pk})
    assert sorted(declared(scene)) == [("Ada Inspector", "Mine."), ("Grace Inspector", "My aunt.")]
    with pytest.raises(Refused, match="for somebody else"):
        withdraw_interest(inspection=scene.inspection, person=scene.colleague, by=scene.inspector)


def test_the_lead_declares_for_others_and_is_told_what_they_hold(scene: Scene) -> None:
    client = signed_in(scene.lead)
    data = {"person": scene.inspector.pk, "reason": "Married to a manager."}
    said = words(client.post(f"{scene.home}interests/", data, follow=True))
    assert "No further case of" in said
    assert "Ada Inspector still holds C-001." in said
    assert "by Priya Lead" in said
    client.post(f"{scene.home}interests/{scene.inspector.pk}/withdraw/")
    assert declared(scene) == []


def test_an_interest_without_words_is_asked_for_and_declared_once(scene: Scene) -> None:
    page = f"{scene.home}interests/"
    assert "Enter what the interest is." in post(scene.inspector, page, {"reason": " "}, expect=200)
    for reason in ("First.", "Second."):
        post(scene.inspector, page, {"reason": reason})
    assert declared(scene) == [("Ada Inspector", "First.")]


def test_somebody_removed_meanwhile_can_have_none_declared_for_them(scene: Scene) -> None:
    assert scene.colleague
    Membership.objects.filter(user=scene.colleague).delete()
    data = {"person": scene.colleague.pk, "reason": "Late."}
    said = post(scene.lead, f"{scene.home}interests/", data, expect=200)
    assert "not an inspector of this inspection’s team any more" in said
    with pytest.raises(Refused, match="is not an inspector of this inspection's team"):
        declare_interest(
            inspection=scene.inspection, person=scene.colleague, reason="Late.", by=scene.lead
        )


def test_an_interest_holds_in_a_later_inspection_of_the_service(scene: Scene) -> None:
    declare_interest(
        inspection=scene.inspection, person=scene.inspector, reason="A.", by=scene.inspector
    )
    later = builder.inspection(service=scene.inspection.service.name)
    lead = builder.lead_inspector(later)
    later.memberships.create(user=scene.inspector, role="INSPECTOR")
    case = builder.case(later)
    data = {f"to-{case.pk}": scene.inspector.pk, f"held-{case.pk}": 0}
    said = post(lead, f"{later.get_absolute_url()}allocation/", data, expect=409)
    assert "Ada Inspector declared an interest in" in said


@pytest.mark.parametrize(("who", "status"), [("panel", 403), ("outsider", 404)])
def test_only_inspectors_of_the_team_declare(scene: Scene, who: str, status: int) -> None:
    person = getattr(scene, who)
    assert scene.get(person, "interests/").status_code == status
    assert scene.post(person, "interests/", reason="Mine.").status_code == status
    assert declared(scene) == []


# Linked cases


@pytest.fixture
def four(scene: Scene) -> list[Case]:
    return builder.cases(scene.inspection, "COURT", 4, None)


def link(scene: Scene, cases: list[Case], why: str = "SIBLINGS") -> LinkedCases:
    return link_cases(
        inspection=scene.inspection, why=why, cases=[one.pk for one in cases], by=scene.lead
    )


def sets(scene: Scene) -> list[tuple[str, list[Case]]]:
    return [(one.why, list(one.cases.all())) for one in scene.inspection.linked_cases.with_cases()]


def test_the_lead_links_changes_and_unlinks(scene: Scene, four: list[Case]) -> None:
    page = f"{scene.home}linked-cases/"
    sent: dict[str, Any] = {"why": "SIBLINGS", "base_version": 0}
    post(scene.lead, page, sent | {"cases": [four[0].pk, four[1].pk]})
    assert sets(scene) == [("SIBLINGS", four[:2])]
    linked = LinkedCases.objects.get()
    changed = {"why": "CO_DEFENDANTS", "cases": [one.pk for one in four[1:3]], "base_version": 1}
    post(scene.lead, f"{page}{linked.pk}/", changed)
    assert sets(scene) == [("CO_DEFENDANTS", four[1:3])]
    assert str(four[1]) in read(scene.lead, page)
    post(scene.lead, f"{page}{linked.pk}/remove/", {"base_version": 2})
    assert sets(scene) == []


def test_one_case_alone_is_linked_to_nothing(scene: Scene, four: list[Case]) -> None:
    sent = {"why": "SIBLINGS", "base_version": 0, "cases": [four[0].pk]}
    said = post(scene.lead, f"{scene.home}linked-cases/", sent, expect=200)
    assert "Choose two cases or more" in said


def test_a_case_has_one_link_at_most(scene: Scene, four: list[Case]) -> None:
    link(scene, four[:2])
    with pytest.raises(Refused, match=f"Case {four[1]} is linked to other cases already"):
        link(scene, four[1:])
    sent = {"why": "SIBLINGS", "base_version": 0, "cases": [one.pk for one in four[1:]]}
    said = post(scene.lead, f"{scene.home}linked-cases/", sent, expect=200)
    assert "A case that you chose can’t be chosen any more." in said
    assert len(sets(scene)) == 1


def test_the_second_of_two_leads_who_change_a_link_sees_both(
    scene: Scene, four: list[Case]
) -> None:
    linked = link(scene, four[:2])
    change_links(
        linked=linked, why="OTHER", cases=[one.pk for one in four], base_version=1, by=scene.lead
    )
    sent = {"why": "SIBLINGS", "base_version": 1, "cases": [one.pk for one in four[:3]]}
    said = post(scene.lead, f"{scene.home}linked-cases/{linked.pk}/", sent, expect=409)
    assert "What you wrote is not saved yet" in said
    assert "Another link" in said
    post(scene.lead, f"{scene.home}linked-cases/{linked.pk}/remove/", {"base_version": 1})
    assert len(sets(scene)) == 1


def test_a_link_removed_meanwhile_is_offered_anew(scene: Scene, four: list[Case]) -> None:
    linked = link(scene, four[:2])
    unlink_cases(linked=linked, base_version=1, by=scene.lead)
    with pytest.raises(Conflict):
        unlink_cases(linked=linked, base_version=1, by=scene.lead)
    page = f"{scene.home}linked-cases/{linked.pk}/"
    read(scene.lead, page, expect=404)
    sent = {"why": "SIBLINGS", "base_version": 1, "cases": [one.pk for one in four[:2]]}
    response = signed_in(scene.lead).post(page, sent)
    assert "Somebody removed this link since you opened the page." in words(response)
    post(scene.lead, f"{scene.home}linked-cases/", sent)
    assert sets(scene) == [("SIBLINGS", four[:2])]


def test_cases_of_two_inspections_are_never_linked(scene: Scene, four: list[Case]) -> None:
    elsewhere = builder.case(builder.inspection())
    with pytest.raises(Refused, match="was removed since you opened the page"):
        link(scene, [four[0], elsewhere])
    linked = link(scene, four[:2])
    with pytest.raises(IntegrityError, match="belong to one inspection"), transaction.atomic():
        LinkedCase.objects.create(linked=linked, case=elsewhere)


@pytest.mark.parametrize(("who", "status"), [("inspector", 403), ("panel", 403), ("outsider", 404)])
def test_only_the_lead_links_cases(scene: Scene, four: list[Case], who: str, status: int) -> None:
    person = getattr(scene, who)
    linked = link(scene, four[:2])
    for page in ("linked-cases/", f"linked-cases/{linked.pk}/"):
        assert scene.get(person, page).status_code == status
    sent = {"why": "SIBLINGS", "base_version": 0, "cases": [one.pk for one in four[2:]]}
    scene.post(person, "linked-cases/", **sent)
    scene.post(person, f"linked-cases/{linked.pk}/remove/", base_version=1)
    assert sets(scene) == [("SIBLINGS", four[:2])]


def test_a_proposal_keeps_linked_cases_together(scene: Scene, four: list[Case]) -> None:
    link(scene, [four[0], scene.case])
    takes = [scene.inspector.pk, scene.colleague.pk]
    asked: dict[str, Any] = {"propose": "on", "takes": takes}
    page = signed_in(scene.lead).get(f"{scene.home}allocation/", asked)
    chosen = {row.case: row.chosen for row in page.context["seen"].rows}
    assert chosen[four[0]] == str(scene.inspector.pk)
    assert f"Siblings: {four[0]}" in words(page)


def test_after_fieldwork_nothing_of_this_changes(scene: Scene, four: list[Case]) -> None:
    linked = link(scene, four[:2])
    Inspection.objects.update(state=Inspection.State.REVIEW)
    with pytest.raises(Refused, match="Fieldwork has closed"):
        unlink_cases(linked=linked, base_version=1, by=scene.lead)
    sent = {"why": "SIBLINGS", "base_version": 1, "cases": [one.pk for one in four[:3]]}
    said = post(scene.lead, f"{scene.home}linked-cases/{linked.pk}/", sent, expect=200)
    assert "Fieldwork has closed" in said
