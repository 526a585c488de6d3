"""The history of judgements, and of evidence, findings and what links them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from config.demonstration import builder
from inspections.changes import ENTRIES_A_PAGE, Entry
from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings.evidence import actions
from ratings.evidence.history import changes_of_evidence, changes_of_judgement
from ratings.models import Evidence, Finding
from tests import scenes
from tests.pages import signed_in, words
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

Kind = Evidence.Kind


@pytest.fixture
def scene() -> Scene:
    return scenes.scene()


def said(entry: Entry) -> tuple[str, str, str, list[tuple[str, str, str]]]:
    return (
        entry.who,
        entry.record,
        entry.did,
        [(one.label, one.before, one.after) for one in entry.fields],
    )


def judge(scene: Scene, rating: Rating, rationale: str, version: int, by: User) -> None:
    actions.record_judgement(
        inspection=scene.inspection,
        standard="1.1",
        rating=rating,
        rationale=rationale,
        base_version=version,
        by=by,
    )


def evidence_changes(scene: Scene, code: str | None = "1.1", *, sees: bool = True) -> list[Entry]:
    standard = scene.inspection.framework.standards_by_code[code] if code else None
    return changes_of_evidence(scene.inspection, standard, sees_findings=sees)


class TestOfAJudgement:
    def test_each_version_shows_who_changed_what_in_the_words_of_the_form(
        self, scene: Scene
    ) -> None:
        deputy = builder.member(scene.inspection, "DEPUTY_LEAD", "Dana Deputy")
        judge(scene, Rating.GOOD, "The board leads.", 0, scene.lead)
        judge(scene, Rating.REQUIRES_IMPROVEMENT, "The board leads.", 1, deputy)
        standard = scene.inspection.framework.standards_by_code["1.1"]
        latest, first = changes_of_judgement(scene.inspection, standard)
        assert said(latest) == (
            "Dana Deputy",
            "Judgement of 1.1",
            "Changed",
            [("Rating", "Good", "Requires improvement")],
        )
        assert said(first) == (
            "Priya Lead",
            "Judgement of 1.1",
            "Added",
            [("Rating", "", "Good"), ("Rationale", "", "The board leads.")],
        )

    def test_a_save_that_changes_nothing_is_no_entry(self, scene: Scene) -> None:
        judge(scene, Rating.GOOD, "The board leads.", 0, scene.lead)
        judge(scene, Rating.GOOD, "The board leads.", 1, scene.lead)
        standard = scene.inspection.framework.standards_by_code["1.1"]
        assert len(changes_of_judgement(scene.inspection, standard)) == 1

    def test_what_a_command_stored_says_in_whose_name(self, scene: Scene) -> None:
        builder.judge(scene.inspection, scene.lead, "1.1", Rating.GOOD)
        standard = scene.inspection.framework.standards_by_code["1.1"]
        assert [one.who for one in changes_of_judgement(scene.inspection, standard)] == [
            "Priya Lead"
        ]

    def test_its_page_is_linked_and_shows_no_other_standard(self, scene: Scene) -> None:
        judge(scene, Rating.GOOD, "The board leads.", 0, scene.lead)
        builder.judge(scene.inspection, scene.lead, "1.2", Rating.GOOD, rationale="Elsewhere.")
        address = reverse("ratings:judgement_history", args=[scene.inspection.pk, "1.1"])
        assert address in scene.get(scene.lead, "judgements/1.1/").text
        page = words(scene.get(scene.lead, "judgements/1.1/history/"))
        assert "Judgement of 1.1: added" in page
        assert "The board leads." in page
        assert "Elsewhere." not in page

    def test_it_takes_the_permission_of_the_judgement(self, scene: Scene) -> None:
        judge(scene, Rating.GOOD, "The board leads.", 0, scene.lead)
        address = "judgements/1.1/history/"
        assert scene.get(scene.inspector, address).status_code == 403
        assert scene.get(scene.outsider, address).status_code == 404
        assert scene.get(scene.lead, "judgements/2.1/history/").status_code == 404
        scenes.move_to(scene.inspection, Inspection.State.REVIEW)
        assert scene.get(scene.inspector, address).status_code == 200


@pytest.mark.django_db(transaction=True)
class TestOfEvidence:
    def test_evidence_and_its_key_questions_are_one_entry(self, scene: Scene) -> None:
        item = scene.evidence("MEETING", "1.1.1")
        [added] = evidence_changes(scene)
        assert said(added) == (
            "Priya Lead",
            "Meeting: Management board",
            "Added",
            [
                ("Meeting", "", "Management board"),
                ("Date of the meeting", "", "12 March 2026"),
                ("Roles present", "", "chair of the board"),
                ("Related key questions", "", "1.1.1"),
            ],
        )
        actions.use_evidence(evidence=item, key_question="1.2.1", by=scene.lead)
        latest = evidence_changes(scene)[0]
        assert said(latest)[2:] == (
            "Changed",
            [("Related key questions", "1.1.1", "1.1.1; 1.2.1")],
        )

    def test_evidence_that_was_used_once_stays_in_the_history_of_its_standard(
        self, scene: Scene
    ) -> None:
        item = scene.evidence("MEETING", "1.1.1", "1.2.1")
        actions.stop_using_evidence(evidence=item, key_question="1.1.1", by=scene.lead)
        latest, _ = evidence_changes(scene, "1.1")
        assert said(latest)[3] == [("Related key questions", "1.1.1; 1.2.1", "1.2.1")]
        assert [said(one) for one in evidence_changes(scene, "1.2")] == [
            said(one) for one in evidence_changes(scene, "1.1")
        ]
        assert evidence_changes(scene, "1.3") == []

    def test_removed_evidence_shows_what_was_there(self, scene: Scene) -> None:
        item = scene.evidence("DOCUMENT", "1.1.1")
        actions.remove_evidence(evidence=item, base_version=item.version, by=scene.lead)
        latest, _ = evidence_changes(scene)
        assert said(latest) == (
            "Priya Lead",
            "Document: Youth justice plan",
            "Removed",
            [("Title", "Youth justice plan", ""), ("Related key questions", "1.1.1", "")],
        )

    def test_case_data_says_its_question_in_words(self, scene: Scene) -> None:
        scene.evidence("CASE_DATA", "1.1.1")
        [added] = evidence_changes(scene)
        assert ("Question asked in cases", "", "2.1.1") in said(added)[3]

    def test_a_finding_shows_what_it_rests_on_by_name(self, scene: Scene) -> None:
        board = scene.evidence("MEETING", "1.1.1")
        plan = scene.evidence("DOCUMENT", "1.1.1")
        finding = scene.finding("The board leads.", rests_on=(board.pk,))
        actions.change_finding(
            finding=finding,
            text="The board leads well.",
            rests_on=[board.pk, plan.pk],
            base_version=1,
            by=scene.lead,
        )
        latest, first = evidence_changes(scene)[:2]
        assert said(first)[1:] == (
            "Strength under 1.1.1",
            "Added",
            [
                ("Strength", "", "The board leads."),
                ("What it rests on", "", "Meeting: Management board"),
            ],
        )
        assert said(latest)[1:] == (
            "Strength under 1.1.1",
            "Changed",
            [
                ("Strength", "The board leads.", "The board leads well."),
                (
                    "What it rests on",
                    "Meeting: Management board",
                    "Document: Youth justice plan; Meeting: Management board",
                ),
            ],
        )

    def test_a_finding_that_is_moved_and_removed(self, scene: Scene) -> None:
        scene.finding("First.")
        second = scene.finding("Second.")
        actions.move_finding(finding=second, up=True, by=scene.lead)
        moved = [said(one)[3] for one in evidence_changes(scene) if one.did == "Changed"]
        assert sorted(moved) == [
            [("Place in the list", "1", "2")],
            [("Place in the list", "2", "1")],
        ]
        actions.remove_finding(finding=second, base_version=1, by=scene.lead)
        latest = evidence_changes(scene)[0]
        assert said(latest)[2:] == ("Removed", [("Strength", "Second.", "")])

    def test_readers_who_see_no_findings_yet_see_none_here(self, scene: Scene) -> None:
        scene.evidence("MEETING", "1.1.1")
        scene.finding("The board leads.")
        page = words(scene.get(scene.inspector, "evidence/history/1.1/"))
        assert "Management board" in page
        assert "The board leads." not in page
        assert "The board leads." in words(scene.get(scene.lead, "evidence/history/1.1/"))
        scenes.move_to(scene.inspection, Inspection.State.REVIEW)
        assert "The board leads." in words(scene.get(scene.inspector, "evidence/history/1.1/"))

    def test_the_whole_inspection_has_evidence_without_a_key_question(self, scene: Scene) -> None:
        item = scene.evidence("DOCUMENT", "1.1.1", title="Kept by nobody")
        actions.stop_using_evidence(evidence=item, key_question="1.1.1", by=scene.lead)
        assert "Kept by nobody" in words(scene.get(scene.lead, "evidence/history/"))

    def test_another_inspection_is_left_out_and_its_pages_do_not_exist(self, scene: Scene) -> None:
        other = scenes.scene()
        other.evidence("MEETING", "1.1.1", title="Of somebody else")
        assert evidence_changes(scene, None) == []
        for address in ("evidence/history/", "evidence/history/1.1/", "judgements/1.1/history/"):
            assert other.get(scene.lead, address).status_code == 404
        assert scene.get(scene.lead, "evidence/history/9.9/").status_code == 404

    def test_pages_link_to_it(self, scene: Scene) -> None:
        address = reverse("ratings:standard_history", args=[scene.inspection.pk, "1.1"])
        assert address in scene.get(scene.inspector, "evidence/").text
        assert address in scene.get(scene.inspector, "key-questions/1.1.1/").text
        assert "evidence/history/" in scene.get(scene.inspector, "evidence/").text


def test_a_long_history_takes_as_many_queries_as_a_short_one(
    scene: Scene, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lead = signed_in(scene.lead)
    address = f"{scene.home}evidence/history/"
    for number in range(3):
        scene.evidence("DOCUMENT", "1.1.1", title=f"Plan {number}")
    lead.get(address)
    for number in range(ENTRIES_A_PAGE):
        item = scene.evidence("DOCUMENT", "1.1.2", by=scene.colleague, title=f"Letter {number}")
        scene.finding(f"Found {number}.")
    assert Finding.objects.count() == ENTRIES_A_PAGE
    assert item.title in words(lead.get(f"{address}?page=1")) + words(lead.get(f"{address}?page=2"))
    with django_assert_num_queries(5):
        assert evidence_changes(scene, None)
