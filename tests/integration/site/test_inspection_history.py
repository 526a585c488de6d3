"""The lead inspector sees who did, read and changed what in the inspection."""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.demonstration import builder
from config.site.history import views
from inspections.framework import Rating
from inspections.models import Inspection, Membership
from ratings.models import current_hearing
from ratings.panel.actions import attendance_digest, record_attendance, submit_to_panel
from tests import scenes
from tests.integration.access.test_reads import COMMENT, NOTE, with_texts
from tests.pages import read, signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return scenes.team()


def page_of(inspection: Inspection, query: str = "") -> str:
    return reverse("site:inspection-history", args=[inspection.pk]) + query


def test_the_lead_opens_it_from_the_overview(scene: Scene) -> None:
    assert "History of the inspection" in read(scene.lead, scene.home)
    assert "History of the inspection" not in read(scene.inspector, scene.home)
    read(scene.lead, page_of(scene.inspection))
    for person in (scene.inspector, scene.panel):
        read(person, page_of(scene.inspection), expect=403)
    assert signed_in(scene.outsider).get(page_of(scene.inspection)).status_code == 404


def test_it_tells_of_this_inspection_alone_and_shows_nothing_written() -> None:
    own = with_texts()
    other = builder.case(builder.inspection(), reference="X-99")
    lead = own.people["LEAD_INSPECTOR"]
    read(own.people["INSPECTOR"], f"/inspections/{own.inspection.pk}/cases/{own.ids['case_id']}/")
    shown = ""
    address: str | None = page_of(own.inspection)
    while address:
        response = signed_in(lead).get(address)
        shown += response.content.decode()
        further = response.context["further"]
        address = page_of(own.inspection, f"?{further}") if further else None
    assert "Read: the case" in shown
    assert "Save of an answer" in shown
    assert NOTE not in shown and COMMENT not in shown
    assert other.reference not in shown


def test_it_says_who_stepped_aside_and_who_was_present_not_only_who_recorded_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "A_PAGE", 500)
    scene = scenes.in_review()
    scene.inspection.memberships.create(user=scene.member, role=Membership.Role.INSPECTOR)
    scene.meeting.seats.create(member=builder.user("The third"))
    submit_to_panel(
        inspection=scene.inspection, meeting=scene.meeting, lead_view="So.", by=scene.lead
    )
    hearing = current_hearing(scene.fresh())
    assert hearing is not None
    record_attendance(
        inspection=scene.fresh(),
        present=hearing.members,
        apologies=[],
        aside={},
        seen=attendance_digest(hearing),
        by=scene.chair,
    )
    scenes.decide_as(scene.fresh(), scene.chair, "3.1", Rating.GOOD, Rating.REQUIRES_IMPROVEMENT)
    page = read(scene.lead, page_of(scene.inspection))
    assert "Priya Lead Stepping aside from a hearing recorded: The member" in page
    assert "The chair Attendance at a hearing recorded: The third" in page
    assert "The chair Present when a decision was recorded: The third" in page


def test_it_is_filtered_by_kind(scene: Scene) -> None:
    read(scene.inspector, scene.case_page)
    reads = read(scene.lead, page_of(scene.inspection, "?what=READS"))
    assert "Read: the case" in reads and "Inspection added" not in reads
    assert "Inspection added" in read(scene.lead, page_of(scene.inspection, "?what=CHANGES"))
    wrong = read(scene.lead, page_of(scene.inspection, "?what=SIGN_INS"))
    assert "Choose one of these." in wrong


def test_pages_lead_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "A_PAGE", 2)
    first = signed_in(scene.lead).get(page_of(scene.inspection))
    assert "Earlier" in first.content.decode()
    second = read(scene.lead, page_of(scene.inspection, f"?{first.context['further']}"))
    assert "Latest" in second
