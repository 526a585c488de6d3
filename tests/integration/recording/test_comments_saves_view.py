"""The responses to comments, replies and resolutions sent by scripts."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from cases.actions import comment_on, resolve
from cases.models import Case, Comment, CommentReply
from config.demonstration import builder
from inspections.models import Inspection, User
from tests.pages import read, signed_in
from tests.scenes import Scene

QUESTION = "2.1.1a"


def save(action: str, **fields: Any) -> dict[str, Any]:
    made = {"id": str(uuid.uuid4()), "action": action, "question": "", "comment": None, "text": ""}
    return made | {"base_version": 0, "made_at": None} | fields


def send(scene: Scene, by: User, *saves: dict[str, Any]) -> Any:
    return signed_in(by).post(
        f"{scene.case_page}comments/saves/", {"saves": saves}, content_type="application/json"
    )


def results(scene: Scene, by: User, *saves: dict[str, Any]) -> list[dict[str, Any]]:
    answer = send(scene, by, *saves)
    assert answer.status_code == 200
    return list(answer.json()["results"])


def test_a_comment_is_made_answered_and_resolved(scene: Scene) -> None:
    on_question = save("comment", question=QUESTION, text=" Say\r\nwhy. ")
    on_case = save("comment", text="Well kept.")
    first, second = results(scene, scene.lead, on_question, on_case)
    made = Comment.objects.get(question=QUESTION)
    assert (made.text, made.made_by) == ("Say\nwhy.", scene.lead)
    assert (first["outcome"], first["why"], first["version"]) == ("saved", "", 0)
    standing = first["standing"]
    assert (standing["comment"], standing["text"]) == (made.pk, "Say\nwhy.")
    assert (standing["by"], standing["at"]) == ("Priya Lead", made.made_at.isoformat())
    assert Comment.objects.get(pk=second["standing"]["comment"]).question == ""
    (reply, resolution) = results(
        scene,
        scene.inspector,
        save("reply", comment=made.pk, text="In the file."),
        save("resolve", comment=made.pk),
    )
    made.refresh_from_db()
    assert made.replies.get().text == reply["standing"]["text"] == "In the file."
    assert made.resolved_by == scene.inspector
    assert resolution["outcome"] == "saved"
    assert (resolution["standing"]["by"], resolution["standing"]["comment"]) == (
        "Ada Inspector",
        made.pk,
    )


def test_a_repeated_save_makes_one_record_and_has_the_same_result(scene: Scene) -> None:
    comment = save("comment", question=QUESTION, text="Why? ")
    assert send(scene, scene.lead, comment).json() == send(scene, scene.lead, comment).json()
    number = Comment.objects.get().pk
    sent = [save("reply", comment=number, text="So."), save("resolve", comment=number)]
    first = send(scene, scene.inspector, *sent).json()
    # Neither the resolution nor the end of fieldwork makes a saved reply a refused one.
    Inspection.objects.update(state=Inspection.State.REVIEW)
    assert send(scene, scene.inspector, *sent).json() == first
    assert send(scene, scene.lead, comment).json()["results"][0]["outcome"] == "saved"
    assert (Comment.objects.count(), CommentReply.objects.count()) == (1, 1)


def test_an_id_is_used_for_one_text_of_one_person_only(scene: Scene) -> None:
    comment = save("comment", text="Why?")
    send(scene, scene.lead, comment)
    assert send(scene, scene.lead, comment | {"text": "How?"}).status_code == 409
    assert send(scene, scene.lead, comment | {"question": QUESTION}).status_code == 409
    assert send(scene, scene.inspector, comment).status_code == 409
    reply = save("reply", comment=Comment.objects.get().pk, text="So.")
    send(scene, scene.inspector, reply)
    assert send(scene, scene.inspector, reply | {"text": "Or so."}).status_code == 409
    assert send(scene, scene.lead, reply).status_code == 409
    assert (Comment.objects.count(), CommentReply.objects.count()) == (1, 1)


def test_each_is_refused_by_itself_with_the_reason(scene: Scene) -> None:
    resolved, other = (
        comment_on(case=scene.case, text="Why?", by=scene.lead),
        comment_on(
            case=builder.case(scene.inspection, to=scene.inspector), text="Why?", by=scene.lead
        ),
    )
    resolve(comment=resolved, by=scene.lead)
    open_still = comment_on(case=scene.case, text="And?", by=scene.lead)
    found = results(
        scene,
        scene.inspector,
        save("reply", comment=resolved.pk, text="Late."),
        save("reply", comment=other.pk, text="Of another case."),
        save("resolve", comment=2**62),
        save("comment", text="Not mine to make."),
        save("reply", comment=open_still.pk, text="In time."),
        save("resolve", comment=resolved.pk),
    )
    assert [(one["outcome"], one["why"]) for one in found] == [
        ("refused", "This comment is resolved already, so nobody replies to it."),
        ("refused", "This comment is not there any more."),
        ("refused", "This comment is not there any more."),
        ("refused", "Only the lead inspector or the quality reviewer can comment on this case."),
        ("saved", ""),
        ("saved", ""),
    ]
    assert [one["standing"] for one in found[:4]] == [None] * 4
    # Resolved once, by whoever was first.
    assert found[5]["standing"]["by"] == "Priya Lead"
    assert CommentReply.objects.get().text == "In time."


def test_a_case_that_was_handed_over_refuses_in_words(scene: Scene) -> None:
    made = comment_on(case=scene.case, text="Why?", by=scene.lead)
    Case.objects.filter(pk=scene.case.pk).update(allocated_to=scene.colleague)
    reply = save("reply", comment=made.pk, text="So.")
    (result,) = results(scene, scene.inspector, reply)
    assert result["outcome"] == "refused"
    assert "can reply to comments on this case" in result["why"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": ""}, "Enter your comment."),
        ({"text": " \n"}, "Enter your comment."),
        ({"action": "reply", "text": ""}, "Enter your reply."),
        ({"text": "x" * 20_001}, "Shorten your comment to 20000 characters. It has 20001."),
        ({"question": "9.9.9"}, "Question 9.9.9 is not asked in this case."),
        ({"text": "\x00"}, "saves › 1 › text"),
        ({"text": "\ud800"}, "saves › 1 › text"),
        ({"text": None}, "saves › 1 › text"),
        ({"action": "remove"}, "saves › 1 › action: expected “comment”, “reply” or “resolve”"),
        ({"comment": "1"}, "saves › 1 › comment"),
        ({"comment": 2**63}, "saves › 1 › comment"),
        ({"id": 1}, "saves › 1 › id"),
    ],
)
def test_what_cannot_be_is_refused_in_the_words_of_the_page(
    scene: Scene, changed: dict[str, Any], words: str
) -> None:
    answer = send(scene, scene.lead, save("comment", text="Why?") | changed)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert not Comment.objects.exists()


def test_for_an_outsider_the_case_is_not_there(scene: Scene) -> None:
    answer = send(scene, scene.outsider, save("comment", text="Why?"))
    assert answer.status_code == 404
    assert send(scene, scene.outsider).status_code == 404


def test_comments_sent_by_scripts_are_in_the_history(scene: Scene) -> None:
    send(scene, scene.lead, save("comment", text="Why?"))
    assert "Why?" in read(scene.lead, f"{scene.case_page}history/")
