"""The constraints of findings and evidence in the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from config.demonstration.builder import DETAILS
from ratings.models import Evidence, EvidenceUse, Finding, FindingSupport
from tests.scenes import Scene, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Scene:
    return scene()


def evidence(here: Scene, kind: str, **fields: Any) -> Evidence:
    made = {"added_by": here.lead, "saved_by": here.lead, "saved_at": timezone.now()}
    with transaction.atomic():
        return Evidence.objects.create(
            inspection=here.inspection, kind=kind, **made | DETAILS.get(kind, {}) | fields
        )


def finding(here: Scene, **fields: Any) -> Finding:
    stored = {
        "inspection": here.inspection,
        "key_question": "1.1.1",
        "kind": "STRENGTH",
        "text": "Found.",
        "position": 1,
        "saved_at": timezone.now(),
        "saved_by": here.lead,
    }
    with transaction.atomic():
        return Finding.objects.create(**stored | fields)


@pytest.mark.parametrize("kind", DETAILS)
def test_each_kind_has_its_own_fields(here: Scene, kind: str) -> None:
    assert evidence(here, kind).pk


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("DOCUMENT", {"roles": "chair"}),
        ("DOCUMENT", {"sent": 1, "returned": 1}),
        ("DOCUMENT", {"case_question": "2.1.1"}),
        ("MEETING", {"evidence_date": None}),
        ("MEETING", {"roles": ""}),
        ("MEETING", {"roles": "  "}),
        ("MEETING", {"sent": 2, "returned": 1}),
        ("INTERVIEW", {"roles": ""}),
        ("INTERVIEW", {"evidence_date": None}),
        ("SURVEY", {"sent": None}),
        ("SURVEY", {"returned": None}),
        ("SURVEY", {"sent": None, "returned": None}),
        ("SURVEY", {"roles": "staff"}),
        ("CASE_DATA", {"case_question": ""}),
        ("CASE_DATA", {"roles": "staff"}),
        ("RUMOUR", {"title": "Heard"}),
    ],
)
def test_no_kind_misses_its_fields_or_has_those_of_another(
    here: Scene, kind: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match="evidence_holds_what_its_kind_does"):
        evidence(here, kind, **fields)


@pytest.mark.parametrize(("sent", "returned"), [(10, 11), (0, 0), (5, -1)])
def test_no_more_come_back_than_were_sent(here: Scene, sent: int, returned: int) -> None:
    with pytest.raises(IntegrityError, match=r"no_more_returned|returned_check"):
        evidence(here, "SURVEY", sent=sent, returned=returned)


@pytest.mark.parametrize("question", ["1.1.1", "9.9.9", "2.1.9"])
def test_case_data_is_of_a_question_asked_in_cases(here: Scene, question: str) -> None:
    with pytest.raises(IntegrityError, match="is not asked in the cases"):
        evidence(here, "CASE_DATA", case_question=question)


def test_a_prompt_of_another_edition_is_no_case_data() -> None:
    with pytest.raises(IntegrityError, match="is not asked in the cases"):
        evidence(scene("2018"), "CASE_DATA", case_question="2.1.1a")


def test_a_question_is_case_data_once(here: Scene) -> None:
    evidence(here, "CASE_DATA")
    with pytest.raises(IntegrityError, match="case_data_once"):
        evidence(here, "CASE_DATA", title="Again")


@pytest.mark.parametrize("code", ["2.1.1", "1.1", "9.9.9"])
def test_findings_and_uses_are_under_qualitative_key_questions(here: Scene, code: str) -> None:
    with pytest.raises(IntegrityError, match="not a key question of a qualitative standard"):
        finding(here, key_question=code)
    item = evidence(here, "DOCUMENT")
    with pytest.raises(IntegrityError, match="not a key question of a qualitative standard"):
        EvidenceUse.objects.create(evidence=item, key_question=code)


def test_a_key_question_of_another_edition_takes_no_finding() -> None:
    """3.4.3 and 1.2.5 are asked under 2021 alone; 3.4.1 is answered in cases under 2018."""
    for code in ("1.2.5", "3.4.1", "3.4.3"):
        with pytest.raises(IntegrityError, match="not a key question of a qualitative standard"):
            finding(scene("2018"), key_question=code)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "WEAKNESS"}, "finding_kind_known"),
        ({"text": " \n"}, "finding_has_words"),
        ({"position": 0}, "finding_position_from_one"),
        ({"version": 0}, "finding_version_from_one"),
    ],
)
def test_a_finding_is_of_a_kind_and_has_words_and_a_place(
    here: Scene, fields: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        finding(here, **fields)


def test_two_findings_of_a_kind_have_two_places(here: Scene) -> None:
    finding(here)
    finding(here, kind="AREA_FOR_IMPROVEMENT")
    with pytest.raises(IntegrityError, match="finding_one_at_a_position"):
        finding(here)


def test_evidence_is_used_once_under_a_key_question(here: Scene) -> None:
    item = evidence(here, "DOCUMENT")
    EvidenceUse.objects.create(evidence=item, key_question="1.1.1")
    EvidenceUse.objects.create(evidence=item, key_question="1.1.2")
    with pytest.raises(IntegrityError, match="used_once_a_key_question"):
        EvidenceUse.objects.create(evidence=item, key_question="1.1.1")


def test_a_finding_names_evidence_of_its_own_key_question_alone(here: Scene) -> None:
    found = finding(here)
    elsewhere = EvidenceUse.objects.create(
        evidence=evidence(here, "DOCUMENT"), key_question="1.1.2"
    )
    other = EvidenceUse.objects.create(evidence=evidence(scene(), "DOCUMENT"), key_question="1.1.1")
    for use in (elsewhere, other):
        with pytest.raises(IntegrityError, match="used under its key question"):
            with transaction.atomic():
                FindingSupport.objects.create(finding=found, use=use)


def test_nothing_moves_to_another_inspection_kind_or_key_question(here: Scene) -> None:
    other = scene().inspection
    found, item = finding(here), evidence(here, "DOCUMENT")
    use = EvidenceUse.objects.create(evidence=item, key_question="1.1.1")
    for row, change in (
        (found, {"inspection": other}),
        (found, {"key_question": "1.1.2"}),
        (found, {"kind": "AREA_FOR_IMPROVEMENT"}),
        (item, {"inspection": other}),
        (item, {"kind": "MEETING"}),
        (use, {"key_question": "1.1.2"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**change)
