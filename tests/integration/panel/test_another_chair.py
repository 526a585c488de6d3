"""Nobody is the only one who can go on: another chair is named when whoever chairs can't."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.history import events_of
from inspections.models import User
from ratings.models import Attendance, NamedChair, PanelMeeting, current_hearing
from ratings.panel.actions import name_chair, step_aside, submit_to_panel
from ratings.permissions import AGREE, DECIDE, GIVE_BACK, NAME_CHAIR, RECORD_ATTENDANCE, REOPEN
from tests import scenes
from tests.integration.results.test_seal import agree, sealed
from tests.pages import post, read
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

GONE = "The chair chairs this hearing, and their account is closed."


def close(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


@pytest.fixture
def scene() -> Scene:
    """Before a panel of three, all present."""
    made = scenes.in_review()
    made.meeting.seats.create(member=builder.user("The third"))
    submit_to_panel(
        inspection=made.inspection, meeting=made.meeting, lead_view="As it stands.", by=made.lead
    )
    scenes.everyone_is_present(made.inspection)
    made.inspection = made.fresh()
    return made


@pytest.fixture
def administrator() -> User:
    return builder.user("Alex Administrator", is_staff=True)


def third() -> User:
    return User.objects.get(name="The third")


def name(scene: Scene, chair: User, by: User) -> None:
    name_chair(inspection=scene.fresh(), chair=chair, reason="They left the service.", by=by)


def test_members_name_no_other_while_the_chair_can_act(scene: Scene) -> None:
    for person in (scene.member, scene.chair):
        with pytest.raises(Refused, match="If they can’t any more, ask an administrator"):
            name(scene, third(), by=person)


def test_an_administrator_names_another_for_a_chair_who_is_ill(
    scene: Scene, administrator: User
) -> None:
    page = read(administrator, f"/panel/{scene.meeting.pk}/")
    assert "The chair chairs this hearing. Name another chair" in page
    name(scene, third(), by=administrator)
    scenes.everyone_is_present(scene.inspection)
    assert AGREE.can(third(), scene.fresh())
    assert not AGREE.can(scene.chair, scene.fresh())
    assert DECIDE.can(scene.chair, scene.fresh())


def test_another_chair_records_anew_who_is_present(scene: Scene, administrator: User) -> None:
    name(scene, third(), by=administrator)
    said = "The third, who chairs, has to record first who is present."
    for permission, person in ((DECIDE, scene.member), (DECIDE, scene.chair), (AGREE, scene.lead)):
        assert permission.why_not(person, scene.fresh()) == said
    assert "Present Not recorded" in read(scene.lead, f"{scene.home}panel/")
    assert "Record who is present" in read(third(), scene.home)
    # The chair before may have come back; the new one says so or not.
    assert "The chair" in read(third(), f"{scene.home}panel/attendance/")
    labels = events_of(Attendance).filter(member=scene.chair).order_by("pgh_id")
    assert list(labels.values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_without_a_chair_who_can_act_nothing_is_decided_or_confirmed(scene: Scene) -> None:
    close(scene.chair)
    for permission, person in ((DECIDE, scene.member), (AGREE, scene.lead)):
        assert permission.why_not(person, scene.fresh()) == (
            f"{GONE} A member of the panel or an administrator names another chair first."
        )


def test_a_member_names_another_who_can_then_do_all_that_a_chair_does(scene: Scene) -> None:
    close(scene.chair)
    name(scene, third(), by=scene.member)
    scenes.everyone_is_present(scene.inspection)
    for permission in (AGREE, GIVE_BACK, RECORD_ATTENDANCE):
        assert permission.can(third(), scene.fresh())
    assert agree(scene, scene.lead) is None
    seal = agree(scene, third())
    assert seal is not None and seal.chair_agreed_by == third()
    (heard,) = json.loads(seal.document)["result"]["hearings"]
    assert heard["chair"] == "The third"
    assert [(one["name"], one["by"]) for one in heard["named_chairs"]] == [
        ("The third", "The member")
    ]


def test_an_administrator_does_too_and_sees_nothing_else_of_the_inspection(
    scene: Scene, administrator: User
) -> None:
    close(scene.chair)
    meeting = f"/panel/{scene.meeting.pk}/"
    assert f"{GONE} Name another chair" in read(administrator, meeting)
    page = read(administrator, f"{scene.home}panel/chair/")
    assert GONE in page
    assert "As it stands." not in page
    entries = {"chair": third().pk, "reason": ""}
    page = post(administrator, f"{scene.home}panel/chair/", entries, expect=200)
    assert "Enter why the chair can’t go on" in page
    post(administrator, f"{scene.home}panel/chair/", entries | {"reason": "They left."})
    hearing = current_hearing(scene.fresh())
    assert hearing is not None and hearing.chair == third()
    assert "The third chairs this hearing." in read(administrator, meeting)
    read(administrator, f"{scene.home}panel/", expect=404)


def test_nobody_else_does(scene: Scene) -> None:
    close(scene.chair)
    said = "Only members of the panel and administrators name another chair."
    for person in (scene.lead, scene.inspector):
        assert NAME_CHAIR.why_not(person, scene.fresh()) == said
        assert said in read(person, f"{scene.home}panel/chair/", expect=403)
    read(scene.outsider, f"{scene.home}panel/chair/", expect=404)


def test_only_a_member_who_hears_it_can_chair(scene: Scene, administrator: User) -> None:
    close(scene.chair)
    close(third())
    for person in (scene.chair, third(), scene.lead, administrator):
        with pytest.raises(Refused, match="can’t chair this hearing"):
            name(scene, person, by=scene.member)
    entries = {"chair": scene.lead.pk, "reason": "They left."}
    page = post(scene.member, f"{scene.home}panel/chair/", entries, expect=200)
    assert "Select one of the members" in page


def test_the_panels_page_says_that_another_chair_is_needed_and_why_there_is_another(
    scene: Scene,
) -> None:
    close(scene.chair)
    assert f"{GONE} Name another chair" in read(scene.member, f"{scene.home}panel/")
    page = read(scene.lead, f"{scene.home}panel/")
    assert f"{GONE} A member of the panel or an administrator names another chair." in page
    name(scene, third(), by=scene.member)
    page = read(scene.lead, f"{scene.home}panel/")
    assert "chaired by The third" in page
    assert "The chair replaced as chair By The third, named by The member" in page
    assert "They left the service." in page


def test_the_meetings_page_and_its_history_say_who_chairs_it_now_and_why(
    scene: Scene, administrator: User
) -> None:
    name(scene, third(), by=administrator)
    meeting = f"/panel/{scene.meeting.pk}/"
    said = "Chaired by The third in place of The chair, named by Alex Administrator, "
    for person in (scene.lead, scene.member):
        page = read(person, meeting)
        assert said in page and "They left the service." in page
    for person in (scene.lead, scene.member, administrator):
        page = read(person, f"{meeting}history/")
        assert f"The hearing of {scene.inspection.service}" in page
        assert "They left the service." in page
    close(third())
    name(scene, scene.member, by=administrator)
    assert "Chaired by The member in place of The third, named by" in read(scene.lead, meeting)


def test_the_history_of_a_meeting_tells_nobody_of_an_inspection_that_they_do_not_see(
    scene: Scene, administrator: User
) -> None:
    name(scene, third(), by=administrator)
    step_aside(inspection=scene.fresh(), reason="A relative.", by=scene.member)
    page = read(scene.member, f"/panel/{scene.meeting.pk}/history/")
    assert "They left the service." not in page
    assert str(scene.inspection.service) not in page


def test_with_nobody_left_to_chair_the_lead_takes_the_inspection_back(scene: Scene) -> None:
    scenes.decide(scene)
    close(scene.chair)
    assert not GIVE_BACK.can(scene.lead, scene.fresh())
    close(scene.member)
    close(third())
    assert GIVE_BACK.can(scene.lead, scene.fresh())


def test_a_sealed_result_is_reopened_by_another_chair(scene: Scene) -> None:
    sealed(scene)
    close(scene.chair)
    assert not REOPEN.can(scene.member, scene.fresh())
    name(scene, scene.member, by=third())
    assert Attendance.objects.filter(is_present=True).count() == 3
    assert REOPEN.can(scene.member, scene.fresh())


def test_who_was_named_stays_in_the_record(scene: Scene) -> None:
    close(scene.chair)
    name(scene, third(), by=scene.member)
    for change in ("UPDATE ratings_namedchair SET reason = 'x'", "DELETE FROM ratings_namedchair"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT here")
            try:
                cursor.execute(change)
            finally:
                cursor.execute("ROLLBACK TO here")
    assert NamedChair.objects.get().reason == "They left the service."


def test_a_meeting_whose_chair_cannot_act_is_not_offered() -> None:
    scene = scenes.in_review()
    PanelMeeting.objects.update(meeting_date="2126-01-01")
    assert "chaired by The chair" in read(scene.lead, f"{scene.home}panel/submit/")
    close(scene.chair)
    assert "chaired by The chair" not in read(scene.lead, f"{scene.home}panel/submit/")
    with pytest.raises(Refused, match="account is closed sits in no panel"):
        submit_to_panel(
            inspection=scene.inspection,
            meeting=PanelMeeting.objects.get(pk=scene.meeting.pk),
            lead_view="So.",
            by=scene.lead,
        )
