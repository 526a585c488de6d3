"""Judging the qualitative standards: the lead inspector writes, others read when they may."""

from __future__ import annotations

from typing import Any

import pytest

from config.demonstration import builder
from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings.evidence.actions import record_judgement
from tests.pages import signed_in, words

State = Inspection.State


@pytest.fixture
def inspection(db: None) -> Inspection:
    return builder.inspection()


@pytest.fixture
def lead(inspection: Inspection) -> User:
    return builder.lead_inspector(inspection, "Priya Lead")


def page_of(inspection: Inspection, standard: str = "") -> str:
    return f"/inspections/{inspection.pk}/judgements/{standard}"


def judge(
    person: User,
    inspection: Inspection,
    rating: str = "GOOD",
    rationale: str = "Why",
    base: int = 0,
) -> Any:
    data = {"rating": rating, "rationale": rationale, "base_version": str(base)}
    return signed_in(person).post(page_of(inspection, "1.1/"), data)


def test_the_lead_inspector_judges_a_standard(inspection: Inspection, lead: User) -> None:
    assert judge(lead, inspection)["Location"] == page_of(inspection)
    stands = inspection.judgements.get()
    assert (stands.standard, stands.rating, stands.rationale) == ("1.1", "GOOD", "Why")
    assert stands.saved_by == lead


def test_the_list_holds_every_qualitative_standard(inspection: Inspection, lead: User) -> None:
    page = words(signed_in(lead).get(page_of(inspection)))
    for standard in inspection.framework.standards:
        assert (f"{standard.code} {standard.name}" in page) == standard.is_qualitative
    assert page.count("Not rated") == 6


def test_the_key_questions_are_shown_beside_the_form(inspection: Inspection, lead: User) -> None:
    page = words(signed_in(lead).get(page_of(inspection, "1.2/")))
    for code in ("1.2.1", "1.2.5"):
        assert code in page


@pytest.mark.parametrize("standard", ["2.1/", "9.9/", "nonsense/"])
def test_no_other_standard_is_judged(inspection: Inspection, lead: User, standard: str) -> None:
    assert signed_in(lead).get(page_of(inspection, standard)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"rating": ""}, "Choose a rating."),
        ({"rating": "SPLENDID"}, "Choose one of the four ratings."),
        ({"rationale": "  "}, "Enter the rationale for this rating."),
        ({"rationale": "long " * 5000}, "Shorten the rationale to 20000 characters."),
        ({"base_version": "?"}, "This page lost track of what was saved."),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    inspection: Inspection, lead: User, sent: dict[str, str], message: str
) -> None:
    data = {"rating": "GOOD", "rationale": "Kept as typed", "base_version": "0"} | sent
    page = words(signed_in(lead).post(page_of(inspection, "1.1/"), data))
    assert message in page
    assert data["rationale"].strip() in page
    assert not inspection.judgements.exists()


def test_of_two_judgements_at_once_the_second_is_shown_both(
    inspection: Inspection, lead: User
) -> None:
    judge(lead, inspection, "GOOD", "written first")
    response = judge(lead, inspection, "OUTSTANDING", "written second")
    assert response.status_code == 409
    assert "written first" in words(response)
    assert "written second" in words(response)
    assert "You saved another version at" in words(response)
    assert inspection.judgements.get().rationale == "written first"
    assert 'name="base_version" value="1"' in response.content.decode()
    assert judge(lead, inspection, "OUTSTANDING", "written second", base=1).status_code == 302
    assert inspection.judgements.get().rationale == "written second"


def test_a_version_that_never_was_is_a_conflict_too(inspection: Inspection, lead: User) -> None:
    response = judge(lead, inspection, rationale="typed", base=3)
    assert response.status_code == 409
    assert "typed" in words(response)
    assert 'name="base_version" value="0"' in response.content.decode()
    assert judge(lead, inspection).status_code == 302


def test_the_panel_reads_and_does_not_judge(inspection: Inspection, lead: User) -> None:
    judge(lead, inspection, rationale="for the panel to read")
    panel = builder.panel_member(inspection)
    Inspection.objects.filter(pk=inspection.pk).update(state=State.PANEL)
    page = signed_in(panel).get(page_of(inspection, "1.1/"))
    assert "for the panel to read" in words(page)
    assert "Only the lead inspector judges" in words(page)
    assert "<textarea" not in page.content.decode()
    refused = judge(panel, inspection, "INADEQUATE", "not mine to say", base=1)
    assert refused.status_code == 403
    assert "not mine to say" in words(refused)
    assert inspection.judgements.get().rating == "GOOD"


def test_what_the_lead_sends_after_submitting_to_the_panel_is_shown_back(
    inspection: Inspection, lead: User
) -> None:
    Inspection.objects.update(state=State.PANEL)
    response = judge(lead, inspection, rationale="written too late")
    assert response.status_code == 403
    assert "The inspection is with the ratings panel" in words(response)
    assert "written too late" in words(response)


def test_inspectors_see_judgements_once_fieldwork_has_closed(
    inspection: Inspection, lead: User
) -> None:
    record_judgement(
        inspection=inspection,
        standard="1.1",
        rating=Rating.GOOD,
        rationale="Why",
        base_version=0,
        by=lead,
    )
    inspector = builder.inspector(inspection)
    assert signed_in(inspector).get(page_of(inspection)).status_code == 403
    Inspection.objects.update(state=State.REVIEW)
    assert signed_in(inspector).get(page_of(inspection, "1.1/")).status_code == 200
