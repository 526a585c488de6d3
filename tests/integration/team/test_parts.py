"""Deputy lead inspectors and quality reviewers: what their part gives them, and what it doesn't."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.actions import allocate_case, comment_on, move_case
from cases.models import Case, Comment
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.models import User
from inspections.team.actions import NotATeam
from inspections.team.parts import PARTS, WORDS
from ratings.panel.readiness import interests_in
from ratings.permissions import AGREE, GIVE_BACK
from tests.integration.team.test_team import Role, change, page_of, role, team_form, team_of
from tests.pages import post, read, signed_in
from tests.scenes import Scene


@pytest.fixture
def deputy(scene: Scene) -> User:
    return builder.member(scene.inspection, Role.DEPUTY_LEAD, "Dee Deputy")


@pytest.fixture
def reviewer(scene: Scene) -> User:
    return builder.member(scene.inspection, Role.REVIEWER, "Rae Reviewer")


def submitted(case: Case) -> Case:
    """With every question answered."""
    questions = case.inspection.framework.case_questions(case.group)
    assert case.allocated_to is not None
    builder.answers(case, case.allocated_to, **dict.fromkeys(questions, "YES"))
    return move_case(case=case, to=Case.State.SUBMITTED, by=case.allocated_to)


# --- Deputies


def test_a_deputy_changes_the_team_and_leaves_the_lead(scene: Scene, deputy: User) -> None:
    others = team_of(scene)
    handed_over = {scene.lead: Role.INSPECTOR, scene.colleague: Role.LEAD_INSPECTOR}
    with pytest.raises(NotATeam, match="administrators hand over the lead"):
        change(scene, deputy, others | handed_over)
    change(scene, deputy, others | {scene.colleague: Role.REVIEWER})
    assert team_of(scene) == others | {scene.colleague: "REVIEWER"}


def test_a_deputy_is_offered_no_other_lead(scene: Scene, deputy: User) -> None:
    form = team_form(signed_in(deputy), scene)
    assert form.inputs[role(scene.lead)].options == ["LEAD_INSPECTOR"]
    assert "LEAD_INSPECTOR" not in form.inputs[role(scene.inspector)].options
    assert "REVIEWER" in form.inputs[role(scene.inspector)].options


def test_a_lead_who_hands_over_may_stay_as_deputy(scene: Scene) -> None:
    roles = team_of(scene) | {scene.lead: "DEPUTY_LEAD", scene.inspector: "LEAD_INSPECTOR"}
    change(scene, scene.lead, roles)
    assert team_of(scene) == roles


def test_a_deputy_runs_the_cases_as_the_lead_does(scene: Scene, deputy: User) -> None:
    allocate_case(case=scene.second_case, to=deputy, by=deputy)
    own = submitted(Case.objects.get(pk=scene.second_case.pk))
    for case in (own, submitted(scene.case)):
        post(deputy, f"{scene.home}cases/{case.pk}/sign_off/", {"from_state": case.state})
    states = scene.inspection.cases.values_list("state", flat=True)
    assert set(states) == {Case.State.SIGNED_OFF}
    assert "Review 1 submitted case" not in read(deputy, scene.home)


def test_a_deputy_gives_back_and_does_not_agree_to_seal(at_panel: Scene) -> None:
    deputy = builder.member(at_panel.inspection, Role.DEPUTY_LEAD)
    inspection = at_panel.fresh()
    assert GIVE_BACK.can(deputy, inspection)
    assert "Only the lead inspector and the chair" in str(AGREE.why_not(deputy, inspection))
    assert "Confirm the result" not in read(deputy, at_panel.home)


# --- Quality reviewers


def test_a_reviewer_reads_everything_in_fieldwork(scene: Scene, reviewer: User) -> None:
    comment_on(case=scene.case, text="Why so?", by=scene.lead)
    assert "Why so?" in read(reviewer, scene.case_page)
    for page in ("ratings/", "judgements/", "evidence/", "interviews/", "cases/", "panel/"):
        read(reviewer, scene.home + page)
    read(reviewer, f"{scene.case_page}history/")
    for page in ("sample/", "lists/", "allocation/", "outbox-file/", "interests/"):
        read(reviewer, scene.home + page, expect=403)


def test_a_reviewer_returns_a_case_with_a_comment(scene: Scene, reviewer: User) -> None:
    case = submitted(scene.case)
    assert "Review 1 submitted case" in read(reviewer, scene.home)
    page = read(reviewer, scene.case_page)
    assert "Return case to its inspector" in page and "Sign off" not in page
    post(reviewer, f"{scene.case_page}sign_off/", {"from_state": case.state}, expect=403)
    sent = {"from_state": case.state, "return-comment": "Look at 2.1.1 again."}
    post(reviewer, f"{scene.case_page}return/", sent)
    case.refresh_from_db()
    assert case.state == Case.State.RETURNED
    assert Comment.objects.get().made_by == reviewer


def test_a_reviewer_changes_no_answer_and_holds_no_case(scene: Scene, reviewer: User) -> None:
    with pytest.raises(Refused):
        allocate_case(case=scene.case, to=reviewer, by=scene.lead)
    # However it came about: the case is theirs by its row alone.
    Case.objects.filter(pk=scene.case.pk).update(allocated_to=reviewer)
    save: dict[str, Any] = {"question": "2.1.1", "value": "YES", "note": "", "base_version": 0}
    sent = {"saves": [{"id": str(uuid.uuid4()), "made_at": None, **save}]}
    response = signed_in(reviewer).post(
        f"{scene.case_page}saves/", sent, content_type="application/json"
    )
    assert response.status_code == 403 or response.json()["results"][0]["outcome"] == "refused"
    assert not scene.case.answers.exists()


def test_what_an_inspector_holds_who_becomes_reviewer_goes_to_the_lead(scene: Scene) -> None:
    change(scene, scene.lead, team_of(scene) | {scene.inspector: Role.REVIEWER})
    scene.case.refresh_from_db()
    assert scene.case.allocated_to == scene.lead


# --- The panel, and the words


def test_neither_hears_the_inspection(at_panel: Scene) -> None:
    for part in (Role.DEPUTY_LEAD, Role.REVIEWER):
        person = builder.member(at_panel.inspection, part)
        assert person.pk in interests_in(at_panel.fresh())
        with pytest.raises(IntegrityError, match="Who worked on"), transaction.atomic():
            builder.decision(at_panel.inspection, hearing=at_panel.hearing, decided_by=person)


def test_every_part_is_explained_where_it_is_chosen(scene: Scene) -> None:
    assert PARTS.keys() == set(Role)
    for page in (page_of(scene), f"{page_of(scene)}invite/"):
        said = read(scene.lead, page)
        assert all(label in said and words in said for label, words in WORDS)


def test_the_documentation_has_every_part() -> None:
    text = (Path(__file__).parents[3] / "docs" / "roles.md").read_text()
    assert all(f"| {label} | {words} |" in text for label, words in WORDS)


def test_the_home_page_names_them(scene: Scene, deputy: User, reviewer: User) -> None:
    page = read(reviewer, scene.home)
    assert "Deputy lead inspectors Dee Deputy" in page
    assert "Quality reviewers Rae Reviewer" in page
    assert "Your role Quality reviewer" in page
