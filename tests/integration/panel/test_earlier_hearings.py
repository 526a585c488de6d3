"""What was said when an inspection was heard before: it stays to be read, and is told apart."""

from __future__ import annotations

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from config.demonstration import builder
from inspections.versions import digest
from ratings.panel.actions import (
    give_back,
    record_outcome,
    release_from_panel,
    submit_to_panel,
)
from ratings.panel.meeting_actions import arrange_meeting
from ratings.results.build import file_of
from ratings.results.document import verify
from tests import scenes
from tests.integration.results.test_seal import sealed
from tests.pages import read
from tests.scenes import Scene

pytestmark = pytest.mark.django_db

CONCLUDED = "2.4 was left as it is, with a note to the service."
FIRST_VIEW = "3.1 rests on one case."
SECOND_VIEW = "3.1 was read again."


def conclude(scene: Scene, notes: str) -> None:
    record_outcome(
        inspection=scene.fresh(), outcome_notes=notes, instead_of=digest([""]), by=scene.chair
    )


@pytest.fixture
def scene() -> Scene:
    """Heard, given back after conclusions, and submitted to the same meeting again."""
    scene = scenes.before_panel()
    conclude(scene, CONCLUDED)
    give_back(inspection=scene.fresh(), reason="3.4 was read wrongly.", by=scene.chair)
    submit_to_panel(
        inspection=scene.fresh(), meeting=scene.meeting, lead_view=SECOND_VIEW, by=scene.lead
    )
    scenes.everyone_is_present(scene.inspection)
    return scene


@pytest.mark.parametrize("address", ["panel/", "panel/pack/"])
def test_the_conclusions_and_the_leads_view_stay_on_the_pages_of_the_inspection(
    scene: Scene, address: str
) -> None:
    for person in (scene.chair, scene.lead):
        page = read(person, scene.home + address)
        assert SECOND_VIEW in page
        assert "Hearing of 12 March 2026, submitted " in page
        assert f"by Priya Lead The lead inspector’s view {FIRST_VIEW}" in page
        assert f"The panel’s conclusions {CONCLUDED}" in page
        assert page.count(CONCLUDED) == 1


def test_they_stay_on_the_page_of_the_meeting(scene: Scene) -> None:
    conclude(scene, "Nothing more.")
    page = read(scene.chair, f"/panel/{scene.meeting.pk}/")
    assert "Nothing more." in page
    assert f"The lead inspector’s view {FIRST_VIEW}" in page
    assert f"The panel’s conclusions {CONCLUDED}" in page


def test_whoever_sees_nothing_of_the_inspection_reads_none_of_it_there(scene: Scene) -> None:
    administrator = builder.user("Alex Administrator", is_staff=True)
    page = read(administrator, f"/panel/{scene.meeting.pk}/")
    assert CONCLUDED not in page and FIRST_VIEW not in page


def test_what_another_meeting_heard_later_is_not_on_the_page_of_the_first(scene: Scene) -> None:
    conclude(scene, "Not yet.")
    give_back(inspection=scene.fresh(), reason="1.2 was read wrongly.", by=scene.chair)
    administrator = builder.user("Alex Administrator", is_staff=True)
    release_from_panel(inspection=scene.fresh(), reason="It left.", by=administrator)
    other = arrange_meeting(
        meeting_date=scenes.MEETING_DATE, chair=scene.chair, members=[scene.member], by=scene.lead
    )
    submit_to_panel(inspection=scene.fresh(), meeting=other, lead_view="Third.", by=scene.lead)
    page = read(scene.chair, f"/panel/{other.pk}/")
    assert CONCLUDED not in page
    assert CONCLUDED in read(scene.chair, f"{scene.home}panel/")
    assert "Not yet." in read(scene.chair, f"/panel/{scene.meeting.pk}/")


def test_a_hearing_that_was_the_only_one_has_no_earlier_ones() -> None:
    scene = scenes.before_panel()
    for address in (f"{scene.home}panel/", f"{scene.home}panel/pack/"):
        assert "Earlier hearings" not in read(scene.chair, address)


def test_the_sealed_result_tells_two_hearings_apart(scene: Scene) -> None:
    _, seal = sealed(scene)
    page = read(scene.lead, f"{scene.home}seal/")
    first, second = scene.inspection.hearings.order_by("pk")
    for hearing in (first, second):
        assert f"Submitted {date_format(localtime(hearing.submitted_at), 'j F Y, H:i')}" in page
    assert page.count("by Priya Lead") == 2
    assert verify(file_of(seal), "seal").holds
