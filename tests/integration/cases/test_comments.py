"""Comments from the lead inspector: made, answered and resolved where they belong."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from cases.actions import Uncommented, comment_on, move_case, reply_to, resolve
from cases.models import Case, Comment, CommentReply
from config.demonstration import builder
from inspections.access.permissions import Refused
from inspections.models import Inspection, User
from tests.pages import read, signed_in, words
from tests.scenes import Scene

QUESTION = "2.1.1a"


def comment(scene: Scene, question: str = QUESTION, text: str = "Say why.") -> Comment:
    return comment_on(case=scene.case, question=question, text=text, by=scene.lead)


def post(person: User, url: str, data: dict[str, Any]) -> Any:
    return signed_in(person).post(url, data)


def submitted(scene: Scene) -> Scene:
    questions = scene.inspection.framework.case_questions("COURT")
    builder.answers(scene.case, scene.inspector, **dict.fromkeys(questions, "YES"))
    move_case(case=scene.case, to=Case.State.SUBMITTED, by=scene.inspector)
    return scene


def test_the_lead_inspector_comments_beside_a_question_and_its_inspector_reads_it_there(
    scene: Scene,
) -> None:
    page = signed_in(scene.lead).get(f"{scene.record_page()}?comment={QUESTION}")
    assert 'name="comment-question" value="2.1.1a"' in page.content.decode()
    sent = {"then": "comment", "comment-question": QUESTION, "comment": " Say\r\nwhy. "}
    response = post(scene.lead, scene.record_page(), sent)
    assert response["Location"] == f"{scene.record_page()}#q-2-1-1a"
    made = scene.case.comments.get()
    assert (made.question, made.text, made.made_by) == (QUESTION, "Say\nwhy.", scene.lead)
    html = signed_in(scene.inspector).get(scene.record_page()).content.decode()
    section = html[html.index('id="q-2-1-1a"') : html.index('id="q-2-1-1b"')]
    assert f'id="comment-{made.pk}"' in section
    assert "Priya Lead" in section


def test_comments_on_the_case_are_on_its_page_and_link_to_those_on_questions(
    scene: Scene,
) -> None:
    on_question = comment(scene)
    post(scene.lead, f"{scene.case_page}comments/", {"then": "comment", "comment": "Well kept."})
    html = signed_in(scene.inspector).get(scene.case_page).content.decode()
    assert "Well kept." in html
    assert f'href="{scene.record_page()}#comment-{on_question.pk}"' in html
    assert "2 open comments" in html


def test_the_inspector_replies_and_resolves_and_the_answers_on_the_page_are_saved_too(
    scene: Scene,
) -> None:
    made = comment(scene)
    answers = {f"{QUESTION}-base": "0", f"{QUESTION}-value": "NO", f"{QUESTION}-note": ""}
    reply = {"then": f"reply-{made.pk}", f"reply-{made.pk}": "Seen in the file."}
    assert post(scene.inspector, scene.record_page(), answers | reply).status_code == 302
    assert made.replies.get().text == "Seen in the file."
    assert scene.case.answers.get().value == "NO"
    post(scene.inspector, scene.record_page(), {"then": f"resolve-{made.pk}"})
    made.refresh_from_db()
    assert made.resolved_by == scene.inspector
    assert "Resolved" in read(scene.lead, scene.record_page())


def test_a_conflict_is_settled_first_and_the_reply_is_kept(scene: Scene) -> None:
    made = comment(scene)
    builder.answers(scene.case, scene.inspector, **{QUESTION: "YES"})
    answers = {f"{QUESTION}-base": "0", f"{QUESTION}-value": "NO", f"{QUESTION}-note": ""}
    reply = {"then": f"reply-{made.pk}", f"reply-{made.pk}": "Typed already."}
    response = post(scene.inspector, scene.record_page(), answers | reply)
    assert response.status_code == 409
    assert "Typed already." in response.content.decode()
    assert not made.replies.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Enter your reply."), (" ", "Enter your reply."), ("x" * 20_001, "Shorten your reply")],
)
def test_a_reply_without_words_or_with_too_many_is_refused_in_words(
    scene: Scene, text: str, said: str
) -> None:
    made = comment(scene)
    sent = {"then": f"reply-{made.pk}", f"reply-{made.pk}": text}
    response = post(scene.inspector, scene.record_page(), sent)
    assert response.status_code == 409
    assert said in words(response)
    assert f'href="#reply-{made.pk}"' in response.content.decode()
    assert not made.replies.exists()


def test_a_comment_without_words_is_refused_where_it_was_made(scene: Scene) -> None:
    for url in (scene.record_page(), f"{scene.case_page}comments/"):
        question = QUESTION if url == scene.record_page() else ""
        sent = {"then": "comment", "comment-question": question, "comment": ""}
        response = post(scene.lead, url, sent)
        assert response.status_code == 409
        assert "Enter your comment." in words(response)
    assert not scene.case.comments.exists()


def test_a_comment_on_a_question_that_is_not_asked_is_refused(scene: Scene) -> None:
    sent = {"then": "comment", "comment-question": "3.1.1a", "comment": "Why?"}
    assert post(scene.lead, scene.record_page(), sent).status_code == 409
    with pytest.raises(ValueError, match="not asked"):
        comment(scene, "3.1.1a")
    with pytest.raises(IntegrityError, match="not asked in this case"), transaction.atomic():
        Comment.objects.create(
            case=scene.case, question="3.1.1a", text="x", made_by=scene.lead, made_at=timezone.now()
        )


def test_nobody_else_reads_or_answers_comments(scene: Scene) -> None:
    made = comment(scene, text="Between us.")
    for person in (scene.colleague, scene.panel):
        assert "Between us." not in read(person, scene.record_page())
        assert "Between us." not in read(person, f"{scene.record_page()}?comment={QUESTION}")
        assert "comment" not in read(person, scene.case_page).lower()
        for then in ("comment", f"reply-{made.pk}", f"resolve-{made.pk}"):
            sent = {"then": then, then: "Words.", "comment-question": QUESTION}
            assert post(person, scene.record_page(), sent).status_code == 403
    assert (
        post(scene.inspector, scene.record_page(), {"then": "comment", "comment": "x"}).status_code
        == 403
    )


def test_a_comment_of_another_case_is_not_there(scene: Scene) -> None:
    made = comment(scene)
    other = builder.case(scene.inspection, to=scene.colleague)
    url = f"{other.get_absolute_url()}2.1/"
    response = post(scene.colleague, url, {"then": f"resolve-{made.pk}"})
    assert response.status_code == 403
    assert "This comment is not there any more." in words(response)


def test_after_fieldwork_comments_are_read_only(scene: Scene) -> None:
    made = comment(scene)
    Inspection.objects.update(state=Inspection.State.REVIEW)
    assert "Say why." in read(scene.inspector, scene.record_page())
    response = post(scene.lead, scene.record_page(), {"then": f"resolve-{made.pk}"})
    assert response.status_code == 403
    assert "Fieldwork has closed" in words(response)


def test_resolving_twice_keeps_the_first_person_and_a_resolved_comment_accepts_no_reply(
    scene: Scene,
) -> None:
    made = comment(scene)
    resolve(comment=made, by=scene.inspector)
    resolve(comment=made, by=scene.lead)
    assert made.resolved_by == scene.inspector
    with pytest.raises(Refused, match="resolved already"):
        reply_to(comment=made, text="One more thing.", by=scene.inspector)


def test_comments_and_replies_never_change(scene: Scene) -> None:
    made = comment(scene)
    reply = reply_to(comment=made, text="Seen.", by=scene.inspector)
    for row in (made, reply):
        row.text = "Something else"
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            row.save()
    with pytest.raises(IntegrityError, match="resolved_by_somebody"), transaction.atomic():
        Comment.objects.filter(pk=made.pk).update(resolved_by=scene.inspector)


def test_a_case_is_returned_with_a_comment(scene: Scene) -> None:
    submitted(scene)
    response = post(scene.lead, f"{scene.case_page}return/", {})
    assert response.status_code == 409
    assert "Enter what has to change" in words(response)
    with pytest.raises(Uncommented):
        move_case(case=scene.case, to=Case.State.RETURNED, by=scene.lead)
    post(scene.lead, f"{scene.case_page}return/", {"return-comment": "2.1.1 needs a note."})
    scene.case.refresh_from_db()
    assert scene.case.state == Case.State.RETURNED
    assert scene.case.comments.get().text == "2.1.1 needs a note."
    assert "2.1.1 needs a note." in read(scene.inspector, scene.case_page)
    assert "Answer or resolve 1 comment on your cases" in read(scene.inspector, scene.home)


def test_an_open_comment_on_a_question_is_enough_to_return_and_a_resolved_one_is_not(
    scene: Scene,
) -> None:
    resolve(comment=comment(submitted(scene)), by=scene.lead)
    with pytest.raises(Uncommented):
        move_case(case=scene.case, to=Case.State.RETURNED, by=scene.lead)
    comment(scene)
    move_case(case=scene.case, to=Case.State.RETURNED, by=scene.lead)


def test_open_comments_are_shown_and_never_block(scene: Scene) -> None:
    comment(submitted(scene))
    move_case(case=scene.case, to=Case.State.RETURNED, by=scene.lead)
    assert "1 comment is not resolved yet. That does not stand in the way." in read(
        scene.inspector, scene.case_page
    )
    post(scene.inspector, f"{scene.case_page}submit/", {})
    assert "1 open comment" in read(scene.lead, f"{scene.home}cases/")
    post(scene.lead, f"{scene.case_page}sign_off/", {})
    scene.case.refresh_from_db()
    assert scene.case.state == Case.State.SIGNED_OFF


def typed_is_shown(response: Any, *said: str) -> None:
    shown = words(response)
    assert response.status_code == 403
    assert "This was not saved" in shown
    for one in said:
        assert one in shown


def test_a_reply_to_a_comment_that_was_resolved_meanwhile_is_refused_and_stays_on_the_page(
    scene: Scene,
) -> None:
    for question, url in ((QUESTION, scene.record_page()), ("", f"{scene.case_page}comments/")):
        made = comment(scene, question)
        resolve(comment=made, by=scene.lead)
        response = post(
            scene.inspector,
            url,
            {"then": f"reply-{made.pk}", f"reply-{made.pk}": "Seen in\r\nthe file."},
        )
        typed_is_shown(response, "This comment is resolved already", "Seen in the file.")
    stale = comment(scene)
    resolve(comment=Comment.objects.get(pk=stale.pk), by=scene.lead)
    with pytest.raises(Refused, match="resolved already"):
        reply_to(comment=stale, text="Late.", by=scene.inspector)
    assert not CommentReply.objects.exists()


def test_a_comment_refused_with_its_case_stays_on_the_page(scene: Scene) -> None:
    made = comment(scene)
    Case.objects.filter(pk=scene.case.pk).update(allocated_to=scene.colleague)
    reply = {"then": f"reply-{made.pk}", f"reply-{made.pk}": "My reply."}
    typed_is_shown(post(scene.inspector, scene.record_page(), reply), "My reply.")
    answers = {f"{QUESTION}-base": "0", f"{QUESTION}-value": "NO", f"{QUESTION}-note": ""}
    typed_is_shown(post(scene.inspector, scene.record_page(), answers | reply), "My reply.")
    Inspection.objects.update(state=Inspection.State.REVIEW)
    new = {"then": "comment", "comment-question": "", "comment": "My comment."}
    typed_is_shown(
        post(scene.lead, f"{scene.case_page}comments/", new), "Fieldwork has closed", "My comment."
    )


def test_what_is_typed_beside_another_button_is_saved_too(scene: Scene) -> None:
    first, second = comment(scene), comment(scene, "2.1.1b")
    answers = {f"{QUESTION}-base": "0", f"{QUESTION}-value": "NO", f"{QUESTION}-note": ""}
    replies = {f"reply-{first.pk}": "To the first.", f"reply-{second.pk}": "To the second."}
    sent = answers | replies | {"then": "continue"}
    response = post(scene.inspector, scene.record_page(), sent)
    assert response["Location"] == f"{scene.record_page('2.2')}#q-2-2-1a"
    assert scene.case.answers.get().value == "NO"
    assert [first.replies.get().text, second.replies.get().text] == list(replies.values())
    beside = {"then": f"resolve-{first.pk}", f"reply-{first.pk}": "And this."}
    post(scene.inspector, scene.record_page(), beside)
    first.refresh_from_db()
    assert first.resolved_at is not None
    assert list(first.replies.values_list("text", flat=True))[1:] == ["And this."]


def test_of_two_replies_the_one_that_is_saved_is_not_shown_to_be_sent_again(scene: Scene) -> None:
    open_still, resolved = comment(scene), comment(scene, "2.1.1b")
    resolve(comment=resolved, by=scene.lead)
    replies = {f"reply-{open_still.pk}": "Is saved.", f"reply-{resolved.pk}": "Is refused."}
    response = post(scene.inspector, scene.record_page(), replies | {"then": "stay"})
    typed_is_shown(response, "Is refused.")
    assert CommentReply.objects.get().text == "Is saved."
    html = response.content.decode()
    box = html[html.index(f'id="reply-{open_still.pk}"') :]
    assert "Is saved." not in box[: box.index("</textarea>")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("x" * 20_001, "Shorten what has to change to 20000 characters. It has 20001."),
        ("", "Enter"),
    ],
)
def test_a_return_that_is_not_possible_keeps_what_was_typed(
    scene: Scene, typed: str, said: str
) -> None:
    submitted(scene)
    response = post(scene.lead, f"{scene.case_page}return/", {"return-comment": typed})
    assert response.status_code == 409
    assert said in words(response)
    assert typed in response.content.decode()


def test_a_return_that_is_refused_keeps_what_was_typed(scene: Scene) -> None:
    assert scene.case.state == Case.State.NOT_STARTED
    response = post(scene.lead, f"{scene.case_page}return/", {"return-comment": "Change\r\nthis."})
    typed_is_shown(response, "This case is allocated, so you")
    assert "Change\nthis." in response.content.decode()
    assert not Comment.objects.exists()


def test_the_comment_of_a_return_ends_its_lines_as_every_other_text(scene: Scene) -> None:
    submitted(scene)
    lines = "x" * 19_801 + "\r\n" * 198 + "y"
    post(scene.lead, f"{scene.case_page}return/", {"return-comment": lines})
    assert scene.case.comments.get().text == lines.replace("\r\n", "\n")
