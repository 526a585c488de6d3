"""Lead inspector and chair confirm, the result is sealed, and the chair may reopen it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cases.models import Answer
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.announcing.actions import WasSealed, change_announcement
from inspections.models import Inspection
from inspections.versions import Conflict
from ratings.models import Judgement, SealAgreement, SealedResult, Signatory
from ratings.panel.actions import release_from_panel, submit_to_panel
from ratings.panel.meeting_actions import arrange_meeting
from ratings.panel.readiness import NotReady
from ratings.permissions import AGREE, DECIDE
from ratings.results.actions import agree_to_seal, readiness, reopen
from ratings.results.build import file_of
from ratings.results.document import verify
from tests import scenes
from tests.pages import read, signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def agree(scene: Scene, by: object) -> SealedResult | None:
    return agree_to_seal(
        inspection=scene.inspection,
        result_sha256=readiness(scene.fresh()).result_sha256,
        by=by,  # type: ignore[arg-type]
    )


def sealed(scene: Scene | None = None) -> tuple[Scene, SealedResult]:
    scene = scene or scenes.before_panel()
    assert agree(scene, scene.lead) is None
    seal = agree(scene, scene.chair)
    assert seal is not None
    return scene, seal


def test_a_result_is_sealed_when_lead_and_chair_have_confirmed_it() -> None:
    scene = scenes.before_panel()
    scenes.decide(scene)
    scene, seal = sealed(scene)
    assert scene.fresh().state == Inspection.State.SEALED
    assert (seal.number, seal.lead_agreed_by, seal.chair_agreed_by) == (1, scene.lead, scene.chair)
    document = json.loads(seal.document)
    result = document["result"]
    assert result["inspection"]["service"] == scene.inspection.service.name
    assert result["edition"]["digest"] == scene.inspection.framework.digest
    assert result["engine"] == {"version": 1}
    assert result["evidence"]["counts"]["2.1.1"] == {
        "yes": 2,
        "no": 1,
        "not_applicable": 0,
        "unanswered": 0,
    }
    assert result["hearings"][0]["members"] == ["The chair", "The member"]
    assert result["judgements"]["1.1"]["rating"] == "good"
    (decision,) = result["decisions"]
    assert (decision["standard"], decision["state"]) == ("3.1", "APPLIES")
    assert decision["meeting_date"] == "2026-03-12"
    assert decision["members"] == ["The chair", "The member"]
    outcome = result["outcome"]
    assert outcome["standards"]["3.1"]["computed"] == "requires_improvement"
    assert outcome["standards"]["3.1"]["decided"] == "good"
    assert outcome["standards"]["2.1"]["key_questions"]["2.1.1"]["fraction"] == "2/3"
    assert outcome["standards"]["2.1"]["key_questions"]["2.1.1"]["percent"] == 67
    assert [one["by"] for one in document["agreements"]] == [scene.lead.name, "The chair"]


def test_the_exported_seal_verifies() -> None:
    scene, seal = sealed()
    found = verify(file_of(seal), seal.file_name, seal.sha256)
    assert found.holds, found.differences
    assert found.sha256 == seal.sha256
    assert (found.service, found.number) == (scene.inspection.service.name, 1)


def test_only_lead_and_chair_confirm_and_only_before_the_panel() -> None:
    scene = scenes.before_panel()
    for person in (scene.inspector, scene.member):
        with pytest.raises(Refused, match="Only the lead inspector and the chair"):
            agree(scene, person)
    replayed = builder.inspection(state=Inspection.State.PANEL)
    lead = builder.lead_inspector(replayed)
    with pytest.raises(Refused, match="not been submitted to a meeting"):
        agree_to_seal(inspection=replayed, result_sha256="0" * 64, by=lead)


def test_nobody_confirms_a_result_that_changed_since_they_read_it() -> None:
    scene = scenes.before_panel()
    read = readiness(scene.fresh()).result_sha256
    scenes.decide(scene)
    with pytest.raises(Conflict, match="nothing was confirmed"):
        agree_to_seal(inspection=scene.inspection, result_sha256=read, by=scene.lead)
    assert not SealAgreement.objects.exists()


def test_a_confirmation_is_outdated_once_the_result_has_changed() -> None:
    scene = scenes.before_panel()
    agree(scene, scene.lead)
    scenes.decide(scene)
    assert agree(scene, scene.chair) is None
    now = readiness(scene.fresh())
    assert set(now.agreed) == {Signatory.CHAIR}
    assert set(now.outdated) == {Signatory.LEAD_INSPECTOR}
    assert now.words == (
        "Lead inspector: Priya Lead confirmed an earlier result. "
        "It has changed since, so that confirmation no longer counts.",
        "Chair of the ratings panel: The chair has confirmed this result.",
    )
    assert agree(scene, scene.lead) is not None


def test_confirming_twice_is_confirming_once() -> None:
    scene = scenes.before_panel()
    agree(scene, scene.lead)
    agree(scene, scene.lead)
    assert SealAgreement.objects.count() == 1


def test_a_stale_decision_keeps_a_result_from_being_sealed() -> None:
    scene = scenes.before_panel()
    scenes.decide(scene)
    Answer.objects.filter(question="3.1.1", value="NO").update(value="YES")
    with pytest.raises(NotReady, match="moved 3.1 from Requires improvement .* no longer applies"):
        agree(scene, scene.lead)


def test_the_chair_reopens_with_a_reason_and_another_seal_follows_that_names_the_first() -> None:
    scene, first = sealed()
    for person in (scene.lead, scene.member):
        with pytest.raises(Refused, match="Only the chair"):
            reopen(sealed_result=first, reason="An error.", by=person)
    reopen(sealed_result=first, reason="An error in 1.1.", by=scene.chair)
    assert scene.fresh().state == Inspection.State.PANEL
    assert readiness(scene.fresh()).agreed == {}
    scenes.everyone_is_present(scene.inspection)
    Judgement.objects.filter(inspection=scene.inspection, standard="1.1").update(
        rating="OUTSTANDING"
    )
    scene, second = sealed(scene)
    assert second.number == 2
    earlier = json.loads(second.document)["result"]["earlier"]
    assert earlier["sha256"] == first.sha256
    assert earlier["reopened"]["reason"] == "An error in 1.1."
    first.refresh_from_db()
    assert verify(file_of(first), "first").holds
    assert verify(file_of(second), "second").holds
    with pytest.raises(Refused, match="another one stands"):
        reopen(sealed_result=first, reason="Again.", by=scene.chair)


def test_who_is_present_is_recorded_anew_once_it_is_reopened() -> None:
    scene, first = sealed()
    page = read(scene.chair, f"{scene.home}seal/reopen/")
    assert "The panel records again who is present." in page
    reopen(sealed_result=first, reason="An error.", by=scene.chair)
    said = "The chair, who chairs, has to record first who is present."
    for permission, person in ((DECIDE, scene.member), (AGREE, scene.lead)):
        assert permission.why_not(person, scene.fresh()) == said
    assert "Record who is present" in read(scene.chair, scene.home)


def test_that_it_was_reopened_by_whom_and_why_is_said_until_it_is_sealed_again() -> None:
    scene, first = sealed()
    reopen(sealed_result=first, reason="An error in 1.1.", by=scene.chair)
    for state in (Inspection.State.PANEL, Inspection.State.REVIEW):
        scenes.move_to(scene.inspection, state)
        for address in (scene.home, f"{scene.home}panel/"):
            page = read(scene.lead, address)
            assert "The sealed result was reopened by The chair" in page
            assert "An error in 1.1." in page
    scenes.move_to(scene.inspection, Inspection.State.PANEL)
    scenes.everyone_is_present(scene.inspection)
    sealed(scene)
    for address in (scene.home, f"{scene.home}panel/"):
        assert "An error in 1.1." not in read(scene.lead, address)


def test_a_reopened_inspection_may_go_to_another_meeting_with_another_chair() -> None:
    scene, first = sealed()
    reopen(sealed_result=first, reason="An error.", by=scene.chair)
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    release_from_panel(
        inspection=scene.fresh(), reason="It has left.", by=builder.user(is_staff=True)
    )
    other = builder.user("Another chair")
    meeting = arrange_meeting(
        meeting_date=scenes.MEETING_DATE, chair=other, members=[scene.member], by=scene.lead
    )
    submit_to_panel(inspection=scene.fresh(), meeting=meeting, lead_view="Again.", by=scene.lead)
    scenes.everyone_is_present(scene.inspection)
    agree(scene, scene.lead)
    second = agree(scene, other)
    assert second is not None and second.chair_agreed_by == other
    assert len(json.loads(second.document)["result"]["hearings"]) == 2


def test_whether_a_sealed_inspection_gave_ratings_stays_after_it_is_reopened() -> None:
    scene, first = sealed()
    reopen(sealed_result=first, reason="An error.", by=scene.chair)
    scenes.move_to(scene.inspection, Inspection.State.REVIEW)
    inspection = scene.fresh()
    days = {
        "announced_date": date(2026, 1, 1),
        "fieldwork_start_date": date(2026, 2, 1),
        "fieldwork_end_date": date(2026, 2, 2),
    }
    sent = {
        f"{name}_{place}": part
        for name, day in days.items()
        for place, part in enumerate((day.day, day.month, day.year))
    }
    address = f"{scene.home}announcement/change/"
    said = words(
        signed_in(scene.lead).post(
            address, sent | {"gives_ratings": "no", "base_version": inspection.version}
        )
    )
    assert "Its result was sealed with ratings, so it gives ratings." in said
    with pytest.raises(WasSealed):
        change_announcement(
            inspection=inspection,
            gives_ratings=False,
            base_version=inspection.version,
            by=scene.lead,
            **days,
        )
    with pytest.raises(IntegrityError, match="stays as it was sealed"), transaction.atomic():
        Inspection.objects.filter(pk=inspection.pk).update(gives_ratings=False)
    assert scene.fresh().gives_ratings
    # The days may still change.
    signed_in(scene.lead).post(
        address, sent | {"gives_ratings": "yes", "base_version": inspection.version}
    )
    assert scene.fresh().fieldwork_end_date == date(2026, 2, 2)
