"""The database refuses what is decided or sealed with too few present, tried with raw SQL."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.framework import Rating
from inspections.history import events_of
from inspections.models import Inspection, User
from ratings.models import Attendance, Discretion, PanelHearing, SealedResult, current_hearing
from ratings.panel.actions import (
    attendance_digest,
    give_back,
    record_attendance,
    step_aside,
    submit_to_panel,
)
from ratings.results.as_sealed import AsSealed
from tests import scenes
from tests.application import as_application
from tests.integration.results.test_database_holds_the_seal import new_result
from tests.integration.results.test_seal import agree, sealed
from tests.pages import read
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

DECIDES = "in a hearing where the members whom its quorum needs are present"
SEALS = "Fewer members are present than the quorum"


@pytest.fixture
def scene() -> Scene:
    return submitted()


def submitted() -> Scene:
    """Before its panel of two, whom its quorum needs, of whom nobody is recorded as present yet."""
    scene = scenes.in_review()
    submit_to_panel(
        inspection=scene.inspection, meeting=scene.meeting, lead_view="As it stands.", by=scene.lead
    )
    scene.inspection = scene.fresh()
    assert django_settings.PANEL_QUORUM == 2
    return scene


def hearing_of(scene: Scene) -> PanelHearing:
    hearing = current_hearing(scene.fresh())
    assert hearing is not None
    return hearing


def record(scene: Scene, *, apologies: bool = False) -> None:
    """The chair is present, and the member, or sends ``apologies``."""
    record_attendance(
        inspection=scene.fresh(),
        present=[scene.chair] if apologies else [scene.chair, scene.member],
        apologies=[scene.member] if apologies else [],
        aside={},
        seen=attendance_digest(hearing_of(scene)),
        by=scene.chair,
    )


def decide(scene: Scene) -> Discretion:
    came_from, to = Rating.REQUIRES_IMPROVEMENT, Rating.GOOD
    return scenes.decide_as(scene.fresh(), scene.chair, "3.1", to, came_from)


def run(sql: str, **values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def insert(scene: Scene, hearing: int | None) -> None:
    run(
        """
        INSERT INTO ratings_discretion (inspection_id, hearing_id, standard, key_question,
            from_rating, to_rating, lead_view, evidence, reason, footnote, decided_at,
            decided_by_id, withdrawn_reason)
        VALUES (%(inspection)s, %(hearing)s, '3.1', '', 'REQUIRES_IMPROVEMENT', 'GOOD', 'View.',
            'Evidence.', 'Reason.', 'Footnote.', now(), %(by)s, '')
        """,
        inspection=scene.inspection.pk,
        hearing=hearing,
        by=scene.chair.pk,
    )


def seal(scene: Scene) -> None:
    """As the service would, without any check of its own."""
    with transaction.atomic():
        new_result(scene)
        run(
            "UPDATE inspections_inspection SET state = 'SEALED' WHERE id = %(inspection)s",
            inspection=scene.inspection.pk,
        )


@pytest.mark.django_db(transaction=True)
def test_the_application_can_neither_decide_nor_seal_with_too_few() -> None:
    with as_application():
        scene = submitted()
        record(scene, apologies=True)
        with pytest.raises(IntegrityError, match=DECIDES):
            insert(scene, hearing_of(scene).pk)
        with pytest.raises(IntegrityError, match=SEALS):
            seal(scene)
        with pytest.raises(IntegrityError, match="stays as it was when attendance was first"):
            run("UPDATE ratings_panelhearing SET quorum = 1")


class TestDecisions:
    def test_none_is_stored_before_it_is_known_who_is_present(self, scene: Scene) -> None:
        with pytest.raises(IntegrityError, match=DECIDES):
            insert(scene, hearing_of(scene).pk)

    def test_none_is_stored_with_too_few(self, scene: Scene) -> None:
        record(scene, apologies=True)
        with pytest.raises(IntegrityError, match=DECIDES):
            insert(scene, hearing_of(scene).pk)
        record(scene)
        insert(scene, hearing_of(scene).pk)

    def test_none_is_stored_without_its_hearing(self, scene: Scene) -> None:
        record(scene, apologies=True)
        with pytest.raises(IntegrityError, match=DECIDES):
            insert(scene, None)

    def test_whoever_left_the_panel_or_stepped_aside_is_not_present(self, scene: Scene) -> None:
        record(scene)
        hearing = hearing_of(scene).pk
        step_aside(inspection=scene.fresh(), reason="A relative.", by=scene.member)
        # Back on the panel, and still aside.
        scene.inspection.memberships.create(user=scene.member, role="PANEL_MEMBER")
        with pytest.raises(IntegrityError, match=DECIDES):
            insert(scene, hearing)

    def test_whose_account_is_closed_is_not_present(self, scene: Scene) -> None:
        record(scene)
        User.objects.filter(pk=scene.member.pk).update(is_active=False)
        with pytest.raises(IntegrityError, match=DECIDES):
            insert(scene, hearing_of(scene).pk)
        with pytest.raises(IntegrityError, match=SEALS):
            seal(scene)

    def test_none_is_withdrawn_with_too_few(self, scene: Scene) -> None:
        record(scene)
        decision = decide(scene)
        record(scene, apologies=True)
        with pytest.raises(IntegrityError, match=DECIDES):
            run(
                "UPDATE ratings_discretion SET withdrawn_at = now(), withdrawn_by_id = %(by)s",
                by=scene.chair.pk,
            )
        decision.refresh_from_db()
        assert decision.is_current

    def test_none_is_stored_in_an_earlier_hearing_and_one_of_it_is_withdrawn_in_the_next(
        self, scene: Scene
    ) -> None:
        record(scene)
        decision = decide(scene)
        earlier = hearing_of(scene).pk
        give_back(inspection=scene.fresh(), reason="3.4 was read wrongly.", by=scene.chair)
        submit_to_panel(
            inspection=scene.fresh(), meeting=scene.meeting, lead_view="Again.", by=scene.lead
        )
        withdraw = "UPDATE ratings_discretion SET withdrawn_at = now(), withdrawn_by_id = %(by)s"
        with pytest.raises(IntegrityError, match=DECIDES):
            run(withdraw, by=scene.chair.pk)
        record(scene)
        run(withdraw, by=scene.chair.pk)
        decision.refresh_from_db()
        assert decision.hearing_id == earlier
        with pytest.raises(IntegrityError, match=DECIDES):
            insert(scene, earlier)

    def test_a_replayed_one_belongs_to_no_hearing(self) -> None:
        inspection = builder.inspection()
        assert builder.decision(inspection).hearing is None


class TestTheSeal:
    def ready(self, scene: Scene) -> None:
        """Attendance is recorded, and a rating decided."""
        record(scene)
        decide(scene)

    def test_it_is_refused_before_it_is_known_who_is_present(self, scene: Scene) -> None:
        with pytest.raises(IntegrityError, match=SEALS):
            seal(scene)

    def test_it_is_refused_with_too_few(self, scene: Scene) -> None:
        self.ready(scene)
        record(scene, apologies=True)
        with pytest.raises(IntegrityError, match=SEALS):
            seal(scene)
        assert scene.fresh().state == Inspection.State.PANEL
        assert not SealedResult.objects.exists()
        record(scene)
        seal(scene)
        assert scene.fresh().state == Inspection.State.SEALED

    def test_it_is_refused_where_a_decision_names_fewer_than_its_quorum(self, scene: Scene) -> None:
        self.ready(scene)
        run("DELETE FROM ratings_presentatdecision WHERE member_id = %(who)s", who=scene.member.pk)
        with pytest.raises(IntegrityError, match=SEALS):
            seal(scene)

    def test_it_names_the_quorum(self, scene: Scene) -> None:
        self.ready(scene)
        _, seal = sealed(scene)
        (hearing,) = json.loads(seal.document)["result"]["hearings"]
        assert (hearing["quorum"], hearing["present"]) == (2, ["The chair", "The member"])
        assert AsSealed(seal).hearings[0].quorum == 2
        page = read(scene.lead, f"{scene.home}seal/")
        assert "Present: The chair, The member (quorum: 2)" in page


class TestTheQuorum:
    def test_it_is_the_one_that_the_operator_set_when_attendance_was_first_recorded(
        self, scene: Scene, settings: Settings
    ) -> None:
        assert hearing_of(scene).quorum is None
        record(scene)
        settings.PANEL_QUORUM = 3
        record(scene)
        assert hearing_of(scene).quorum == 2
        assert "needs 2 members present" in read(scene.chair, f"{scene.home}panel/attendance/")

    @pytest.mark.parametrize("to", ["1", "3", "NULL"])
    def test_it_never_changes_in_a_hearing(self, scene: Scene, to: str) -> None:
        record(scene)
        with pytest.raises(IntegrityError, match="stays as it was when attendance was first"):
            run(f"UPDATE ratings_panelhearing SET quorum = {to}")

    def test_it_is_one_or_more(self, scene: Scene) -> None:
        with pytest.raises(IntegrityError, match="panelhearing_quorum_from_one"):
            run("UPDATE ratings_panelhearing SET quorum = 0")


class TestAttendanceAfterADecision:
    def test_a_decision_stands_with_who_was_present_and_the_seal_waits_for_the_quorum(
        self, scene: Scene
    ) -> None:
        record(scene)
        decision = decide(scene)
        record(scene, apologies=True)
        assert [str(one) for one in decision.members_present] == ["The chair", "The member"]
        assert decision.is_current
        for person in (scene.lead, scene.chair):
            with pytest.raises(Refused, match=r"1 member is present. The panel needs 2"):
                agree(scene, person)
        assert "1 member is present. The panel needs 2" in read(scene.lead, f"{scene.home}seal/")
        record(scene)
        sealed(scene)

    def test_the_history_keeps_that_the_quorum_was_lost(self, scene: Scene) -> None:
        record(scene)
        decide(scene)
        record(scene, apologies=True)
        of_member = events_of(Attendance).filter(member=scene.member).order_by("pgh_id")
        assert list(of_member.values_list("is_present", flat=True)) == [True, False]
