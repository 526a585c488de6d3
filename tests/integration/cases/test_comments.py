"""Comments from the lead inspector: made, answered and resolved where they belong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from cases.actions import Uncommented, comment_on, move_case, reply_to, resolve
from cases.models import Case, Comment
from inspections.access.permissions import Refused
from inspections.models import Inspection, User
from tests import build
from tests.integration.cases.conftest import Team, signed_in

QUESTION = "2.1.1a"


def comment(team: Team, question: str = QUESTION, text: str = "Say why.") -> Comment:
    return comment_on(case=team.case, question=question, text=text, by=team.lead)


def post(person: User, url: str, data: dict[str, Any]) -> Any:
    return signed_in(person).post(url, data)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def read(person: User, url: str) -> str:
    return words(signed_in(person).get(url))


def submitted(team: Team) -> Team:
    questions = team.inspection.framework.case_questions("COURT")
    build.answers(team.case, team.ada, **dict.fromkeys(questions, "YES"))
    move_case(case=team.case, to=Case.State.SUBMITTED, by=team.ada)
    return team


def test_the_lead_inspector_comments_beside_a_question_and_its_inspector_reads_it_there(
    team: Team,
) -> None:
    page = signed_in(team.lead).get(f"{team.record_page()}?comment={QUESTION}")
    assert 'name="comment-question" value="2.1.1a"' in page.content.decode()
    sent = {"then": "comment", "comment-question": QUESTION, "comment": " Say\r\nwhy. "}
    response = post(team.lead, team.record_page(), sent)
    assert response["Location"] == f"{team.record_page()}#q-2-1-1a"
    made = team.case.comments.get()
    assert (made.question, made.text, made.made_by) == (QUESTION, "Say\nwhy.", team.lead)
    html = signed_in(team.ada).get(team.record_page()).content.decode()
    section = html[html.index('id="q-2-1-1a"') : html.index('id="q-2-1-1b"')]
    assert f'id="comment-{made.pk}"' in section
    assert "Priya Lead" in section


def test_comments_on_the_case_are_on_its_page_and_link_to_those_on_questions(team: Team) -> None:
    on_question = comment(team)
    post(team.lead, f"{team.case_page}comments/", {"then": "comment", "comment": "Well kept."})
    html = signed_in(team.ada).get(team.case_page).content.decode()
    assert "Well kept." in html
    assert f'href="{team.record_page()}#comment-{on_question.pk}"' in html
    assert "2 open comments" in html


def test_the_inspector_replies_and_resolves_and_the_answers_on_the_page_are_saved_too(
    team: Team,
) -> None:
    made = comment(team)
    answers = {f"{QUESTION}-base": "0", f"{QUESTION}-value": "NO", f"{QUESTION}-note": ""}
    reply = {"then": f"reply-{made.pk}", f"reply-{made.pk}": "Seen in the file."}
    assert post(team.ada, team.record_page(), answers | reply).status_code == 302
    assert made.replies.get().text == "Seen in the file."
    assert team.case.answers.get().value == "NO"
    post(team.ada, team.record_page(), {"then": f"resolve-{made.pk}"})
    made.refresh_from_db()
    assert made.resolved_by == team.ada
    assert "Resolved" in read(team.lead, team.record_page())


def test_a_conflict_is_settled_first_and_the_reply_is_kept(team: Team) -> None:
    made = comment(team)
    build.answers(team.case, team.ada, **{QUESTION: "YES"})
    answers = {f"{QUESTION}-base": "0", f"{QUESTION}-value": "NO", f"{QUESTION}-note": ""}
    reply = {"then": f"reply-{made.pk}", f"reply-{made.pk}": "Typed already."}
    response = post(team.ada, team.record_page(), answers | reply)
    assert response.status_code == 409
    assert "Typed already." in response.content.decode()
    assert not made.replies.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Enter your reply."), (" ", "Enter your reply."), ("x" * 20_001, "Shorten your reply")],
)
def test_a_reply_without_words_or_with_too_many_is_refused_in_words(
    team: Team, text: str, said: str
) -> None:
    made = comment(team)
    sent = {"then": f"reply-{made.pk}", f"reply-{made.pk}": text}
    response = post(team.ada, team.record_page(), sent)
    assert response.status_code == 409
    assert said in words(response)
    assert f'href="#reply-{made.pk}"' in response.content.decode()
    assert not made.replies.exists()


def test_a_comment_without_words_is_refused_where_it_was_made(team: Team) -> None:
    for url in (team.record_page(), f"{team.case_page}comments/"):
        question = QUESTION if url == team.record_page() else ""
        sent = {"then": "comment", "comment-question": question, "comment": ""}
        response = post(team.lead, url, sent)
        assert response.status_code == 409
        assert "Enter your comment." in words(response)
    assert not team.case.comments.exists()


def test_a_comment_on_a_question_that_is_not_asked_is_refused(team: Team) -> None:
    sent = {"then": "comment", "comment-question": "3.1.1a", "comment": "Why?"}
    assert post(team.lead, team.record_page(), sent).status_code == 409
    with pytest.raises(ValueError, match="not asked"):
        comment(team, "3.1.1a")
    with pytest.raises(IntegrityError, match="not asked in this case"), transaction.atomic():
        Comment.objects.create(
            case=team.case, question="3.1.1a", text="x", made_by=team.lead, made_at=timezone.now()
        )


def test_nobody_else_reads_or_answers_comments(team: Team) -> None:
    made = comment(team, text="Between us.")
    for person in (team.grace, team.panel):
        assert "Between us." not in read(person, team.record_page())
        assert "Between us." not in read(person, f"{team.record_page()}?comment={QUESTION}")
        assert "comment" not in read(person, team.case_page).lower()
        for then in ("comment", f"reply-{made.pk}", f"resolve-{made.pk}"):
            sent = {"then": then, then: "Words.", "comment-question": QUESTION}
            assert post(person, team.record_page(), sent).status_code == 403
    assert (
        post(team.ada, team.record_page(), {"then": "comment", "comment": "x"}).status_code == 403
    )


def test_a_comment_of_another_case_is_not_there(team: Team) -> None:
    made = comment(team)
    other = build.case(team.inspection, to=team.grace)
    url = f"{other.get_absolute_url()}2.1/"
    assert post(team.grace, url, {"then": f"resolve-{made.pk}"}).status_code == 404


def test_after_fieldwork_comments_are_read_only(team: Team) -> None:
    made = comment(team)
    Inspection.objects.update(state=Inspection.State.REVIEW)
    assert "Say why." in read(team.ada, team.record_page())
    response = post(team.lead, team.record_page(), {"then": f"resolve-{made.pk}"})
    assert response.status_code == 403
    assert "Fieldwork has closed" in words(response)


def test_resolving_twice_keeps_the_first_person_and_a_resolved_comment_accepts_no_reply(
    team: Team,
) -> None:
    made = comment(team)
    resolve(comment=made, by=team.ada)
    resolve(comment=made, by=team.lead)
    assert made.resolved_by == team.ada
    with pytest.raises(Refused, match="resolved already"):
        reply_to(comment=made, text="One more thing.", by=team.ada)


def test_comments_and_replies_never_change(team: Team) -> None:
    made = comment(team)
    reply = reply_to(comment=made, text="Seen.", by=team.ada)
    for row in (made, reply):
        row.text = "Something else"
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            row.save()
    with pytest.raises(IntegrityError, match="resolved_by_somebody"), transaction.atomic():
        Comment.objects.filter(pk=made.pk).update(resolved_by=team.ada)


def test_a_case_is_returned_with_a_comment(team: Team) -> None:
    submitted(team)
    response = post(team.lead, f"{team.case_page}return/", {})
    assert response.status_code == 409
    assert "Enter what has to change" in words(response)
    with pytest.raises(Uncommented):
        move_case(case=team.case, to=Case.State.RETURNED, by=team.lead)
    post(team.lead, f"{team.case_page}return/", {"return-comment": "2.1.1 needs a note."})
    team.case.refresh_from_db()
    assert team.case.state == Case.State.RETURNED
    assert team.case.comments.get().text == "2.1.1 needs a note."
    assert "2.1.1 needs a note." in read(team.ada, team.case_page)
    assert "Answer or resolve 1 comment on your cases" in read(team.ada, team.home)


def test_an_open_comment_on_a_question_is_enough_to_return_and_a_resolved_one_is_not(
    team: Team,
) -> None:
    resolve(comment=comment(submitted(team)), by=team.lead)
    with pytest.raises(Uncommented):
        move_case(case=team.case, to=Case.State.RETURNED, by=team.lead)
    comment(team)
    move_case(case=team.case, to=Case.State.RETURNED, by=team.lead)


def test_open_comments_are_shown_and_never_block(team: Team) -> None:
    comment(submitted(team))
    move_case(case=team.case, to=Case.State.RETURNED, by=team.lead)
    assert "1 comment is not resolved yet. That does not stand in the way." in read(
        team.ada, team.case_page
    )
    post(team.ada, f"{team.case_page}submit/", {})
    assert "1 open comment" in read(team.lead, f"{team.home}cases/")
    post(team.lead, f"{team.case_page}sign_off/", {})
    team.case.refresh_from_db()
    assert team.case.state == Case.State.SIGNED_OFF
