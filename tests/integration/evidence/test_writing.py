"""Who may write what, and two writes at the same time."""

from __future__ import annotations

import pytest

from config.demonstration.builder import DETAILS
from inspections.access.permissions import Refused
from inspections.framework import Rating
from inspections.models import Inspection
from inspections.versions import Conflict
from ratings.evidence.actions import (
    QuestionTaken,
    add_finding,
    change_evidence,
    change_finding,
    move_finding,
    record_judgement,
    remove_evidence,
    remove_finding,
    stop_using_evidence,
    use_evidence,
)
from ratings.evidence.matrix import Support, load_matrix
from ratings.models import Evidence, Finding
from tests import scenes as panel_scenes
from tests.scenes import Scene, scene

pytestmark = pytest.mark.django_db

State = Inspection.State


@pytest.fixture
def here() -> Scene:
    return scene()


def close(here: Scene, state: str) -> None:
    panel_scenes.move_to(here.inspection, state)


@pytest.mark.parametrize("state", [State.FIELDWORK, State.REVIEW])
def test_the_lead_writes_findings_until_the_panel_has_them(here: Scene, state: str) -> None:
    close(here, state)
    finding = here.finding()
    changed = change_finding(
        finding=finding, text="Better.", rests_on=[], base_version=1, by=here.lead
    )
    assert (changed.text, changed.version, changed.saved_by) == ("Better.", 2, here.lead)
    remove_finding(finding=finding, base_version=2, by=here.lead)
    assert not Finding.objects.exists()


def test_nobody_else_writes_findings(here: Scene) -> None:
    finding = here.finding()
    for person in (here.inspector, here.panel):
        with pytest.raises(Refused, match="Only the lead inspector writes"):
            add_finding(
                inspection=here.inspection,
                key_question="1.1.1",
                kind="STRENGTH",
                text="Mine.",
                rests_on=[],
                by=person,
            )
        with pytest.raises(Refused):
            change_finding(finding=finding, text="Mine.", rests_on=[], base_version=1, by=person)
        with pytest.raises(Refused):
            move_finding(finding=finding, up=True, by=person)
        with pytest.raises(Refused):
            remove_finding(finding=finding, base_version=1, by=person)
    assert Finding.objects.get().text == "Found."


def test_nothing_is_written_once_the_panel_has_it(here: Scene) -> None:
    finding, item = here.finding(), here.evidence()
    # The objects that the requests hold still say that fieldwork is open.
    Inspection.objects.update(state=State.PANEL)
    with pytest.raises(Refused, match="with the ratings panel or sealed"):
        change_finding(finding=finding, text="Late.", rests_on=[], base_version=1, by=here.lead)
    with pytest.raises(Refused, match="with the ratings panel or sealed"):
        here.finding("Late.")
    with pytest.raises(Refused, match="with the ratings panel or sealed"):
        here.evidence("DOCUMENT")
    with pytest.raises(Refused, match="with the ratings panel or sealed"):
        use_evidence(evidence=item, key_question="1.1.2", by=here.lead)


def test_inspectors_add_evidence_and_change_their_own(here: Scene) -> None:
    own, leads = here.evidence("INTERVIEW", by=here.inspector), here.evidence("DOCUMENT")
    use_evidence(evidence=own, key_question="1.2.1", by=here.inspector)
    assert {use.key_question for use in own.uses.all()} == {"1.1.1", "1.2.1"}
    for refused in (
        lambda: use_evidence(evidence=leads, key_question="1.2.1", by=here.inspector),
        lambda: stop_using_evidence(evidence=leads, key_question="1.1.1", by=here.inspector),
        lambda: remove_evidence(evidence=leads, base_version=1, by=here.inspector),
    ):
        with pytest.raises(Refused, match="the person who added"):
            refused()
    remove_evidence(evidence=own, base_version=2, by=here.lead)
    with pytest.raises(Refused, match="Only the lead inspector and the inspectors"):
        here.evidence(by=here.panel)


def test_of_two_changes_at_once_the_second_is_a_conflict(here: Scene) -> None:
    finding, item = here.finding(), here.evidence("SURVEY")
    change_finding(finding=finding, text="First.", rests_on=[], base_version=1, by=here.lead)
    for late in (
        lambda: change_finding(
            finding=finding, text="Second.", rests_on=[], base_version=1, by=here.lead
        ),
        lambda: remove_finding(finding=finding, base_version=1, by=here.lead),
    ):
        with pytest.raises(Conflict) as outdated:
            late()
        assert outdated.value.current is not None
        assert outdated.value.current.text == "First."
    use_evidence(evidence=item, key_question="1.2.1", by=here.lead)
    with pytest.raises(Conflict) as changed:
        change_evidence(
            evidence=item,
            details=DETAILS["SURVEY"],
            key_questions=["1.1.1"],
            base_version=1,
            by=here.lead,
        )
    assert changed.value.current is not None
    assert item.uses.count() == 2


