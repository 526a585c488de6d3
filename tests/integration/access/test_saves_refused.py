"""Once a person's session, account, role, part or case is gone, nothing of theirs is saved."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from cases.actions import allocate_case, comment_on
from cases.models import AnswerSave, Case, Comment, CommentReply, DetailSave
from config.demonstration import builder
from inspections.actions import move_inspection
from inspections.models import Membership, User
from inspections.team.actions import change_team, team_version
from tests.pages import signed_in
from tests.scenes import Scene

Role = Membership.Role


def new_team(scene: Scene, roles: dict[User, str]) -> None:
    change_team(
        inspection=scene.inspection,
        roles={person.pk: role for person, role in roles.items()},
        base_version=team_version(scene.fresh()),
        by=scene.lead,
    )


def deactivation(scene: Scene, browser: Client) -> None:
    User.objects.filter(pk=scene.inspector.pk).update(is_active=False)


def sign_out(scene: Scene, browser: Client) -> None:
    other_tab = Client()
    other_tab.cookies.update(browser.cookies)
    assert other_tab.post("/accounts/logout/").status_code == 302


def expiry(scene: Scene, browser: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))


def password_change(scene: Scene, browser: Client) -> None:
    person = User.objects.get(pk=scene.inspector.pk)
    person.set_password("another-harbour-lantern")
    person.save()


def removal(scene: Scene, browser: Client) -> None:
    new_team(scene, {scene.lead: Role.LEAD_INSPECTOR})


def joining_the_panel(scene: Scene, browser: Client) -> None:
    new_team(scene, {scene.lead: Role.LEAD_INSPECTOR, scene.inspector: Role.PANEL_MEMBER})


def change_of_role_alone(scene: Scene, browser: Client) -> None:
    """However it came about: the case is still allocated to them. Without a membership it can't be
    (``case_allocated_within_the_team``)."""
    scene.inspection.memberships.filter(user=scene.inspector).update(role=Role.PANEL_MEMBER)


def hand_over(scene: Scene, browser: Client) -> None:
    allocate_case(case=scene.case, to=scene.colleague, by=scene.lead)


def closed_fieldwork(scene: Scene, browser: Client) -> None:
    move_inspection(inspection=scene.inspection, to="REVIEW", by=scene.lead)


ENDS = [
    deactivation,
    sign_out,
    expiry,
    password_change,
    removal,
    joining_the_panel,
    change_of_role_alone,
    hand_over,
    closed_fieldwork,
]


def six_saves(scene: Scene, comment: Comment) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Each way to save in a case: its address, what is sent, and whether as JSON."""
    answer = {"question": "2.1.1", "value": "YES", "note": "Seen."}
    detail = {"field": "offence_type", "value": "Burglary"}
    reply = {"action": "reply", "comment": comment.pk, "text": "I looked again."}
    by_script: dict[str, dict[str, Any]] = {
        "saves/": answer,
        "details/saves/": detail,
        "comments/saves/": reply,
    }
    for address, save in by_script.items():
        sent = {"id": str(uuid.uuid4()), "base_version": 0, "made_at": None, **save}
        yield scene.case_page + address, {"saves": [sent]}, True
    yield scene.record_page(), {"2.1.2-value": "YES", "2.1.2-base": "0", "then": "save"}, False
    then = f"reply-{comment.pk}"
    yield f"{scene.case_page}comments/", {then: "Again.", "then": then}, False
    yield f"{scene.case_page}submit/", {}, False


def answer_all_but_two(scene: Scene) -> None:
    """The two that the saves answer, so that the last of them can submit the case."""
    questions = set(scene.inspection.framework.case_questions("COURT")) - {"2.1.1", "2.1.2"}
    builder.answers(scene.case, scene.inspector, **dict.fromkeys(questions, "YES"))


def send(browser: Client, address: str, sent: dict[str, Any], *, is_json: bool) -> Any:
    if is_json:
        return browser.post(address, sent, content_type="application/json")
    return browser.post(address, sent)


def stored(scene: Scene) -> list[Any]:
    """All that a save could change."""
    kinds = (AnswerSave, DetailSave, CommentReply)
    return [*(one.objects.count() for one in kinds), Case.objects.get(pk=scene.case.pk).state]


@pytest.mark.parametrize("end", ENDS)
def test_of_six_saves_six_are_refused_after(
    scene: Scene, end: Callable[[Scene, Client], None]
) -> None:
    comment = comment_on(case=scene.case, text="Look again.", by=scene.lead)
    answer_all_but_two(scene)
    browser = signed_in(scene.inspector)
    saves = list(six_saves(scene, comment))
    before = stored(scene)
    end(scene, Client() if end is not sign_out else browser)
    for address, sent, is_json in saves:
        response = send(browser, address, sent, is_json=is_json)
        assert response.status_code in {200, 302, 401, 403, 404, 409}, address
        if is_json and response.status_code == 200:
            assert {one["outcome"] for one in response.json()["results"]} == {"refused"}
        assert stored(scene) == before, f"{address} was saved"
    assert not scene.case.answers.filter(question__in=["2.1.1", "2.1.2"]).exists()


def test_the_six_saves_are_valid(scene: Scene) -> None:
    """Or their refusal would show nothing: each changes something as long as nothing ended."""
    comment = comment_on(case=scene.case, text="Look again.", by=scene.lead)
    answer_all_but_two(scene)
    browser = signed_in(scene.inspector)
    for address, sent, is_json in six_saves(scene, comment):
        before = stored(scene)
        send(browser, address, sent, is_json=is_json)
        assert stored(scene) != before, address
