"""Saving what nobody changed writes nothing: who wrote it stays, and nobody meets a conflict."""

from __future__ import annotations

from datetime import date

import pytest

from config.demonstration import builder
from inspections.announcing.actions import record_requested_item
from inspections.framework import Rating
from inspections.models import Membership
from ratings.evidence.actions import change_evidence, change_finding, record_judgement
from tests.forms import Form, forms_in, made_since, rows
from tests.pages import signed_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def as_shown(form: Form) -> dict[str, list[str]]:
    """What is sent by somebody who opens a form and presses its first button."""
    name, value = form.buttons[0]
    shown = {one.name: one.values for one in form.inputs.values()}
    return shown | ({name: [value]} if name else {})


def changes_a_record(form: Form) -> bool:
    version = form.inputs["base_version"].values if "base_version" in form.inputs else ["0"]
    return version != ["0"] and not form.name.partition(":")[2].startswith("remove")


CHANGED_BY = {
    "fieldwork": {
        "ratings:judgement",
        "ratings:finding",
        "ratings:evidence_item",
        "cases:change-link",
        "cases:change-interview",
        "inspections:team",
    },
    "administration": {
        "inspections:change-service",
        "inspections:team",
        "admin:inspections_user_change",
    },
}
"""The forms that change records, by the scene they are in."""

WITHOUT_DATES = ("inspections:change-announcement", "inspections:windows")
"""These scenes were never announced: see test_announcements.py."""


@pytest.mark.parametrize("scene", CHANGED_BY)
def test_a_form_that_is_saved_as_it_was_opened_writes_nothing(scene: str) -> None:
    found = [(person, form) for person, form in forms_in(scene) if changes_a_record(form)]
    assert {form.name for _, form in found} >= CHANGED_BY[scene]
    for person, form in found:
        if form.name in WITHOUT_DATES:
            continue
        client, before = signed_in(person), rows()
        answer = client.post(form.address, as_shown(form))
        assert answer.status_code == 302, form
        assert made_since(before) == {}, form


def test_who_judged_a_standard_stays_when_another_saves_the_same(scene: Scene) -> None:
    deputy = builder.member(scene.inspection, Membership.Role.DEPUTY_LEAD)
    judged = builder.judge(scene.inspection, scene.lead, "1.1", Rating.GOOD)
    same = record_judgement(
        inspection=scene.inspection,
        standard="1.1",
        rating=Rating[judged.rating],
        rationale=judged.rationale,
        base_version=judged.version,
        by=deputy,
    )
    assert (same.version, same.saved_by, same.saved_at) == (
        judged.version,
        judged.saved_by,
        judged.saved_at,
    )


def test_a_finding_that_rests_on_other_evidence_is_changed(scene: Scene) -> None:
    one, other = scene.evidence("MEETING", "1.1.1"), scene.evidence("DOCUMENT", "1.1.1")
    finding = scene.finding(rests_on=(one.pk,))
    for rests_on, version in (([one.pk], 1), ([other.pk], 2), ([other.pk, one.pk], 3)):
        changed = change_finding(
            finding=finding,
            text=finding.text,
            rests_on=rests_on,
            base_version=finding.version,
            by=scene.lead,
        )
        assert changed.version == version
        assert {one.use.evidence_id for one in changed.supports.all()} == {*rests_on}
        finding = changed


def test_evidence_that_is_used_elsewhere_is_changed(scene: Scene) -> None:
    item = scene.evidence("MEETING", "1.1.1")
    for codes, version in ((["1.1.1"], 1), (["1.1.1", "1.1.2"], 2), (["1.1.2"], 3)):
        item = change_evidence(
            evidence=item,
            details={"title": item.title},
            key_questions=codes,
            base_version=item.version,
            by=scene.lead,
        )
        assert (item.version, [use.key_question for use in item.uses.all()]) == (version, codes)


def test_what_a_service_was_asked_for_stays_whose_it_was(scene: Scene) -> None:
    def save(version: int, note: str) -> int:
        return record_requested_item(
            inspection=scene.inspection,
            kind="NARRATIVE",
            asked_date=date(2026, 3, 2),
            due_date=None,
            received_date=None,
            note=note,
            base_version=version,
            by=scene.lead,
        ).version

    assert [save(0, "By post."), save(1, "By post."), save(1, "By e-mail.")] == [1, 1, 2]