def test_a_change_of_something_removed_is_a_conflict(here: Scene) -> None:
    finding, item = here.finding(), here.evidence("DOCUMENT")
    Finding.objects.all().delete()
    with pytest.raises(Conflict) as gone:
        change_finding(finding=finding, text="Late.", rests_on=[], base_version=1, by=here.lead)
    assert gone.value.current is None
    remove_evidence(evidence=item, base_version=1, by=here.lead)
    with pytest.raises(Conflict) as also_gone:
        remove_evidence(
            evidence=Evidence(pk=0, inspection=here.inspection), base_version=1, by=here.lead
        )
    assert also_gone.value.current is None


def test_evidence_that_was_removed_is_used_nowhere(here: Scene) -> None:
    item = here.evidence("DOCUMENT")
    Evidence.objects.all().delete()
    for late in (use_evidence, stop_using_evidence):
        with pytest.raises(Conflict) as gone:
            late(evidence=item, key_question="1.1.2", by=here.lead)
        assert gone.value.current is None


def test_findings_of_a_kind_swap_positions(here: Scene) -> None:
    first, second, third = (here.finding(text) for text in ("A", "B", "C"))
    here.finding("Apart", kind="AREA_FOR_IMPROVEMENT")

    def order() -> list[str]:
        return [f.text for f in Finding.objects.filter(kind="STRENGTH").order_by("position")]

    move_finding(finding=third, up=True, by=here.lead)
    assert order() == ["A", "C", "B"]
    move_finding(finding=first, up=False, by=here.lead)
    assert order() == ["C", "A", "B"]
    move_finding(finding=third, up=True, by=here.lead)
    move_finding(finding=second, up=False, by=here.lead)
    assert order() == ["C", "A", "B"]
    remove_finding(finding=first, base_version=1, by=here.lead)
    move_finding(finding=second, up=True, by=here.lead)
    assert order() == ["B", "C"]


def test_evidence_that_a_finding_names_cannot_be_removed(here: Scene) -> None:
    item = here.evidence("MEETING", "1.1.1", "1.1.2")
    finding = here.finding("It rests on the meeting.", rests_on=(item.pk,))
    with pytest.raises(Refused, match="“It rests on the meeting.” under 1.1.1 names this"):
        stop_using_evidence(evidence=item, key_question="1.1.1", by=here.lead)
    with pytest.raises(Refused, match="names this evidence"):
        remove_evidence(evidence=item, base_version=1, by=here.lead)
    with pytest.raises(Refused, match="names this evidence"):
        change_evidence(
            evidence=item,
            details=DETAILS["MEETING"],
            key_questions=["1.1.2"],
            base_version=1,
            by=here.lead,
        )
    stop_using_evidence(evidence=item, key_question="1.1.2", by=here.lead)
    change_finding(finding=finding, text="It stands.", rests_on=[], base_version=1, by=here.lead)
    stop_using_evidence(evidence=item, key_question="1.1.1", by=here.lead)
    assert not item.uses.exists()


def test_the_figure_of_a_question_is_one_evidence_item(here: Scene) -> None:
    here.evidence("CASE_DATA")
    with pytest.raises(QuestionTaken):
        here.evidence("CASE_DATA", "1.2.1")
    other = here.evidence("CASE_DATA", "1.2.1", case_question="2.1.2")
    with pytest.raises(QuestionTaken):
        change_evidence(
            evidence=other,
            details=DETAILS["CASE_DATA"],
            key_questions=[],
            base_version=1,
            by=here.lead,
        )
    assert set(Evidence.objects.values_list("case_question", flat=True)) == {"2.1.1", "2.1.2"}


def test_the_matrix_is_read_from_what_is_stored(here: Scene) -> None:
    meeting = here.evidence("MEETING", "1.1.1", "1.3.3")
    here.evidence("SURVEY", "1.1.1")
    alone = here.finding("Alone", rests_on=(meeting.pk,))
    here.finding("Broad")
    matrix = load_matrix(here.inspection, sees_findings=True)
    assert len(matrix.rows) == 21
    row = matrix.rows["1.1.1"]
    assert {kind: count for kind, count in row.counts if count} == {"Meeting": 1, "Survey": 1}
    assert [one.kind for one in matrix.rows["1.3.3"].evidence] == ["MEETING"]
    assert row.findings is not None
    assert [row.support_of(finding) for finding in row.findings] == [
        Support.ONE_SOURCE,
        Support.SEVERAL_KINDS,
    ]
    assert row.findings[0] == alone
    assert len(load_matrix(scene("2018").inspection, sees_findings=True).rows) == 14


def test_a_judgement_is_refused_by_the_current_state(here: Scene) -> None:
    """The object that the request loaded still says that fieldwork is open."""
    Inspection.objects.update(state=State.PANEL)
    with pytest.raises(Refused, match="with the ratings panel"):
        record_judgement(
            inspection=here.inspection,
            standard="1.1",
            rating=Rating.GOOD,
            rationale="Late.",
            base_version=0,
            by=here.lead,
        )
    assert not here.inspection.judgements.exists()
